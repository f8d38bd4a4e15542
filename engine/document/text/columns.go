package text

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/gouji/gouji/engine/document"
)

// This file reads tables whose cells stand below one another, with nothing but spaces between them, as programs print them
// that turn pages into text. Some count every character as one column, others a Chinese one as two; both are tried.

// piece is the part of a line between wide spaces: bytes [from, to), and the columns of the screen [left, right).
type piece struct {
	from, to, left, right int
	s                     string
}

func (p piece) middle() int { return p.left + p.right }

// measure counts how many columns of the screen a character takes.
type measure func(rune) int

var measures = []measure{
	func(rune) int { return 1 },
	func(c rune) int {
		switch width.LookupRune(c).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			return 2
		}
		return 1
	},
}

// pieces cuts a line where two spaces or more stand, and where one does between two numbers or behind a code.
func pieces(line string, of measure) []piece {
	var all []piece
	column, spaces := 0, 2
	for i, c := range line {
		wide := of(c)
		switch {
		case unicode.IsSpace(c):
			spaces += wide
		case spaces > 1 || len(all) > 0 && spaces == 1 && parts(all[len(all)-1].s, line[i:]):
			all = append(all, piece{i, i + utf8.RuneLen(c), column, column + wide, string(c)})
			spaces = 0
		default:
			last := &all[len(all)-1]
			last.to, last.right, spaces = i+utf8.RuneLen(c), column+wide, 0
			last.s = line[last.from:last.to]
		}
		column += wide
	}
	// 合      计
	for i := 1; i < len(all); {
		if a, b := all[i-1], all[i]; single(a.s) && single(b.s) && b.left-a.right <= 8 {
			all[i-1].to, all[i-1].right, all[i-1].s = b.to, b.right, line[a.from:b.to]
			all = slices.Delete(all, i, i+1)
			continue
		}
		i++
	}
	return all
}

// single reports whether a text is one Chinese character.
func single(s string) bool {
	c, size := utf8.DecodeRuneInString(s)
	return size == len(s) && unicode.Is(unicode.Han, c)
}

// parts reports whether a single space between two texts parts two cells: a number from a number, a code from its name.
func parts(before, after string) bool {
	if !numeric(before) {
		return false
	}
	word, _, _ := strings.Cut(after, " ")
	next, _ := utf8.DecodeRuneInString(after)
	return numeric(word) || (len(before) == 3 || len(before) == 5 || len(before) == 7) && unicode.Is(unicode.Han, next)
}

// spaced reads a table whose columns are made by spaces.
func (r *reader) spaced() (*document.Grid, int) {
	if !r.columned(r.at) {
		return nil, r.at + 1
	}
	end := r.at
	var rows []int
	for n := r.at; n < len(r.lines) && n-end < 8; n++ {
		line := r.lines[n]
		if blank(line) {
			continue
		}
		found := pieces(line, measures[0])
		if len(found) == 1 && (remark.MatchString(found[0].s) || utf8.RuneCountInString(found[0].s) > 30) ||
			slices.ContainsFunc(found, func(p piece) bool {
				return utf8.RuneCountInString(p.s) > 60 || strings.Contains(p.s, "。") || unitLine.MatchString(p.s)
			}) {
			break
		}
		rows = append(rows, n)
		if len(found) > 1 || indented(line) {
			end = n + 1
		}
	}
	rows = slices.DeleteFunc(rows, func(n int) bool { return n >= end })
	// Titles of the next table.
	for n := len(rows) - 1; n > 0 && !figured(r.lines[rows[n]]) && len(pieces(r.lines[rows[n]], measures[0])) == 1; n-- {
		if rows[n] == rows[n-1]+1 && n < len(rows)-1 {
			break
		}
		end, rows = rows[n], rows[:n]
	}
	amounts, columned := 0, 0
	for _, n := range rows {
		if figured(r.lines[n]) {
			amounts++
		}
		if r.columned(n) || indented(r.lines[n]) {
			columned++
		}
	}
	if amounts < 2 || len(rows) < 3 || columned*4 < len(rows)*3 {
		return nil, max(end, r.at+1)
	}
	var best *layout
	for _, of := range measures {
		if l := r.layout(rows, of); l != nil && (best == nil || l.off < best.off) {
			best = l
		}
	}
	if best == nil {
		return nil, max(end, r.at+1)
	}
	return best.grid(r), end
}

