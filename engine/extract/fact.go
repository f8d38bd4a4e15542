// Package extract finds out what a published document says: the figures in its sentences and tables with what they are
// of and what they measure, the relations between them, and the fields of a pack that they are statements of.
package extract

import (
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

// Measure says what a figure measures of its subject.
type Measure string

const (
	// Value is an amount or a quantity as such.
	Value Measure = "value"
	// Budget is a planned amount; Final is an actual amount printed beside one.
	Budget Measure = "budget"
	Final  Measure = "final"
	// Change and ChangeRate compare with the basis; a decrease is negative.
	Change     Measure = "change"
	ChangeRate Measure = "change_rate"
	// Share is a percentage of the basis, CompletionRate what was done of the basis, a budget.
	Share          Measure = "share"
	CompletionRate Measure = "completion_rate"
	// Target, Actual, Weight and Score are those of performance indicators.
	Target Measure = "target"
	Actual Measure = "actual"
	Weight Measure = "weight"
	Score  Measure = "score"
)

// Fact is one printed figure and what the document says of it.
type Fact struct {
	// Text is the number as printed, without sign words and unit.
	Text string
	// Value is the number in Unit, negative where a word of decrease or a sign makes it so.
	Value number.Decimal
	// Decimals counts the digits printed after the point.
	Decimals int
	// Unit is the unit that holds for the number, in its usual writing: 万元 元 亿元 % 个百分点 个 人次 …; "" for none.
	Unit string
	// Measure is what the figure measures of Subject, the document's own phrase without the words that Measure stands for:
	// of 本年收入决算合计 the subject is 本年收入合计. Levels are joined with /, as in 项目名称/指标名称.
	Measure Measure
	Subject string
	// Basis is what a change, rate or share is relative to: 年初预算, 上年决算, 本年收入合计. "" for others.
	Basis string
	// Word is the direction or predicate word before the number, as printed: 增加, 下降, 占, 完成, 得分; in a table the words
	// of its header that say what is measured (年初预算数), for a target the operator (≥, 小于等于). "" for none.
	Word string
	// Section are the headings above the figure, outermost first, without their numbering.
	Section []string
	// Place is where the number begins.
	Place source.Place
	// Block is the index of the block in the document, From and To the byte offsets of the number in its text.
	Block, From, To int
	// Row and Col are the position in the block's grid; -1 in running text.
	Row, Col int
	// Base is the index of the fact whose change, rate or share this one is: the amount that it follows; -1 for none.
	Base int
	// Total is the index of the fact that a list of parts (其中, 包括) breaks down, -1 for none; Open: the list says that it
	// is not whole (等).
	Total int
	Open  bool
	// Reason: it stands in a clause that gives a reason, and is told in passing.
	Reason bool
	// About: printed as more or less than exact (余, 多, 约, 超过, 近).
	About bool
	// Table is the title of the table or chart that the figure stands in. RowPath are the labels of its row and ColPath the
	// headers above it, as printed, the outermost first; Code is what codes its row: 2080505. All are empty in running
	// text.
	Table            string
	RowPath, ColPath []string
	Code             string
	// Field is the path of the pack's field that the figure is a statement of, "" while unbound.
	Field string
}

// Note is a piece of text that the document says of a figure or a subject.
type Note struct {
	// Kind is "reason", "wording" (与上年持平, 决算数大于预算数), "item" (结余分配事项：无) or "absence" (无…支出, 不存在此项内容).
	Kind string
	// Text is what is printed, Subject what it is of, Basis the comparison that it explains.
	Text, Subject, Basis string
	Section              []string
	Place                source.Place
	Block, From, To      int
	Row, Col             int
	// Base is the index of the fact that it speaks of, -1 for none.
	Base  int
	Field string
}

// Reading is all that was found in one document.
type Reading struct {
	// Document is the document with its lines joined; the facts' blocks are its.
	Document *document.Document
	Facts    []Fact
	Notes    []Note
	// Headings are the headings in the order of the document.
	Headings []Heading
}

// Heading is a heading as the grammar understood it.
type Heading struct {
	// Level is its depth, from 1; Title the text without numbering; Number the numbering as printed (三、, （一）, 1.).
	Level         int
	Title, Number string
	Place         source.Place
	Block         int
}
