package main

import (
	"strings"

	"thorpe/shares/sealed"
)

// nameRules is what the file system to write to cannot hold.
type nameRules struct {
	windows bool // names that Windows reserves
	folds   bool // a.txt and A.txt are one
}

// plannedNames are where things go, relative to the folder, joined by "/".
type plannedNames struct {
	files   []string // in the manifest's order
	folders []string
	changed []sealed.Renamed
}

// planNames gives each path of a manifest a name that the file system can hold, and no other path has there.
func planNames(m *sealed.Manifest, rules nameRules) plannedNames {
	var plan plannedNames
	if rules == (nameRules{}) {
		for _, f := range m.Files {
			plan.files = append(plan.files, f.Path)
		}
		plan.folders = m.Folders
		return plan
	}
	tree := nameTree{rules: rules, names: map[nameKey]string{}, taken: map[nameKey]bool{}}
	// Whoever keeps a name comes first, so that a changed one does not take it away.
	for _, keep := range []bool{true, false} {
		for _, f := range m.Files {
			tree.add(f.Path, keep)
		}
		for _, path := range m.Folders {
			tree.add(path, keep)
		}
	}
	place := func(path string) string {
		to := tree.path(path)
		if to != path {
			plan.changed = append(plan.changed, sealed.Renamed{From: path, To: to})
		}
		return to
	}
	for _, f := range m.Files {
		plan.files = append(plan.files, place(f.Path))
	}
	for _, path := range m.Folders {
		plan.folders = append(plan.folders, place(path))
	}
	return plan
}

// nameTree gives each name in each of the manifest's folders one name on the disk.
type nameTree struct {
	rules nameRules
	names map[nameKey]string
	taken map[nameKey]bool
}

// nameKey is a name in a folder of the manifest.
type nameKey struct{ folder, name string }

func (t *nameTree) add(path string, keep bool) {
	for end := 0; end < len(path); end++ {
		start := end
		if next := strings.IndexByte(path[start:], '/'); next >= 0 {
			end = start + next
		} else {
			end = len(path)
		}
		folder, part := path[:start], path[start:end]
		key := nameKey{folder, part}
		if _, named := t.names[key]; named {
			continue
		}
		name := part
		if t.rules.windows {
			name = windowsName(part)
		}
		if keep && name != part {
			continue
		}
		free := name
		for n := 2; t.taken[nameKey{folder, t.fold(free)}]; n++ {
			free = sealed.Numbered(name, n)
		}
		t.names[key] = free
		t.taken[nameKey{folder, t.fold(free)}] = true
	}
}

func (t *nameTree) path(path string) string {
	var to []string
	start := 0
	for part := range strings.SplitSeq(path, "/") {
		to = append(to, t.names[nameKey{path[:start], part}])
		start += len(part) + 1
	}
	return strings.Join(to, "/")
}

// fold gives names that the file system takes for one the same form.
func (t *nameTree) fold(name string) string {
	if !t.rules.folds {
		return name
	}
	return strings.ToLower(strings.ToUpper(name))
}

// windowsName changes a name that Windows cannot hold.
func windowsName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, name)
	if last := name[len(name)-1]; last == '.' || last == ' ' {
		name = name[:len(name)-1] + "_"
	}
	stem, rest, dot := strings.Cut(name, ".")
	trimmed := strings.ToUpper(strings.TrimRight(stem, " "))
	reserved := false
	switch trimmed {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		reserved = true
	}
	for _, device := range []string{"COM", "LPT"} {
		if number, ok := strings.CutPrefix(trimmed, device); ok && len([]rune(number)) == 1 && strings.ContainsAny(number, "0123456789\u00b9\u00b2\u00b3") {
			reserved = true
		}
	}
	if reserved {
		stem += "_"
	}
	if dot {
		return stem + "." + rest
	}
	return stem
}
