package pdf

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// machine is a running pdfium. It sees the bytes that it is given, and neither files nor the network.
type machine struct {
	pool     pdfium.Pool
	instance pdfium.Pdfium
	cache    wazero.CompilationCache
}

// start brings pdfium up with so many bytes of memory at most. When the context ends, it stops in the middle of whatever
// it does.
func start(ctx context.Context, memory int64) (*machine, error) {
	if dir, ok := cacheDir(); ok {
		if cache, err := wazero.NewCompilationCacheWithDir(dir); err == nil {
			m, err := startWith(ctx, memory, cache)
			switch {
			case err == nil || ctx.Err() != nil:
				return m, err
			case damaged(err):
				// The next start writes it anew. Else the disk may be full.
				forget(dir)
			}
		}
	}
	return startWith(ctx, memory, nil)
}

func startWith(ctx context.Context, memory int64, cache wazero.CompilationCache) (*machine, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(uint32(min(memory>>16, 1<<16)))
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	m := &machine{cache: cache}
	var err error
	m.pool, err = webassembly.Init(webassembly.Config{
		Context: experimental.WithFunctionListenerFactory(ctx, stopping{}), MaxTotal: 1, RuntimeConfig: config,
		FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
	})
	if err == nil {
		m.instance, err = m.pool.GetInstanceWithContext(ctx)
	}
	if err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// stopping ends pdfium in the middle of a call when the context ends: where it asks for memory, as all that takes long does
// again and again. The runtime's own way (WithCloseOnContextDone) leaves the compiled code at every turn of every loop and
// starts a goroutine for every call, which took longer than all the rest.
type stopping struct{}

// NewFunctionListener makes stopping the listener of the functions that give memory.
func (s stopping) NewFunctionListener(f api.FunctionDefinition) experimental.FunctionListener {
	for _, name := range f.ExportNames() {
		if name == "malloc" || name == "calloc" || name == "realloc" {
			return s
		}
	}
	return nil
}

// Before is called before memory is given.
func (stopping) Before(ctx context.Context, _ api.Module, _ api.FunctionDefinition, _ []uint64, _ experimental.StackIterator) {
	if err := ctx.Err(); err != nil {
		panic(err)
	}
}

// After is called after it.
func (stopping) After(context.Context, api.Module, api.FunctionDefinition, []uint64) {}

// Abort is called where Before or what the function calls panics.
func (stopping) Abort(context.Context, api.Module, api.FunctionDefinition, error) {}

func (m *machine) close() {
	if m.pool != nil {
		m.pool.Close()
	}
	if m.cache != nil {
		m.cache.Close(context.Background())
	}
}

// cacheDir is the folder that keeps pdfium as compiled for this machine, which saves seconds. It holds code that is run:
// a folder that others may write to is not used.
func cacheDir() (string, bool) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", false
	}
	dir := filepath.Join(base, "gouji")
	if os.MkdirAll(dir, 0o700) != nil {
		return "", false
	}
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		return "", false
	}
	return dir, true
}

// damaged reports whether pdfium did not start since a file of the cache is damaged.
func damaged(err error) bool { return strings.Contains(err.Error(), "compilationcache") }

// forget empties a folder of the cache. Who has read its files already does not need them any more.
func forget(dir string) {
	kept, _ := filepath.Glob(filepath.Join(dir, "wazero-*"))
	for _, path := range kept {
		os.RemoveAll(path)
	}
}

// errLocked: the file needs a password.
var errLocked = errors.New("locked")

// file is an open PDF.
type file struct {
	*machine
	ref   references.FPDF_DOCUMENT
	pages int
}

func (m *machine) open(content []byte) (*file, error) {
	doc, err := m.instance.OpenDocument(&requests.OpenDocument{File: &content})
	if errors.Is(err, pdfiumerrors.ErrPassword) || errors.Is(err, pdfiumerrors.ErrSecurity) {
		return nil, errLocked
	}
	if err != nil {
		return nil, err
	}
	count, err := m.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return nil, err
	}
	return &file{machine: m, ref: doc.Document, pages: count.PageCount}, nil
}

func (f *file) close() {
	f.instance.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: f.ref})
}

