package source_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/source"
)

func TestParsePlace(t *testing.T) {
	for text, want := range map[string]source.Place{
		"39":           {Line: 39},
		" 39:41 ":      {Line: 39, Column: 41},
		"7/62:31":      {Page: 7, Line: 62, Column: 31},
		"7/62":         {Page: 7, Line: 62},
		"收入表!C9":       {Cell: "收入表!C9"},
		"表3!B4:17":     {Cell: "表3!B4", Column: 17},
		"7/表3!B4:17":   {Page: 7, Cell: "表3!B4", Column: 17},
		"2023!AA10":    {Cell: "2023!AA10"},
		"'收入 表'!C9":    {Cell: "收入 表!C9"},
		"'a/b@c!d'!C9": {Cell: "a/b@c!d!C9"},
		"'1/2'!C9":     {Cell: "1/2!C9"},
		"'it''s'!C9":   {Cell: "it's!C9"},
	} {
		if got, ok := source.ParsePlace(text); !ok || got != want {
			t.Errorf("%q is %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "0", "-1", "x", "39:", "39:0", "39:4:1", "39 :41", "３９", "7/", "/62", "0/62", "x/62", "7/0", "9999999999",
		"!C9", "收入表!", "收入表!C", "收入表!9", "收入表!c9", "收入表!C0", "收入表!C09", "收入表!ABCDE1", "收入表!C9:0", "收 入!C9", "a!b!C9",
		"收入表'!C9", "'收入表!C9", "'收入表'C9", "''!C9", "'", "'a'b'!C9",
	} {
		if got, ok := source.ParsePlace(text); ok {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func TestPlaceString(t *testing.T) {
	for want, p := range map[string]source.Place{
		"":            {},
		"39:41":       {Line: 39, Column: 41},
		"收入表!C9":      {Cell: "收入表!C9"},
		"'收 入'!C9":    {Cell: "收 入!C9"},
		"7/表3!B4":     {Page: 7, Cell: "表3!B4", Line: 120, Column: 30},
		"7/表3!B4:17":  {Page: 7, Cell: "表3!B4", Column: 17},
		"'it''s!'!C9": {Cell: "it's!!C9"},
	} {
		if got := p.String(); got != want {
			t.Errorf("%+v is written %q, want %q", p, got, want)
		}
	}
	p := source.Place{Cell: "收!入!C9"}
	if p.Table() != "收!入" || p.Ref() != "C9" {
		t.Errorf("%q is cell %q of table %q", p.Cell, p.Ref(), p.Table())
	}
}

func TestCutPlace(t *testing.T) {
	tests := []struct {
		text, rest string
		at         source.Place
	}{
		{"867.01 @39:41", "867.01", source.Place{Line: 39, Column: 41}},
		{"@3", "", source.Place{Line: 3}},
		{" @3", "", source.Place{Line: 3}},
		{"联系 @张三 @5", "联系 @张三", source.Place{Line: 5}},
		{"9 @'a @b'!C9", "9", source.Place{Cell: "a @b!C9"}},
		{"9 @'a' @7", "9 @'a'", source.Place{Line: 7}},
	}
	for _, test := range tests {
		rest, at, ok := source.CutPlace(test.text)
		if !ok || rest != test.rest || at != test.at {
			t.Errorf("%q is cut to %q, %+v, %v", test.text, rest, at, ok)
		}
	}
	for _, text := range []string{"", "867.01", "a@3", "联系 @张三", "联系 @张三's", "9 @", "9 @'a @b", "@", "联系 @3 转 12"} {
		if rest, at, ok := source.CutPlace(text); ok || rest != text {
			t.Errorf("%q is cut to %q, %+v", text, rest, at)
		}
	}
}

// Whatever place is written is read back, alone and behind a text.
func TestPlacesComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 62))
	signs := []rune("收入表Ａa1 @!':/.-（ \t")
	for range 20000 {
		var p source.Place
		if r.IntN(2) == 0 {
			p.Page = r.IntN(30)
		}
		if r.IntN(2) == 0 {
			p.Line = 1 + r.IntN(2000)
		} else {
			name := ""
			for range 1 + r.IntN(8) {
				name += string(signs[r.IntN(len(signs))])
			}
			p.Cell = fmt.Sprintf("%s!%c%d", name, 'A'+rune(r.IntN(26)), 1+r.IntN(300))
		}
		if r.IntN(2) == 0 {
			p.Column = 1 + r.IntN(200)
		}
		if got, ok := source.ParsePlace(p.String()); !ok || got != p {
			t.Fatalf("%+v is written %q and read as %+v, %v", p, p, got, ok)
		}
		rest, got, ok := source.CutPlace("减少1,141.36 @" + p.String())
		// A name may look like the end of a text and a place; it takes more than three signs in it.
		if (!ok || got != p || rest != "减少1,141.36") && !crowded(p.Cell) {
			t.Fatalf("%+v behind a figure comes back as %q, %+v, %v", p, rest, got, ok)
		}
	}
}

func crowded(name string) bool {
	n := 0
	for i := range len(name) - 1 {
		if name[i:i+2] == " @" {
			n++
		}
	}
	return n > 2
}

func FuzzPlace(f *testing.F) {
	for _, s := range []string{"39:41", "7/表3!B4:17", "'收 @入''s'!C9", "x @'a' @7"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, p, ok := source.CutPlace(s)
		if !ok {
			return
		}
		again, ok := source.ParsePlace(p.String())
		if diff := cmp.Diff(p, again); !ok || diff != "" {
			t.Errorf("%q is the place %+v, written %q, read as %+v", s, p, p, again)
		}
		if len(text) >= len(s) {
			t.Errorf("%q leaves %q", s, text)
		}
	})
}