// columned reports whether a line falls into columns: it has several pieces, or is the first word of a head below the line
// that gives the unit.
func (r *reader) columned(n int) bool {
	found := pieces(r.lines[n], measures[0])
	if len(found) != 1 {
		return len(found) > 1
	}
	for n--; n >= 0 && blank(r.lines[n]); n-- {
	}
	return n >= 0 && unitLine.MatchString(r.lines[n]) && utf8.RuneCountInString(found[0].s) < 10
}

// indented reports whether a line begins far to the right.
func indented(line string) bool {
	return strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "　　　")
}

var (
	remark   = regexp.MustCompile(`^(?:注|备注|说明|附注)\s*\d*\s*[:：、]`)
	unitLine = regexp.MustCompile(`单位\s*[:：]\s*\S`)
	ordered  = regexp.MustCompile(`^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|其中|[①-⑳])`)
)

// figured reports whether a line holds a number behind its first piece.
func figured(line string) bool {
	found := pieces(line, measures[0])
	return len(found) > 1 && slices.ContainsFunc(found[1:], func(p piece) bool { return numeric(p.s) })
}

// layout is how the lines of a table fall into columns.
type layout struct {
	rows []int
	// edges are the columns as [left, right); cells gives, for each line, the piece in each column, nil for none.
	edges [][2]int
	cells [][]*piece
	// words are the columns that hold hardly a number, codes those that hold codes of accounts.
	words, codes []bool
	// off is how far pieces stand from the columns that they fall into, all together.
	off int
}

// layout finds the columns of lines: where hardly a line has text. Where that gives too few, those of the fullest lines
// tell them. nil where there are not two.
func (r *reader) layout(rows []int, of measure) *layout {
	all := make([][]piece, len(rows))
	most := 0
	for i, n := range rows {
		all[i] = pieces(r.lines[n], of)
		if figured(r.lines[n]) {
			most = max(most, len(all[i]))
		}
	}
	straighten(all)

	for _, least := range []int{2, most*2/3 + 1} {
		if l := r.arrange(rows, all, least); l != nil {
			return l
		}
	}
	return nil
}

// arrange finds the columns by the lines with figures and at least so many pieces.
func (r *reader) arrange(rows []int, all [][]piece, least int) *layout {
	l := &layout{rows: rows}
	last, lines := 0, 0
	tells := func(i int) bool { return len(all[i]) >= least && figured(r.lines[rows[i]]) }
	for _, line := range all {
		for _, p := range line {
			last = max(last, p.right)
		}
	}
	cover := make([]int, last+1)
	for i := range all {
		if !tells(i) {
			continue
		}
		lines++
		for _, p := range all[i] {
			for x := p.left; x < p.right; x++ {
				cover[x]++
			}
		}
	}
	few := lines / 12
	for x := 0; x < last; x++ {
		if cover[x] <= few {
			continue
		}
		from := x
		for x < last && cover[x] > few {
			x++
		}
		l.edges = append(l.edges, [2]int{from, x})
	}
	l.beside(all)
	if len(l.edges) < 2 {
		return nil
	}
	l.words, l.codes = make([]bool, len(l.edges)), make([]bool, len(l.edges))
	for k, e := range l.edges {
		numbers, others, codes := 0, 0, 0
		for i := range all {
			for _, p := range all[i] {
				switch {
				case !tells(i) || p.right <= e[0] || e[1] <= p.left:
				case numeric(p.s):
					numbers++
					if code.MatchString(p.s) {
						codes++
					}
				default:
					others++
				}
			}
		}
		l.words[k] = others > 2*numbers
		l.codes[k] = codes*10 > (numbers+others)*9
	}
	below := false
	for i := range all {
		all[i] = l.unglued(all[i])
		cells, off := l.fit(all[i], below)
		if cells == nil {
			return nil
		}
		below = below || figured(r.lines[rows[i]])
		l.cells, l.off = append(l.cells, cells), l.off+off
	}
	return l
}

