package numfmt

import (
	"fmt"
	"strings"
	"time"

	"github.com/gouji/gouji/engine/number"
)

// calendar shows a number as the date or time that it counts in days.
func (s *section) calendar(v number.Decimal, epoch1904 bool) string {
	if v.IsNegative() || v.NumDigits()+int(v.Exponent()) > 7 || v.IntPart() > 2958465 {
		return plain(v)
	}
	days := v.IntPart()
	seconds := (v.Sub(v.Truncate(0)).Shift(9).IntPart()*86400 + 5e8) / 1e9
	if seconds == 86400 {
		days, seconds = days+1, 0
	}
	elapsed := days*86400 + seconds
	// Day 60 is the 29th of February 1900, which never was.
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case epoch1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		days++
	}
	t := first.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	half := false
	for _, p := range s.parts {
		half = half || p.s == "AM/PM" || p.s == "上午/下午"
	}
	hour := t.Hour()
	if half {
		hour = (hour+11)%12 + 1
	}
	var out strings.Builder
	for i, p := range s.parts {
		switch p.kind {
		case literal, point:
			out.WriteString(p.s)
			continue
		case date:
		default:
			continue
		}
		n := len(p.s)
		switch p.s[0] {
		case 'y', 'e':
			if p.s[0] == 'y' && n <= 2 {
				fmt.Fprintf(&out, "%02d", t.Year()%100)
			} else {
				fmt.Fprintf(&out, "%04d", t.Year())
			}
		case 'm':
			switch {
			case s.minutes(i):
				fmt.Fprintf(&out, "%0*d", n, t.Minute())
			case n == 3:
				out.WriteString(t.Month().String()[:3])
			case n >= 4:
				out.WriteString(t.Month().String())
			default:
				fmt.Fprintf(&out, "%0*d", n, t.Month())
			}
		case 'd':
			switch n {
			case 1, 2:
				fmt.Fprintf(&out, "%0*d", n, t.Day())
			case 3:
				out.WriteString(t.Weekday().String()[:3])
			default:
				out.WriteString(t.Weekday().String())
			}
		case 'h':
			fmt.Fprintf(&out, "%0*d", min(n, 2), hour)
		case 's':
			fmt.Fprintf(&out, "%0*d", min(n, 2), t.Second())
		case '[':
			unit := map[byte]int64{'h': 3600, 'm': 60, 's': 1}[p.s[1]]
			fmt.Fprintf(&out, "%d", elapsed/unit)
		case 'a', 'A':
			out.WriteString(t.Format("PM"))
		default:
			if p.s == "上午/下午" {
				out.WriteString(map[bool]string{true: "上午", false: "下午"}[t.Hour() < 12])
			}
		}
	}
	return strings.TrimSpace(out.String())
}

// minutes reports whether the m of a part counts minutes: it stands behind hours or before seconds.
func (s *section) minutes(at int) bool {
	for i := at - 1; i >= 0; i-- {
		if p := s.parts[i]; p.kind == date {
			if p.s[0] == 'h' || p.s == "[h" {
				return true
			}
			break
		}
	}
	for _, p := range s.parts[at+1:] {
		if p.kind == date {
			return p.s[0] == 's'
		}
	}
	return false
}
