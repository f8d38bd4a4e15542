package entities_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/entities"
)

func read(t *testing.T, name, text string) (*entities.List, diag.List) {
	t.Helper()
	l, wrong, err := entities.Read(t.Context(), name, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return l, wrong
}

// told is what a list says, an entity a line.
func told(l *entities.List) []string {
	var all []string
	for e := range l.All() {
		var below []string
		for child := range l.Below(e.Name()) {
			below = append(below, child.Name())
		}
		all = append(all, fmt.Sprintf("%s %s<%s @%s [%s]", e.Span(), e.Name(), e.Parent(), e.Region(), strings.Join(below, " ")))
	}
	return all
}

// TestFormats: whatever a list is written in, it says the same, each entity at its own place.
func TestFormats(t *testing.T) {
	want := []string{" 局< @某市 [一中 二中]", " 一中<局 @某市 []", " 二中<局 @某区 []", " 村小<镇 @ []"}
	table := "单位,上级,地区,别名,#电话\n局,,某市,教育局|市教育局,1\n\n一中,教育局,,\"市,一中\",2\n二中,局,某区,,\n村小,镇,,,\n"
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(table)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text   string
		places string
	}{
		"a.csv":      {table, "2:1 4:1 5:1 6:1"},
		"gbk.csv":    {gbk, "2:1 4:1 5:1 6:1"},
		"bom.csv":    {"\uFEFF" + table, "2:1 4:1 5:1 6:1"},
		"a.tsv":      {strings.ReplaceAll(strings.ReplaceAll(table, "\"市,一中\"", "\"市\t一中\""), ",", "\t"), "2:1 4:1 5:1 6:1"},
		"order.csv":  {"region;parent;entity\n某市;;局\n;局;一中\n某区;局;二中\n;镇;村小", "2:5 3:4 4:6 5:4"},
		"a.yaml":     {"- {entity: 局, 地区: 某市, aliases: [教育局, 市教育局]}\n- 单位: 一中\n  上级: 市教育局\n  别名: 市一中\n- {entity: 二中, parent: 局, region: 某区}\n- {entity: 村小, parent: 镇, region: }\n", "1:12 2:7 5:12 6:12"},
		"a.JSON":     {`[{"entity": "局", "region": "某市"}, {"entity": "一中", "parent": "局"}, {"entity": "二中", "parent": "局", "region": "某区"}, {"entity": "村小", "parent": "镇", "region": null}]`, "1:13 1:46 1:79 1:128"},
		"a.yaml.zst": {"- {entity: 局, region: 某市}\n- {entity: 一中, parent: 局}\n- {entity: 二中, parent: 局, region: 某区}\n- {entity: 村小, parent: 镇}\n", "1:12 2:12 3:12 4:12"},
	} {
		l, wrong := read(t, name, c.text)
		if len(wrong) != 1 || wrong[0].Code != diag.EntityUnlisted {
			t.Errorf("%s: %v", name, wrong)
		}
		var all []string
		for i, place := range strings.Fields(c.places) {
			all = append(all, name+":"+place+want[i])
		}
		if diff := cmp.Diff(all, told(l)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestWorkbook: in a workbook a list is the first sheet that names a column of entities; places are its cells.
func TestWorkbook(t *testing.T) {
	book := func(rows ...[]string) string {
		f := excelize.NewFile()
		for _, sheet := range []string{"名单 一", "其他"} {
			if _, err := f.NewSheet(sheet); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SetCellStr("Sheet1", "A1", "说明"); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, text := range row {
				at, _ := excelize.CoordinatesToCellName(2+j, 2+i)
				if err := f.SetCellStr("名单 一", at, text); err != nil {
					t.Fatal(err)
				}
			}
		}
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	l, wrong := read(t, "a.xlsx", book([]string{"单位名称", "主管部门", "#", "区划"}, []string{"局", "", "", "某市"}, nil, []string{"一中", "局"}))
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if diff := cmp.Diff([]string{"a.xlsx:'名单 一'!B3 局< @某市 [一中]", "a.xlsx:'名单 一'!B5 一中<局 @某市 []"}, told(l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for want, text := range map[string]string{
		`a.xlsx:'名单 一'!C3: error: "甲" is above itself: 甲 → 甲 [entity-cycle]`:                 book([]string{"单位", "上级"}, []string{"甲", "甲"}),
		`a.xlsx:'名单 一'!C2: error: "电话" is no column of a list of entities [entities-column]`: book([]string{"单位", "电话"}, []string{"甲", "1"}),
		`a.xlsx: error: the first row names no column entity [entities-no-column]`:           book([]string{"单", "位"}),
	} {
		if l, wrong := read(t, "a.xlsx", text); l != nil || len(wrong) != 1 || wrong[0].String() != want {
			t.Errorf("%v, want %s", wrong, want)
		}
	}
}

// TestFind: an entity is found by each of its names, however these are written.
func TestFind(t *testing.T) {
	l, wrong := read(t, "a.csv", "entity,parent,aliases\n某局（本级）,某局,本级 | 某局机关\n某局,,\n")
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	for _, name := range []string{"某局（本级）", "某局(本级)", " 本级 ", "某局机关"} {
		if e, ok := l.Find(name); !ok || e.Name() != "某局（本级）" || l.Called(name) != "某局（本级）" {
			t.Errorf("%q is not found", name)
		}
	}
	if _, ok := l.Find("某校"); ok || l.Called("某校") != "某校" || l.Len() != 2 {
		t.Error("somebody else is found")
	}
	for _, c := range [][3]string{{"本级", "他局", "某局"}, {"某局", "他局", "他局"}, {"某局", "", ""}, {"某校", "某局机关", "某局（本级）"}} {
		if parent, _ := l.Above(c[0], c[1]); parent != c[2] {
			t.Errorf("%s says %q: %q is above it, want %q", c[0], c[1], parent, c[2])
		}
	}
	var none *entities.List
	if parent, region := none.Above("某局", "他局"); parent != "他局" || region != "" || none.Len() != 0 || none.Called("甲") != "甲" {
		t.Error("no list says something")
	}
	for range none.Below("某局") {
		t.Error("no list has children")
	}
}

// TestFaults: what is wrong is told with its place; only a name above others may be missing in a list.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
		usable     bool
	}{
		{"a.csv", "entity,parent\n甲,乙\n乙,丙\n丙,甲\n丁,丁\n戊,甲\n", []string{
			`a.csv:2:3: error: "甲" is above itself: 甲 → 乙 → 丙 → 甲 [entity-cycle]`, `a.csv:5:3: error: "丁" is above itself: 丁 → 丁 [entity-cycle]`}, false},
		{"b.csv", "entity,aliases,parent\n甲,,\n乙,甲,\n甲,,\n丙,丁,丁\n戊,己 | 己,\n", []string{
			`b.csv:3:3: error: "甲" is listed twice [entity-twice]`, `b.csv:4:1: error: "甲" is listed twice [entity-twice]`,
			`b.csv:5:5: error: "丙" is above itself: 丙 → 丙 [entity-cycle]`, `b.csv:6:3: error: "己" is listed twice [entity-twice]`}, false},
		{"c.csv", "entity,parent\n教育局机关,\n一中,教育局\n二中,教育局\n三中,教育局机关\n", []string{`c.csv:3:4: warning: "教育局", which is above "一中", is not listed [entity-unlisted]`}, true},
		{"d.csv", "单位,上级部门,单位名称\n甲,乙,\n", []string{
			`d.csv:1:4: error: "上级部门" is no column of a list of entities [entities-column]`, `d.csv:1:9: error: "单位名称" says what another column says [entities-column-twice]`}, false},
		{"e.csv", "上级,地区\n甲,乙\n", []string{"e.csv:1:1: error: the first row names no column entity [entities-no-column]"}, false},
		{"f.csv", "entity,parent\n甲\n乙,丙,丁\n,甲\n\"戊\n己,\n", []string{
			"f.csv:2:1: error: the row has 1 values, and there are 2 columns [table-width]", "f.csv:3:1: error: the row has 3 values, and there are 2 columns [table-width]",
			"f.csv:4:1: error: the row names no entity [entities-no-name]", "f.csv:5:1: error: a quote is not closed [table-quote]"}, false},
		{"g.csv", "\n\n", []string{"g.csv: error: the file holds nothing [yaml-empty]"}, false},
		{"h.csv", "entity\n", nil, true},
		{"i.yaml", "- 甲\n- {entity: 乙, parnt: 甲}\n- {parent: 甲}\n- {entity: [丙]}\n- {entity: 丁, 单位: 丁}\n", []string{
			"i.yaml:1:3: error: keys with values must stand here [want-mapping]", `i.yaml:2:15: error: unknown key "parnt" [unknown-key]`,
			`i.yaml:3:3: error: the key "entity" is missing [missing-key]`, "i.yaml:4:12: error: one value must stand here [want-text]", `i.yaml:5:15: error: the key "单位" occurs twice [duplicate-key]`}, false},
		{"j.json", `{"entity": "甲"}`, []string{"j.json:1:1: error: a list must stand here [want-list]"}, false},
		{"k.parquet", "", []string{`k.parquet: error: files ending in ".parquet" cannot be read [unknown-format]`}, false},
		{"l.csv", "entity\n" + strings.Repeat("\n", 1<<17) + "甲\xff\n", []string{"l.csv:131074:2: error: the file is not UTF-8 from here on [invalid-utf8]"}, false},
	} {
		l, wrong := read(t, c.name, c.text)
		var got []string
		for _, d := range wrong {
			got = append(got, d.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if (l != nil) != c.usable {
			t.Errorf("%s: usable %v", c.name, l != nil)
		}
	}
	// Of very many faults some are told.
	if l, wrong := read(t, "a.csv", "entity\n"+strings.Repeat("甲\n", 100_000)); l != nil || len(wrong) != 1000 {
		t.Errorf("%d faults", len(wrong))
	}
}

// TestLists: of lists by chance, in any order, everything is found that looking through all of it finds; a list in which
// an entity is above itself is refused.
func TestLists(t *testing.T) {
	refused := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 1 + r.IntN(2000/(1+int(seed)%200))
		if seed == 0 {
			// They take several blocks.
			n = 9000
		}
		parent, region := map[string]string{}, map[string]string{}
		var names []string
		for i := range n {
			name := fmt.Sprintf("单位%d", i)
			names = append(names, name)
			if i > 0 && r.IntN(5) > 0 {
				parent[name] = names[r.IntN(i)]
			}
			if r.IntN(3) == 0 {
				region[name] = fmt.Sprintf("区%d", r.IntN(7))
			}
		}
		if r.IntN(4) == 0 {
			parent[names[r.IntN(n)]] = names[r.IntN(n)]
		}
		above := func(name string, steps int) string {
			for ; steps > 0 && name != ""; steps-- {
				name = parent[name]
			}
			return name
		}
		circular := slices.ContainsFunc(names, func(name string) bool { return above(name, n) != "" })
		r.Shuffle(n, func(i, j int) { names[i], names[j] = names[j], names[i] })
		var text strings.Builder
		text.WriteString("entity,parent,region\n")
		for _, name := range names {
			fmt.Fprintf(&text, "%s,%s,%s\n", name, parent[name], region[name])
		}
		l, wrong := read(t, "a.csv", text.String())
		if circular {
			refused++
			if l != nil || len(wrong) != 1 || wrong[0].Code != diag.EntityCycle {
				t.Fatalf("seed %d: %v", seed, wrong)
			}
			continue
		}
		if len(wrong) > 0 {
			t.Fatalf("seed %d: %v", seed, wrong)
		}
		below := map[string][]string{}
		for _, name := range names {
			below[parent[name]] = append(below[parent[name]], name)
		}
		var want []string
		for i, name := range names {
			in := ""
			for at := name; at != "" && in == ""; at = parent[at] {
				in = region[at]
			}
			want = append(want, fmt.Sprintf("a.csv:%d:1 %s<%s @%s [%s]", i+2, name, parent[name], in, strings.Join(below[name], " ")))
		}
		if diff := cmp.Diff(want, told(l)); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
	if refused < 10 {
		t.Errorf("only %d were circular", refused)
	}
}

// FuzzRead: no list makes it fail, and one that is taken is a forest.
func FuzzRead(f *testing.F) {
	f.Add("a.csv", "entity,parent,region,aliases\n甲,乙,区,丙 | 丁\n乙,,,\n")
	f.Add("a.csv", "entity;parent\n甲;\"乙\n\"\n")
	f.Add("a.yaml", "- {entity: 甲, parent: 乙, aliases: [丙]}\n")
	f.Add("a.json", `[{"entity": "甲"}]`)
	f.Fuzz(func(t *testing.T, name, text string) {
		l, wrong, err := entities.Read(t.Context(), name, strings.NewReader(text))
		if err != nil {
			return
		}
		if (l == nil) != wrong.HasErrors() {
			t.Fatalf("%v: %v", l, wrong)
		}
		n, below := 0, 0
		for e := range l.All() {
			n++
			if found, ok := l.Find(e.Name()); !ok || found != e {
				t.Fatalf("%q is not found", e.Name())
			}
			for range l.Below(e.Name()) {
				below++
			}
			e.Region()
		}
		if n != l.Len() || below > n {
			t.Fatalf("%d of %d, %d below others", n, l.Len(), below)
		}
	})
}
