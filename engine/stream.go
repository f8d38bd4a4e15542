package engine

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"math"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/cache"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/reader/chunk"
	"github.com/gouji/gouji/engine/reader/sheet"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Sink takes what a check finds, as it comes. Its methods are called by one goroutine; an error of theirs ends the check.
type Sink interface {
	// Found is given the outcome of each input, in the order of the inputs. It may keep it.
	Found(*finding.Outcome) error
	// Wrong is told what is wrong with packs and data files, before the outcomes that are to be read with it. Of a dataset
	// with errors there is no outcome.
	Wrong(diag.List) error
	// Unreadable is told of paths that cannot be read.
	Unreadable(error) error
	// Across is given what the rules across datasets find, once all inputs were found: of an input that was, its findings by
	// these rules, their labels and their tally. Inputs come by entity and period.
	Across(*finding.Outcome) error
}

// Stream judges what Check does, but hands it on as it comes instead of keeping it: the memory that it takes does not
// grow with the number of datasets. The report of the result holds what is counted, and no inputs and findings.
func Stream(ctx context.Context, paths []string, o Options, sink Sink) (*Result, error) {
	c := newChecking(o)
	c.sink = sink
	err := c.stream(ctx, paths)
	switch {
	case errors.Is(err, errBadPack):
		c.result.BadPack = true
		err = c.tellPacks(c.packs)
	case errors.Is(err, errBadList):
		c.result.BadList, err = true, nil
	}
	if err != nil {
		return nil, err
	}
	// What the work took, such as the last datasets, goes away with it.
	result := c.result
	return &result, nil
}

func (c *checking) stream(ctx context.Context, paths []string) error {
	files, err := c.files(ctx, paths)
	if err != nil {
		return err
	}
	if c.options.Rules != "" {
		if _, err := c.plan(c.options.Rules); err != nil {
			return err
		}
	}
	for _, err := range c.unreadable {
		if err := c.sink.Unreadable(err); err != nil {
			return err
		}
	}
	if err := c.list(ctx); err != nil {
		return err
	}
	if c.options.remembers() {
		c.by = c.options.judgedBy()
	}
	if err := c.acceptances(); err != nil {
		return err
	}
	c.across = run.NewAcross(c.options.Options, "", run.AcrossMemory)
	defer c.across.Close()
	var counts run.Counts
	report := &finding.Report{Version: c.options.Version}
	judge := func(pieces iter.Seq2[*piece, error]) error {
		return run.Stream(ctx, pieces, c.options.Options, func(p *piece, one *run.Counts) error {
			counts.Add(one)
			return c.emit(p)
		})
	}
	if c.options.Join {
		c.join = table.NewJoin("", c.joinMemory)
		defer c.join.Close()
	}
	err = judge(c.pieces(ctx, files))
	if err == nil && c.join != nil {
		err = judge(c.joined(ctx))
	}
	if err == nil {
		err = c.unknownRules()
	}
	if err != nil {
		return err
	}
	counts.Tell(report, c.options.Options)
	if err := c.judgeAcross(ctx, report); err != nil {
		return err
	}
	report.Files, report.Roll = c.sums, c.roll.report()
	c.result.Report = report
	var list diag.List
	if list, c.result.Baseline = c.accepting.End(); c.failed != nil {
		return c.failed
	}
	return c.sink.Wrong(list)
}

// judgeAcross hands on what the rules across datasets say.
func (c *checking) judgeAcross(ctx context.Context, report *finding.Report) error {
	if err := c.across.Judge(ctx, func(out *run.AcrossOutcome) error {
		list := append(out.Diagnostics, c.accepting.Input(&out.Outcome, c.entriesAcross[out.Number], c.across.Judges)...)
		out.Settle()
		out.Index, out.Outcome.Across = c.starts[out.Number>>32]+int(out.Number&math.MaxUint32), true
		if len(list) > 0 {
			if err := c.sink.Wrong(list); err != nil {
				return err
			}
		}
		return c.sink.Across(&out.Outcome)
	}); err != nil {
		return err
	}
	for _, r := range c.across.Rules() {
		report.Rules = append(report.Rules, r)
		report.Summary.Merge(r.Tally)
	}
	return nil
}

