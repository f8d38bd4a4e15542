package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// githubShown is how many annotations of each level GitHub shows of one step.
const githubShown = 10

// writeGitHub writes workflow commands, which GitHub shows as annotations beside the files: the worst of each level, as
// many as are shown. The others are plain lines of the log, and the last annotation of a level counts them.
//
// Text from reports begins no command: line ends are escaped within commands, and in plain lines there are none.
func writeGitHub(w io.Writer, r *finding.Report, o Options) error {
	p := &page{Report: r, Options: o}
	told, quiet := p.worthTelling(true)
	var out bytes.Buffer
	var rest []string
	for _, severity := range finding.Severities {
		var own []*finding.Finding
		for _, f := range told {
			if p.annotation(f) == severity {
				own = append(own, f)
			}
		}
		shown := own
		if len(own) > githubShown {
			shown = worst(own, githubShown-1)
		}
		annotated := map[*finding.Finding]bool{}
		for _, f := range shown {
			annotated[f] = true
			fmt.Fprintln(&out, p.githubCommand(severity, f))
		}
		if n := len(own) - len(shown); n > 0 {
			fmt.Fprintf(&out, "::%s title=gouji::%s\n", githubLevel(severity), githubData(p.sayf(textGitHubRest, p.say(SeverityText(severity)), n)))
		}
		for _, f := range own {
			if !annotated[f] {
				at := place(f)
				where := at.Path
				if at.Line > 0 {
					where += fmt.Sprintf(":%d:%d", at.Line, at.Column)
				}
				rest = append(rest, strings.Join(distinct([]string{p.level(f), where, p.githubText(f)}), " "))
			}
		}
	}
	if len(rest) > 0 {
		fmt.Fprintf(&out, "::group::%s\n", githubData(p.sayf(textGitHubGroup, len(rest))))
		for _, text := range rest {
			fmt.Fprintln(&out, githubLine(text))
		}
		fmt.Fprintln(&out, "::endgroup::")
	}
	for _, text := range append([]string{p.quietly(quiet)}, p.totals()...) {
		if text != "" {
			fmt.Fprintln(&out, githubLine(text))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// annotation is the severity at which a finding is annotated: that of a fail, else none more than information.
func (p *page) annotation(f *finding.Finding) finding.Severity {
	if f.Open() && loud(f) {
		return f.Severity
	}
	return finding.Info
}

func githubLevel(s finding.Severity) string {
	switch s {
	case finding.Error:
		return "error"
	case finding.Warning:
		return "warning"
	}
	return "notice"
}

func (p *page) githubCommand(severity finding.Severity, f *finding.Finding) string {
	at := place(f)
	var properties []string
	set := func(key, value string) { properties = append(properties, key+"="+githubProperty(value)) }
	if at.Path != "" {
		set("file", at.Path)
	}
	if at.Line > 0 {
		set("line", fmt.Sprint(at.Line))
		if at.Column > 0 {
			set("col", fmt.Sprint(at.Column))
		}
	}
	set("title", clip(line(cmp.Or(f.Title, f.Rule)), sarifTitle))
	return fmt.Sprintf("::%s %s::%s", githubLevel(severity), strings.Join(properties, ","), githubData(clip(p.githubText(f), 4*sarifText)))
}

// githubText is what an annotation says: the sentence, where the figures stand in the published report, the rule.
func (p *page) githubText(f *finding.Finding) string {
	// The report has another name than the file that is annotated.
	where := locator{p.Lang, []string{f.Input}}
	report, _ := where.places(f.Operands)
	parts := []string{p.sentence(f)}
	if f.Accepted != nil || !f.Told() || !loud(f) {
		// The level of the annotation does not say it.
		parts[0] = p.level(f) + p.say(wordColon) + parts[0]
	}
	parts = append(parts, p.acceptance(f))
	if report != "" {
		parts = append(parts, p.labelled(wordPlace, report))
	}
	if under := where.under(f.Operands); under != "" {
		parts = append(parts, under)
	}
	parts = append(parts, f.Hint, f.Rule)
	return clean(strings.Join(distinct(parts), "\n"))
}

var (
	githubEscape         = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubEscapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string     { return githubEscape.Replace(s) }
func githubProperty(s string) string { return githubEscapeProperty.Replace(s) }

// githubLine is a plain line of the log: commands of either form stand at its beginning, or in it with two number signs.
func githubLine(s string) string {
	s = strings.ReplaceAll(line(s), "##[", "# #[")
	if strings.HasPrefix(strings.TrimSpace(s), "::") {
		s = "· " + s
	}
	return s
}
