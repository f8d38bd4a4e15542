package report

import (
	"cmp"
	"encoding/xml"
	"io"
	"strings"
	"unicode"

	"github.com/gouji/gouji/engine/finding"
)

// This file writes JUnit XML, for the pages of CI servers that show tests. An input is a suite, a rule that had something
// to say of it is a test: it fails on what fails the run, is skipped where nothing could be decided or all was accepted,
// and passes otherwise; what is less than a failure stands in its output.

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string          `xml:"name,attr"`
		File     string          `xml:"file,attr"`
		Tests    int             `xml:"tests,attr"`
		Failures int             `xml:"failures,attr"`
		Errors   int             `xml:"errors,attr"`
		Skipped  int             `xml:"skipped,attr"`
		Values   []junitProperty `xml:"properties>property,omitempty"`
		Cases    []*junitCase    `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure"`
		Skipped *junitSkipped `xml:"skipped"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
)

func writeJUnit(w io.Writer, r *finding.Report, o Options) error {
	p := &page{Report: r, Options: o}
	out := junitSuites{Name: "gouji"}
	for _, u := range p.units() {
		suite := junitSuite{Name: xmlText(u.title()), File: xmlText(u.input.Path)}
		for _, property := range [][2]string{{"entity", u.input.Entity}, {"period", u.input.Period}, {"sha256", u.input.SHA256}} {
			if property[1] != "" {
				suite.Values = append(suite.Values, junitProperty{property[0], xmlText(property[1])})
			}
		}
		for _, same := range groupBy(u.findings, func(f *finding.Finding) string { return f.Pack + "\n" + f.Rule }) {
			if c := p.junitCase(same); c != nil {
				suite.Cases = append(suite.Cases, c)
				suite.Tests++
				switch {
				case c.Failure != nil:
					suite.Failures++
				case c.Skipped != nil:
					suite.Skipped++
				}
			}
		}
		out.Tests, out.Failures, out.Skipped = out.Tests+suite.Tests, out.Failures+suite.Failures, out.Skipped+suite.Skipped
		out.Suites = append(out.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", " ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// junitCase is one rule in one input; nil where it does not apply.
func (p *page) junitCase(findings []*finding.Finding) *junitCase {
	first := findings[0]
	c := &junitCase{Class: xmlText(strings.Trim(first.Pack+"."+first.Rule, ".")), Name: xmlText(cmp.Or(first.Title, first.Rule))}
	var failures, notes, reasons []string
	decided, applies, accepted := false, false, 0
	for _, f := range findings {
		decided = decided || f.Verdict == finding.Pass || f.Verdict == finding.Rounding || f.Verdict == finding.Fail && f.Accepted == nil
		applies = applies || f.Verdict != finding.NotApplicable
		at := place(f)
		text := p.told(f)
		switch {
		case p.fails(f):
			if failures == nil {
				c.File, c.Line = xmlText(at.Path), at.Line
				c.Failure = &junitFailure{Type: f.Verdict.String(), Message: xmlText(line(p.sentence(f)))}
			}
			failures = append(failures, text)
		case f.Accepted != nil:
			accepted++
			if reason := p.acceptance(f); len(reasons) < gathered && p.All {
				reasons = append(reasons, reason)
			}
			if p.All {
				notes = append(notes, text)
			}
		case f.Verdict == finding.NotEvaluated:
			reasons = append(reasons, p.reason(f.Cause, f.Missing))
			if loud(f) || p.All {
				notes = append(notes, text)
			}
		case f.Told():
			notes = append(notes, text)
		}
	}
	if !applies {
		return nil
	}
	if failures != nil {
		c.Failure.Text = xmlText(strings.Join(failures, "\n"))
		if n := len(failures); n > 1 {
			c.Failure.Message += xmlText(p.sayf(wordMore, n))
		}
	} else if !decided {
		if accepted > 0 {
			reasons = append([]string{p.sayf(textAccepted, accepted)}, reasons...)
		}
		c.Skipped = &junitSkipped{xmlText(line(strings.Join(distinct(reasons[:min(len(reasons), gathered)]), p.say(wordSemicolon))))}
	}
	if accepted > 0 && decided {
		notes = append(notes, p.sayf(textAccepted, accepted))
	}
	c.Out = xmlText(strings.Join(notes, "\n"))
	return c
}

// told is a finding in lines of text: what, the figures and where each stands, the hint.
func (p *page) told(f *finding.Finding) string {
	level := p.level(f)
	parts := []string{level + p.say(wordColon) + p.sentence(f)}
	if f.Difference != "" {
		parts = append(parts, "  "+p.labelled(htmlDifference, f.Difference))
	}
	for i := range f.Operands {
		o := &f.Operands[i]
		if i == sarifRelated {
			parts = append(parts, "  …"+p.sayf(wordMore, len(f.Operands)))
			break
		}
		parts = append(parts, "  "+csvOperand(o)+p.sayf(textTitle, csvPlace(o)))
	}
	if reason := p.acceptance(f); reason != "" {
		parts = append(parts, "  "+reason)
	}
	for _, more := range []struct {
		word Text
		text string
	}{{wordHint, f.Hint}, {htmlBasis, f.Basis}} {
		if more.text != "" && f.Verdict != finding.Pass {
			parts = append(parts, "  "+p.labelled(more.word, more.text))
		}
	}
	for i := range parts {
		parts[i] = clean(parts[i])
	}
	return strings.Join(parts, "\n")
}

// xmlText drops what XML cannot hold.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == unicode.ReplacementChar, r == '\uFFFE', r == '\uFFFF':
			return -1
		}
		return r
	}, s)
}