// piece is a part of the data that one worker judges: a file, or a part of a file of many datasets.
type piece struct {
	*checking
	ctx  context.Context
	file string
	// index counts the pieces before it.
	index int
	// part is nil for a whole file. begins: it is the first of its file, or a whole file.
	part   reader.Piece
	begins bool
	// joined: it is what several tables say, and no part of a file.
	joined bool
	// progress is how far the work is when the piece is done.
	progress Progress
	// key is that of what comes of it, and keeps whether that is to be kept; counts are what was kept, nil where nothing was.
	key    cache.Key
	keeps  bool
	counts *run.Counts
	// rows counts the rows of tables in it that are to be joined with those of others.
	rows uint32
	// What comes of it; several: the whole file holds several datasets.
	several bool
	inputs  []judged
	// refers: something that was handed on refers to the text of the piece.
	refers bool
	// together are those that are judged together.
	together together
	// hand hands on what has come so far, which parted says was done: handed counts these inputs, and weight what has come since.
	hand   func() error
	parted bool
	handed int
	weight int
	packs  []*loaded
	// columns are those of tables that have faults.
	columns    []*table.Binding
	list       diag.List
	unreadable error
}

// suspected is in how many pieces figures are sought that explain several fails: nobody reads that of a whole bureau, and it
// costs many times what judging does.
const suspected = 100

// judged is what comes of one input.
type judged struct {
	// number tells the inputs apart, in their order.
	number  uint64
	outcome *finding.Outcome
	plan    *plan.Plan
	// claims is the plan that judged what a document claims by its wording; nil elsewhere.
	claims *plan.Plan
	// entries are the acceptances in the file and beside it.
	entries []*acceptance.Entry
	// record is what rules across datasets need, where that is to be kept.
	record *run.AcrossRecord
	// dataset is nil unless it is to be kept.
	dataset *dataset.Dataset
}

// Progress tells how far a check is.
type Progress struct {
	// Datasets counts those that were read. Done of Total is how much of the work was done.
	Datasets    int
	Done, Total float64
}

// pieces takes the files apart.
func (c *checking) pieces(ctx context.Context, files []string) iter.Seq2[*piece, error] {
	return func(hand func(*piece, error) bool) {
		yield := func(p *piece, err error) bool {
			p.index = c.made
			c.made++
			return hand(p, err)
		}
		work := make([]float64, len(files))
		progress := &c.progress
		for i, file := range files {
			work[i] = c.work(file)
			progress.Total += work[i]
		}
		if c.join != nil {
			// What was read is put together afterwards.
			progress.Total *= 2
		}
		for i, file := range files {
			progress.Done += work[i]
			format, _ := formatOf(file)
			if format.Pieces == nil {
				if !yield(&piece{checking: c, ctx: ctx, file: file, begins: true, progress: *progress}, nil) {
					return
				}
				continue
			}
			if !c.parts(ctx, file, format, *progress, work[i], yield) {
				return
			}
		}
	}
}

// joined is what the tables say, when all of them were read.
func (c *checking) joined(ctx context.Context) iter.Seq2[*piece, error] {
	return func(yield func(*piece, error) bool) {
		done, left, rows := c.progress.Done, c.progress.Total-c.progress.Done, float64(c.join.Rows())
		for b, err := range c.join.Batches() {
			if err != nil {
				yield(nil, err)
				return
			}
			c.progress.Done = done + left*float64(b.Rows)/rows
			p := &piece{checking: c, ctx: ctx, part: reader.Joined(b), joined: true, index: c.made, progress: c.progress}
			c.made++
			if !yield(p, nil) {
				return
			}
		}
	}
}

// work is about how many datasets are in a file, for telling how far the work is.
func (c *checking) work(file string) float64 {
	if format, _ := formatOf(file); c.options.Progress != nil && format.Pieces != nil && file != Stdin {
		fsys, at := c.options.source(file)
		if info, err := fs.Stat(fsys, at); err == nil {
			return max(float64(info.Size())/datasetSize, 1)
		}
	}
	return 1
}

// datasetSize is about how long a dataset is in a file of many.
const datasetSize = 10_000

