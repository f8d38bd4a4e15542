package acceptance_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

func text(t *testing.T, content string) *acceptance.Text {
	t.Helper()
	made, list := acceptance.NewText("f.yaml", []byte(content), false, yamldoc.Parse)
	if made == nil {
		t.Fatalf("%q: %v", content, list)
	}
	return made
}

// entry is what the tests write.
func entry() *acceptance.Entry {
	return &acceptance.Entry{
		Rule: "sum", Instance: "items[科技: 培训]", Reason: "已核对", By: "李明", Title: "合计",
		State: acceptance.State{Verdict: "fail", Difference: "-0.01", Values: []acceptance.Value{
			{Field: "total", Texts: []string{"1,141.36"}, Label: "合计"}, {Field: "items[科技: 培训].amount", Texts: []string{"1.00", "1.01"}}, {Field: "note"},
		}},
	}
}

const added = `  - rule: sum  # 合计
    instance: "items[科技: 培训]"
    reason: 已核对
    by: 李明
    verdict: fail
    difference: -0.01
    values:
      total: 1,141.36  # 合计
      "items[科技: 培训].amount": [1.00, 1.01]
      note:
`

const between = `{rule: sum, instance: "items[科技: 培训]", reason: 已核对, by: 李明, verdict: fail, difference: -0.01, ` +
	`values: {total: "1,141.36", "items[科技: 培训].amount": [1.00, 1.01], note: null}}`

// TestPutNew writes an entry into files as people write them: the rest stays byte for byte.
func TestPutNew(t *testing.T) {
	old := "  - rule: rate\n    reason: |\n      见函\n\n"
	for _, test := range []struct{ name, before, after string }{
		{"no list", "entity: 甲 # 全称\n\na: 1\n", "entity: 甲 # 全称\n\na: 1\n\naccepted:\n" + added},
		{"no last line end", "a: 1", "a: 1\n\naccepted:\n" + added},
		{"a blank last line", "a: 1\n\n", "a: 1\n\naccepted:\n" + added},
		{"a comment at the end", "a: 1\n# 完\n", "a: 1\n# 完\n\naccepted:\n" + added},
		{"a text that keeps its line ends", "a: |+\n  x\n", "a: |+\n  x\naccepted:\n" + added},
		{"an end of the document", "---\na: 1\n...\n", "---\na: 1\n\naccepted:\n" + added + "...\n"},
		{"an indented file", "  a: 1\n  b: 2\n", "  a: 1\n  b: 2\n\n  accepted:\n  " + strings.TrimSuffix(strings.ReplaceAll(added, "\n", "\n  "), "  ")},
		{"no content", "", "accepted:\n" + added},
		{"a comment alone", "# 审计组\n", "# 审计组\naccepted:\n" + added},
		{"an empty list", "accepted: []  # 尚无\na: 1\n", "accepted:  # 尚无\n" + added + "a: 1\n"},
		{"an empty list at the end", "a: 1\naccepted: [ ]", "a: 1\naccepted:\n" + added},
		{"a key alone", "accepted:\na: 1\n", "accepted:\n" + added + "a: 1\n"},
		{"a null", "accepted: ~ # 尚无\na: 1\n", "accepted:  # 尚无\n" + added + "a: 1\n"},
		{"a list", "accepted:\n" + old + "a: 1\n", "accepted:\n  - rule: rate\n    reason: |\n      见函\n" + added + "\na: 1\n"},
		{"a list with comments", "accepted:\n  # 其一\n  - {rule: rate, reason: 是} # 见函\n  # 完\na: 1\n", "accepted:\n  # 其一\n  - {rule: rate, reason: 是} # 见函\n" + added + "  # 完\na: 1\n"},
		{"dashes below the key", "accepted:\n- rule: rate\n  reason: 是\na: 1\n", "accepted:\n- rule: rate\n  reason: 是\n" + strings.ReplaceAll(added[2:], "\n  ", "\n") + "a: 1\n"},
		{"a list in brackets", "accepted: [{rule: rate, reason: 是}] # 一\na: 1\n", "accepted: [{rule: rate, reason: 是}, " + between + "] # 一\na: 1\n"},
		{"a list in brackets, by lines", "accepted: [\n  {rule: rate, reason: 是}\n]\n", "accepted: [\n  {rule: rate, reason: 是},\n  " + between + "\n]\n"},
		{"a file in brackets", "{a: 1, accepted: []}\n", "{a: 1, accepted: [" + between + "]}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, eol := range []string{"\n", "\r\n"} {
				for _, mark := range []string{"", "\uFEFF"} {
					with := strings.NewReplacer("\n", eol)
					before, after := mark+with.Replace(test.before), mark+with.Replace(test.after)
					if eol != "\n" && !strings.Contains(before, eol) {
						continue
					}
					got, err := text(t, before).Put(-1, entry())
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(after, string(got.Bytes())); diff != "" {
						t.Fatal(diff)
					}
				}
			}
		})
	}
}

