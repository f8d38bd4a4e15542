package extract_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/text"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

const shared = "../../../shared"

// row is one figure labelled by hand.
type row struct {
	line, column                        int
	text, value, unit, measure, subject string
}

func (r row) String() string {
	return fmt.Sprintf("%d:%d %s%s | %s | %s | %s", r.line, r.column, r.text, r.unit, r.value, r.measure, r.subject)
}

func labels(t *testing.T, path string) []row {
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("the labelled reports are not here: %v", err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for _, c := range records[1:] {
		line, _ := strconv.Atoi(c[0])
		column, _ := strconv.Atoi(c[1])
		rows = append(rows, row{line, column, c[2], c[3], c[4], c[5], c[6]})
	}
	return rows
}

func read(t *testing.T, path string) *extract.Reading {
	content, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the labelled reports are not here: %v", err)
	}
	doc, problems := text.Read(context.Background(), source.New(path, content), document.Usual)
	if doc == nil {
		t.Fatal(problems)
	}
	return extract.Read(doc, extract.ShippedWords())
}

// bare is text without spaces, brackets and quotation marks, in narrow forms.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("()[]<>{}〈〉《》「」『』【】〔〕〖〗\"'`“”‘’„‟″′〝〞", r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

func sameSubject(a, b string) bool {
	a, b = bare(a), bare(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len([]rune(a)) >= 2 && strings.HasSuffix(b, a)
}

// wrong are the aspects in which the fact differs from what was labelled.
func wrong(r row, f extract.Fact) []string {
	var bad []string
	want, err := number.Parse(r.value)
	unit := bare(f.Unit)
	if unit == "" && (r.measure == "weight" || r.measure == "score") {
		unit = "分"
	}
	if err != nil || !want.Value().Equal(f.Value) || unit != bare(r.unit) {
		bad = append(bad, "value")
	}
	if string(f.Measure) != r.measure {
		bad = append(bad, "measure")
	}
	if !sameSubject(f.Subject, r.subject) {
		bad = append(bad, "subject")
	}
	return bad
}

// tally counts what of the labelled rows was read right.
type tally struct{ rows, right, falseFacts, stray int }

func (a tally) percent() float64 { return 100 * float64(a.right) / float64(max(a.rows, 1)) }

func score(t *testing.T, rows []row, facts []extract.Fact) tally {
	at := map[[2]int]extract.Fact{}
	for _, f := range facts {
		at[[2]int{f.Place.Line, f.Place.Column}] = f
	}
	var sum tally
	for _, r := range rows {
		f, found := at[[2]int{r.line, r.column}]
		delete(at, [2]int{r.line, r.column})
		if r.measure == "date" || r.measure == "threshold" {
			if found {
				sum.falseFacts++
				t.Logf("no fact: %s, read as %s %s %s", r, f.Value, f.Measure, f.Subject)
			}
			continue
		}
		sum.rows++
		if !found {
			t.Logf("missed: %s", r)
			continue
		}
		if bad := wrong(r, f); bad != nil {
			t.Logf("%s wrong: %s\n\tread %s %s | %s | %s", strings.Join(bad, ", "), r, f.Value, f.Unit, f.Measure, f.Subject)
			continue
		}
		sum.right++
	}
	for _, f := range at {
		sum.stray++
		t.Logf("nobody labelled %d:%d %s%s | %s | %s", f.Place.Line, f.Place.Column, f.Text, f.Unit, f.Measure, f.Subject)
	}
	return sum
}

func TestScoreReport(t *testing.T) {
	rows := labels(t, filepath.Join(shared, "seed/figures.csv"))
	reading := read(t, filepath.Join(shared, "seed/report.txt"))
	sum := score(t, rows, reading.Facts)
	t.Logf("%d of %d right: %.1f %%, %d false, %d elsewhere", sum.right, sum.rows, sum.percent(), sum.falseFacts, sum.stray)
	if sum.percent() < 97 || sum.falseFacts > 0 {
		t.Errorf("of the report %.1f %% are right and %d facts false", sum.percent(), sum.falseFacts)
	}
}

func TestScoreSamples(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(shared, "samples/*.figures.csv"))
	if len(paths) == 0 {
		t.Skip("the labelled samples are not here")
	}
	var all tally
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			reading := read(t, strings.TrimSuffix(path, ".figures.csv")+".txt")
			sum := score(t, labels(t, path), reading.Facts)
			t.Logf("%d of %d right, %d false, %d stray", sum.right, sum.rows, sum.falseFacts, sum.stray)
			all.rows += sum.rows
			all.right += sum.right
			all.falseFacts += sum.falseFacts
			all.stray += sum.stray
		})
	}
	t.Logf("%d of %d right: %.1f %%, %d false, %d stray", all.right, all.rows, all.percent(), all.falseFacts, all.stray)
	if all.percent() < 95 || all.falseFacts > 0 {
		t.Errorf("of the samples %.1f %% are right and %d facts false", all.percent(), all.falseFacts)
	}
}