// parts takes a file of many datasets apart, which is a share of the work. It is false when no more is wanted.
func (c *checking) parts(ctx context.Context, file string, format reader.Format, progress Progress, work float64, yield func(*piece, error) bool) bool {
	in, err := c.open(file)
	begins, whole := true, true
	next := func() *piece {
		p := &piece{checking: c, ctx: ctx, file: file, begins: begins, progress: progress}
		begins = false
		return p
	}
	if err != nil {
		p := next()
		if p.unreadable = err; !c.takes(file, "") {
			p.unreadable = nil
		}
		return yield(p, nil)
	}
	defer in.close()
	if mayHoldResults(format) && file != Stdin {
		head := bufio.NewReaderSize(in.Reader, resultsWithin)
		in.Reader = head
		// What keeps it from being read the pieces tell.
		if begin, _ := head.Peek(resultsWithin); holdsResults(format, begin) {
			p := next()
			p.results()
			return yield(p, nil)
		}
	}
	for part, err := range format.Pieces(reader.Stream{Path: file, Reader: in, Live: file == Stdin, Memory: &c.memory, Open: c.anywhere(file)}) {
		p := next()
		if err != nil {
			p.fault(err)
		}
		p.part = part
		if size := in.file.size; size > 0 {
			p.progress.Done -= work * (1 - min(float64(in.file.n)/float64(size), 1))
		}
		whole = whole && err == nil
		if !yield(p, nil) {
			return false
		}
	}
	if whole {
		if sum := in.sum.end(); sum != "" {
			c.sums = append(c.sums, finding.File{Path: file, SHA256: sum})
		}
	}
	return true
}

// fault notes what keeps a part of a file, or the rest of it, from being read.
func (p *piece) fault(err error) {
	var long *chunk.TooLongError
	if errors.As(err, &long) {
		at := source.Known(p.file, "").Mark(source.Position{Line: long.Line, Column: 1})
		p.list.Add(diag.New(diag.DocumentLimit, at, fmt.Sprintf("%d MiB", chunk.Max>>20)))
		return
	}
	p.unreadable = fmt.Errorf("%s: %w", p.file, err)
}

// Stdin names the standard input among paths: JSON Lines, one dataset a line.
const Stdin = "-"

// formatOf is the format of a path.
func formatOf(file string) (reader.Format, bool) {
	if file == Stdin {
		file = "stdin.jsonl"
	}
	return reader.Lookup(file)
}

// opened is a file that is being read, decompressed where its name says so.
type opened struct {
	io.Reader
	file *counted
	// sum is nil where it is not wanted.
	sum   *summed
	close func()
}

// counted counts the bytes that were read. A file that ends before it should is told, even where what is left of it looks whole.
type counted struct {
	io.Reader
	path string
	// size is that of the file when it was opened, 0 where it is not known.
	n, size int64
}

func newCounted(path string, f fs.File) *counted {
	c := &counted{Reader: f, path: path}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		c.size = info.Size()
	}
	return c
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	if errors.Is(err, io.EOF) && c.n < c.size {
		err = &fs.PathError{Op: "read", Path: c.path, Err: io.ErrUnexpectedEOF}
	}
	return n, err
}

// summed sums up what is read.
type summed struct {
	io.Reader
	hash hash.Hash
	some bool
}

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.hash.Write(p[:n])
	s.some = s.some || n > 0
	return n, err
}

// end is the hash of the file in hex, "" where that is not wanted or the file was not read from its beginning. What stands
// behind the last dataset is read for it.
func (s *summed) end() string {
	if s == nil || !s.some {
		return ""
	}
	if _, err := io.Copy(io.Discard, s); err != nil {
		return ""
	}
	return hex.EncodeToString(s.hash.Sum(nil))
}

