package parquet_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	lib "github.com/parquet-go/parquet-go"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/dataset/datasettest"
	"github.com/gouji/gouji/engine/reader/parquet"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// file writes rows of values, by the names of their columns; nil is no value.
func file(t testing.TB, nodes lib.Group, perGroup int64, rows ...map[string]any) []byte {
	t.Helper()
	var out bytes.Buffer
	schema := lib.NewSchema("x", nodes)
	w := lib.NewGenericWriter[any](&out, schema, lib.MaxRowsPerRowGroup(perGroup))
	for _, values := range rows {
		var row lib.Row
		for i, path := range schema.Columns() {
			v := lib.NullValue().Level(0, 0, i)
			if value := values[strings.Join(path, ".")]; value != nil {
				v = lib.ValueOf(value).Level(0, 1, i)
			}
			row = append(row, v)
		}
		if _, err := w.WriteRows([]lib.Row{row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// pieces are those of a file.
func pieces(content []byte) iter.Seq2[*parquet.Piece, error] {
	return parquet.Read("x.parquet", parquet.File{ReaderAt: bytes.NewReader(content), Size: int64(len(content))})
}

// outline is what a file holds: a line for each dataset, and for what is wrong.
func outline(content []byte) string {
	var out strings.Builder
	for p, err := range pieces(content) {
		if err != nil {
			return err.Error()
		}
		out.WriteString(outlineOf(p))
	}
	return out.String()
}

func outlineOf(p *parquet.Piece) string {
	var out strings.Builder
	for r := range p.Records() {
		for _, d := range r.List {
			fmt.Fprintln(&out, d)
		}
		if r.Row == nil {
			continue
		}
		fmt.Fprintf(&out, "%d:", r.Line)
		figures := r.Row.Figures
		if !r.Row.Head.Long {
			r.Row.Print()
			figures = [][]table.Cell{r.Row.Cells}
		}
		for i, row := range figures {
			if i > 0 {
				out.WriteString(" /")
			}
			for _, c := range row {
				fmt.Fprintf(&out, " %s", c.Text)
			}
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func optional(n lib.Node) lib.Node { return lib.Optional(n) }

func text() lib.Node { return optional(lib.String()) }

// Values are read as they would be printed, to the last digit.
func TestValues(t *testing.T) {
	big17 := new(big.Int).Neg(new(big.Int).Exp(big.NewInt(10), big.NewInt(33), nil))
	two := new(big.Int).Add(big17, new(big.Int).Lsh(big.NewInt(1), 128)).FillBytes(make([]byte, 16))
	for name, test := range map[string]struct {
		node lib.Node
		in   []any
		want []string
	}{
		"text":         {lib.String(), []any{"1,141.36 @3:4", " 5% ", nil, ""}, []string{"1,141.36 @3:4", "5%", "", ""}},
		"dictionary":   {lib.Encoded(lib.String(), &lib.RLEDictionary), []any{"甲", nil, "乙", "甲"}, []string{"甲", "", "乙", "甲"}},
		"bytes":        {lib.Leaf(lib.ByteArrayType), []any{"5.00"}, []string{"5.00"}},
		"int32":        {lib.Leaf(lib.Int32Type), []any{int32(-5), nil, int32(0), int32(-1 << 31)}, []string{"-5", "", "0", "-2147483648"}},
		"int64":        {lib.Int(64), []any{int64(-1 << 63), int64(1<<63 - 1)}, []string{"-9223372036854775808", "9223372036854775807"}},
		"uint32":       {lib.Uint(32), []any{uint32(1<<32 - 1)}, []string{"4294967295"}},
		"uint64":       {lib.Uint(64), []any{uint64(1<<64 - 1)}, []string{"18446744073709551615"}},
		"decimal32":    {lib.Decimal(2, 9, lib.Int32Type), []any{int32(86701), int32(-5), int32(0), nil, int32(100)}, []string{"867.01", "-0.05", "0.00", "", "1.00"}},
		"decimal64":    {lib.Decimal(4, 18, lib.Int64Type), []any{int64(1), int64(-1 << 63)}, []string{"0.0001", "-922337203685477.5808"}},
		"decimal of 0": {lib.Decimal(0, 18, lib.Int64Type), []any{int64(0), int64(12)}, []string{"0", "12"}},
		"decimal128": {lib.Decimal(2, 38, lib.FixedLenByteArrayType(16)), []any{string(two), strings.Repeat("\x00", 15) + "\x07", strings.Repeat("\xff", 16)},
			[]string{"-10000000000000000000000000000000.00", "0.07", "-0.01"}},
		"decimal of bytes": {lib.Decimal(1, 38, lib.ByteArrayType), []any{"\x00\xff", "\xff", "\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00"}, []string{"25.5", "-0.1", "236118324143482260684.8"}},
		"bool":             {lib.Leaf(lib.BooleanType), []any{true, false, nil, true}, []string{"true", "false", "", "true"}},
		"date":             {lib.Date(), []any{int32(0), int32(19723)}, []string{"1970-01-01", "2024-01-01"}},
	} {
		t.Run(name, func(t *testing.T) {
			var rows []map[string]any
			want := ""
			for i, v := range test.in {
				rows = append(rows, map[string]any{"entity": "甲", "period": "2023", "x": v})
				want += fmt.Sprintf("%d: 甲 2023 %s\n", i+1, test.want[i])
			}
			for _, perGroup := range []int64{1, 100} {
				got := outline(file(t, lib.Group{"entity": text(), "period": text(), "x": optional(test.node)}, perGroup, rows...))
				if got != want {
					t.Errorf("%d rows a group:\n%s, want\n%s", perGroup, got, want)
				}
			}
		})
	}
}

func TestTables(t *testing.T) {
	row := map[string]any{"entity": "甲", "period": "2023", "收入.合计": "5", "#x": 5.5}
	long := func(entity, field, value string) map[string]any {
		return map[string]any{"单位": entity, "期间": "1", "字段": field, "数值": value}
	}
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"a column that is not read": {
			file(t, lib.Group{"entity": text(), "period": text(), "收入.合计": text(), "#x": optional(lib.Leaf(lib.DoubleType))}, 9, row), "1:  甲 2023 5\n",
		},
		"groups of columns": {
			file(t, lib.Group{"entity": text(), "period": text(), "收入": lib.Group{"合计": text()}}, 9, row), "1: 甲 2023 5\n",
		},
		"floats": {
			file(t, lib.Group{"entity": text(), "period": text(), "x": optional(lib.Leaf(lib.DoubleType)), "y": optional(lib.Leaf(lib.FloatType)), "z": optional(lib.Timestamp(lib.Millisecond))}, 9),
			"x.parquet: error: the column \"x\" is of type DOUBLE, which is not read [column-type]\n" +
				"x.parquet: error: the column \"y\" is of type FLOAT, which is not read [column-type]\n" +
				"x.parquet: error: the column \"z\" is of type TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS), which is not read [column-type]\n",
		},
		"lists":      {file(t, lib.Group{"entity": text(), "period": text(), "x": lib.Repeated(lib.String())}, 9), "x.parquet: error: the column \"x\" is of type LIST, which is not read [column-type]\n"},
		"no rows":    {file(t, lib.Group{"entity": text(), "period": text()}, 9), "x.parquet: warning: there are no rows below the names of the columns [table-no-rows]\n"},
		"no columns": {file(t, lib.Group{"entity": text()}, 9, row), "x.parquet: error: the first row names no column \"period\" [table-no-column]\n"},
		"long": {
			file(t, lib.Group{"单位": text(), "期间": text(), "字段": text(), "数值": text()}, 2, long("甲", "a", "1"), long("甲", "b", "2"), long("甲", "c", "3"), long("乙", "a", "")),
			"1: 甲 a 1 1 / 甲 b 2 1 / 甲 c 3 1\n4: 乙 a  1\n",
		},
		"no Parquet": {[]byte("PAR1 but no more than that PAR1"), "x.parquet: error: the file is damaged: "},
		"empty":      {nil, "x.parquet: error: the file is damaged: "},
	} {
		t.Run(name, func(t *testing.T) {
			if got := outline(test.content); got != test.want && !(strings.HasSuffix(test.want, ": ") && strings.HasPrefix(got, test.want)) {
				t.Errorf("%s, want\n%s", got, test.want)
			}
		})
	}
}

// large is a file with one row group of many rows, and what it holds, a line for each. Its columns have pages of different lengths.
func large(t *testing.T, rows int) (content []byte, want []string) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	var out bytes.Buffer
	schema := lib.NewSchema("x", lib.Group{
		"entity": lib.String(), "period": optional(lib.Encoded(lib.String(), &lib.RLEDictionary)),
		"a": optional(lib.Decimal(2, 18, lib.Int64Type)), "b": text(), "c": lib.Decimal(1, 9, lib.Int32Type),
	})
	w := lib.NewGenericWriter[any](&out, schema, lib.PageBufferSize(5000))
	for i := range rows {
		entity, period, text := fmt.Sprint("第", i), fmt.Sprint(2000+r.IntN(20)), strings.Repeat("无", r.IntN(20))
		row := lib.Row{lib.NullValue().Level(0, 0, 0), lib.ValueOf(text).Level(0, 1, 1), lib.ValueOf(int32(i)).Level(0, 0, 2), lib.ValueOf(entity).Level(0, 0, 3), lib.ValueOf(period).Level(0, 1, 4)}
		amount := ""
		// Of some thousand rows none has an amount.
		if r.IntN(3) > 0 && i/3000%4 != 1 {
			row[0], amount = lib.ValueOf(int64(i)).Level(0, 1, 0), fmt.Sprintf("%d.%02d", i/100, i%100)
		}
		if _, err := w.WriteRows([]lib.Row{row}); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("%d: %s %s %d.%d %s %s\n", i+1, amount, text, i/10, i%10, entity, period))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), want
}

// shuffled is what the pieces of a file hold, in their order, when several goroutines read them in any order, and leave out some.
func shuffled(content []byte, seed uint64, leaves int) (all []string) {
	var todo []*parquet.Piece
	for p := range pieces(content) {
		todo = append(todo, p)
	}
	all = make([]string, len(todo))
	order := rand.New(rand.NewPCG(seed, 5)).Perm(len(todo))
	var wait sync.WaitGroup
	for worker := range 3 {
		wait.Go(func() {
			for at := worker; at < len(order); at += 3 {
				if i := order[at]; i%5 < leaves {
					todo[i].Skip()
				} else {
					all[i] = outlineOf(todo[i])
				}
			}
		})
	}
	wait.Wait()
	return all
}

// TestSpans: a row group of many rows comes in several pieces, which may be read in any order and at a time.
func TestSpans(t *testing.T) {
	content, want := large(t, 66_000)
	all := shuffled(content, 0, 0)
	if diff := cmp.Diff(strings.Join(want, ""), strings.Join(all, "")); diff != "" || len(all) < 4 {
		t.Fatalf("%d pieces (-want +got):\n%s", len(all), diff)
	}
	for seed := range uint64(6) {
		leaves := int(seed % 4)
		for i, piece := range shuffled(content, seed, leaves) {
			if want := all[i]; i%5 >= leaves && piece != want || i%5 < leaves && piece != "" {
				t.Errorf("piece %d of seed %d (-want +got):\n%s", i, seed, cmp.Diff(want, piece))
			}
		}
	}
}

// TestDamage: what is damaged within a row group is told once, behind the rows before it, whatever piece is read first.
func TestDamage(t *testing.T) {
	content, want := large(t, 50_000)
	for at := 1; at < 10; at += 2 {
		damaged := bytes.Clone(content)
		for i := range 12_000 {
			damaged[at*len(content)/10+i] = 0xFF
		}
		got := outline(damaged)
		rows := 0
		for rows < len(want) && strings.HasPrefix(got, want[rows]) {
			got = got[len(want[rows]):]
			rows++
		}
		if rows == len(want) || strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "x.parquet: error: the file is damaged: ") {
			t.Errorf("%d rows, then\n%s", rows, got[:min(len(got), 500)])
		}
		for seed := range uint64(3) {
			if again := strings.Join(shuffled(damaged, seed, 0), ""); again != strings.Join(want[:rows], "")+got {
				t.Errorf("in another order: %d rows, want %d", strings.Count(again, "\n"), rows+1)
			}
		}
	}
}

// The file is closed when the last piece was read, and not before.
func TestClose(t *testing.T) {
	row := map[string]any{"entity": "甲", "period": "2023"}
	content := file(t, lib.Group{"entity": text(), "period": text()}, 1, row, row, row)
	closed := 0
	var pieces []*parquet.Piece
	open := parquet.File{ReaderAt: bytes.NewReader(content), Size: int64(len(content)), Close: func() error { closed++; return nil }}
	for p := range parquet.Read("x.parquet", open) {
		pieces = append(pieces, p)
	}
	for _, p := range pieces {
		if closed > 0 {
			t.Error("closed before it was read")
		}
		for range p.Records() {
		}
	}
	if len(pieces) != 3 || closed != 1 {
		t.Errorf("%d pieces, closed %d times", len(pieces), closed)
	}
}

// What is read quickly is what the general reading reads.
func TestLoad(t *testing.T) {
	doc, list := yamldoc.Parse(source.New("schema.yaml", []byte("fields:\n  total: {type: amount}\n  why: {type: text}\n")))
	s, wrong := dataset.ParseSchema(doc)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	content := file(t, lib.Group{"entity": text(), "period": text(), "total": optional(lib.Decimal(2, 18, lib.Int64Type)), "why": text()}, 9,
		map[string]any{"entity": "甲", "period": "2023", "total": int64(500), "why": "无 @3"},
		map[string]any{"entity": "乙", "period": "2023", "why": "\xff"},
		map[string]any{"entity": "丙", "period": "2023"})
	to, values := dataset.NewBuilder(s), dataset.NewValues(s, nil)
	var got []string
	for p := range parquet.Read("x.parquet", parquet.File{ReaderAt: bytes.NewReader(content), Size: int64(len(content))}) {
		for r := range p.Records() {
			h, _ := r.Row.Header()
			valued, also := r.Row.Load(values, h, s, false)
			d, ok := r.Row.Load(to, h, s, false)
			doc, list := r.Row.Doc(s)
			if len(list) > 0 {
				got = append(got, list[0].String())
			}
			if ok != (len(list) == 0) {
				t.Errorf("%s: read quickly: %v, else %v", h.Entity, ok, list)
			}
			if !ok {
				continue
			}
			want, _ := dataset.Build(doc, h, s)
			if diff := datasettest.Diff(want, d); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if !also || datasettest.DiffValues(want, valued) != "" {
				t.Errorf("values alone: %v\n%s", also, datasettest.DiffValues(want, valued))
			}
			for _, f := range d.Facts() {
				for _, st := range f.Statements {
					got = append(got, fmt.Sprint(st.Span, " ", st.Text, st.Place))
				}
			}
		}
	}
	want := []string{
		"x.parquet:1:3 5.00", "x.parquet:1:4 无3", "x.parquet:1:1 甲", "x.parquet:1:2 2023",
		"x.parquet:2:4: error: the file is not UTF-8 from here on [invalid-utf8]", "x.parquet:3:1 丙", "x.parquet:3:2 2023",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Numbers that no text was made of are those of the texts that would be printed.
func TestNumbers(t *testing.T) {
	doc, list := yamldoc.Parse(source.New("schema.yaml", []byte(
		"fields:\n  a: {type: amount}\n  p: {type: percent}\n  c: {type: count}\n  s: {type: score}\n  t: {type: text}\n  u: {type: amount, unit: {from: t}}\n")))
	s, wrong := dataset.ParseSchema(doc)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	r := rand.New(rand.NewPCG(1, 2))
	edges := []int64{0, 1, -1, 100, -5, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64, 999_999_999_999_999_999}
	columns := lib.Group{
		"entity": text(), "period": text(), "unit": text(), "a": optional(lib.Decimal(2, 18, lib.Int64Type)),
		"p": optional(lib.Decimal(3, 9, lib.Int32Type)), "c": optional(lib.Int(64)), "s": optional(lib.Decimal(1, 18, lib.Int64Type)),
		"t": optional(lib.Int(32)), "u": optional(lib.Decimal(2, 9, lib.Int32Type)),
	}
	var rows []map[string]any
	for i := range 200 {
		row := map[string]any{"entity": fmt.Sprint("第", i), "period": "2023", "unit": []string{"元", "万元", "亿元"}[i%3]}
		for _, name := range []string{"a", "p", "c", "s", "t", "u"} {
			n := r.Int64N(2_000_000) - 1_000_000
			if r.IntN(8) == 0 {
				n = edges[r.IntN(len(edges))]
			}
			switch narrow := name == "p" || name == "t" || name == "u"; {
			case r.IntN(5) == 0:
			case narrow:
				row[name] = int32(n)
			default:
				row[name] = n
			}
		}
		rows = append(rows, row)
	}
	content := file(t, columns, 50, rows...)
	facts, values := dataset.NewBuilder(s), dataset.NewValues(s, nil)
	valued := 0
	for p := range parquet.Read("x.parquet", parquet.File{ReaderAt: bytes.NewReader(content), Size: int64(len(content))}) {
		for r := range p.Records() {
			h, _ := r.Row.Header()
			numbered := r.Row.Block != nil
			got, ok := r.Row.Load(values, h, s, false)
			doc, list := r.Row.Doc(s)
			if len(list) > 0 {
				t.Fatal(list)
			}
			want, wrong := dataset.Build(doc, h, s)
			if all, whole := r.Row.Load(facts, h, s, false); whole != (len(wrong) == 0) || whole && datasettest.Diff(want, all) != "" {
				t.Errorf("%s: with facts %v, else %v", h.Entity, whole, wrong)
			}
			if !ok {
				continue
			}
			if len(wrong) > 0 || !numbered {
				t.Errorf("%s: read although it is wrong: %s", h.Entity, wrong)
			} else if diff := datasettest.DiffValues(want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", h.Entity, diff)
			}
			valued++
		}
	}
	if valued < 150 {
		t.Errorf("only %d of %d datasets are read without facts", valued, len(rows))
	}
}

// Datasets that lie upon another have the aligned values that each has by itself, and all else is that of the lowest.
func TestStack(t *testing.T) {
	doc, list := yamldoc.Parse(source.New("schema.yaml", []byte(
		"fields:\n  a: {type: amount}\n  b: {type: amount, unit: 元}\n  p: {type: percent}\n  c: {type: count}\n  d: {type: date}\n  t: {type: text}\n"+
			"  g: {type: group, fields: {x: {type: amount}}}\n"+
			"  l: {type: list, key: k, fields: {k: {type: text}, x: {type: amount}, y: {type: amount, blank: zero}}}\n")))
	s, wrong := dataset.ParseSchema(doc)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	// A column of texts among those of numbers makes blocks smaller.
	for _, height := range []int{dataset.Height, 16} {
		lieUponAnother(t, s, height)
	}
}

func lieUponAnother(t *testing.T, s *dataset.Schema, height int) {
	r := rand.New(rand.NewPCG(3, 4))
	figures := []string{"a", "b", "p", "c", "g.x", "l[甲].x", "l[甲].y", "l[乙].x"}
	columns := lib.Group{"entity": text(), "period": text(), "unit": text(), "d": optional(lib.Date()), "t": optional(lib.Int(32))}
	named := height < dataset.Height
	if named {
		columns["l[乙].k"] = text()
	}
	scales := map[string]int{"c": 0}
	for i, name := range figures {
		if name != "c" {
			scales[name] = []int{2, 7, 1, 0, 4}[i%5]
		}
		node := lib.Decimal(scales[name], 18, lib.Int64Type)
		switch i {
		case 2, 5:
			node = lib.Decimal(scales[name], 9, lib.Int32Type)
		case 4:
			node = lib.Encoded(node, &lib.RLEDictionary)
		case 6:
			node = lib.Decimal(scales[name], 38, lib.FixedLenByteArrayType(16))
		}
		columns[name] = optional(node)
	}
	var rows []map[string]any
	const blocks = 200
	for range blocks {
		// Most columns are alike in all rows of a block.
		date, unit, without, ragged := int32(19000+r.IntN(9)), []string{"元", "万元"}[r.IntN(2)], r.IntN(16), r.IntN(4*len(figures))
		odd, gap := r.IntN(6), r.IntN(2)*(height-3)
		for i := range height {
			row := map[string]any{"entity": fmt.Sprint("第", len(rows)), "period": "2023", "unit": unit, "d": date}
			if odd == 0 && i == height/2 {
				row["unit"] = "亿元"
			}
			if odd == 1 && i == height-1 {
				row["d"] = date + 1
			}
			if odd == 2 {
				// A number that is a text.
				row["t"] = int32(i)
			}
			if named && odd > 2 {
				// The name of a row, which may look like a number.
				row["l[乙].k"] = []string{"", "丙", "12.5"}[odd-3]
				if i == 9 {
					row["l[乙].k"] = "丁"
				}
			}
			for k, name := range figures {
				n := r.Int64N(2_000_000) - 1_000_000
				if k == without || k == ragged && i == gap {
					continue
				}
				if r.IntN(40) == 0 {
					n = []int64{0, math.MaxInt32, math.MinInt32}[r.IntN(3)]
				}
				if k == 2 || k == 5 {
					row[name] = int32(n)
					continue
				}
				if r.IntN(100) == 0 {
					n = []int64{math.MaxInt64, math.MinInt64, 1 << 52, 1 << 53, -1 << 53}[r.IntN(5)]
				}
				if row[name] = n; k == 6 {
					row[name] = strings.Repeat(string([]byte{byte(n >> 63)}), 8) + string(binary.BigEndian.AppendUint64(nil, uint64(n)))
					if r.IntN(1000) == 0 {
						row[name] = strings.Repeat("\x12", 16)
					}
				}
			}
			rows = append(rows, row)
		}
	}
	content := file(t, columns, blocks*int64(height), rows...)
	values, alone := dataset.NewValues(s, nil), dataset.NewValues(s, nil)
	stacked, seen, apart := 0, 0, 0
	header := func(cell int) bool {
		return slices.ContainsFunc(s.Root.Fields, func(f *dataset.Field) bool { return f.Header && f.Cell == cell })
	}
	for p := range pieces(content) {
		var lowest dataset.Dataset
		var stack dataset.Stack
		lies := false
		for r := range p.Records() {
			if r.Row.At == 0 {
				h, _ := r.Row.Header()
				if lies = r.Row.Stack(values, h, s, &stack); lies {
					lowest, stacked = *stack.Lowest, stacked+1
				}
			}
			seen++
			h, _ := r.Row.Header()
			d, ok := r.Row.Load(alone, h, s, false)
			if !lies || !ok {
				continue
			}
			if stack.In>>r.Row.At&1 == 0 {
				apart++
				continue
			}
			if lowest.Figures != d.Figures || !maps.Equal(lowest.Decimals, d.Decimals) || !slices.Equal(lowest.Lists, d.Lists) {
				t.Fatalf("%s differs from the lowest in more than numbers", h.Entity)
			}
			for i, n := range d.Cells {
				other := lowest.Cells[i]
				if header(i) {
					continue
				}
				if n.Coef, other.Coef = 0, 0; n != other || lowest.Texts[i] != d.Texts[i] {
					t.Fatalf("%s: cell %d is %+v %s, of the lowest %+v %s", h.Entity, i, n, d.Texts[i], other, lowest.Texts[i])
				}
				if got, want := stack.Aligned[(1+i)*dataset.Height+r.Row.At], d.Aligned.Values[1+i]; got != want {
					t.Fatalf("%s: cell %d is %d, by itself %d", h.Entity, i, got, want)
				}
			}
		}
	}
	if seen != len(rows) || stacked < blocks*6/10 || stacked > blocks*8/10 || apart < 50 || apart > 200 {
		t.Errorf("%d rows a block: in %d of %d blocks with %d of %d datasets these lie upon another, but for %d", height, stacked, blocks, seen, len(rows), apart)
	}
}

// Nothing that is damaged ends the program.
func FuzzRead(f *testing.F) {
	row := map[string]any{"entity": "甲", "period": "2023", "x": int64(5), "y": "\x01\x02"}
	f.Add(file(f, lib.Group{"entity": text(), "period": lib.Encoded(text(), &lib.RLEDictionary), "x": optional(lib.Int(64)), "y": optional(lib.Decimal(2, 20, lib.ByteArrayType))}, 2, row, row, row))
	f.Fuzz(func(t *testing.T, content []byte) { outline(content) })
}
