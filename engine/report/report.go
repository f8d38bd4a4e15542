// Package report writes a finding.Report for people and for programs, one file per format.
//
// It only renders: it neither judges nor counts verdicts again, and it reads no file. Rule titles, messages and hints
// stay in the language of the pack; every word of the package's own stands in words.go in both languages.
// It is the only importer of tablewriter, and of excelize outside tests.
package report

import (
	"io"
	"strings"

	"github.com/gouji/gouji/engine/color"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/finding"
)

// Options says how a report is written. The zero value is English, 100 columns, roundings gathered.
type Options struct {
	// Lang is "zh" for Chinese; anything else is English. The formats json, jsonl and csv ignore it.
	Lang string
	// Width is the number of terminal columns that text may take; 0 means 100, and less than 40 means 40.
	Width int
	// Color sets severities off; only text for terminals has it.
	Color color.Painter
	// All shows every instance, those that hold as well, and each rounding by itself instead of one line per rule.
	// The formats json, jsonl and csv write every finding of the report in any case.
	All bool
	// FailOn is the least severity that fails the run, of which formats tell that know no more than success and failure; 0
	// means Error. What is above Error fails none.
	FailOn finding.Severity
	// Link is the address of an input as seen from the report, "" where there is none to give; it is nil where the report lies
	// in no folder.
	Link func(path string) string
	// Document is the text that an input's places count: the published document that was read, or the data file itself. It
	// is nil, and may give nil, where there is none at hand. Only formats that show it ask for it.
	Document func(path string) *document.Document
}

// Format is one way of writing a report.
type Format struct {
	// Name is what a user types to choose the format.
	Name string
	// Doc is one line of help.
	Doc Text
	// Ending is what the names of its files end in, with the dot; a file of that name is in this format when nothing else is
	// said. It is "" where the ending does not tell.
	Ending string
	// Binary: it is no text and cannot be shown on a terminal.
	Binary bool
	// Suspects: the format tells of figures that explain several fails. Holds: it shows what holds as well. Documents: it
	// shows the documents themselves. Sums: it tells the hashes of files that hold several datasets.
	Suspects, Holds, Documents, Sums bool
	// Write writes the whole report and returns the first error of w. It changes neither the report nor its findings.
	Write func(w io.Writer, r *finding.Report, o Options) error
	// stream begins a report whose memory does not grow with its inputs; nil where the format needs all of them.
	stream func(w io.Writer, o Options) Stream
}

// Formats holds every format, in the order in which help lists them; the first is the default.
var Formats = []Format{
	{Name: "table", Doc: Text{"供人阅读的表格", "tables for people"}, Suspects: true, Write: writeTable, stream: streamTable},
	{Name: "json", Doc: Text{"完整的结果，gouji.report/1", "the whole result, gouji.report/1"}, Ending: ".json", Sums: true, Write: writeJSON, stream: streamJSON},
	{Name: "jsonl", Doc: Text{"每行一个发现的 JSON", "one finding a line, as JSON"}, Ending: ".jsonl", Write: writeJSONL, stream: streamJSONL},
	{Name: "csv", Doc: Text{"每行一个发现，可用 Excel 打开", "one finding a row, for spreadsheets"}, Ending: ".csv", Write: writeCSV, stream: streamCSV},
	{Name: "markdown", Doc: Text{"Markdown，可贴入评论或页面", "Markdown, for a comment or a page"}, Ending: ".md", Suspects: true, Write: writeMarkdown},
	{Name: "checklist", Doc: Text{"自查表：检查项、是否合格、问题、位置", "the form of a self-check, to be signed"}, Holds: true, Write: writeChecklist},
	{Name: "checklist-markdown", Doc: Text{"自查表，Markdown", "the form as Markdown"}, Holds: true, Write: writeChecklistMarkdown},
	{Name: "checklist-csv", Doc: Text{"自查表，可用 Excel 打开", "the form for spreadsheets"}, Holds: true, Write: writeChecklistCSV},
	{Name: "xlsx", Doc: Text{"工作簿：结果可筛选，按单位、按规则汇总，附自查表", "a workbook: findings to filter, by unit, by rule, and the form"}, Ending: ".xlsx", Binary: true, Holds: true, Write: writeXLSX},
	{Name: "sarif", Doc: Text{"SARIF 2.1.0，供代码扫描页面和编辑器", "SARIF 2.1.0, for code scanning and editors"}, Ending: ".sarif", Write: writeSARIF},
	{Name: "junit", Doc: Text{"JUnit XML，供持续集成的测试页面", "JUnit XML, for the test pages of CI"}, Holds: true, Write: writeJUnit},
	{Name: "github", Doc: Text{"GitHub Actions 的注释", "annotations of GitHub Actions"}, Write: writeGitHub},
	{Name: "gitlab", Doc: Text{"GitLab 的代码质量报告", "a Code Quality report of GitLab"}, Write: writeGitLab},
	{Name: "html", Doc: Text{"原文与检查结果对照的网页", "a page with the document beside the findings"}, Ending: ".html", Suspects: true, Holds: true, Documents: true, Write: writeHTML},
}

// Lookup finds a format by its name.
func Lookup(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// ByFile is the format that the ending of a file's name tells, else the first.
func ByFile(name string) Format {
	for _, f := range Formats {
		if f.Ending != "" && strings.HasSuffix(strings.ToLower(name), f.Ending) {
			return f
		}
	}
	return Formats[0]
}

// Names lists the names of all formats in the order of Formats, for help and for "unknown format" messages.
func Names() []string {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = f.Name
	}
	return names
}
