package report

import (
	"cmp"
	"io"

	"github.com/gouji/gouji/engine/finding"
)

type (
	gitlabIssue struct {
		Description string         `json:"description"`
		CheckName   string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"`
		Severity    string         `json:"severity"`
		Location    gitlabLocation `json:"location"`
	}
	gitlabLocation struct {
		Path  string      `json:"path"`
		Lines gitlabLines `json:"lines"`
	}
	gitlabLines struct {
		Begin int `json:"begin"`
	}
)

// writeGitLab writes a Code Quality report, the list of which GitLab shows what a merge request adds and takes away. A line
// is asked for: it is 1 where the file is no text whose lines could be counted.
func writeGitLab(w io.Writer, r *finding.Report, o Options) error {
	p := &page{Report: r, Options: o}
	told, _ := p.worthTelling(true)
	issues := make([]gitlabIssue, len(told))
	for i, f := range told {
		at := place(f)
		text := p.sentence(f)
		if title := cmp.Or(f.Title, f.Rule); text != title {
			text = title + p.say(wordColon) + text
		}
		if f.Accepted != nil || !loud(f) {
			text = p.level(f) + p.say(wordColon) + text
		}
		if reason := p.acceptance(f); reason != "" {
			text += p.say(wordSemicolon) + reason
		}
		if len(f.Operands) > 0 && at.Line == 0 {
			if spot := Spot(f.Operands[0].Place, p.Lang); spot != "" {
				text += p.sayf(textTitle, spot)
			}
		}
		issues[i] = gitlabIssue{line(text), f.Rule, f.Fingerprint, p.gitlabSeverity(f), gitlabLocation{at.Path, gitlabLines{max(at.Line, 1)}}}
	}
	enc := newEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(issues)
}

func (p *page) gitlabSeverity(f *finding.Finding) string {
	if !f.Open() || !loud(f) {
		return "info"
	}
	switch f.Severity {
	case finding.Error:
		return "critical"
	case finding.Warning:
		return "major"
	}
	return "minor"
}