// sheet reads a page, counted from 0.
func (f *file) sheet(index int) (*sheet, error) {
	loaded, err := f.instance.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: f.ref, Index: index})
	if err != nil {
		return nil, err
	}
	defer f.instance.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	p := &page{file: f, page: requests.Page{ByReference: &loaded.Page}}
	frame, err := f.instance.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: p.page})
	if err != nil {
		return nil, err
	}
	rotation, err := f.instance.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: p.page})
	if err != nil {
		return nil, err
	}
	if err := p.drawings(); err != nil {
		return nil, err
	}
	if err := p.characters(); err != nil {
		return nil, err
	}
	r := frame.Rect
	return upright(raw{
		frame: rect{float64(r.Left), float64(r.Bottom), float64(r.Right), float64(r.Top)}, rotation: int(rotation.PageRotation) & 3,
		glyphs: p.glyphs, rules: p.rules, painted: p.painted, lost: p.lost,
	}), nil
}

// page is a page being read, in the coordinates of the file: y grows upwards.
type page struct {
	*file
	page    requests.Page
	glyphs  []glyph
	rules   []rect
	painted bool
	// invisible: some text is not painted.
	invisible bool
	// lost: some characters were not told, see missing.
	lost bool
}

// Text that is not painted is that of a scan when the page is a picture; elsewhere nobody sees it.
func (p *page) characters() error {
	text, err := p.instance.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: p.page})
	if err != nil {
		return err
	}
	defer p.instance.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
	count, err := p.instance.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return err
	}
	shown := 0
	p.glyphs = make([]glyph, 0, max(count.Count, 0))
	hidden := make([]bool, 0, max(count.Count, 0))
	for i := range count.Count {
		code, err := p.instance.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text.TextPage, Index: i})
		if err != nil {
			return err
		}
		if code.Unicode == 0 || code.Unicode > unicode.MaxRune || !readable(rune(code.Unicode)) {
			continue
		}
		g := glyph{text: normal(rune(code.Unicode))}
		if angle, err := p.instance.FPDFText_GetCharAngle(&requests.FPDFText_GetCharAngle{TextPage: text.TextPage, Index: i}); err == nil {
			g.angle = float64(angle.CharAngle)
		}
		if loose, err := p.instance.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text.TextPage, Index: i}); err == nil {
			g.box = rect{float64(loose.Rect.Left), float64(loose.Rect.Bottom), float64(loose.Rect.Right), float64(loose.Rect.Top)}
		}
		if g.box.width() <= 0 || g.box.height() <= 0 {
			at, err := p.instance.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: text.TextPage, Index: i})
			if err != nil {
				return err
			}
			g.box = rect{at.Left, at.Bottom, at.Right, at.Top}
		}
		unseen := p.invisible && p.hidden(text.TextPage, i)
		if !unseen {
			shown++
		}
		p.glyphs, hidden = append(p.glyphs, g), append(hidden, unseen)
	}
	if !p.invisible || shown*4 < len(hidden) {
		return nil
	}
	kept := p.glyphs[:0]
	for i, g := range p.glyphs {
		if !hidden[i] {
			kept = append(kept, g)
		}
	}
	p.glyphs = kept
	return nil
}

func (p *page) hidden(text references.FPDF_TEXTPAGE, index int) bool {
	object, err := p.instance.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: text, Index: index})
	if err != nil {
		return false
	}
	mode, err := p.instance.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: object.TextObject})
	return err == nil && mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE
}

// matrix maps a point: x' = ax + cy + e, y' = bx + dy + f.
type matrix struct{ a, b, c, d, e, f float64 }

// then is m first and n after it.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d, m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

func (m matrix) box(r rect) rect {
	x1, y1 := m.a*r.l+m.c*r.t+m.e, m.b*r.l+m.d*r.t+m.f
	x2, y2 := m.a*r.r+m.c*r.b+m.e, m.b*r.r+m.d*r.b+m.f
	return rect{min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)}
}

// Objects beyond these numbers are no ruling of a table but a drawing or a map.
const (
	mostObjects  = 40_000
	mostSegments = 4_000
	// deepest is how far forms may nest.
	deepest = 8
)

// drawings collects straight lines, and notes pictures and text that is not painted.
func (p *page) drawings() error {
	count, err := p.instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p.page})
	if err != nil {
		return err
	}
	left := mostObjects
	for i := range count.Count {
		object, err := p.instance.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p.page, Index: i})
		if err != nil {
			return err
		}
		if err := p.drawing(object.PageObject, matrix{a: 1, d: 1}, 0, &left); err != nil || left <= 0 {
			return err
		}
	}
	return nil
}

