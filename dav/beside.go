package dav

import (
	"fmt"
	"regexp"
	"unicode/utf8"
)

var (
	extension = regexp.MustCompile(`(?i)(\.tar)?\.[^.\s\p{Z}\x{FEFF}]{1,16}$`)
	counter   = regexp.MustCompile(` \([0-9]+\)$`)
)

// maxBeside bounds the names that are tried.
const maxBeside = 10_000

// nameBeside is a free name like this one: "Lake (2).jpg" where "Lake.jpg" is taken, never longer than a name may be. [ErrInvalidName] where there is none. Its twin is
// nameBeside of static/drive/names.js; the cases of both are in static/testdata/besidenames.json.
func nameBeside(name string, folder bool, taken func(string) (bool, error)) (string, error) {
	stem, end := name, ""
	if at := extension.FindStringIndex(name); at != nil && at[0] > 0 && !folder {
		stem, end = name[:at[0]], name[at[0]:]
	}
	stem = counter.ReplaceAllString(stem, "")
	for n := 1; n <= maxBeside; n++ {
		next := name
		if n > 1 {
			tail := fmt.Sprintf(" (%d)%s", n, end)
			next = cutName(stem, maxPart-len(tail)) + tail
		}
		if is, err := taken(next); err != nil || !is {
			return next, err
		}
	}
	return "", fmt.Errorf("finding a free name: %w", ErrInvalidName)
}

// cutName is the beginning of a name that fits into so many bytes.
func cutName(name string, limit int) string {
	for len(name) > limit {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	return name
}