var (
	// code is that of an account: 类, 款 or 项.
	code = regexp.MustCompile(`^(?:\d{2}){1,3}\d$`)
	// glued is one with its name right behind it.
	glued = regexp.MustCompile(`^((?:\d{2}){1,3}\d)\p{Han}`)
)

// unglued parts a code from its name where a line has them without a space between and others have a column for each.
func (l *layout) unglued(line []piece) []piece {
	for i, p := range line {
		m := glued.FindStringSubmatch(p.s)
		if m == nil {
			continue
		}
		n := len(m[1])
		if k := slices.IndexFunc(l.edges, func(e [2]int) bool { return p.left < e[1] && e[0] < p.left+n }); k >= 0 && !l.words[k] &&
			k+1 < len(l.edges) && l.words[k+1] && p.right > l.edges[k][1] {
			code, name := p, p
			code.to, code.right, code.s = p.from+n, p.left+n, m[1]
			name.from, name.left, name.s = code.to, code.right, p.s[n:]
			return slices.Replace(slices.Clone(line), i, i+1, code, name)
		}
	}
	return line
}

// straighten moves the lines behind a page break to the columns of those before it. There a line has pieces of the same
// kinds as one before, all its numbers apart from the numbers of that, to the same side.
func straighten(all [][]piece) {
	type point struct{ from, to int }
	var points []point
	// moved is by how much what stands at the nearest point moves.
	moved := func(x int) int {
		by, near := 0, -1
		for _, p := range points {
			if off := abs(p.from - x); near < 0 || off < near {
				by, near = p.to-p.from, off
			}
		}
		return x + by
	}
	latest := map[string][]piece{}
	for _, line := range all {
		var kinds strings.Builder
		numbers := 0
		for _, p := range line {
			if numeric(p.s) {
				numbers++
				kinds.WriteByte('1')
			} else {
				kinds.WriteByte('a')
			}
		}
		kind := kinds.String()
		shift := func() bool {
			side := 0
			for i, p := range line {
				if !numeric(p.s) || i == 0 {
					continue
				}
				o := latest[kind][i]
				by := moved(p.left) - p.left
				l, r := p.left+by-o.left, p.right+by-o.right
				if abs(r) < abs(l) {
					l = r
				}
				if abs(l) < 3 || side*l < 0 {
					return false
				}
				side = l
			}
			return side != 0
		}
		if numbers > 2 && latest[kind] != nil && shift() {
			fresh := points[:0:0]
			for i, p := range line {
				o := latest[kind][i]
				if numeric(p.s) && i > 0 {
					fresh = append(fresh, point{p.left, o.right - (p.right - p.left)})
				} else {
					fresh = append(fresh, point{p.left, o.left})
				}
			}
			points = fresh
		}
		for i := range line {
			by := max(moved(line[i].left), 0) - line[i].left
			line[i].left, line[i].right = line[i].left+by, line[i].right+by
		}
		if numbers > 1 {
			latest[kind] = line
		}
	}
}

