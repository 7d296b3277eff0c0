package main

import "strings"

// nearest is the name that was probably meant, or empty where none is near: so many letters may differ, and one at least. Case and
// the sort of dash don't count. A longer form of a name, such as tls-certificate for tls-cert, is near as well.
func nearest(word string, names []string, most int) string {
	plain := strings.NewReplacer("_", "-", ".", "-", " ", "-").Replace
	word = strings.TrimPrefix(plain(strings.ToLower(strings.TrimSpace(word))), "thorpe-")
	best, least := "", max(1, most)+1
	for _, name := range names {
		other := plain(strings.ToLower(name))
		d := distance([]rune(word), []rune(other))
		if short := min(len(word), len(other)); short >= 6 && (strings.HasPrefix(word, other) || strings.HasPrefix(other, word)) {
			d = min(d, 1)
		}
		if d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is how many letters must be put in, taken out, replaced, or changed with their neighbours to make b of a (optimal string alignment).
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			differs := 1
			if a[i-1] == b[j-1] {
				differs = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+differs)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
