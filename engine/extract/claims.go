package extract

import (
	"encoding/json"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/source"
)

// The rows of a dataset of the pack tongyong, as JSON writes them.
type (
	claims struct {
		Sums        []listRow       `json:"sums"`
		ChangeSums  []listRow       `json:"change_sums"`
		Tallies     []tallyRow      `json:"tallies"`
		ShareLists  []shareListRow  `json:"share_lists"`
		Shares      []portionRow    `json:"shares"`
		Changes     []comparisonRow `json:"changes"`
		Completions []completionRow `json:"completions"`
		Repeated    []repetitionRow `json:"repeated"`
		Wordings    []wordingRow    `json:"wordings"`
	}
	listRow struct {
		Name string `json:"name"`
		List struct {
			Total *figure  `json:"total"`
			Whole string   `json:"whole"`
			Parts []member `json:"parts"`
		} `json:"list"`
	}
	tallyRow struct {
		Name  string   `json:"name"`
		Total *figure  `json:"total"`
		Parts []member `json:"parts"`
	}
	shareListRow struct {
		Name  string   `json:"name"`
		Parts []member `json:"parts"`
	}
	member struct {
		Name     string  `json:"name"`
		Amount   *figure `json:"amount,omitempty"`
		Quantity *figure `json:"quantity,omitempty"`
		Share    *figure `json:"share,omitempty"`
	}
	portionRow struct {
		Name  string  `json:"name"`
		Of    string  `json:"of"`
		Part  *figure `json:"part"`
		Whole *figure `json:"whole"`
		Share *figure `json:"share"`
	}
	comparisonRow struct {
		Name    string  `json:"name"`
		Basis   string  `json:"basis,omitempty"`
		Current *figure `json:"current,omitempty"`
		Base    *figure `json:"base,omitempty"`
		Change  *figure `json:"change,omitempty"`
		Rate    *figure `json:"rate,omitempty"`
		Flat    string  `json:"flat,omitempty"`
	}
	completionRow struct {
		Name    string  `json:"name"`
		Basis   string  `json:"basis,omitempty"`
		Budget  *figure `json:"budget,omitempty"`
		Final   *figure `json:"final,omitempty"`
		Over    *figure `json:"over,omitempty"`
		Rate    *figure `json:"rate,omitempty"`
		Wording string  `json:"wording,omitempty"`
	}
	repetitionRow struct {
		Name     string    `json:"name"`
		Amount   []*figure `json:"amount,omitempty"`
		Percent  []*figure `json:"percent,omitempty"`
		Quantity []*figure `json:"quantity,omitempty"`
	}
	wordingRow struct {
		Name     string `json:"name"`
		Residue  *words `json:"residue,omitempty"`
		Percent  *words `json:"percent,omitempty"`
		Year     *words `json:"year,omitempty"`
		Unit     *words `json:"unit,omitempty"`
		Sign     *words `json:"sign,omitempty"`
		Repeated *words `json:"repeated,omitempty"`
		Copied   *words `json:"copied,omitempty"`
		Original *words `json:"original,omitempty"`
	}
	figure struct {
		Text string `json:"text"`
		Unit string `json:"unit,omitempty"`
		At   string `json:"at,omitempty"`
	}
	words struct {
		Text string `json:"text"`
		At   string `json:"at,omitempty"`
	}
)

