package csv_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/dataset/datasettest"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/reader/csv"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/sample"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// schemaOf reads a schema with every type of field.
func schemaOf(t testing.TB) *dataset.Schema {
	doc, list := yamldoc.Parse(source.New("schema.yaml", []byte(`fields:
  total: {type: amount, label: 合计}
  rate: {type: percent, label: 完成率}
  reason: {type: text, label: 原因}
  heads: {type: count, label: 人数}
  day: {type: date, label: 日期}
  done: {type: bool, label: 完成}
  expenditure:
    label: 支出
    fields:
      basic: {type: amount, label: 基本支出, blank: zero}
      classes:
        type: list
        key: name
        label: 类
        fields:
          name: {type: text, label: 名称}
          final: {type: amount, label: 决算}
          items:
            type: list
            key: name
            label: 项
            fields: {name: {type: text, label: 名称}, final: {type: amount, label: 决算}}
  goals:
    type: list
    label: 指标
    fields: {measure: {type: text, label: 单位名}, target: {type: amount, label: 目标, unit: {from: measure}}}
`)))
	s, wrong := dataset.ParseSchema(doc)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	return s
}

// each calls f with the datasets of a file.
func each(t testing.TB, content []byte, f func(table.Record)) {
	t.Helper()
	for p, err := range csv.Read("x.csv", bytes.NewReader(content), false, nil) {
		if err != nil {
			t.Fatal(err)
		}
		for r := range p.Records() {
			f(r)
		}
	}
}

// general reads a dataset the general way.
func general(r *table.Row, s *dataset.Schema) (*dataset.Dataset, diag.List) {
	doc, list := r.Doc(nil)
	if doc == nil {
		return nil, list
	}
	h, wrong := dataset.ReadHeader(doc, false)
	list = append(list, wrong...)
	doc, wrong = r.Doc(s)
	if list = append(list, wrong...); doc == nil {
		if !r.Head.Long {
			list = append(list, r.Bind(s).Take()...)
		}
		return nil, list
	}
	d, wrong := dataset.BuildParts(doc, h, r.Units(), s)
	return d, append(list, wrong...)
}

// outline is what a file holds, a line for each dataset and each fault.
func outline(t testing.TB, content []byte, s *dataset.Schema) string {
	t.Helper()
	var out strings.Builder
	each(t, content, func(r table.Record) {
		list := r.List
		if r.Row != nil {
			var d *dataset.Dataset
			if d, list = general(r.Row, s); d != nil && len(list) == 0 {
				fmt.Fprintf(&out, "%d: %s %s", r.Line, d.Entity, d.Period)
				if d.Parent != "" {
					fmt.Fprintf(&out, " of %s, %s, %s", d.Parent, d.Kind, d.Source)
				}
				for i, f := range d.Facts() {
					for _, st := range f.Statements {
						if f.Field.Header {
							continue
						}
						fmt.Fprintf(&out, " %s=%s", d.Address(i), st.Text)
						if st.Unit != f.Field.Unit && st.Unit != "%" {
							out.WriteString(st.Unit)
						}
						if !st.Place.IsZero() {
							fmt.Fprintf(&out, "@%s", st.Place)
						}
						fmt.Fprintf(&out, "(%s)", st.Span.Position())
					}
				}
				out.WriteByte('\n')
			}
		}
		for _, d := range list {
			fmt.Fprintf(&out, "%s", d)
			if d.Suggestion != "" {
				fmt.Fprintf(&out, " %s?", d.Suggestion)
			}
			for _, r := range d.Related {
				fmt.Fprintf(&out, " (%s)", r.Span)
			}
			out.WriteByte('\n')
		}
	})
	return out.String()
}

