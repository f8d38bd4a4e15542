package extract

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/gouji/gouji/engine/document"
)

// Header is what a document says of itself. A text is "" where it does not say, or not clearly.
type Header struct {
	// Entity is the unit or department; Period the year that it reports on, in four digits; Kind 单位决算 or 部门决算.
	Entity, Period, Kind string
}

// Header finds out what the document is. Nothing is guessed: a name counts where it stands in a title, behind
// 编制单位, or again and again before the year; a year where it stands before 年 and is none that is compared with.
func (r *Reading) Header() Header {
	v := votes{entities: map[string]int{}, years: map[string]int{}, days: map[string]int{}, kinds: map[string]int{}}
	lines := 0
	previous := ""
	for i, b := range r.Document.Blocks {
		if b.Grid != nil {
			for _, c := range b.Grid.Cells {
				text := squeeze(c.Text.S)
				above := c.Row < captionRows && utf8.RuneCountInString(text) <= titleLength
				if above {
					v.caption(text)
				}
				v.line(text, "", above)
			}
			continue
		}
		for line := range strings.Lines(b.Text.S) {
			line = squeeze(line)
			if line == "" {
				continue
			}
			lines++
			heading := lines <= titleLines && utf8.RuneCountInString(line) <= titleLength || b.Kind == document.Heading || r.headed(i)
			v.caption(line)
			v.line(line, previous, heading)
			previous = line
		}
	}
	if len(v.years) == 0 {
		v.years = v.days
	}
	return Header{Entity: most(v.entities, 2), Period: most(v.years, 1), Kind: most(v.kinds, 1)}
}

const (
	// titleLines is how many lines of a document may be its title, titleLength how many characters they have at most.
	titleLines, titleLength = 12, 60
	// captionRows is how many rows of a table may stand above its head.
	captionRows = 4
)

// headed reports whether the grammar takes a block for a heading.
func (r *Reading) headed(block int) bool {
	return slices.ContainsFunc(r.Headings, func(h Heading) bool { return h.Block == block })
}

// votes counts what speaks for each name, year and kind; days for each year of a day, where no year stands alone.
type votes struct{ entities, years, days, kinds map[string]int }

// most is the key with the most votes; "" where it has less than needed or another has as many.
func most(votes map[string]int, needed int) string {
	keys := slices.SortedFunc(maps.Keys(votes), func(a, b string) int {
		return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(a, b))
	})
	if len(keys) == 0 || votes[keys[0]] < needed || len(keys) > 1 && votes[keys[1]] == votes[keys[0]] {
		return ""
	}
	return keys[0]
}

// titles are the patterns of titles. They are compiled when the first document is read: datasets need none.
var titles = sync.OnceValue(func() *titlePatterns {
	return &titlePatterns{
		// Words are matched in both scripts, since traditional characters are no less common than bad conversions to them.
		reportYear: regexp.MustCompile(`(?:19|20)[0-9]{2}年`),
		accounts:   regexp.MustCompile(`[决決]算|“?三公”?[经經]`),
		kindOf:     regexp.MustCompile(`(?:部[门門]|[单單]位)[决決]算`),
		comparedTo: regexp.MustCompile(`(?:与|與|较|較|比|同|上年|上年度|即)$`),
		captionOf:  regexp.MustCompile(`(?:[编編]制|填[报報]|公[开開]|[报報]送|[预預]算)?(?:[单單]位|部[门門])(?:名[称稱])?[:：]([^:：，,。;；|0-9]{3,40}?)(?:(?:金[额額]|[货貨][币幣])?[单單]位[:：]|[0-9，,。;；|]|$)`),
		// yearFirst is a year and the kind around the name: 2023年度某局部门决算.
		yearFirst: regexp.MustCompile(`^(?:19|20)[0-9]{2}年度?(.{3,40}?)(?:部[门門]|[单單]位)?[决決]算`),
		// nameOpener stands before a name and does not belong to it.
		nameOpener: regexp.MustCompile(`^(?:第[一二三四五六七八九十]+部分|附件[0-9一二三四五六七八九十]*[:：.、]?|[（(]?[0-9一二三四五六七八九十]+[）)、.．]|[现現][将將]|[关關][于於]|[经經]|其中|比如|例如|按照.*|根据.*|根據.*)+`),
		// nameCloser stands behind a name and says what is reported of it.
		nameCloser: regexp.MustCompile(`(?:[（(](?:[汇匯][总總]|含下[属屬].*)[）)]|部[门門]|[单單]位)$`),
		// organisation is how names of public bodies end.
		organisation: regexp.MustCompile(`(?:部|局|委|[办辦]|[厅廳]|院|[会會]|中心|府|校|[园園]|站|所|[队隊]|室|[处處]|[馆館]|社|[团團]|司|集[团團]|[镇鎮]|[乡鄉]|街道|[县縣]|[区區]|市|省|大[学學]|中[学學]|小[学學]|[学學]校|[联聯]|[机機][关關]|基地|[场場]|[厂廠]|旗|盟|州|系[统統]|台)(?:[（(](?:本[级級]|[机機][关關])[）)])?$`),
		nobody:       regexp.MustCompile(`^(?:本|我|各|全|该|該|[决決]算|[预預]算|[单單]位|部[门門]|年|上|下|其他)`),
		// chineseYear is a year in Chinese digits: 二〇二三年.
		chineseYear: regexp.MustCompile(`二[〇○Ｏ零][〇○Ｏ零一二三四五六七八九]{2}年`),
		month:       regexp.MustCompile(`^[0-9]{1,2}月`),
	}
})