// open opens a file, or the standard input.
func (c *checking) open(file string) (*opened, error) {
	raw, done := &counted{Reader: c.options.Stdin}, func() {}
	if file != Stdin {
		fsys, _ := c.options.source(file)
		f, err := fsys.Open(file)
		if err != nil {
			return nil, err
		}
		raw, done = newCounted(file, f), func() { f.Close() }
	}
	in := &opened{file: raw}
	from := io.Reader(raw)
	if c.options.Sums {
		in.sum = &summed{Reader: raw, hash: sha256.New()}
		from = in.sum
	}
	plain, err := reader.Decompress(file, from)
	if err != nil {
		done()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	in.Reader, in.close = plain, func() { plain.Close(); done() }
	return in, nil
}

// anywhere opens a file for reading anywhere in it. It is nil where that cannot be, as of a pipe or a compressed file.
func (c *checking) anywhere(file string) func() (reader.Opened, error) {
	if file == Stdin || reader.Uncompressed(file) != file {
		return nil
	}
	return func() (reader.Opened, error) {
		fsys, _ := c.options.source(file)
		f, err := fsys.Open(file)
		if err != nil {
			return reader.Opened{}, err
		}
		info, err := f.Stat()
		at, ok := f.(io.ReaderAt)
		if err != nil || !ok || !info.Mode().IsRegular() {
			f.Close()
			if err == nil {
				err = errors.ErrUnsupported
			}
			return reader.Opened{}, err
		}
		return reader.Opened{ReaderAt: at, Size: info.Size(), Close: f.Close}, nil
	}
}

// judging judges a dataset.
type judging = func(*run.Item) (*finding.Outcome, error)

// Judge loads the datasets of the piece and has them judged.
func (p *piece) Judge(j run.Judge, part func() error) (err error) {
	p.hand, p.together = part, together{judge: j}
	judge := j.Dataset
	defer func() {
		if wrong := recover(); wrong != nil {
			err = &run.Fault{Path: p.file, Panic: wrong, Stack: debug.Stack()}
		}
	}()
	if p.unreadable != nil || len(p.list) > 0 {
		return nil
	}
	if p.part == nil {
		return p.whole(judge)
	}
	if c, ok := p.part.(content); ok {
		done, err := p.recall(c)
		if s, ok := p.part.(skipping); done && ok {
			s.Skip()
		}
		if done || err != nil {
			return err
		}
	}
	format, _ := formatOf(p.file)
	for r := range p.part.Records() {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		one := p.record(r)
		one.format = format
		if err := p.next(one, judge); err != nil {
			return err
		}
	}
	p.release()
	return nil
}

// releasing is a part whose text serves again when nothing refers to it any more.
type releasing interface{ Release() }

// release gives the text of the piece back. Outcomes hold copies of what they tell; diagnostics, acceptances and datasets refer to it.
func (p *piece) release() {
	if r, ok := p.part.(releasing); ok && !p.refers && len(p.list) == 0 && p.rows == 0 && !p.options.Keep {
		r.Release()
	}
}

// whole loads what a file holds.
func (p *piece) whole(judge judging) error {
	fsys, _ := p.options.source(p.file)
	content, list, err := readFile(fsys, p.file)
	if content == nil {
		if p.takes(p.file, "") {
			p.list, p.unreadable = list, err
		}
		return nil
	}
	format, _ := reader.Lookup(p.file)
	if holdsResults(format, content) {
		p.results()
		return nil
	}
	if done, err := p.recall(whole(content)); done || err != nil {
		return err
	}
	if isDocument(p.file, content) {
		return p.document(content, judge)
	}
	sum := sha256.Sum256(content)
	one := record{path: p.file, format: format, sha256: hex.EncodeToString(sum[:])}
	one.File = source.New(p.file, content)
	if format.Split == nil {
		return p.dataset(one, judge)
	}
	parts := format.Split(one.File.Content)
	if len(parts) < 2 {
		return p.dataset(one, judge)
	}
	p.several = true
	for _, part := range parts {
		r := record{path: fmt.Sprintf("%s:%d", p.file, part.Before+1), within: p.file, format: format, sha256: one.sha256}
		r.File = &source.File{Path: p.file, Content: part.Content, Before: part.Before}
		if err := p.next(r, judge); err != nil {
			return err
		}
	}
	return nil
}

// document reads a published document.
func (p *piece) document(content []byte, judge judging) error {
	text, list, err := p.text(p.ctx, p.file, content)
	if text == nil || err != nil {
		p.list = list
		return err
	}
	if book := sheet.Of(text); book != nil {
		p.list = list
		return p.sheets(book, judge)
	}
	d, list, err := p.say(p.ctx, text, list, p.file, content, p.use)
	p.list = list
	if d == nil || err != nil {
		return err
	}
	if p.options.Keep {
		p.mu.Lock()
		p.result.documents[p.file] = d.Text
		p.mu.Unlock()
	}
	item, wrong := d.item()
	if p.list = append(p.list, wrong...); item == nil {
		return nil
	}
	var claims *run.Item
	switch p.options.Rules {
	case "":
		claims, err = p.claims(p.ctx, d, item.Dataset, p.use)
	case generalPack:
		item, err = p.claims(p.ctx, d, item.Dataset, p.use)
	}
	if err != nil || item == nil {
		return err
	}
	return p.take(item, claims, judge)
}

// sheets judges the datasets of a workbook.
func (p *piece) sheets(book *sheet.Book, judge judging) error {
	p.several = true
	for r := range book.Records() {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		if err := p.next(p.record(reader.Record{Line: r.Line, Row: r.Row, List: r.List, Unit: r.Unit}), judge); err != nil {
			return err
		}
	}
	return nil
}

// record is a record of the piece, with its name.
func (p *piece) record(r reader.Record) record {
	one := record{within: p.file, Record: r}
	sheet := ""
	if r.Row != nil {
		if one.within = r.Row.File.Path; r.Row.File.Cells != nil && r.Row.File.Cells.Sheet != "" {
			sheet = r.Row.File.Cells.Sheet + "!"
		}
	} else if p.joined {
		one.within = r.List[0].Span.File.Path
	}
	one.path = one.within + ":" + sheet + strconv.Itoa(r.Line)
	return one
}

// gather keeps a row of a table until those of the same unit in others are known.
func (p *piece) gather(r *record) error {
	// Nothing comes of it yet that could be kept.
	p.keeps = false
	number := uint64(p.index)<<32 | uint64(p.rows)
	p.rows++
	// A unit is one whichever of its listed names a table has.
	unit := func(entity, period string) table.Unit {
		return table.Unit{Entity: p.options.Entities.Called(entity), Period: period}
	}
	if r.Row == nil {
		if p.takes(p.file, "") {
			p.list = append(p.list, r.List...)
		}
		return p.join.Fault(number, unit(r.Unit.Entity, r.Unit.Period))
	}
	h, ok := r.Row.Header()
	if !ok {
		var list diag.List
		if _, h, list = r.header(); list.HasErrors() {
			p.list = append(p.list, list...)
			return p.join.Fault(number, unit(h.Entity, h.Period))
		}
	}
	return p.join.Add(number, unit(h.Entity, h.Period), r.Row)
}

// record is one dataset, before it is read.
type record struct {
	// path names it; within is the file that holds it among others, "" where it is the file.
	path, within string
	reader.Record
	// format is the zero one where the name of the file tells none.
	format reader.Format
	// sha256 is the hash of its file in hex, "" where that is not read as a whole.
	sha256 string
}

// dataset loads and judges one dataset.
func (p *piece) dataset(r record, judge judging) error {
	if p.join != nil && !p.joined && (r.Row != nil || r.List != nil) {
		return p.gather(&r)
	}
	if done, err := p.quick(&r, judge); done || err != nil {
		return err
	}
	doc, header, list := r.header()
	if !p.takes(cmp.Or(r.within, p.file), header.Pack) {
		return nil
	}
	if doc == nil || doc.Kind != yamldoc.Mapping {
		p.list = append(p.list, list...)
		return nil
	}
	// A faulty header does not hide what is wrong below it, unless the pack to read it by is in doubt.
	if n := doc.Get("pack"); list.HasErrors() && p.options.Rules == "" && n != nil && header.Pack != strings.TrimSpace(n.Value) {
		p.list = append(p.list, list...)
		return nil
	}
	name := p.packOf(header)
	if name == "" {
		at := doc.Span
		if n := doc.Get("pack"); n != nil {
			at = n.Span
		}
		list.Add(diag.New(diag.UnknownPack, at, header.Pack).WithSuggestion(diag.Suggest(header.Pack, p.options.names())))
		p.list = append(p.list, list...)
		return nil
	}
	compiled, err := p.use(name)
	if err != nil {
		return err
	}
	var units map[*source.File]string
	if r.Row != nil {
		units = r.Row.Units()
		for _, row := range r.Row.All() {
			if columns := row.Bind(compiled.Pack.Schema); columns.Faulty() && !slices.Contains(p.columns, columns) {
				p.columns = append(p.columns, columns)
			}
		}
		var wrong diag.List
		doc, wrong = r.Row.Doc(compiled.Pack.Schema)
		if list = append(list, wrong...); doc == nil {
			p.list = append(p.list, list...)
			return nil
		}
	}
	d, wrong := dataset.BuildParts(doc, header, units, compiled.Pack.Schema)
	list = append(list, wrong...)
	list.Sort()
	p.list = append(p.list, list...)
	if list.HasErrors() {
		return nil
	}
	return p.take(r.item(compiled, d), nil, judge)
}

// header reads the document of a record, and what stands before its figures.
func (r *record) header() (*yamldoc.Node, dataset.Header, diag.List) {
	var doc *yamldoc.Node
	list := r.List
	switch {
	case r.Row != nil:
		doc, list = r.Row.Doc(nil)
	case r.File != nil && r.format.Read == nil:
		list = diag.List{unknownFormat(r.File)}
	case r.File != nil:
		doc, list = r.format.Read(r.File)
	}
	if doc == nil || list.HasErrors() {
		return nil, dataset.Header{}, list
	}
	h, wrong := dataset.ReadHeader(doc, false)
	return doc, h, append(list, wrong...)
}

// item is a dataset with the plan that judges it.
func (r *record) item(p *plan.Plan, d *dataset.Dataset) *run.Item {
	return &run.Item{Plan: p, Dataset: d, Path: r.path, Within: r.within, SHA256: r.sha256}
}

// quick reads a dataset in the shape that nearly all have. It is not done with others, and with those that have faults.
func (p *piece) quick(r *record, judge judging) (done bool, err error) {
	head, ok := r.format.Head(&r.Record)
	if !ok {
		return false, nil
	}
	if !p.takes(cmp.Or(r.within, p.file), head.Pack) {
		return true, nil
	}
	name := p.packOf(head.Header)
	if name == "" {
		return false, nil
	}
	compiled, err := p.use(name)
	if err != nil {
		return false, err
	}
	loader := p.loaders.take(compiled)
	defer p.loaders.give(compiled, loader)
	if outcome, err := p.ask(r, head, compiled, loader); outcome != nil || err != nil {
		if err == nil {
			err = p.take(r.item(compiled, &p.together.dataset), nil, outcome)
		}
		return true, err
	}
	// The memory of a dataset that was judged serves the next one.
	d, ok := loader.Load(&r.Record, head, !p.options.Keep)
	if !ok {
		return false, nil
	}
	return true, p.take(r.item(compiled, d), nil, judge)
}

// loaders are those that no worker uses just now.
type loaders struct {
	mu   sync.Mutex
	free map[*plan.Plan][]*reader.Loader
}

func (l *loaders) take(p *plan.Plan) *reader.Loader {
	l.mu.Lock()
	defer l.mu.Unlock()
	free := l.free[p]
	if n := len(free); n > 0 {
		l.free[p] = free[:n-1]
		return free[n-1]
	}
	return reader.NewLoader(p.Pack.Schema)
}

func (l *loaders) give(p *plan.Plan, loader *reader.Loader) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free == nil {
		l.free = map[*plan.Plan][]*reader.Loader{}
	}
	l.free[p] = append(l.free[p], loader)
}