func (p *page) drawing(object references.FPDF_PAGEOBJECT, m matrix, depth int, left *int) error {
	*left--
	kind, err := p.instance.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object})
	if err != nil {
		return err
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_TEXT:
		mode, err := p.instance.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: object})
		p.invisible = p.invisible || err == nil && mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE
		p.lost = p.lost || p.missing(object)
	case enums.FPDF_PAGEOBJ_FORM:
		if depth == deepest {
			return nil
		}
		own, err := p.instance.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
		if err != nil {
			return err
		}
		m = fromPDF(own.Matrix).then(m)
		count, err := p.instance.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: object})
		if err != nil {
			return err
		}
		for i := 0; i < count.Count && *left > 0; i++ {
			inner, err := p.instance.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: object, Index: uint64(i)})
			if err != nil {
				return err
			}
			if err := p.drawing(inner.PageObject, m, depth+1, left); err != nil {
				return err
			}
		}
	case enums.FPDF_PAGEOBJ_PATH, enums.FPDF_PAGEOBJ_IMAGE, enums.FPDF_PAGEOBJ_SHADING:
		p.painted = true
		bounds, err := p.instance.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object})
		if err != nil {
			// An empty path has none.
			return nil
		}
		box := m.box(rect{float64(bounds.Left), float64(bounds.Bottom), float64(bounds.Right), float64(bounds.Top)})
		if kind.Type != enums.FPDF_PAGEOBJ_PATH {
			p.rule(box)
			return nil
		}
		return p.path(object, m, box)
	}
	return nil
}

// missing reports whether pdfium leaves a text out: it does with a single character of a font that the file does not carry,
// of whose shape it knows nothing.
func (p *page) missing(object references.FPDF_PAGEOBJECT) bool {
	font, err := p.instance.FPDFTextObj_GetFont(&requests.FPDFTextObj_GetFont{PageObject: object})
	if err != nil {
		return false
	}
	embedded, err := p.instance.FPDFFont_GetIsEmbedded(&requests.FPDFFont_GetIsEmbedded{Font: font.Font})
	if err != nil || embedded.IsEmbedded {
		return false
	}
	bounds, err := p.instance.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object})
	return err == nil && bounds.Right <= bounds.Left
}

// thick is the most that a ruling of a table measures across, in points.
const thick = 4

// rule keeps a box that is thin enough to be a line.
func (p *page) rule(r rect) bool {
	if min(r.width(), r.height()) > thick {
		return false
	}
	p.rules = append(p.rules, r)
	return true
}

// path keeps the straight lines of a path: its strokes along the axes, and what is filled and thin.
func (p *page) path(object references.FPDF_PAGEOBJECT, m matrix, box rect) error {
	mode, err := p.instance.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: object})
	if err != nil {
		return err
	}
	if !mode.Stroke && mode.FillMode == enums.FPDF_FILLMODE_NONE || p.rule(box) {
		return nil
	}
	count, err := p.instance.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: object})
	if err != nil || count.Count > mostSegments {
		return err
	}
	own, err := p.instance.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
	if err != nil {
		return err
	}
	m = fromPDF(own.Matrix).then(m)
	var first, last rect
	var part rect
	curved := false
	finish := func() {
		if !mode.Stroke && !curved {
			p.rule(part)
		}
	}
	for i := range count.Count {
		segment, err := p.instance.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: object, Index: i})
		if err != nil {
			return err
		}
		kind, err := p.instance.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: segment.PathSegment})
		if err != nil {
			return err
		}
		point, err := p.instance.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: segment.PathSegment})
		if err != nil {
			return err
		}
		closes, err := p.instance.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: segment.PathSegment})
		if err != nil {
			return err
		}
		x, y := float64(point.X), float64(point.Y)
		to := m.box(rect{x, y, x, y})
		switch kind.Type {
		case enums.FPDF_SEGMENT_MOVETO:
			if i > 0 {
				finish()
			}
			first, part, curved = to, to, false
		case enums.FPDF_SEGMENT_LINETO:
			if mode.Stroke {
				p.stroke(last, to)
			}
		default:
			curved = true
		}
		part, last = part.with(to), to
		if closes.IsClose && mode.Stroke {
			p.stroke(last, first)
		}
	}
	finish()
	return nil
}

func (p *page) stroke(from, to rect) {
	if r := from.with(to); min(r.width(), r.height()) < 1 && max(r.width(), r.height()) > 0 {
		p.rule(r)
	}
}

func fromPDF(m structs.FPDF_FS_MATRIX) matrix {
	return matrix{float64(m.A), float64(m.B), float64(m.C), float64(m.D), float64(m.E), float64(m.F)}
}

// finite replaces what is no number, or far off any page.
func finite(r rect) bool {
	for _, v := range []float64{r.l, r.t, r.r, r.b} {
		if math.IsNaN(v) || math.Abs(v) > 1e6 {
			return false
		}
	}
	return true
}