type titlePatterns struct {
	reportYear, accounts, kindOf, comparedTo, captionOf, yearFirst, nameOpener, nameCloser, organisation, nobody, chineseYear, month *regexp.Regexp
}

// line takes the votes of one line. The names that a title line and a heading hold weigh more than one in a sentence.
func (v *votes) line(line, previous string, heading bool) {
	weight := 1
	if heading {
		weight = 4
	}
	for _, at := range titles().reportYear.FindAllStringIndex(line, -1) {
		before := line[:at[0]]
		if titles().comparedTo.MatchString(before) {
			continue
		}
		if rest := line[at[1]:]; titles().month.MatchString(rest) && !strings.HasPrefix(rest, "12月31日") {
			// The day of something, such as that of publication in the year after.
			v.days[line[at[0]:at[0]+4]]++
		} else {
			v.years[line[at[0]:at[0]+4]] += weight
		}
		clause := before
		if i := strings.LastIndexAny(before, "，,。；;：:！？、"); i >= 0 {
			_, size := utf8.DecodeRuneInString(before[i:])
			clause = before[i+size:]
		}
		rest := line[at[1]:]
		switch name := entity(clause); {
		case name == "":
		case heading && titles().accounts.MatchString(rest), strings.Contains(clause, "现将"), strings.Contains(clause, "現將"):
			v.entities[name] += 4
		case clause == before && titles().accounts.MatchString(rest):
			v.entities[name] += 2
		default:
			v.entities[name]++
		}
		if at[0] == 0 && heading && titles().accounts.MatchString(rest) && utf8.RuneCountInString(previous) <= titleLength {
			// The name stands on a line of its own above the title.
			if name := entity(previous); name != "" {
				v.entities[name] += 4
			}
		}
	}
	if !heading {
		return
	}
	if m := titles().yearFirst.FindStringSubmatch(line); m != nil {
		if name := entity(m[1]); name != "" {
			v.entities[name] += 4
		}
	}
	for _, m := range titles().kindOf.FindAllString(line, -1) {
		if strings.ContainsAny(m, "单單") {
			v.kinds["单位决算"]++
		} else {
			v.kinds["部门决算"]++
		}
	}
}

// caption takes the vote of a line such as 编制单位：某局.
func (v *votes) caption(line string) {
	if m := titles().captionOf.FindStringSubmatch(line); m != nil {
		if name := entity(m[1]); name != "" {
			v.entities[name] += 4
		}
	}
}

// entity is the name in a piece of text that ends with one; "" where it does not look like that of a public body.
func entity(s string) string {
	s = s[len(titles().nameOpener.FindString(s)):]
	short := titles().nameCloser.ReplaceAllString(s, "")
	if !titles().organisation.MatchString(short) {
		short = s
	}
	n := utf8.RuneCountInString(short)
	if n < 3 || n > 40 || !titles().organisation.MatchString(short) || titles().nobody.MatchString(short) ||
		strings.ContainsFunc(short, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune("（）()“”·", r) }) {
		return ""
	}
	return short
}

// squeeze is a line without spaces, its digits and Latin letters in their usual width, years in Chinese digits (二〇二三年)
// as numbers.
func squeeze(line string) string {
	line = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case '０' <= r && r <= '９':
			return r - '０' + '0'
		}
		return r
	}, norm.NFC.String(line))
	return titles().chineseYear.ReplaceAllStringFunc(line, func(s string) string {
		return strings.Map(func(r rune) rune {
			if i := strings.IndexRune(chineseDigits, r); i >= 0 {
				return rune('0' + utf8.RuneCountInString(chineseDigits[:i])%10)
			}
			if strings.ContainsRune("○Ｏ零", r) {
				return '0'
			}
			return r
		}, s)
	})
}

const chineseDigits = "〇一二三四五六七八九"