// take has one input judged. A dataset whose acceptances have faults is not, as with other faults.
func (p *piece) take(item, claims *run.Item, judge judging) error {
	within, list := acceptance.Read(item.Dataset.Accepted)
	list.Sort()
	if p.list = append(p.list, list...); list.HasErrors() {
		return nil
	}
	one := judged{number: p.number(), plan: item.Plan, entries: within}
	p.keeps, p.refers = p.keeps && within == nil, p.refers || within != nil
	if item.Within == "" {
		beside, list := p.beside(item.Path)
		p.list, one.entries = append(p.list, list...), append(one.entries, beside...)
	}
	p.misplaced(item)
	item.Unsuspected = p.index >= suspected
	var err error
	if one.outcome, err = judge(item); err != nil {
		return err
	}
	if one.record = p.across.Record(item); one.record != nil {
		if err := p.across.AddRecord(one.number, item.Plan, one.record); err != nil {
			return err
		}
		if !p.keeps {
			one.record = nil
		}
	}
	if claims != nil {
		claims.Claims = true
		more, err := judge(claims)
		if err != nil {
			return err
		}
		one.claims = claims.Plan
		one.join(more)
	}
	if p.options.Keep {
		one.dataset = item.Dataset
	}
	p.inputs = append(p.inputs, one)
	return nil
}

