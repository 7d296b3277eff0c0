package shares

import (
	"strings"
	"testing"
)

// D10: ids are exact: short ones, prefixes, other cases and other spellings name nothing.
func TestParseIDTakesTheOneSpellingOnly(t *testing.T) {
	id := ID([]byte("\xfb\xff\xfe thirteen by."))
	text := id.String()
	if got, err := ParseID(text); err != nil || got != id {
		t.Fatalf("ParseID(%q) = %v, %v", text, got, err)
	}
	for _, bad := range []string{
		"", text[:21], text + "A", text + "==", text[:21] + "x", // spare bits
		strings.NewReplacer("-", "+", "_", "/").Replace(text), text[:10] + "\n" + text[11:], text[:21] + "\n", text + "\n",
		"%41" + text[3:], strings.Repeat(" ", 22), strings.Repeat("é", 11),
	} {
		if got, err := ParseID(bad); err == nil {
			t.Errorf("ParseID(%q) = %v", bad, got)
		}
	}
}

// D10
func TestNewIDsAreRandom(t *testing.T) {
	seen := map[ID]bool{}
	var ones [128]int
	const n = 1000
	for range n {
		id := newID()
		if seen[id] {
			t.Fatal("an id came twice")
		}
		seen[id] = true
		for bit := range ones {
			ones[bit] += int(id[bit/8] >> (bit % 8) & 1)
		}
	}
	for bit, count := range ones {
		if count < n*35/100 || count > n*65/100 { // 9 standard deviations
			t.Errorf("bit %d is set in %d of %d ids", bit, count, n)
		}
	}
}
