package sealed

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normalize gives the NFC or NFKC form of s, which is valid UTF-8, as Unicode Standard Annex #15 defines it and
// String.prototype.normalize computes it.
//
// x/text alone does not: it follows the Stream-Safe Text Process of that annex and puts U+034F into a run of more than
// 30 combining characters, so that the same password would give one key here and another in a browser. Such text takes
// the long way.
func normalize(form norm.Form, s string) string {
	if longestRun(s) <= 30 {
		return form.String(s)
	}
	decomposed := norm.NFD
	if form == norm.NFKC {
		decomposed = norm.NFKD
	}
	chars := make([]char, 0, len(s))
	for _, r := range s {
		for _, d := range decomposed.String(string(r)) {
			chars = append(chars, char{d, class(string(d))})
		}
	}
	order(chars)
	return compose(chars)
}

// char is a character and its canonical combining class.
type char struct {
	r     rune
	class uint8
}

// longestRun is at least the length of the longest run of combining characters in the decomposition of s. It counts too
// many rather than too few: a starter's own decomposition ends in at most 3 of them, and a combining character's has at
// most 4.
func longestRun(s string) int {
	longest, run := 0, 0
	for i, r := range s {
		if r < utf8.RuneSelf {
			run = 0
			continue
		}
		if class(s[i:]) == 0 && !startsWithMark(r) {
			run = 3
		} else {
			run += 4
		}
		longest = max(longest, run)
	}
	return longest
}

// startsWithMark: the few starters whose decomposition begins with a combining character.
func startsWithMark(r rune) bool {
	switch r {
	case 0x0F73, 0x0F75, 0x0F81, 0xFF9E, 0xFF9F:
		return true
	}
	return false
}

// class is the canonical combining class of the first character of s.
func class(s string) uint8 { return norm.NFD.PropertiesString(s).CCC() }

// order is the Canonical Ordering Algorithm (Unicode 3.11, D109).
func order(chars []char) {
	for start := 0; start < len(chars); {
		end := start
		for end < len(chars) && chars[end].class != 0 {
			end++
		}
		slices.SortStableFunc(chars[start:end], func(a, b char) int { return int(a.class) - int(b.class) })
		start = end + 1
	}
}

// compose is the Canonical Composition Algorithm (Unicode 3.11, D117).
func compose(chars []char) string {
	out := chars[:0]
	starter, before := -1, -1 // index of the last starter in out; class of the last character left standing after it
	for _, c := range chars {
		if starter >= 0 && (before < int(c.class) || before == -1) {
			if both, ok := composite(out[starter].r, c.r); ok {
				out[starter].r = both
				continue
			}
		}
		if c.class == 0 {
			starter, before = len(out), -1
		} else {
			before = int(c.class)
		}
		out = append(out, c)
	}
	var b strings.Builder
	for _, c := range out {
		b.WriteRune(c.r)
	}
	return b.String()
}

// composite is the primary composite of two characters, if there is one.
func composite(a, b rune) (rune, bool) {
	s := norm.NFC.String(string(a) + string(b))
	r, n := utf8.DecodeRuneInString(s)
	return r, n == len(s)
}
