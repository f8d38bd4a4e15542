package yamldoc

import (
	"bytes"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
)

// This file turns the syntax errors of yaml.v3 into diagnostics. These errors give a line at best, often that of
// something that begins earlier, and never a column. The place is found by reading again: yaml.v3 stops at the first
// error, so the shortest beginning of the file that gives the same error ends at its place. That holds for errors that
// the end of a file does not cause by itself; the others keep their line.

// maxSearched is the size of a file, in bytes, beyond which the place of an error is not searched for.
const maxSearched = 1 << 20

// problem is an error text of yaml.v3.
type problem struct {
	code diag.Code
	// args are the arguments of the message.
	args []any
	// parser is set for the errors of yaml.v3's parser, which count lines from 0. Those of its scanner count from 1.
	parser bool
	// line finds the line of the error when cutting the file short does not cause it.
	line bool
	// cut returns the end of the shortest text that begins with the offset i of a line and may cause the error, and how
	// many bytes of it to underline; 0 when nothing at i causes it.
	cut func(line string, i int) (end, width int)
	// last takes the last place that causes the error rather than the first.
	last bool
}

var problems = map[string]problem{
	"mapping values are not allowed in this context":               {code: diag.YAMLColon, line: true, cut: cutColon},
	"found character that cannot start any token":                  {code: diag.YAMLReserved, line: true, cut: cutReserved},
	"found a tab character that violates indentation":              {code: diag.YAMLTab, line: true, cut: cutTab},
	"found a tab character where an indentation space is expected": {code: diag.YAMLTab, line: true, cut: cutTab},

	"did not find expected key":                              {code: diag.YAMLIndentation, parser: true, line: true, cut: cutWord},
	"did not find expected '-' indicator":                    {code: diag.YAMLIndentation, parser: true, line: true, cut: cutWord},
	"block sequence entries are not allowed in this context": {code: diag.YAMLList, line: true, cut: cutDash},
	"mapping keys are not allowed in this context":           {code: diag.YAMLReserved, line: true, cut: cutReserved},
	"did not find expected <document start>":                 {code: diag.YAMLIndentation, parser: true, line: true, cut: cutWord},
	"could not find expected ':'":                            {code: diag.YAMLNoColon},
	"did not find expected node content":                     {code: diag.YAMLNoValue, parser: true},
	"did not find expected ',' or ']'":                       {code: diag.YAMLBrackets, args: []any{"]"}, parser: true},
	"did not find expected ',' or '}'":                       {code: diag.YAMLBrackets, args: []any{"}"}, parser: true},
	"found unexpected end of stream":                         {code: diag.YAMLQuote, cut: cutQuote, last: true},
	"found unexpected document indicator":                    {code: diag.YAMLQuote},
	"found unknown escape character":                         {code: diag.YAMLEscape, line: true, cut: cutEscape},
	"did not find expected hexdecimal number":                {code: diag.YAMLEscape, line: true, cut: cutEscape},
	"found invalid Unicode character escape code":            {code: diag.YAMLEscape, line: true, cut: cutEscape},
	"did not find expected comment or line break":            {code: diag.YAMLBlockHeader, line: true, cut: cutBlockHeader},
	"found an indentation indicator equal to 0":              {code: diag.YAMLBlockHeader, line: true, cut: cutBlockHeader},
	"did not find expected alphabetic or numeric character":  {code: diag.YAMLAlias, line: true, cut: cutAlias},
	"did not find expected whitespace or line break":         {code: diag.YAMLTag, line: true, cut: cutTag},
	"did not find expected tag URI":                          {code: diag.YAMLTag, line: true, cut: cutTag},
	"did not find expected '!'":                              {code: diag.YAMLTag, line: true, cut: cutTag},
	"did not find the expected '>'":                          {code: diag.YAMLTag, line: true, cut: cutTag},
	"did not find URI escaped octet":                         {code: diag.YAMLTag, line: true, cut: cutTag},
	"found an incorrect leading UTF-8 octet":                 {code: diag.YAMLTag, line: true, cut: cutTag},
	"found an incorrect trailing UTF-8 octet":                {code: diag.YAMLTag, line: true, cut: cutTag},
	"found undefined tag handle":                             {code: diag.YAMLTag, parser: true, line: true, cut: cutTag},
}

