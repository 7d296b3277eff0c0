package dav

import (
	"fmt"
	"path"
	"strings"
)

// walker opens one folder after another in a tree that is walked depth first. It keeps the way to the last one open, so that each step costs the same at
// any depth.
type walker struct {
	root  *folder
	steps []step
}

type step struct {
	path string
	dir  *folder
}

// maxSteps bounds the folders that are kept open.
const maxSteps = 128

// folder opens the folder at p, a path as on the disk, following no links. It stays open until the walker goes elsewhere.
func (w *walker) folder(p string) (*folder, error) {
	for len(w.steps) > 0 {
		last := w.steps[len(w.steps)-1]
		if last.path == p || within(p, last.path) {
			break
		}
		last.dir.close()
		w.steps = w.steps[:len(w.steps)-1]
	}
	dir, at := w.root, ""
	if n := len(w.steps); n > 0 {
		dir, at = w.steps[n-1].dir, w.steps[n-1].path
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(p, at), "/")
	for rest != "" {
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		sub, err := dir.sub(part)
		if err != nil {
			return nil, fmt.Errorf("walking: %w", err)
		}
		dir, at = sub, joinPath(at, part)
		if len(w.steps) == maxSteps {
			w.steps[0].dir.close()
			w.steps = append(w.steps[:0], w.steps[1:]...)
		}
		w.steps = append(w.steps, step{at, dir})
	}
	return dir, nil
}

// find looks at the entry at p.
func (w *walker) find(p string) (*spot, error) {
	dir, err := w.folder(parentPath(p))
	if err != nil {
		return nil, err
	}
	info, err := dir.lstat(path.Base(p))
	if err != nil {
		return nil, fmt.Errorf("walking: %w", err)
	}
	return &spot{dir: dir, name: path.Base(p), path: p, info: info}, nil
}

func (w *walker) close() {
	for _, s := range w.steps {
		s.dir.close()
	}
	w.steps = nil
}
