package sealed

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Renamed is a path that a writer had to change.
type Renamed struct{ From, To string }

// CleanPaths gives the paths that a writer puts into the manifest for these, in the same order, and tells which it
// changed. Paths are joined by "/" and need not be UTF-8. Names that need no change but for NFC keep theirs; others get
// "_" in place of what is forbidden, are cut if they are too long, and get " (2)", " (3)" ... where they would meet
// another. All that lay in one folder still does. It refuses, with BadPath, only what is still longer than MaxPath.
func CleanPaths(paths []string) ([]string, []Renamed, error) {
	tree := &cleanTree{names: map[cleanKey]string{}, taken: map[cleanKey]bool{}}
	// Whoever keeps a name comes first, so that a changed one does not take it away.
	for _, keep := range []bool{true, false} {
		for _, p := range paths {
			tree.add(p, keep)
		}
	}
	clean := make([]string, len(paths))
	seen := make(map[string]bool, len(paths))
	var renamed []Renamed
	for i, p := range paths {
		clean[i] = tree.path(p)
		if seen[clean[i]] { // the very same path twice
			clean[i] = tree.again(p, clean[i])
		}
		seen[clean[i]] = true
		if len(clean[i]) > MaxPath {
			return nil, nil, fmt.Errorf("%q: %w", p, BadPath)
		}
		if !utf8.ValidString(p) || clean[i] != normalize(norm.NFC, p) {
			renamed = append(renamed, Renamed{From: p, To: clean[i]})
		}
	}
	return clean, renamed, nil
}

// cleanTree gives each name in each original folder one clean name that no other in that folder has.
type cleanTree struct {
	names map[cleanKey]string
	taken map[cleanKey]bool
}

// cleanKey is a name in an original folder.
type cleanKey struct{ folder, name string }

// add names the parts of a path: those that keep their name, or the others.
func (t *cleanTree) add(p string, keep bool) {
	folder := ""
	for part := range strings.SplitSeq(p, "/") {
		key := cleanKey{folder, part}
		folder += part + "/"
		if _, named := t.names[key]; named {
			continue
		}
		name := cleanPart(part)
		if keep && name != part {
			continue
		}
		if t.taken[cleanKey{key.folder, name}] {
			name = t.number(key.folder, name)
		}
		t.names[key] = name
		t.taken[cleanKey{key.folder, name}] = true
	}
}

// path gives the clean form of a path that was added.
func (t *cleanTree) path(p string) string {
	folder := ""
	var clean []string
	for part := range strings.SplitSeq(p, "/") {
		clean = append(clean, t.names[cleanKey{folder, part}])
		folder += part + "/"
	}
	return strings.Join(clean, "/")
}

// again gives another name to a second file with the original path p, whose clean form is taken.
func (t *cleanTree) again(p, clean string) string {
	original, _ := path.Split(p)
	folder, name := path.Split(clean)
	name = t.number(original, name)
	t.taken[cleanKey{original, name}] = true
	return folder + name
}

// number puts " (2)", " (3)" ... before the extension until nothing else is called so.
func (t *cleanTree) number(folder, name string) string {
	for n := 2; ; n++ {
		numbered := Numbered(name, n)
		if !t.taken[cleanKey{folder, numbered}] {
			return numbered
		}
	}
}

// Numbered puts " (n)" before the extension of a name, and cuts the name so that it stays within MaxPart.
func Numbered(name string, n int) string { return cutPart(name, fmt.Sprintf(" (%d)", n)) }

// cleanPart gives the form of one name that every reader takes.
func cleanPart(part string) string {
	part = strings.Map(func(r rune) rune {
		if forbidden(r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(part, "_"))
	part = normalize(norm.NFC, part)
	switch part {
	case "":
		return "_"
	case ".", "..":
		return strings.Repeat("_", len(part))
	}
	return cutPart(part, "")
}

// longestExtension is how much of an extension, the dot included, stays when a name is cut.
const longestExtension = 16

// cutPart puts an addition before the extension of a name, and cuts before it, at a character, so that it fits.
func cutPart(part, addition string) string {
	extension := path.Ext(part)
	if len(extension) > longestExtension || extension == part {
		extension = ""
	}
	stem := strings.TrimSuffix(part, extension)
	if room := MaxPart - len(addition) - len(extension); len(stem) > room {
		for room > 0 && !utf8.RuneStart(stem[room]) {
			room--
		}
		stem = stem[:room]
	}
	return stem + addition + extension
}