// syntaxError returns the diagnostic for an error of yaml.v3.
func syntaxError(f *source.File, p places, err error) diag.Diagnostic {
	text, line := splitError(err)
	s := search{places: p, text: text}
	if strings.HasPrefix(text, "exceeded max depth") {
		return diag.New(diag.YAMLTooDeep, s.deepest(f), MaxDepth)
	}
	if name, ok := strings.CutPrefix(text, "unknown anchor '"); ok {
		name = strings.TrimSuffix(name, "' referenced")
		return diag.New(diag.YAMLAlias, s.alias(f, "*"+name))
	}
	known, ok := problems[text]
	if !ok {
		known = problem{code: diag.YAMLSyntax, args: []any{text}}
	}
	if known.parser || line == 0 {
		// The first line has the number 0 in both ways of counting, and yaml.v3 leaves that out.
		line++
	}
	line = min(line, len(p.lines))
	if len(p.content) > maxSearched {
		return diag.New(known.code, s.line(f, line), known.args...)
	}
	if known.line {
		line = s.firstLine(line)
	}
	span := s.line(f, line)
	if known.cut != nil {
		if start, end, ok := s.within(line, known); ok {
			span = source.Span{File: f, Start: start, End: end}
		} else if start, end, ok := s.within(1, known); ok && !known.line {
			// Of an error in something that begins on the first line, yaml.v3 gives the line where it was noticed.
			span = source.Span{File: f, Start: start, End: end}
		}
	}
	switch known.code {
	case diag.YAMLReserved:
		if span.Text() == "\t" {
			return diag.New(diag.YAMLTab, span)
		}
		r, _ := utf8.DecodeRuneInString(span.Text())
		known.args = []any{string(r)}
	case diag.YAMLIndentation:
		// A value whose quote or bracket is closed has ended, as in: check: "a" == b
		before := bytes.TrimRight(p.content[p.lines[line-1]:span.Start], " \t")
		if n := len(before); n > 0 && strings.IndexByte(`"']}`, before[n-1]) >= 0 {
			return diag.New(diag.YAMLAfterValue, span)
		}
	case diag.YAMLBlockHeader:
		r, _ := utf8.DecodeRuneInString(span.Text())
		known.args = []any{string(r)}
	}
	return diag.New(known.code, span, known.args...)
}

// splitError splits "yaml: line 3: text". The line is 0 when there is none.
func splitError(err error) (text string, line int) {
	text = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if number, rest, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				return rest, n
			}
		}
	}
	return text, 0
}

// search looks for the place of an error with the given text.
type search struct {
	places
	text string
}

// fails reports whether the first n bytes of the file give the same error.
func (s *search) fails(n int) (same bool) {
	defer func() {
		if recover() != nil {
			same = false
		}
	}()
	_, err := decode(s.content[:n])
	if err == nil {
		return false
	}
	text, _ := splitError(err)
	return text == s.text
}

// deepest returns the character at which yaml.v3 gave up to go deeper: from there on, every beginning of the file fails.
func (s *search) deepest(f *source.File) source.Span {
	if len(s.content) > maxSearched {
		return source.Span{File: f}
	}
	end := sort.Search(len(s.content), func(n int) bool {
		for n < len(s.content) && !utf8.RuneStart(s.content[n]) {
			n--
		}
		return s.fails(n)
	})
	return source.Span{File: f, Start: characterBefore(s.content, end), End: end}
}

// bounds returns the offsets of a line, without its line break.
func (s *search) bounds(line int) (start, end int) {
	start = s.lines[line-1]
	return start, s.lineEnd(start)
}

// line returns the span of a line, without the blanks around it.
func (s *search) line(f *source.File, line int) source.Span {
	start, end := s.bounds(line)
	for start < end && isBlank(s.content[start]) {
		start++
	}
	for end > start && isBlank(s.content[end-1]) {
		end--
	}
	return source.Span{File: f, Start: start, End: end}
}