// beside adds the columns that hold a head and no figures.
func (l *layout) beside(all [][]piece) {
	for i, line := range all {
		if slices.ContainsFunc(all[:i+1], func(line []piece) bool { return slices.ContainsFunc(line, func(p piece) bool { return numeric(p.s) }) }) {
			break
		}
		for _, p := range line {
			free := true
			n := 0
			for _, e := range l.edges {
				free = free && (p.right < e[0] || p.left > e[1])
			}
			for _, other := range all {
				for _, o := range other {
					if o.left < p.right && p.left < o.right {
						n++
					}
				}
			}
			if free && (n > 1 || len(line) > 2) {
				l.edges = append(l.edges, [2]int{p.left, p.right})
				slices.SortFunc(l.edges, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
			}
		}
	}
}

// fit lays the pieces of a line in columns, in their order, so that they are as near to them as can be. It gives nil where
// a line has more pieces than there are columns. below: lines with figures stand above it.
func (l *layout) fit(line []piece, below bool) ([]*piece, int) {
	n, m := len(line), len(l.edges)
	if n > m {
		return nil, 0
	}
	const out = 1 << 30
	// named reports that a text is the name of an account, and not the head of a column of codes.
	named := func(p piece) bool { return !numeric(p.s) && (below && n == 1 || n > 1 && numeric(line[n-1].s)) }
	far := func(p piece, k int) int {
		e := l.edges[k]
		// Both ends and the middle count, so that figures go below figures and heads above their columns.
		apart := max(0, e[0]-p.right+1, p.left-e[1]+1)
		if l.words[k] && numeric(p.s) || l.codes[k] && named(p) && (n == 1 || p.right > e[1]) {
			apart += 10
		}
		return apart*20 + min(abs(p.left-e[0]), abs(p.right-e[1]), abs(p.middle()-e[0]-e[1])/2)
	}
	best := make([][]int, n+1)
	for i := range best {
		best[i] = make([]int, m+1)
		for k := range best[i] {
			if i < n && m-k < n-i {
				best[i][k] = out
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		for k := m - (n - i); k >= 0; k-- {
			best[i][k] = min(best[i][k+1], far(line[i], k)+best[i+1][k+1])
		}
	}
	cells := make([]*piece, m)
	for i, k := 0, 0; i < n; k++ {
		if far(line[i], k)+best[i+1][k+1] == best[i][k] {
			cells[k] = &line[i]
			i++
		}
	}
	return cells, best[0][0]
}

func abs(n int) int { return max(n, -n) }

// grid puts the lines together to rows: the lines of a head, and those of a label that is written over several.
func (l *layout) grid(r *reader) *document.Grid {
	head := l.body()
	rows := make([]row, 0, len(l.rows))
	join := func(into row, i int) row {
		if into == nil {
			into = make(row, len(l.edges))
		}
		for k, p := range l.cells[i] {
			if p == nil {
				continue
			}
			if text := r.text(l.rows[i], p.from, p.to); into[k].S == "" {
				into[k] = text
			} else {
				into[k].Append(text)
			}
		}
		return into
	}
	// A first line with few short words, 收入 and 支出, stands above several columns each.
	over := 0
	if head > 1 && l.filled(0)*2 <= len(l.edges) && l.short(0) {
		over = 1
		rows = append(rows, join(nil, 0))
	}
	var line row
	for i := over; i < head; i++ {
		line = join(line, i)
	}
	if line != nil {
		rows = append(rows, line)
	}
	below := len(rows)
	of := l.owners(head)
	for i := head; i < len(l.cells); i++ {
		if slices.Contains(of[head:i], of[i]) {
			continue // joined already
		}
		line = nil
		for k := i; k < len(l.cells); k++ {
			if of[k] == of[i] {
				line = join(line, k)
			}
		}
		// Blank cells stand at the end of the line.
		for k := range line {
			if line[k].S == "" {
				line[k] = r.text(l.rows[of[i]], len(r.lines[l.rows[of[i]]]), len(r.lines[l.rows[of[i]]]))
			}
		}
		rows = append(rows, line)
	}
	g := &document.Grid{Rows: len(rows), Cols: len(l.edges)}
	for i, cells := range rows {
		for k, text := range cells {
			if text.S == "" && i < below {
				continue
			}
			cell := document.Cell{Row: i, Col: k, RowSpan: 1, ColSpan: 1, Text: text}
			for i < over && l.filled(0) > 1 && k+cell.ColSpan < len(cells) && cells[k+cell.ColSpan].S == "" {
				cell.ColSpan++
			}
			g.Cells = append(g.Cells, cell)
		}
	}
	return g
}

// body is the first line below the head: the first with figures, or the first of its label that stands above it.
func (l *layout) body() int {
	first := 0
	for first < len(l.cells) && !l.figures(first) {
		first++
	}
	from := first
	for from > 0 && l.rows[from-1] == l.rows[from]-1 {
		from--
	}
	if from == 0 || from == first {
		return first
	}
	for i := from; i < first; i++ {
		if k := l.only(i); k < 0 || k != l.only(from) || l.cells[first][k] != nil {
			return first
		}
	}
	return from
}

// owners gives, for each line below the head, the line with figures whose row it belongs to, itself where none does. A
// label over several lines has as many of them above its figures as below, or all of them below.
func (l *layout) owners(head int) []int {
	of := make([]int, len(l.cells))
	for i := range of {
		of[i] = i
	}
	// above counts the lines that a row and column have above the figures.
	above := map[[2]int]int{}
	near := func(a, b int) bool { return a >= head && b < len(l.rows) && l.rows[b] == l.rows[a]+1 }
	lone := func(i int) int {
		if l.figures(i) {
			return -1
		}
		return l.only(i)
	}
	for from := head; from < len(l.cells); from++ {
		k := lone(from)
		if k < 0 {
			continue
		}
		to := from + 1
		for to < len(l.cells) && near(to-1, to) && lone(to) == k {
			to++
		}
		up, down := from-1, to
		hasUp, hasDown := near(up, from) && l.figures(up), near(to-1, down) && l.figures(down)
		// A label goes on below the figures of the row down.
		centred := hasDown && (l.cells[down][k] == nil || near(down, down+1) && lone(down+1) == k && !l.ordered(down+1))
		take := 0
		if hasUp {
			switch p := l.cells[up][k]; {
			case l.codes[k] && (p != nil || above[[2]int{up, k}] > 0):
				// A row has one code.
			case above[[2]int{up, k}] > 0:
				take = above[[2]int{up, k}]
			case p == nil:
				take = to - from
			case !centred && p.right >= l.edges[k][1]-2:
				take = to - from
			}
			for i := from; i < min(to, from+take) && !l.ordered(i); i++ {
				of[i] = up
			}
		}
		if centred {
			for i := min(to, from+take); i < to; i++ {
				of[i] = down
				above[[2]int{down, k}]++
			}
		}
		from = to - 1
	}
	return of
}

// filled counts the pieces of a line.
func (l *layout) filled(i int) int {
	n := 0
	for _, p := range l.cells[i] {
		if p != nil {
			n++
		}
	}
	return n
}

// short reports whether the pieces of a line are such words as 项目, 收入.
func (l *layout) short(i int) bool {
	return !slices.ContainsFunc(l.cells[i], func(p *piece) bool { return p != nil && utf8.RuneCountInString(p.s) > 5 })
}

// figures reports whether a line holds a number behind its first piece.
func (l *layout) figures(i int) bool {
	before := false
	for _, p := range l.cells[i] {
		if p != nil && before && numeric(p.s) {
			return true
		}
		before = before || p != nil
	}
	return false
}

// only is the column of the one piece of a line, -1 where there are more.
func (l *layout) only(i int) int {
	at := -1
	for k, p := range l.cells[i] {
		if p != nil && at >= 0 {
			return -1
		}
		if p != nil {
			at = k
		}
	}
	return at
}

// ordered reports whether a line begins an item of its own.
func (l *layout) ordered(i int) bool {
	k := l.only(i)
	return k >= 0 && ordered.MatchString(l.cells[i][k].s)
}