func TestPutOver(t *testing.T) {
	for _, test := range []struct{ name, before, after string }{
		{"by hand", "accepted:\n  # 张三\n  - reason: '已核对'  # 见函\n    rule: sum\n    instance: items[科技]\nb: 1\n",
			"accepted:\n  # 张三\n  - reason: '已核对'  # 见函\n    rule: sum\n    instance: \"items[科技: 培训]\"\n" +
				"    by: 李明\n    verdict: fail\n    difference: -0.01\n    values:\n      total: 1,141.36  # 合计\n      \"items[科技: 培训].amount\": [1.00, 1.01]\n      note:\nb: 1\n"},
		{"ended", "accepted:\n  - rule: sum # 合计\n    instance: \"items[科技: 培训]\"\n    reason: 是 # 旧\n    by: 李明\n    until: 2020-01-01\n    verdict: rounding\n    difference: '-0.01'\n" +
			"    values:\n      # 表一\n      old: 3\n      total: 1,141.36  # 合\n      note: 无\n",
			"accepted:\n  - rule: sum # 合计\n    instance: \"items[科技: 培训]\"\n    reason: 已核对 # 旧\n    by: 李明\n    verdict: fail\n    difference: '-0.01'\n" +
				"    values:\n      # 表一\n      total: 1,141.36  # 合\n      \"items[科技: 培训].amount\": [1.00, 1.01]\n      note: null\n"},
		{"in braces", "accepted:\n  - {rule: sum, reason: 是}  # 旧\n", "accepted:\n  - " + between + "  # 旧\n"},
		{"values in braces", "accepted:\n  - rule: sum\n    instance: \"items[科技: 培训]\"\n    reason: 已核对\n    by: 李明\n    verdict: fail\n    difference: -0.01\n    values: {a: 1} # 旧",
			"accepted:\n  - rule: sum\n    instance: \"items[科技: 培训]\"\n    reason: 已核对\n    by: 李明\n    verdict: fail\n    difference: -0.01\n" +
				"    values: {total: \"1,141.36\", \"items[科技: 培训].amount\": [1.00, 1.01], note: null} # 旧"},
		{"no last line end", "accepted:\n- rule: sum\n  reason: |-\n    已核对", "accepted:\n- rule: sum\n  instance: \"items[科技: 培训]\"\n  reason: |-\n    已核对\n  by: 李明\n" +
			"  verdict: fail\n  difference: -0.01\n  values:\n    total: 1,141.36  # 合计\n    \"items[科技: 培训].amount\": [1.00, 1.01]\n    note:\n"},
	} {
		got, err := text(t, test.before).Put(0, entry())
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.after, string(got.Bytes())); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
		if again, err := got.Put(0, entry()); err != nil || string(again.Bytes()) != string(got.Bytes()) {
			t.Errorf("%s: put again, it changes: %v", test.name, err)
		}
	}
}

func TestDrop(t *testing.T) {
	for _, test := range []struct {
		index         int
		before, after string
	}{
		{0, "a: 1\n\naccepted:\n  - rule: sum\n    reason: 是\n", "a: 1\n"},
		{0, "a: 1\naccepted:\n  - rule: sum\n    reason: 是\n\nb: 1\n", "a: 1\n\nb: 1\n"},
		{0, "accepted:\n  - rule: sum\n    reason: 是 # 见函\n  # 其二\n  - {rule: rate, reason: 是}\n", "accepted:\n  # 其二\n  - {rule: rate, reason: 是}\n"},
		{1, "accepted:\n  - rule: sum\n    reason: 是\n  -\n    rule: rate\n    reason: 是\nb: 1\n", "accepted:\n  - rule: sum\n    reason: 是\nb: 1\n"},
		{0, "accepted: [{rule: sum, reason: 是}]\n", "accepted: []\n"},
		{0, "accepted: [{rule: sum, reason: 是}, {rule: rate, reason: 是}]\n", "accepted: [{rule: rate, reason: 是}]\n"},
		{1, "accepted: [{rule: sum, reason: 是},\n  {rule: rate, reason: 是}]\n", "accepted: [{rule: sum, reason: 是}]\n"},
	} {
		got, err := text(t, test.before).Drop(test.index)
		if err != nil {
			t.Errorf("%q: %v", test.before, err)
		} else if diff := cmp.Diff(test.after, string(got.Bytes())); diff != "" {
			t.Error(diff)
		}
	}
}