// firstLine returns the first line, from the given one on, after which the file may end and give the same error.
func (s *search) firstLine(line int) int {
	failsAfter := func(n int) bool {
		_, end := s.bounds(n)
		return s.fails(end)
	}
	low, step := line, 1
	for high := line; ; high += step {
		high = min(high, len(s.lines))
		if failsAfter(high) || high == len(s.lines) {
			return low + sort.Search(high-low, func(i int) bool { return failsAfter(low + i) })
		}
		low, step = high+1, 2*step
	}
}

// maxTries is how many places of one line are tried.
const maxTries = 200

// within returns the place on a line that gives the error.
func (s *search) within(line int, p problem) (start, end int, ok bool) {
	begin, stop := s.bounds(line)
	text := string(s.content[begin:stop])
	tries := 0
	for i := range text {
		cut, width := p.cut(text, i)
		if cut == 0 {
			continue
		}
		if tries++; tries > maxTries {
			break
		}
		if !s.fails(begin+min(cut, len(text))) || p.last && s.fails(begin+i) {
			continue
		}
		start, end, ok = begin+i, begin+min(i+width, len(text)), true
		if !p.last {
			break
		}
	}
	return start, end, ok
}

// alias returns the place of an alias, written *name, that names no anchor.
func (s *search) alias(f *source.File, name string) source.Span {
	if len(s.content) <= maxSearched {
		for i, tries := 0, 0; tries < maxTries; tries++ {
			n := bytes.Index(s.content[i:], []byte(name))
			if n < 0 {
				break
			}
			i += n
			if s.fails(i + len(name)) {
				return source.Span{File: f, Start: i, End: i + len(name)}
			}
			i++
		}
	}
	return source.Span{File: f}
}

// at reports whether one of the characters of set stands at i.
func at(line string, i int, set string) bool { return strings.IndexByte(set, line[i]) >= 0 }

func cutColon(line string, i int) (end, width int) {
	if line[i] != ':' || i+1 < len(line) && !isBlank(line[i+1]) {
		return 0, 0
	}
	return i + 2, 1
}

func cutReserved(line string, i int) (end, width int) {
	if !at(line, i, "@`%?\t") {
		return 0, 0
	}
	return i + 1, 1
}

func cutDash(line string, i int) (end, width int) {
	if line[i] != '-' || i+1 < len(line) && !isBlank(line[i+1]) {
		return 0, 0
	}
	return i + 2, 1
}

func cutWord(line string, i int) (end, width int) {
	if isBlank(line[i]) || i > 0 && !isBlank(line[i-1]) && !at(line, i-1, `"']}`) {
		return 0, 0
	}
	_, size := utf8.DecodeRuneInString(line[i:])
	return i + size, len(strings.TrimRight(line, " \t")) - i
}

func cutTab(line string, i int) (end, width int) {
	if line[i] != '\t' {
		return 0, 0
	}
	return i + 1, 1
}

func cutQuote(line string, i int) (end, width int) {
	if !at(line, i, `"'`) {
		return 0, 0
	}
	return i + 1, len(line) - i
}

func cutEscape(line string, i int) (end, width int) {
	if line[i] != '\\' || i+1 == len(line) {
		return 0, 0
	}
	_, size := utf8.DecodeRuneInString(line[i+1:])
	width = 1 + size + hexDigits(line[i+1])
	return i + width, width
}

func cutBlockHeader(line string, i int) (end, width int) {
	if !at(line, i, "|>") {
		return 0, 0
	}
	end = i + 1
	for end < len(line) && at(line, end, "+-123456789") {
		end++
	}
	for end < len(line) && isBlank(line[end]) {
		end++
	}
	_, size := utf8.DecodeRuneInString(line[end:])
	return end + size, 1
}

func cutAlias(line string, i int) (end, width int) {
	if !at(line, i, "*&") {
		return 0, 0
	}
	_, size := utf8.DecodeRuneInString(line[i+1:])
	return i + 1 + size, 1 + size
}

func cutTag(line string, i int) (end, width int) {
	if line[i] != '!' {
		return 0, 0
	}
	end = i + 1
	for end < len(line) && !isBlank(line[end]) {
		end++
	}
	return end, end - i
}
