package sealed

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a path, in bytes of UTF-8 after NFC.
const (
	MaxPath = 4096
	MaxPart = 255
)

// CheckPath gives the NFC form of a path in a manifest, or refuses it with BadPath. The path is valid UTF-8.
func CheckPath(path string) (string, error) {
	if len(path) > 8*MaxPath { // NFC shortens no text to an eighth
		return "", BadPath
	}
	path = normalize(norm.NFC, path)
	if len(path) > MaxPath || strings.ContainsFunc(path, forbidden) {
		return "", BadPath
	}
	// An empty path is one empty part; so is what lies before a first "/" or after a last one.
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." || len(part) > MaxPart {
			return "", BadPath
		}
	}
	return path, nil
}

// forbidden: the backslash, U+FFFD, controls, line separators and whatever changes the direction of text. Joiners, as
// in emoji, are fine.
func forbidden(r rune) bool {
	switch {
	case r == '\\', r == 0xFFFD, r < 0x20, 0x7F <= r && r <= 0x9F, 0x2028 <= r && r <= 0x202E, 0x2066 <= r && r <= 0x2069:
		return true
	}
	return false
}

// checkTree refuses paths that stand in the manifest twice, and files that are the folder of another path. Sorted so
// that "/" comes before every other character, all that lies in a folder follows it at once, so that neighbours are all
// there is to compare, however deep the paths.
func checkTree(m *Manifest) error {
	type entry struct {
		path string
		file bool
	}
	entries := make([]entry, 0, len(m.Files)+len(m.Folders))
	for _, f := range m.Files {
		entries = append(entries, entry{f.Path, true})
	}
	for _, path := range m.Folders {
		entries = append(entries, entry{path, false})
	}
	slices.SortFunc(entries, func(a, b entry) int { return comparePaths(a.path, b.path) })
	conflict := false
	for i := 1; i < len(entries); i++ {
		before, path := entries[i-1], entries[i].path
		if before.path == path {
			return PathTwice
		}
		conflict = conflict || before.file && strings.HasPrefix(path, before.path) && path[len(before.path)] == '/'
	}
	if conflict {
		return PathConflict
	}
	return nil
}

func comparePaths(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			switch {
			case a[i] == '/':
				return -1
			case b[i] == '/':
				return 1
			}
			return cmp.Compare(a[i], b[i])
		}
	}
	return cmp.Compare(len(a), len(b))
}
