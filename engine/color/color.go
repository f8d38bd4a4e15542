// Package color sets text off on terminals.
package color

// Style is how text is set off: parameters of the escape sequence SGR.
type Style string

// The styles. The colours are of the fixed palette of 256, since how a terminal shows the first 16 is its user's choice:
// each keeps a contrast of 3.8 to black and to white, so that it is read on both.
const (
	Error   Style = "1;38;5;160"
	Warning Style = "1;38;5;130"
	Info    Style = "38;5;31"
	Strong  Style = "1"
)

// Painter tells whether text is painted; the zero Painter leaves it as it is.
type Painter bool

// Paint sets text off.
func (p Painter) Paint(s Style, text string) string {
	if !p || text == "" || s == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[m"
}
