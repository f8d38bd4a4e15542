package report

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/finding"
)

// This file writes SARIF 2.1.0, for code scanning and for the viewers of editors. Its rules are:
//   - A result is what a reader has to look at: a fail, or what is as bad. Roundings that explain themselves and what could
//     not be evaluated become results with Options.All alone: each result is an alert on the pages of a repository.
//   - A place is one in a file that is there: of a dataset its data file, of a document itself. Lines are told of files of
//     text only; pages, cells and places in a published report stand in logical locations and messages.
//   - What is accepted is a result with a suppression.
//   - The limits are those of GitHub. The worst is kept; what is left out is counted in a notification of the invocation.

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

	// How much GitHub takes. Of all results it shows the 5,000 worst.
	sarifResults   = 25_000
	sarifArtifacts = 10_000
	sarifBytes     = 10_000_000
	sarifTitle     = 255
	sarifText      = 1024
	// Locations that one result tells.
	sarifRelated = 100
)

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool            sarifTool         `json:"tool"`
		Language        string            `json:"language"`
		Invocations     []sarifInvocation `json:"invocations"`
		Artifacts       []sarifArtifact   `json:"artifacts,omitempty"`
		Results         []sarifResult     `json:"results"`
		DefaultEncoding string            `json:"defaultEncoding"`
		ColumnKind      string            `json:"columnKind"`
		Properties      map[string]any    `json:"properties"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string         `json:"id"`
		ShortDescription     sarifMessage   `json:"shortDescription"`
		FullDescription      sarifMessage   `json:"fullDescription"`
		Help                 sarifMessage   `json:"help"`
		DefaultConfiguration sarifConfig    `json:"defaultConfiguration"`
		Properties           map[string]any `json:"properties"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string       `json:"level"`
		Message sarifMessage `json:"message"`
	}
	sarifArtifact struct {
		Location sarifURI          `json:"location"`
		Roles    []string          `json:"roles"`
		Hashes   map[string]string `json:"hashes,omitempty"`
	}
	sarifURI struct {
		URI   string `json:"uri"`
		Index *int   `json:"index,omitempty"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Kind                string            `json:"kind"`
		Level               string            `json:"level"`
		Message             sarifMessage      `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		// Where one result of a run tells whether it is suppressed, all have to: it is never left out then.
		Suppressions *[]sarifSuppression `json:"suppressions,omitempty"`
		Properties   map[string]any      `json:"properties"`
	}
	sarifLocation struct {
		ID       *int           `json:"id,omitempty"`
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifMessage  `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifURI     `json:"artifactLocation"`
		Region   *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string         `json:"kind"`
		Status        string         `json:"status"`
		Justification string         `json:"justification,omitempty"`
		Location      *sarifLocation `json:"location,omitempty"`
		Properties    map[string]any `json:"properties,omitempty"`
	}
)

// sarif is a run in the making.
type sarif struct {
	*page
	run sarifRun
	// artifacts and rules are the positions of what is listed.
	artifacts map[string]int
	rules     map[[2]string]int
	// severities are those of the rules, by their ids.
	severities map[string]finding.Severity
}

func writeSARIF(w io.Writer, r *finding.Report, o Options) error {
	p := &page{Report: r, Options: o}
	told, quiet := p.worthTelling(false)
	dropped := 0
	if n := len(told); n > sarifResults {
		told, dropped = worst(told, sarifResults), n-sarifResults
	}
	for {
		content, err := p.sarif(told, quiet, dropped)
		if err != nil {
			return err
		}
		if size := compressed(content); size > sarifBytes && len(told) > 0 {
			// The files that were checked and the rules are few beside the results, so that their share is nearly even.
			keep := min(len(told)-1, int(int64(len(told))*sarifBytes/int64(size)*9/10))
			told, dropped = worst(told, keep), dropped+len(told)-keep
			continue
		}
		_, err = w.Write(content)
		return err
	}
}

// compressed is the size of the content in gzip, in which it is uploaded; content that is small anyway is not compressed.
func compressed(content []byte) int {
	if len(content) <= sarifBytes {
		return len(content)
	}
	var size counter
	// Writing to memory does not fail.
	z := gzip.NewWriter(&size)
	_, _ = z.Write(content)
	_ = z.Close()
	return int(size)
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// sarif is the log with these results.
func (p *page) sarif(told []*finding.Finding, quiet finding.Tally, dropped int) ([]byte, error) {
	s := &sarif{page: p, artifacts: map[string]int{}, rules: map[[2]string]int{}, severities: map[string]finding.Severity{}}
	version := p.Version
	if strings.Trim(version[:min(len(version), 1)], "0123456789") != "" {
		// A build without a version, which readers could not compare.
		version = ""
	}
	s.run = sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "gouji", Version: version, InformationURI: "https://github.com/gouji/gouji", Rules: []sarifRule{}}},
		Language:    p.say(Text{"zh-CN", "en-US"}),
		Invocations: []sarifInvocation{{ExecutionSuccessful: true}}, Results: []sarifResult{},
		DefaultEncoding: "utf-8", ColumnKind: "unicodeCodePoints",
		Properties: map[string]any{"verdicts": jsonTally(p.Summary)},
	}
	for _, in := range p.Inputs[:min(len(p.Inputs), sarifArtifacts)] {
		hashes := map[string]string{"sha-256": in.SHA256}
		if in.SHA256 == "" {
			hashes = nil
		}
		s.artifacts[in.Path] = len(s.run.Artifacts)
		s.run.Artifacts = append(s.run.Artifacts, sarifArtifact{sarifURI{URI: uri(in.Path)}, []string{"analysisTarget"}, hashes})
	}
	for _, r := range p.Rules {
		s.severities[r.ID] = r.Severity
	}
	suppressed := slices.ContainsFunc(told, func(f *finding.Finding) bool { return f.Accepted != nil })
	for _, f := range told {
		result := s.result(f)
		if suppressed {
			result.Suppressions = s.suppressions(f)
		}
		s.run.Results = append(s.run.Results, result)
	}
	s.notify(quiet, dropped)
	var out bytes.Buffer
	enc := newEncoder(&out)
	enc.SetIndent("", " ")
	err := enc.Encode(sarifLog{sarifSchema, "2.1.0", []sarifRun{s.run}})
	return out.Bytes(), err
}

// notify tells what is no result.
func (s *sarif) notify(quiet finding.Tally, dropped int) {
	say := func(level, text string) {
		list := &s.run.Invocations[0].Notifications
		*list = append(*list, sarifNotification{level, sarifMessage{Text: text}})
	}
	if dropped > 0 {
		say("warning", s.sayf(textDropped, dropped))
	}
	if len(s.Inputs) > sarifArtifacts {
		say("note", s.sayf(textDroppedFiles, len(s.Inputs)-sarifArtifacts))
	}
	if text := s.quietly(quiet); text != "" {
		say("note", text)
	}
	if len(s.Inputs) > 0 && !s.Summary.Bound() {
		say("error", s.say(textNotBound))
	}
}

func (s *sarif) result(f *finding.Finding) sarifResult {
	id, index := s.rule(f)
	kind, level := sarifKind(f)
	result := sarifResult{
		RuleID: id, RuleIndex: index, Kind: kind, Level: level,
		PartialFingerprints: map[string]string{"gouji/v1": f.Fingerprint, "primaryLocationLineHash": f.Fingerprint + ":1"},
		Properties:          sarifProperties(f),
	}
	text := sarifEscape(s.sentence(f))
	var links []string
	for i := range f.Operands {
		o := &f.Operands[i]
		if len(result.RelatedLocations) == sarifRelated {
			links = append(links, strings.TrimSpace(s.sayf(wordMore, len(f.Operands))))
			break
		}
		n := i + 1
		at := s.location(f, o)
		at.ID = &n
		result.RelatedLocations = append(result.RelatedLocations, at)
		links = append(links, "["+linkText.Replace(clip(clean(csvOperand(o)), 100))+"]("+fmt.Sprint(n)+")")
	}
	text = clip(text, sarifText)
	// Links are left out from where the message would become too long.
	for i, link := range links {
		gap := s.say(wordList)
		if i == 0 {
			gap = "\n" + s.say(wordFigures) + s.say(wordColon)
		}
		if utf8.RuneCountInString(text+gap+link) > sarifText {
			break
		}
		text += gap + link
	}
	result.Message.Text = text
	first := sarifLocation{Physical: s.physical(finding.Place{Path: f.Input})}
	if i := slices.IndexFunc(f.Operands, func(o finding.Operand) bool { return fileOf(&o).Path != "" }); i >= 0 {
		first = s.location(f, &f.Operands[i])
		first.Message = nil
	}
	if f.Instance != "" {
		first.Logical = append(first.Logical, sarifLogical{s.label(f.Instance), f.Instance, "object"})
	}
	result.Locations = []sarifLocation{first}
	return result
}

// sarifKind is the kind of a result, and its level, which only a fail has.
func sarifKind(f *finding.Finding) (kind, level string) {
	switch {
	case f.Verdict == finding.Fail || f.Told() && f.Severity >= finding.Warning:
		return "fail", sarifLevel(f.Severity)
	case f.Verdict == finding.Pass:
		return "pass", "none"
	case f.Verdict == finding.NotApplicable:
		return "notApplicable", "none"
	case f.Verdict == finding.Rounding:
		return "informational", "none"
	}
	return "open", "none"
}

func sarifLevel(s finding.Severity) string {
	switch s {
	case finding.Error:
		return "error"
	case finding.Warning:
		return "warning"
	}
	return "note"
}

// sarifProperties are the facts of a finding for programs, those that are known.
func sarifProperties(f *finding.Finding) map[string]any {
	all := map[string]any{
		"verdict": f.Verdict.String(), "pack": f.Pack, "entity": f.Entity, "period": f.Period, "instance": f.Instance,
		"left": f.Left, "right": f.Right, "difference": f.Difference, "tolerance": f.Tolerance, "cause": f.Cause,
	}
	for key, value := range all {
		if value == "" {
			delete(all, key)
		}
	}
	if a := f.Allowed; a != nil {
		all["allowed"] = jsonInterval{a.Low, a.High, a.LowOpen, a.HighOpen}
	}
	if f.Near {
		all["near"] = true
	}
	if f.Unlikely {
		all["unlikely"] = true
	}
	if len(f.Missing) > 0 {
		all["missing"] = f.Missing
	}
	return all
}

// rule is the id and the position of a finding's rule. Rules of two packs with one id are told apart by their pack.
func (s *sarif) rule(f *finding.Finding) (string, int) {
	rules := &s.run.Tool.Driver.Rules
	key := [2]string{f.Pack, f.Rule}
	if i, ok := s.rules[key]; ok {
		return (*rules)[i].ID, i
	}
	id := f.Rule
	if slices.ContainsFunc(*rules, func(r sarifRule) bool { return r.ID == id }) {
		id = f.Pack + "/" + f.Rule
	}
	severity := max(s.severities[f.Rule], f.Severity)
	title := cmp.Or(f.Title, f.Rule)
	full := title
	text := []string{s.labelled(wordMustHold, title)}
	markdown := []string{s.say(wordMustHold) + s.say(wordColon) + "**" + escapeMarkdown(title) + "**"}
	for _, more := range []struct {
		word Text
		text string
	}{{htmlBasis, f.Basis}, {wordHint, f.Hint}, {wordPack, f.Pack}} {
		if more.text != "" {
			text = append(text, s.labelled(more.word, clean(more.text)))
			markdown = append(markdown, s.say(more.word)+s.say(wordColon)+escapeMarkdown(more.text))
		}
	}
	if f.Hint != "" {
		full += s.say(wordStop) + s.say(wordGap) + f.Hint
	}
	text = append(text, s.labelled(wordDetails, "gouji explain "+f.Rule))
	markdown = append(markdown, s.say(wordDetails)+s.say(wordColon)+"`gouji explain "+strings.ReplaceAll(clean(f.Rule), "`", "")+"`")
	i := len(*rules)
	s.rules[key] = i
	*rules = append(*rules, sarifRule{
		ID: id, ShortDescription: sarifMessage{Text: clip(clean(title), sarifTitle)}, FullDescription: sarifMessage{Text: clip(clean(full), sarifText)},
		Help:                 sarifMessage{Text: strings.Join(text, "\n"), Markdown: strings.Join(markdown, "\n\n")},
		DefaultConfiguration: sarifConfig{sarifLevel(severity)},
		Properties: map[string]any{
			"tags": distinct([]string{"gouji", f.Pack}), "precision": "very-high",
			"problem.severity": cmp.Or(map[string]string{"note": "recommendation"}[sarifLevel(severity)], sarifLevel(severity)),
		},
	})
	return id, i
}

