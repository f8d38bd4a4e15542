package json_test

import (
	stdjson "encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/reader/json"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

func read(content string) (*yamldoc.Node, diag.List) {
	return json.Read(source.New("data.json", []byte(content)))
}

func TestNumbersKeepTheirText(t *testing.T) {
	n, list := read(`{"a": 0.10, "b": 123456789012345678901234.50, "c": "1,141.36", "d": null, "e": true, "f": 1e3}`)
	if len(list) > 0 {
		t.Fatal(list)
	}
	got := map[string]string{}
	for _, e := range n.Entries {
		got[e.Key.Value] = e.Value.Value
	}
	want := map[string]string{
		"a": "0.10", "b": "123456789012345678901234.50", "c": "1,141.36", "d": "null", "e": "true", "f": "1e3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if !n.Get("d").Null || n.Get("a").Null {
		t.Error("only null is null")
	}
}

func TestSpans(t *testing.T) {
	n, _ := read("{\n  \"收入\": {\"合计\": 867.01},\n  \"列\": [1, \"二\"]\n}")
	for _, test := range []struct {
		node      *yamldoc.Node
		text, pos string
	}{
		{n.Get("收入").Get("合计"), "867.01", "data.json:2:16"},
		{n.Get("列"), `[1, "二"]`, "data.json:3:8"},
		{n.Get("列").Items[1], `"二"`, "data.json:3:12"},
		{n.Entries[0].Key, `"收入"`, "data.json:2:3"},
	} {
		if got := test.node.Span.Text(); got != test.text {
			t.Errorf("span holds %q, want %q", got, test.text)
		}
		if got := test.node.Span.String(); got != test.pos {
			t.Errorf("%s stands at %s, want %s", test.text, got, test.pos)
		}
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name, content string
		code          diag.Code
		pos           string
	}{
		{"empty", " \n", diag.YAMLEmpty, "1:1"},
		{"cut off", `{"a": [1, 2`, diag.JSONSyntax, "1:12"},
		{"comma", `{"a": 1,}`, diag.JSONSyntax, "1:9"},
		{"no colon", `{"a" 1}`, diag.JSONSyntax, "1:6"},
		{"key twice", `{"a": 1, "b": 2, "a": 3}`, diag.DuplicateKey, "1:18"},
		{"second value", `{} {}`, diag.YAMLDocuments, "1:4"},
		{"junk behind", `{} x`, diag.JSONSyntax, "1:4"},
		{"too deep", strings.Repeat("[", 200) + strings.Repeat("]", 200), diag.YAMLTooDeep, "1:101"},
		{"not text", "{\"a\": \"\xff\"}", diag.InvalidUTF8, "1:8"},
		{"NUL", "{\"a\": \"\x00\"}", diag.NULByte, "1:8"},
		{"leading zero", `{"a": 01}`, diag.JSONSyntax, "1:8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, list := read(test.content)
			if n != nil || len(list) != 1 {
				t.Fatalf("node %v, %d diagnostics: %v", n, len(list), list)
			}
			if d := list[0]; d.Code != test.code || d.Span.Position().String() != test.pos {
				t.Errorf("got %s at %s, want %s at %s", d.Code, d.Span.Position(), test.code, test.pos)
			}
		})
	}
}

// FuzzRead holds the reader against encoding/json: it accepts nothing more, gives the same values, and all its places
// lie within the file.
func FuzzRead(f *testing.F) {
	f.Add(`{"entity": "某单位", "period": 2023, "收入": {"合计": "867.01 @49:40", "x": [1.50, null, true]}}`)
	f.Add(`[1, -0.0, 1e400, "\ud83d\ude00", "a\/b"]`)
	f.Add(`{"a": {"a": []}, "b": "\u0000"}`)
	f.Fuzz(func(t *testing.T, content string) {
		file := source.New("f.json", []byte(content))
		n, list := json.Read(file)
		if n == nil {
			if len(list) == 0 {
				t.Fatal("nothing read and nothing said")
			}
			return
		}
		dec := stdjson.NewDecoder(strings.NewReader(string(file.Content)))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("encoding/json refuses it: %v", err)
		}
		if diff := cmp.Diff(want, plain(t, file, n)); diff != "" {
			t.Errorf("-encoding/json +ours\n%s", diff)
		}
	})
}

// plain is a node as encoding/json gives it.
func plain(t *testing.T, f *source.File, n *yamldoc.Node) any {
	if n.Span.Start < 0 || n.Span.End > len(f.Content) || n.Span.Start >= n.Span.End {
		t.Fatalf("span %d-%d of a file of %d bytes", n.Span.Start, n.Span.End, len(f.Content))
	}
	switch {
	case n.Kind == yamldoc.Mapping:
		m := map[string]any{}
		for _, e := range n.Entries {
			m[e.Key.Value] = plain(t, f, e.Value)
		}
		return m
	case n.Kind == yamldoc.Sequence:
		s := []any{}
		for _, i := range n.Items {
			s = append(s, plain(t, f, i))
		}
		return s
	case n.Style == yamldoc.DoubleQuoted:
		return n.Value
	case n.Null:
		return nil
	case n.Value == "true", n.Value == "false":
		return n.Value == "true"
	}
	return stdjson.Number(n.Value)
}
