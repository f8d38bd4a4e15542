package extract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// copiesIn finds copies in paragraphs and in cells, which begin with a |. The places are the lines.
func copiesIn(lines ...string) []string {
	d := &document.Document{}
	for i, s := range lines {
		cell, table := strings.CutPrefix(s, "|")
		t := document.Text{S: cell, Marks: []document.Mark{{Place: source.Place{Line: i + 1, Column: 1}}}}
		if table {
			d.Blocks = append(d.Blocks, document.Block{Kind: document.Table, Grid: &document.Grid{
				Rows: 1, Cols: 1, Cells: []document.Cell{{RowSpan: 1, ColSpan: 1, Text: t}},
			}})
		} else {
			d.Blocks = append(d.Blocks, document.Block{Kind: document.Paragraph, Text: t})
		}
	}
	x := &relating{Reading: &Reading{Document: d}}
	x.copies()
	var found []string
	for _, w := range x.Wordings {
		if w.Repeated != "" {
			found = append(found, w.Place.String()+" "+w.Repeated)
		} else {
			found = append(found, w.Place.String()+" "+w.Copied+" < "+w.OriginalPlace.String()+" "+w.Original)
		}
	}
	return found
}

func TestCopies(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"twice in a row", []string{"一年来，水渠清淤工作按期完成，水渠清淤工作按期完成。"}, []string{"1:16 水渠清淤工作按期完成"}},
		{"three times and elsewhere again: told once", []string{"水渠清淤工作按期完成。水渠清淤工作按期完成。水渠清淤工作按期完成", "|水渠清淤工作按期完成；水渠清淤工作按期完成"}, []string{"1:12 水渠清淤工作按期完成"}},
		{"not in a row", []string{"水渠清淤工作按期完成，验收合格，水渠清淤工作按期完成。"}, nil},
		{"in two paragraphs", []string{"水渠清淤工作按期完成", "水渠清淤工作按期完成"}, nil},
		{"too short", []string{"与上年持平，与上年持平"}, nil},
		{"line breaks are no difference", []string{"|水渠清淤\n工作按期完成，水渠清淤工作按\n期完成"}, []string{"1:13 水渠清淤工作按期完成"}},
		{"a character is missing in the text", []string{"水渠清淤工作按期完成，惠及村农户三十家", "|水渠清淤工作按期完成，惠及全村农户三十家"}, []string{"1:12 惠及村农户三十家 < 2:12 惠及全村农户三十家"}},
		{"a character is missing in the table, before what is the same", []string{"惠及全村农户三十家。水渠清淤工作按期完成", "|惠及村农户三十家。水渠清淤工作按期完成"}, []string{"2:1 惠及村农户三十家 < 1:1 惠及全村农户三十家"}},
		{"both neighbours are the same: told once", []string{"水渠清淤工作按期完成，惠及村农户三十家，改善了灌溉的条件", "|水渠清淤工作按期完成，惠及全村农户三十家，改善了灌溉的条件"}, []string{"1:12 惠及村农户三十家 < 2:12 惠及全村农户三十家"}},
		{"nothing beside them is the same", []string{"水渠清淤提前完成，惠及村农户三十家", "|水渠清淤工作按期完成，惠及全村农户三十家"}, nil},
		{"two paragraphs are two texts", []string{"水渠清淤工作按期完成，惠及村农户三十家", "水渠清淤工作按期完成，惠及全村农户三十家"}, nil},
		{"two characters are missing", []string{"水渠清淤工作按期完成，惠及农户共三十家", "|水渠清淤工作按期完成，惠及全村农户共三十家"}, nil},
		{"a word that can be left out", []string{"水渠清淤工作按期完成，惠及全村农户三十家", "|水渠清淤工作按期完成，惠及了全村农户三十家"}, nil},
		{"another figure", []string{"水渠清淤工作按期完成，惠及全村农户30家", "|水渠清淤工作按期完成，惠及全村农户130家"}, nil},
		{"a comma in a figure divides nothing", []string{"共清淤1,234米长的渠道,共清淤1,234米长的渠道"}, []string{"1:15 共清淤1,234米长的渠道"}},
	} {
		if diff := cmp.Diff(c.want, copiesIn(c.lines...)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}