// location is where an operand stands, and what it says.
func (s *sarif) location(f *finding.Finding, o *finding.Operand) sarifLocation {
	at := fileOf(o)
	if at.Path == "" {
		at.Path = f.Input
	}
	text := csvOperand(o)
	out := sarifLocation{Physical: s.physical(at), Logical: []sarifLogical{{cmp.Or(o.Label, o.Field), o.Field, "property"}}}
	if o.Field == "" {
		out.Logical = nil
	}
	// The place in the document, where the file's lines do not tell it.
	if p := o.Place; at.Line == 0 || p.Path != at.Path {
		spot := Spot(p, s.Lang)
		if p.Path != "" && p.Path != at.Path {
			spot = strings.TrimSpace(base(p.Path) + " " + spot)
		}
		full := strings.Join(append(p.Headings(), spot), " › ")
		if spot != "" {
			out.Logical = append(out.Logical, sarifLogical{spot, full, "element"})
			text += s.sayf(textTitle, full)
		}
	}
	out.Message = &sarifMessage{Text: sarifEscape(clip(clean(text), sarifText))}
	return out
}

// physical is a place in a file; nil where nothing is known of it.
func (s *sarif) physical(p finding.Place) *sarifPhysical {
	if p.Path == "" {
		return nil
	}
	out := &sarifPhysical{Artifact: sarifURI{URI: uri(p.Path)}}
	if i, ok := s.artifacts[p.Path]; ok {
		out.Artifact.Index = &i
	}
	if p.Line > 0 {
		out.Region = &sarifRegion{p.Line, p.Column}
	}
	return out
}