// A file in brackets without a list has no room for one that its owner would know again.
func TestNoRoom(t *testing.T) {
	made := text(t, "{a: 1}\n")
	if made.Holds() {
		t.Error("it holds one")
	}
	if _, err := made.Put(-1, entry()); err == nil {
		t.Error("one was put")
	}
}

// odd are the parts of texts that YAML reads otherwise than they look, unless they are quoted.
var odd = []string{"a", "科技", " ", ":", ": ", "#", " #", "-", "- ", "?", "!", "&", "*", "|", ">", "@", "`", "%", "{", "}", "[", "]", ",", "'", "\"", "\\", "~",
	"null", "true", "0x1", "1.00", "…", "\n", "\r\n", "\t", "\u0085", "\u2028", "\ufeff", "\u007f", "\u0001", "---", "...", "<<", "=", "😀"}

// TestPutAnything writes whatever texts, into files that hold others, and takes them out again.
func TestPutAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func(least int) string {
		var s strings.Builder
		for range least + r.IntN(4) {
			s.WriteString(odd[r.IntN(len(odd))])
		}
		return strings.Join(strings.Fields(s.String()), " ")
	}
	some := func() *acceptance.Entry {
		e := &acceptance.Entry{Rule: "r" + word(0), Reason: "x" + word(1), Instance: word(0), By: word(0), Title: word(2)}
		e.State = acceptance.State{Verdict: "fail", Difference: word(0), Values: []acceptance.Value{}}
		seen := map[string]bool{}
		for range r.IntN(4) {
			v := acceptance.Value{Field: word(1), Label: word(1)}
			for range r.IntN(3) {
				v.Texts = append(v.Texts, "y"+word(0))
			}
			if v.Field != "" && v.Field != "<<" && !seen[v.Field] {
				seen[v.Field] = true
				e.Values = append(e.Values, v)
			}
		}
		return e
	}
	for range 400 {
		now := text(t, []string{"a: 1\n", "accepted: []\n", "accepted:\n- {rule: x, reason: y}\nb: 2\n", "a: |+\n  x\n\n"}[r.IntN(4)])
		before := string(now.Bytes())
		for range 1 + r.IntN(3) {
			e := some()
			index := r.IntN(len(now.Entries())+1) - 1
			next, err := now.Put(index, e)
			if err != nil {
				t.Fatalf("%+v into %q: %v", e, now.Bytes(), err)
			}
			now = next
		}
		for len(now.Entries()) > 0 {
			next, err := now.Drop(r.IntN(len(now.Entries())))
			if err != nil {
				t.Fatalf("out of %q: %v", now.Bytes(), err)
			}
			now = next
		}
		if before == "a: 1\n" && string(now.Bytes()) != before {
			t.Errorf("emptied it is %q", now.Bytes())
		}
	}
}

func TestPutJSON(t *testing.T) {
	// YAML reads JSON, and the spans are the same; the reader of JSON itself stands on a higher floor.
	read := func(f *source.File) (*yamldoc.Node, diag.List) { return yamldoc.Parse(f) }
	for _, test := range []struct{ before, want string }{
		{"{\"a\": 1, \"accepted\": []}\n", `{"a": 1, "accepted": [%s]}` + "\n"},
		{"{\n  \"accepted\": [\n    {\"rule\": \"x\", \"reason\": \"y\"}\n  ]\n}\n", "{\n  \"accepted\": [\n    {\"rule\": \"x\", \"reason\": \"y\"},\n    %s\n  ]\n}\n"},
	} {
		made, _ := acceptance.NewText("f.json", []byte(test.before), true, read)
		got, err := made.Put(-1, entry())
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf(test.want, `{"rule": "sum", "instance": "items[科技: 培训]", "reason": "已核对", "by": "李明", "verdict": "fail", "difference": "-0.01", `+
			`"values": {"total": "1,141.36", "items[科技: 培训].amount": ["1.00", "1.01"], "note": null}}`)
		if diff := cmp.Diff(want, string(got.Bytes())); diff != "" {
			t.Error(diff)
		}
	}
}

// What takes the place of a line that goes away stands where the line stood.
func TestPutWithoutDifference(t *testing.T) {
	e := entry()
	e.Instance, e.By, e.Difference, e.Values = "", "", "", e.Values[:1]
	got, err := text(t, "accepted:\n- rule: sum\n  reason: 已核对\n  verdict: fail\n  difference: 1\nb: 2\n").Put(0, e)
	if err != nil {
		t.Fatal(err)
	}
	want := "accepted:\n- rule: sum\n  reason: 已核对\n  verdict: fail\n  values:\n    total: 1,141.36  # 合计\nb: 2\n"
	if diff := cmp.Diff(want, string(got.Bytes())); diff != "" {
		t.Error(diff)
	}
}
