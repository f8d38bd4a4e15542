package color

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestPaint(t *testing.T) {
	if got := Painter(false).Paint(Error, "x"); got != "x" {
		t.Errorf("%q", got)
	}
	if got := Painter(true).Paint(Error, "x"); got != "\x1b[1;38;5;160mx\x1b[m" {
		t.Errorf("%q", got)
	}
	if got := Painter(true).Paint(Error, ""); got != "" {
		t.Errorf("%q", got)
	}
}

// luminance is the relative luminance, by WCAG 2, of a colour of the cube 16–231 of the palette of xterm.
func luminance(n int) float64 {
	levels := []float64{0, 95, 135, 175, 215, 255}
	n -= 16
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := levels[[]int{n / 36, n / 6 % 6, n % 6}[i]] / 255
		if c <= 0.03928 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestContrast: the colours are read on black and on white.
func TestContrast(t *testing.T) {
	for _, s := range []Style{Error, Warning, Info} {
		parts := strings.Split(string(s), ";")
		n, err := strconv.Atoi(parts[len(parts)-1])
		if err != nil || n < 16 || n > 231 {
			t.Fatalf("%s is no colour of the cube", s)
		}
		l := luminance(n)
		if black, white := (l+0.05)/0.05, 1.05/(l+0.05); black < 3.8 || white < 3.8 {
			t.Errorf("%s: contrast %.2f to black, %.2f to white", s, black, white)
		}
	}
}