// suppressions say why a result may stand; it is the empty list for one that may not.
func (s *sarif) suppressions(f *finding.Finding) *[]sarifSuppression {
	a := f.Accepted
	if a == nil {
		return &[]sarifSuppression{}
	}
	out := sarifSuppression{Kind: "external", Status: "accepted", Justification: a.Reason}
	if a.Baseline {
		out.Justification = s.say(wordOld)
	}
	if a.Place.Path != "" {
		if a.Place.Path == f.Input {
			out.Kind = "inSource"
		}
		out.Location = &sarifLocation{Physical: s.physical(a.Place)}
	}
	for key, value := range map[string]string{"by": a.By, "until": a.Until} {
		if value != "" {
			if out.Properties == nil {
				out.Properties = map[string]any{}
			}
			out.Properties[key] = value
		}
	}
	return &[]sarifSuppression{out}
}

// uri is a path as a reference: relative ones stay so, what is no letter of a URI is escaped.
func uri(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	switch {
	case strings.HasPrefix(path, "/"):
		return (&url.URL{Scheme: "file", Path: path}).String()
	case len(path) > 2 && path[1] == ':' && path[2] == '/':
		return (&url.URL{Scheme: "file", Path: "/" + path}).String()
	}
	return (&url.URL{Path: strings.TrimPrefix(path, "./")}).String()
}

var (
	linkText = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`)
	// What would be a link or a place for an argument in a message is no such thing in text from reports.
	plainText = strings.NewReplacer("](", `]\(`, "{", "{{", "}", "}}")
)

func sarifEscape(s string) string { return plainText.Replace(s) }

// clip cuts a text after so many characters.
func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