// beside is what is accepted in the file beside another, where there is one, and what is wrong with it.
func (p *piece) beside(file string) ([]*acceptance.Entry, diag.List) {
	entries, list, err := p.options.entries(file + acceptance.Suffix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.unreadable = errors.Join(p.unreadable, err)
	}
	return entries, list
}

// number tells the next input of the piece apart from all others, in their order.
func (p *piece) number() uint64 { return uint64(p.index)<<32 | uint64(p.handed+len(p.inputs)) }

// next loads and judges one dataset of several, and hands on what has come of the piece where that is much.
func (p *piece) next(r record, judge judging) error {
	before := len(p.inputs)
	if err := p.dataset(r, judge); err != nil {
		return err
	}
	for i := range p.inputs[before:] {
		p.weight += 1 + len(p.inputs[before+i].outcome.Findings)
	}
	if p.weight+len(p.list) < p.most {
		return nil
	}
	// It is more than is kept.
	p.keeps, p.refers = false, p.refers || len(p.list) > 0
	n := len(p.inputs)
	if err := p.hand(); err != nil {
		return err
	}
	p.parted, p.handed, p.weight = true, p.handed+n, 0
	p.inputs, p.list, p.columns, p.unreadable, p.begins = nil, nil, nil, nil, false
	return nil
}

