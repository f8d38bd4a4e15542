package source

import (
	"strconv"
	"strings"
	"unicode"
)

// Place is where something stands in a published document. Line and Column are 1-based and count the document's text,
// line by line and character by character; 0 means unknown. The text of a plain text file is the file itself; every
// other document has one line for each paragraph, each row of a table and each line of a PDF page.
type Place struct {
	// Column counts the cell's own text where there is a Cell and no Line.
	Line, Column int
	// Page is the page, from 1; 0 where the format has none.
	Page int
	// Cell is the cell of a sheet or table, as in 收入表!C9 or 表3!B4; "" elsewhere.
	Cell string
}

// IsZero reports whether the place is unknown.
func (p Place) IsZero() bool { return p == Place{} }

// String writes the place as datasets do behind an @: 39, 39:41, 7/62:31 (page 7), 收入表!C9, 表3!B4:17 (the 17th
// character of the cell). Of a cell whose line is known the line is left out, and with it the column that counts it.
func (p Place) String() string {
	if p.Line <= 0 && p.Cell == "" {
		return ""
	}
	var s strings.Builder
	if p.Page > 0 {
		s.WriteString(strconv.Itoa(p.Page) + "/")
	}
	if p.Cell == "" {
		s.WriteString(strconv.Itoa(p.Line))
	} else {
		name, ref := p.Table(), p.Ref()
		if !plain(name) {
			name = "'" + strings.ReplaceAll(name, "'", "''") + "'"
		}
		s.WriteString(name + "!" + ref)
	}
	if p.Column > 0 && (p.Cell == "" || p.Line == 0) {
		s.WriteString(":" + strconv.Itoa(p.Column))
	}
	return s.String()
}

// Table is the name of the sheet or table that the cell is in, "" where there is no cell.
func (p Place) Table() string { return p.Cell[:max(strings.LastIndexByte(p.Cell, '!'), 0)] }

// Ref is the cell's position in its sheet or table, as in C9.
func (p Place) Ref() string { return p.Cell[strings.LastIndexByte(p.Cell, '!')+1:] }

// ParsePlace reads a place as String writes it: [PAGE/]LINE[:COLUMN] or [PAGE/]NAME!CELL[:COLUMN]. A name that holds
// spaces or one of @ ! ' : / stands between quotes, quotes in it doubled.
func ParsePlace(s string) (Place, bool) {
	var p Place
	s = strings.TrimSpace(s)
	if page, rest, ok := strings.Cut(s, "/"); ok {
		if n := count(page); n > 0 {
			p.Page, s = n, rest
		}
	}
	name, rest, named, ok := cutName(s)
	if !ok {
		return Place{}, false
	}
	at, column, two := strings.Cut(rest, ":")
	if two {
		if p.Column = count(column); p.Column == 0 {
			return Place{}, false
		}
	}
	if !named {
		p.Line = count(at)
		return p, p.Line > 0
	}
	letters := strings.TrimLeft(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if n := len(at) - len(letters); n == 0 || n > 4 || count(letters) == 0 || letters[0] == '0' {
		return Place{}, false
	}
	p.Cell = name + "!" + at
	return p, true
}

// CutPlace cuts off the place behind a text: 减少1,141.36 @39:67. found tells whether it has one.
func CutPlace(s string) (text string, p Place, found bool) {
	end := len(s)
	// The last sign is the place's, unless it stands in the quoted name of a sheet.
	for range 4 {
		at := max(strings.LastIndex(s[:end], " @"), 0)
		sign := strings.TrimPrefix(s[at:], " ")
		if !strings.HasPrefix(sign, "@") {
			break
		}
		if p, ok := ParsePlace(sign[1:]); ok {
			return s[:at], p, true
		}
		if end = at; !strings.Contains(sign, "'") {
			break
		}
	}
	return s, Place{}, false
}

// cutName cuts the name of a sheet or table and the mark behind it off a place. named tells whether there is one, ok
// that it is written as it must be.
func cutName(s string) (name, rest string, named, ok bool) {
	if !strings.HasPrefix(s, "'") {
		name, rest, named = strings.Cut(s, "!")
		if !named {
			return "", s, false, true
		}
		return name, rest, true, plain(name)
	}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] != '\'':
		case strings.HasPrefix(s[i:], "''"):
			i++
		default:
			rest, ok = strings.CutPrefix(s[i+1:], "!")
			name = strings.ReplaceAll(s[1:i], "''", "'")
			return name, rest, true, ok && name != ""
		}
	}
	return "", "", true, false
}

// plain reports whether a name may stand without quotes.
func plain(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return strings.ContainsRune("@!':/", r) || unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// count reads a number from 1; it is 0 when it is none.
func count(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 1e8 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}