// Data writes the relations as a dataset of the pack tongyong, in JSON, less those that known says are judged already: it
// is asked with the facts of each, of which the first is the one that claims something of the others: the total of a
// list, the rate or share of amounts.
func (x *Relations) Data(r *Reading, h dataset.Header, known func(facts []int) bool) ([]byte, error) {
	w := &claimWriter{r: r, known: known}
	c := claims{
		Sums: []listRow{}, ChangeSums: []listRow{}, Tallies: []tallyRow{}, ShareLists: []shareListRow{}, Shares: []portionRow{},
		Changes: []comparisonRow{}, Completions: []completionRow{}, Repeated: []repetitionRow{}, Wordings: []wordingRow{},
	}
	for _, l := range x.Sums {
		if w.fresh(append([]int{l.Total}, l.Parts...)...) {
			c.Sums = append(c.Sums, w.list(l))
		}
	}
	for _, l := range x.ChangeSums {
		if w.fresh(append([]int{l.Total}, l.Parts...)...) {
			c.ChangeSums = append(c.ChangeSums, w.list(l))
		}
	}
	for _, l := range x.Tallies {
		if !w.fresh(append([]int{l.Total}, l.Parts...)...) {
			continue
		}
		row := tallyRow{Name: l.Name, Total: w.figure(l.Total)}
		for _, p := range l.Parts {
			row.Parts = append(row.Parts, member{Name: w.name(p), Quantity: w.figure(p)})
		}
		c.Tallies = append(c.Tallies, row)
	}
	for _, l := range x.ShareLists {
		if !w.fresh(l.Parts...) {
			continue
		}
		row := shareListRow{Name: l.Name}
		for _, p := range l.Parts {
			row.Parts = append(row.Parts, member{Name: w.name(p), Share: w.figure(p)})
		}
		c.ShareLists = append(c.ShareLists, row)
	}
	for _, s := range x.Shares {
		if w.fresh(s.Share, s.Part, s.Whole) {
			c.Shares = append(c.Shares, portionRow{s.Name, s.Of, w.figure(s.Part), w.figure(s.Whole), w.figure(s.Share)})
		}
	}
	for _, m := range x.Changes {
		if w.fresh(m.Rate, m.Change, m.Current, m.Base) {
			c.Changes = append(c.Changes, comparisonRow{m.Name, m.Basis, w.figure(m.Current), w.figure(m.Base), w.figure(m.Change), w.figure(m.Rate), m.Flat})
		}
	}
	for _, m := range x.Completions {
		if w.fresh(m.Rate, m.Final, m.Budget, m.Over) {
			c.Completions = append(c.Completions, completionRow{m.Name, m.Basis, w.figure(m.Budget), w.figure(m.Final), w.figure(m.Over), w.figure(m.Rate), m.Wording})
		}
	}
	for _, m := range x.Repeated {
		if !w.fresh(m.Facts...) {
			continue
		}
		row := repetitionRow{Name: m.Name}
		for _, i := range m.Facts {
			switch f := &r.Facts[i]; {
			case isMoney(f):
				row.Amount = append(row.Amount, w.figure(i))
			case f.Unit == "%":
				row.Percent = append(row.Percent, w.figure(i))
			default:
				row.Quantity = append(row.Quantity, w.figure(i))
			}
		}
		c.Repeated = append(c.Repeated, row)
	}
	for _, m := range x.Wordings {
		at := func(s string, p source.Place) *words {
			if s == "" {
				return nil
			}
			return &words{s, p.String()}
		}
		text := func(s string) *words { return at(s, m.Place) }
		c.Wordings = append(c.Wordings, wordingRow{
			m.Name, text(m.Residue), text(m.Percent), text(m.Year), text(m.Unit), text(m.Sign),
			text(m.Repeated), text(m.Copied), at(m.Original, m.OriginalPlace),
		})
	}
	body, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	head, err := json.Marshal(map[string]string{"entity": h.Entity, "period": h.Period, "pack": h.Pack, "source": h.Source})
	if err != nil {
		return nil, err
	}
	return append(append(head[:len(head)-1], ','), body[1:]...), nil
}

// claimWriter turns facts into figures of a dataset.
type claimWriter struct {
	r     *Reading
	known func([]int) bool
}

// fresh reports whether a relation between these facts is not judged already.
func (w *claimWriter) fresh(facts ...int) bool {
	var printed []int
	for _, i := range facts {
		if i != None {
			printed = append(printed, i)
		}
	}
	return w.known == nil || !w.known(printed)
}

func (w *claimWriter) name(i int) string {
	if i == None {
		return ""
	}
	f := &w.r.Facts[i]
	if f.Base != None {
		return w.r.Facts[f.Base].Subject
	}
	return f.Subject
}

func (w *claimWriter) list(l List) listRow {
	row := listRow{Name: l.Name}
	row.List.Total = w.figure(l.Total)
	row.List.Whole = "否"
	if l.Whole {
		row.List.Whole = "是"
	}
	for _, p := range l.Parts {
		row.List.Parts = append(row.List.Parts, member{Name: w.name(p), Amount: w.figure(p)})
	}
	return row
}

// figure is a fact as printed, a decrease with its word.
func (w *claimWriter) figure(i int) *figure {
	if i == None {
		return nil
	}
	f := &w.r.Facts[i]
	text := f.Text
	if f.Value.IsNegative() && !strings.HasPrefix(dataset.Fold(text), "-") && !strings.HasPrefix(text, "−") {
		text = "减少" + text
	}
	unit := f.Unit
	if !isMoney(f) {
		unit = ""
	}
	return &figure{Text: text, Unit: unit, At: w.r.Cite(f).String()}
}
