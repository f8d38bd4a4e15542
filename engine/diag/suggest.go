package diag

import (
	"strings"
	"unicode/utf8"
)

// Suggest returns the candidate nearest to name, for a hint: one that differs only in case, else the one with the least
// Damerau–Levenshtein distance in characters (insertions, deletions, changes and swaps of neighbours), at most a third
// of the length of name and at least 1. Of candidates equally near it is the first in alphabetical order, so the order
// of candidates does not matter. It is "" when no candidate is near, or name itself is one.
func Suggest(name string, candidates []string) string {
	a := []rune(name)
	limit := max(1, len(a)/3)
	best, bestDistance := "", limit+1
	for _, candidate := range candidates {
		if candidate == name {
			return ""
		}
		d := 0
		if !strings.EqualFold(name, candidate) {
			n := utf8.RuneCountInString(candidate)
			if candidate == "" || n-len(a) > limit || len(a)-n > limit {
				continue
			}
			d = distance(a, []rune(candidate))
			if d >= max(len(a), n) {
				// Nothing of the name is left.
				continue
			}
		}
		if d < bestDistance || d == bestDistance && d <= limit && candidate < best {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// distance returns the Damerau–Levenshtein distance of two words, where no part is edited twice.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