func TestRead(t *testing.T) {
	s := schemaOf(t)
	for name, test := range map[string]struct{ in, want string }{
		"wide": {
			"entity,period,合计,支出.基本支出\n甲,2023,\"1,141.36 @39:41\",减少5\n乙,2023,,-\n",
			"2: 甲 2023 total=1,141.36@39:41(2:8) expenditure.basic=减少5(2:26)\n3: 乙 2023 expenditure.basic=-(3:9)\n",
		},
		"names": {
			"编制单位;决算年度;计量单位;total;expenditure.classes[甲].final;#备注;\n甲;2023;元;867,01;5;x;\n",
			"x.csv:2:10: error: the commas in \"867,01\" do not stand before every three digits [bad-separators]\n",
		},
		"the header": {
			"单位,期间,上级,kind,来源,合计\n甲,2023,某局,单位决算,公开.pdf,5\n", "2: 甲 2023 of 某局, 单位决算, 公开.pdf total=5(2:23)\n",
		},
		"units of the row": {
			"单位\t期间\t计量单位\t合计\n甲\t2023\t元\t5\n", "2: 甲 2023 total=5元(2:10)\n",
		},
		"rows": {
			"entity,period,支出.类[乙].项[丙].决算,支出.类[甲].决算,支出.类[甲#2].决算,支出.类[甲].项[[1]].决算\nA,1,2,3,4,5\nB,1,,,4,\n",
			"2: A 1 expenditure.classes[乙].name=乙(1:15) expenditure.classes[甲].name=甲(1:31) expenditure.classes[甲].final=3(2:7) " +
				"expenditure.classes[甲#2].name=甲(1:42) expenditure.classes[甲#2].final=4(2:9) expenditure.classes[乙].items[丙].name=丙(1:15) " +
				"expenditure.classes[乙].items[丙].final=2(2:5) expenditure.classes[甲].items[[1]].name=[1](1:55) expenditure.classes[甲].items[[1]].final=5(2:11)\n" +
				"3: B 1 expenditure.classes[甲].name=甲(1:42) expenditure.classes[甲].final=4(3:7)\n",
		},
		"the name of a row in a cell": {
			"entity,period,支出.类[1].名称,支出.类[1].决算,指标[1].单位名,指标[1].目标\n甲,1,教育,5,个,7\n乙,1,,5,,\n",
			"2: 甲 1 expenditure.classes[教育].name=教育(2:5) expenditure.classes[教育].final=5(2:8) goals[1].measure=个(2:10) goals[1].target=7个(2:12)\n" +
				"3: 乙 1 expenditure.classes[1].final=5(3:6)\n",
		},
		"statements": {
			"entity,period,合计,原因\n甲,1,5 @3 | 5.0 | @4,a | b\n", "2: 甲 1 total=5@3(2:5) total=5.0(2:5) total=@4(2:5) reason=a | b(2:21)\n",
		},
		"figures alone": {
			"entity,period,合计,原因\n,,5,\n,,,\n",
			"x.csv:2:1: error: the key \"entity\" is missing [missing-key]\nx.csv:2:1: error: the key \"period\" is missing [missing-key]\n",
		},
		"a figure and more between quotes": {
			"entity,period,合计,原因\n甲,1,\"5x,7\",what follows makes it a longer text\n乙,1,\"5\"x,a\n",
			"x.csv:2:5: error: \"5x,7\" is not a number [not-a-number]\nx.csv:3:5: error: a quote is not closed [table-quote]\n",
		},
		"quotes": {
			"\uFEFFentity,period,原因\n\"甲\n乙\",2023,\"说\"\"好\"\"的\" \r\n丙,1, \"a,b\"\r\n\n,,\n丁,1,5\"x",
			"2: 甲\n乙 2023 reason=说\"好\"的(3:9)\n4: 丙 1 reason=a,b(4:6)\n7: 丁 1 reason=5\"x(7:5)\n",
		},
		"a quote that is not closed": {
			"entity,period,原因\n甲,1,\"x\n乙,1,y\n丙,1,\"z\"\n",
			"x.csv:2:5: error: a quote is not closed [table-quote]\n3: 乙 1 reason=y(3:5)\n4: 丙 1 reason=z(4:5)\n",
		},
		"too few, too many": {
			"entity,period,合计\n甲,1\n乙,1,5,,\n丙,1,1,141\n",
			"x.csv:2:1: error: the row has 2 values, and there are 3 columns [table-width]\n3: 乙 1 total=5(3:5)\n" +
				"x.csv:4:1: error: the row has 4 values, and there are 3 columns [table-width]\n",
		},
		"no entity, no figure": {
			"entity,period,合计,完成\n,1,5,是\n甲,1,五,\n乙,1,5,大概\n",
			"x.csv:2:1: error: the key \"entity\" is missing [missing-key]\nx.csv:3:5: error: \"五\" is not a number [not-a-number]\nx.csv:4:7: error: \"大概\" is neither true nor false [want-bool]\n",
		},
		"columns": {
			"entity,period,合记,支出,支出.类.决算,支出.类[甲],合计,total,支出.类[甲].[,支出.类[,合计.x,period\n甲,1,,,,,,,,,,\n",
			"x.csv:1:67: error: \"period\" names a field that has a column already [column-twice] (x.csv:1:8)\n",
		},
		"fields": {
			"entity,period,合记,支出,支出.类.决算,支出.类[甲],合计,total,支出.类[甲].[,支出.类[,合计.x,合计,支出.类[甲].决祘\n甲,1,,,,,,,,,,,\n",
			"x.csv:1:15: error: the column \"合记\" names no field [unknown-column] 合计?\n" +
				"x.csv:1:18: error: \"支出\" is a group: name one of its fields [want-field-name]\n" +
				"x.csv:1:21: error: \"支出.类.决算\" is a list: name the row and the field [want-row-name]\n" +
				"x.csv:1:29: error: \"支出.类[甲]\" is a list: name the row and the field [want-row-name]\n" +
				"x.csv:1:40: error: \"total\" names a field that has a column already [column-twice] (x.csv:1:37)\n" +
				"x.csv:1:46: error: the column \"支出.类[甲].[\" names no field [unknown-column]\n" +
				"x.csv:1:56: error: the column \"支出.类[\" names no field [unknown-column]\n" +
				"x.csv:1:62: error: the column \"合计.x\" names no field [unknown-column] 合计?\n" +
				"x.csv:1:67: error: \"合计\" names a field that has a column already [column-twice] (x.csv:1:37)\n" +
				"x.csv:1:70: error: the column \"支出.类[甲].决祘\" names no field [unknown-column] 支出.类[甲].决算?\n",
		},
		"no columns":   {"合计,支出\n1,2\n", "x.csv:1:1: error: the first row names no column \"entity\" [table-no-column]\nx.csv:1:1: error: the first row names no column \"period\" [table-no-column]\n"},
		"no rows":      {"entity,period,合计\n\n , ,\n", "x.csv:1:1: warning: there are no rows below the names of the columns [table-no-rows]\n"},
		"empty":        {"", "x.csv: error: the file holds nothing [yaml-empty]\n"},
		"blank":        {"\n\n,,\n", "x.csv: error: the file holds nothing [yaml-empty]\n"},
		"not text":     {"entity,period,\x00\n", "x.csv:1:15: error: a NUL byte: this is not a text file [nul-byte]\n"},
		"blank before": {"\n\nentity,period,合计\n甲,1,5\n", "4: 甲 1 total=5(4:5)\n"},
		"long": {
			"entity,period,field,value,unit,place\n甲,1,合计,5,,@3:4\n甲,1,支出.类[教育].决算,50000,元,表!C9\n甲,1,合计,5.0,,\n\n甲,1,完成率,5,%,\n乙,1,合计,,,\n",
			"2: 甲 1 total=5@3:4(2:8) total=5.0(4:8) rate=5(6:9) expenditure.classes[教育].name=教育(3:5) expenditure.classes[教育].final=50000元@表!C9(3:17)\n" +
				"7: 乙 1 total=(7:8)\n",
		},
		"long in Chinese": {
			"位置,单位,期间,字段,数值,计量单位\n,甲,1,人数,5,人\n,甲,2,人数,5,\n,甲,1,人数,6,\n",
			"2: 甲 1 heads=5人(2:9)\n3: 甲 2 heads=5(3:9)\n4: 甲 1 heads=6(4:9)\n",
		},
		"long, faults": {
			"entity,period,field,value,unit,place\n甲,1,合记,5,,\n甲,1,合计,5,个,\n乙,1,合计,5,\n乙,1,合计,5,,\n丙,1,合计,5,,x\n丁,1,\"合计,5,,\n戊,1,完成率,5,元,\n己,1,合计,5万元,元,\n",
			"x.csv:2:5: error: unknown field \"合记\" [unknown-field] 合计?\n" +
				"x.csv:4:1: error: the row has 5 values, and there are 6 columns [table-width]\n" +
				"x.csv:6:8: error: \"x\" is not a place [bad-place]\n" +
				"x.csv:7:5: error: a quote is not closed [table-quote]\n" +
				"x.csv:8:9: error: the unit \"元\" does not fit \"完成率\", which is in % [unit-in-field]\n" +
				"x.csv:9:8: error: the unit \"万元\" does not fit \"合计\", which is in 元 [unit-in-field]\n",
		},
		"long, columns": {
			"entity,period,field,value,合计\n甲,1,合计,5,6\n", "x.csv:1:27: error: the column \"合计\" names no field [unknown-column]\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, outline(t, []byte(test.in), s)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Spreadsheets in China write GB18030.
func TestGB18030(t *testing.T) {
	s := schemaOf(t)
	text := "单位,期间,合计\n" + strings.Repeat("某某单位,2023,5.00\n", 9000)
	content, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(outline(t, []byte(text), s), outline(t, content, s)); diff != "" {
		t.Errorf("(-UTF-8 +GB18030)\n%s", diff)
	}
	// Where the part that tells the encoding ends within a character, it is UTF-8 still.
	for i := range 3 {
		text := strings.Repeat(" ", i) + "单位,期间,合计\n" + strings.Repeat("某某单位,2023,5.00\n", 9000)
		if out := outline(t, []byte(text), s); strings.Count(out, "某某单位 2023") != 9000 {
			t.Errorf("%d before: %.200s", i, out)
		}
	}
}

// load compares what is read quickly, with facts and without, with the general reading. It counts the datasets that were read
// so, and those whose values alone were.
func load(t *testing.T, s *dataset.Schema, content []byte) (loaded, valued int) {
	t.Helper()
	one := loading(t, s)
	each(t, content, func(r table.Record) {
		f, v := one(r)
		if f {
			loaded++
		}
		if v {
			valued++
		}
	})
	return loaded, valued
}

// loading compares datasets one after another.
func loading(t *testing.T, s *dataset.Schema) func(r table.Record) (loaded, valued bool) {
	builders := datasettest.NewBuilders(s)
	reuse := false
	return func(r table.Record) (loaded, valued bool) {
		if r.Row == nil {
			return false, false
		}
		h, ok := r.Row.Header()
		if !ok {
			return false, false
		}
		// The general reading makes texts of the numbers of a row.
		texts := *r.Row
		want, list := general(&texts, s)
		if len(list) > 0 {
			want = nil
		}
		f, v := builders.Load(t, want, string(r.Row.File.Content), func(to *dataset.Builder) (*dataset.Dataset, bool) {
			return r.Row.Load(to, h, s, reuse)
		})
		reuse = !reuse
		return f, v
	}
}

func TestLoadReadsAsBuild(t *testing.T) {
	s := sampleSchema(t)
	text := []byte(sample.CSVHead())
	for i := range 8 {
		text = sample.New(3, i).AppendCSV(text)
	}
	if loaded, valued := load(t, s, text); loaded != 8 || valued != 8 {
		t.Errorf("%d of 8 read, %d without facts", loaded, valued)
	}
}

// Figures of all forms are read quickly, but for those with a unit of their own, several in a cell too.
func TestLoadReadsFigures(t *testing.T) {
	s := schemaOf(t)
	figures := []string{"5", "-", "12.50 @3:4", "1,234.50", "1,234,567.89 @12345:678", "增加6.58 @28:132", "减5", "-0.5", "5%", "7元", "五", "5.", "", "12345678.9", "- @5", "5x,7"}
	r := rand.New(rand.NewPCG(8, 8))
	loaded := 0
	for range 1_500 {
		cell := func() string {
			text := figures[r.IntN(len(figures))]
			for r.IntN(3) == 0 {
				text += []string{" | ", " | ", "|", " |  "}[r.IntN(4)] + figures[r.IntN(len(figures))]
			}
			if r.IntN(2) == 0 || strings.Contains(text, ",") {
				text = `"` + text + `"` + []string{"", "", " "}[r.IntN(3)]
			}
			return text
		}
		line := "甲,2023"
		for range 4 {
			line += "," + cell()
		}
		n, _ := load(t, s, []byte("entity,period,合计,完成率,支出.类[甲].决算,人数\n"+line+"\n"))
		loaded += n
	}
	if loaded < 150 {
		t.Errorf("only %d read", loaded)
	}
}

// A long table is read quickly too, from its second dataset on with the fields that the first has found.
func TestLoadReadsLong(t *testing.T) {
	s := schemaOf(t)
	text := "单位,期间,字段,数值\n"
	for _, unit := range []string{"甲", "乙", "丙"} {
		for _, f := range []string{"合计", "支出.类[教育].决算", "合计", "支出.类[教育].项[奖励].决算", "人数"} {
			text += unit + ",2023," + f + ",5.00\n"
		}
	}
	if loaded, valued := load(t, s, []byte(text)); loaded != 3 || valued != 3 {
		t.Errorf("%d of 3 read, %d without facts", loaded, valued)
	}
}

// Tables that are read side by side say what they say one by one, whatever columns they have.
func TestJoinedLoad(t *testing.T) {
	s := schemaOf(t)
	r := rand.New(rand.NewPCG(7, 7))
	loaded, several := 0, 0
	for range 400 {
		columns := []string{
			"合计", "完成率", "原因", "人数", "日期", "支出.基本支出", "支出.类[甲].决算", "支出.类[甲#2].决算", "支出.类[乙].决算", "支出.类[1].决算", "支出.类[1].名称",
			"支出.类[2].名称", "支出.类[2].决算", "支出.类[甲].项[丙].决算", "支出.类[甲].项[1].名称", "支出.类[甲].项[1].决算", "指标[1].单位名", "指标[1].目标", "指标[2].目标", "合记",
		}
		some := columns[r.IntN(len(columns)):]
		cell := func(column string) string {
			if r.IntN(3) == 0 {
				return ""
			}
			switch {
			case strings.Contains(column, "名称"), strings.Contains(column, "单位名"):
				return []string{"甲", "乙", "甲#2", "元"}[r.IntN(4)]
			case column == "日期":
				return "2023-01-02"
			}
			return []string{"5", "5.00", "1 | 2.0", "7元", "-", "五", "6 @3:4"}[r.IntN(7)%(2+r.IntN(6))]
		}
		join := table.NewJoin(t.TempDir(), 1<<20)
		number := uint64(0)
		for range 2 + r.IntN(2) {
			heads, rows := []string{"单位", "期间"}, [][]string{{"甲", "2023"}, {"乙", "2023"}}
			add := func(column string, cell func() string) {
				heads = append(heads, column)
				for i := range rows {
					rows[i] = append(rows[i], cell())
				}
			}
			for _, header := range [][]string{{"计量单位", "", "万元", "元"}, {"主管部门", "", "局", "局", "厅"}, {"类型", "", "决算"}, {"来源", "", "报告", "书"}} {
				if r.IntN(4) == 0 {
					add(header[0], func() string { return header[1+r.IntN(len(header)-1)] })
				}
			}
			for range 1 + r.IntN(4) {
				if column := some[r.IntN(len(some))]; !slices.Contains(heads, column) {
					add(column, func() string { return cell(column) })
				}
			}
			text := strings.Join(heads, ",") + "\n" + strings.Join(rows[0], ",") + "\n" + strings.Join(rows[1], ",") + "\n"
			each(t, []byte(text), func(one table.Record) {
				h, _ := one.Row.Header()
				if err := join.Add(number, table.Unit{Entity: h.Entity, Period: h.Period}, one.Row); err != nil {
					t.Fatal(err)
				}
				number++
			})
		}
		one := loading(t, s)
		for b, err := range join.Batches() {
			if err != nil {
				t.Fatal(err)
			}
			for record := range b.Records() {
				if ok, _ := one(record); ok {
					loaded++
					if len(record.Row.More) > 0 {
						several++
					}
				}
			}
		}
		if err := join.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if several < 50 {
		t.Errorf("%d read, only %d of them of several tables", loaded, several)
	}
}

func sampleSchema(t testing.TB) *dataset.Schema {
	content, err := sample.Pack().Open(sample.PackName + "/schema.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(content); err != nil {
		t.Fatal(err)
	}
	doc, list := yamldoc.Parse(source.New("schema.yaml", text.Bytes()))
	s, wrong := dataset.ParseSchema(doc)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	return s
}

func FuzzLoad(f *testing.F) {
	s := schemaOf(f)
	for _, text := range []string{
		"entity,period,合计,完成率,原因,支出.类[甲].决算,支出.类[甲].项[乙].决算\n甲,2023,5 @3:4 | 5.0,增长5%,\"说 @3\",\"1,234.50\",-\n",
		"单位;期间;字段;数值;计量单位;位置\n甲;2023;合计;5;元;@3\n甲;2023;支出.类[甲].决算;5;;\n乙;1;人数;3;;\n",
		"entity\tperiod\t指标[1].单位名\t指标[1].目标\t日期\t完成\n甲\t1\t个\t5\t2023-01-02\t是\n",
		"entity,period,unit,parent,kind,source,pack,合计\n甲,1,元,局,决算,报告,x,5\n",
		"entity,period\n甲,\x00\n",
		"entity,period,unit,合计\n\"甲\n\",1,元,\"5\"\" \n乙,1,个,（5）\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		load(t, s, content)
		outline(t, content, s)
	})
}

// What datasets in the shape of the sample take.
func BenchmarkLoad(b *testing.B) {
	s := sampleSchema(b)
	to := dataset.NewValues(s, nil)
	text := []byte(sample.CSVHead())
	const n = 100
	for i := range n {
		text = sample.New(3, i).AppendCSV(text)
	}
	b.SetBytes(int64(len(text) / n))
	b.ReportAllocs()
	for i := 0; i < b.N; i += n {
		each(b, text, func(r table.Record) {
			h, _ := r.Row.Header()
			if _, ok := r.Row.Load(to, h, s, true); !ok {
				b.Fatal("not read")
			}
		})
	}
}