// mostInMemory is how many inputs, findings and diagnostics of a piece are in memory: of tiny datasets that have nothing of
// what rules read, a megabyte comes to a million findings.
const mostInMemory = 1 << 15

// join adds what was found of the claims of a document.
func (j *judged) join(claims *finding.Outcome) {
	j.outcome.Findings = append(j.outcome.Findings, claims.Findings...)
	j.outcome.Sort()
	j.outcome.Tally.Merge(claims.Tally)
	for path, label := range claims.Labels {
		if _, known := j.outcome.Labels[path]; !known {
			if j.outcome.Labels == nil {
				j.outcome.Labels = map[string]string{}
			}
			j.outcome.Labels[path] = label
		}
	}
}

// use is the compiled pack of that name; what is wrong with it is told with the piece.
func (p *piece) use(name string) (*plan.Plan, error) {
	one, err := p.load(name)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(p.packs, one) {
		p.packs = append(p.packs, one)
	}
	return one.compiled()
}

// emit hands on what comes of a piece.
func (c *checking) emit(p *piece) error {
	if err := c.tellPacks(p.packs); err != nil {
		return err
	}
	if p.begins && (p.part != nil || p.several) {
		// What is accepted of the datasets of a file stands beside it.
		entries, list := p.beside(p.file)
		p.list = append(list, p.list...)
		c.accepting.Scope(p.file, entries)
	}
	if p.rows > 0 {
		c.accepting.Join(p.file)
	}
	if !p.parted {
		c.starts = append(c.starts, c.found)
	}
	for _, columns := range p.columns {
		p.list = append(columns.Take(), p.list...)
	}
	for i := range p.inputs {
		in := &p.inputs[i]
		in.outcome.Index = c.found
		c.found++
		ran := func(id string) bool {
			return c.options.Runs(id) && (in.plan.Has(id) || in.claims != nil && in.claims.Has(id))
		}
		own := slices.Clone(in.entries)
		if in.plan.Across != nil {
			// The rules across datasets find later.
			across, ordinary := in.plan.Across.Has, ran
			ran = func(id string) bool { return ordinary(id) && !across(id) }
			for _, e := range in.entries {
				if across(e.Rule) {
					c.entriesAcross[in.number] = append(c.entriesAcross[in.number], e)
				}
			}
			own = slices.DeleteFunc(own, func(e *acceptance.Entry) bool { return across(e.Rule) })
		}
		p.list = append(p.list, c.accepting.Input(in.outcome, own, ran)...)
		in.outcome.Settle()
	}
	if len(p.list) > 0 {
		if err := c.sink.Wrong(p.list); err != nil {
			return err
		}
	}
	if p.unreadable != nil {
		if err := c.sink.Unreadable(p.unreadable); err != nil {
			return err
		}
	}
	for i := range p.inputs {
		in := &p.inputs[i]
		if c.options.Keep {
			c.result.Datasets = append(c.result.Datasets, in.dataset)
		}
		if in.entries != nil {
			c.result.Accepted = append(c.result.Accepted, acceptance.Scope{Input: in.outcome.Input.Path, Entries: in.entries})
		}
		c.roll.add(&in.outcome.Input)
		if err := c.sink.Found(in.outcome); err != nil {
			return err
		}
	}
	if c.options.Progress != nil {
		c.datasets += len(p.inputs)
		p.progress.Datasets = c.datasets
		c.options.Progress(p.progress)
	}
	return nil
}

// tellPacks tells what is wrong with packs, once.
func (c *checking) tellPacks(packs []*loaded) error {
	for _, one := range packs {
		if list := one.take(); len(list) > 0 {
			if err := c.sink.Wrong(list); err != nil {
				return err
			}
		}
	}
	return nil
}
