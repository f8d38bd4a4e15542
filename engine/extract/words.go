package extract

// Words are the word lists of the grammar: units, words of change, roles, headings.
type Words struct{}

// ShippedWords are the words of Chinese reports.
func ShippedWords() *Words { return &Words{} }

func (w *Words) simplify(r rune) rune { return r }
