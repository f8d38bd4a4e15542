package jsonschema

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

// TestShippedSchemas holds the files in zh and en against what the program prints. UPDATE_GOLDEN=1 writes them anew.
func TestShippedSchemas(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		for _, k := range Kinds() {
			if k.NeedsPack {
				continue
			}
			want, err := k.Schema(nil, lang)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(lang, k.Name+".schema.json")
			if os.Getenv("UPDATE_GOLDEN") != "" {
				if err := os.WriteFile(file, want, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s is stale, UPDATE_GOLDEN=1 go test ./engine/jsonschema writes it:\n%s", file, diff)
			}
		}
	}
}

// The patterns of figures, places and dates are held against the readers, over texts of their own parts.
var parts = []string{
	"1", "0", "12", "345", "000", "９", ",", "，", ".", "．", "-", "−", "+", "－", "(", ")", "（", "）", "%", "％", " ", "　",
	"增加", "减少", "降", "万元", "元", "个", "人次", "—", "——", "/", "／", "e3", "E-2", " @", "@", "39", ":", "39:41", "7/", "表!", "C9", "'收 入'!B2", "年", "月", "至", "x",
}

func texts(t *testing.T, n int, each func(text string)) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		var s strings.Builder
		for range r.IntN(7) {
			s.WriteString(parts[r.IntN(len(parts))])
		}
		each(s.String())
	}
	// What is right by construction is rare among these.
	for range n {
		pick := func(of ...string) string { return of[r.IntN(len(of))] }
		each(pick("", " ", "增加", "减少 ", "-", "－ ", "(", "（") + pick("1", "12.50", "1,234.5", "１，２３４．５", ".5", "5.", "1e3") +
			pick("", " ", "%", " ％", "万元", " 元", "个") + pick("", ")", "）", " ") + pick("", "", " @39", "  @7/39:41", " @表!C9", " @'a b'!C9:4", " @x"))
	}
}

func TestFigurePattern(t *testing.T) {
	any, percent := regexp.MustCompile(figurePattern(`(?:[%％]|\p{L}+)`)), regexp.MustCompile(figurePattern(`[%％]`))
	figures, same := 0, 0
	texts(t, 50_000, func(text string) {
		cut, _, found := source.CutPlace(text)
		p, err := number.Parse(cut)
		// A numeric field refuses what may have been meant as a place.
		ok := err == nil && (found || !strings.Contains(text, " @") && !strings.HasPrefix(text, "@"))
		if ok {
			figures++
		}
		if errors.Is(err, number.ErrTooLong) {
			// A pattern does not count digits.
			return
		}
		if got := any.MatchString(text); got != ok {
			t.Fatalf("%q: pattern %v, reader %v (%v)", text, got, ok, err)
		}
		if ok && p.Unit == "" {
			same++
			if !percent.MatchString(text) {
				t.Fatalf("%q is no percentage by the pattern", text)
			}
		}
	})
	if figures < 2_000 || same < 2_000 {
		t.Errorf("only %d figures, %d without unit", figures, same)
	}
}

func TestPlacePattern(t *testing.T) {
	pattern := regexp.MustCompile(aPlace)
	places := 0
	texts(t, 50_000, func(text string) {
		for _, text := range []string{text, strings.TrimLeft(text[strings.LastIndex(text, "@")+1:], " ")} {
			_, ok := source.ParsePlace(text)
			if ok {
				places++
			}
			if got := pattern.MatchString(text); got != ok {
				t.Fatalf("%q: pattern %v, reader %v", text, got, ok)
			}
		}
	})
	if places < 2_000 {
		t.Errorf("only %d places", places)
	}
}

// A pattern for dates knows no calendar: it refuses less than the reader.
func TestDatePattern(t *testing.T) {
	b := &builder{refs: map[string]bool{}, lang: "zh"}
	b.value(&dataset.Field{Type: dataset.Date})
	var pattern *regexp.Regexp
	for _, m := range b.definitions[0].value.(object) {
		if m.name == "pattern" {
			pattern = regexp.MustCompile(m.value.(string))
		}
	}
	for _, text := range []string{"2024", "2024年8月", "2024-08-01", "２０２４年", "2023年1月-2023年12月", " 2024 ", "2024年 @5:6", "—", "", "@5"} {
		cut, _, _ := source.CutPlace(text)
		if _, ok := dataset.ParseDate(cut); !ok && !number.IsBlank(cut) {
			t.Errorf("%q is no date", text)
		}
		if !pattern.MatchString(text) {
			t.Errorf("%q is refused", text)
		}
	}
	for _, text := range []string{"去年", "24年", "20240801", "8月"} {
		if pattern.MatchString(text) {
			t.Errorf("%q is accepted", text)
		}
	}
}
