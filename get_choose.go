package main

import (
	"path"
	"strings"

	"golang.org/x/text/unicode/norm"

	"thorpe/shares/sealed"
)

// choice is what of a link is wanted, in the order of the content.
type choice struct {
	link    *sealed.Manifest
	files   []chosenFile
	folders []string
	whole   bool // all of it
}

// chosenFile is a file and its place in the content.
type chosenFile struct {
	sealed.File
	index int // in the manifest
	start int64
}

// choose picks what matches one of the patterns, or all where there is none.
func choose(m *sealed.Manifest, patterns []string) (*choice, error) {
	for i, pattern := range patterns {
		patterns[i] = norm.NFC.String(pattern) // as paths are
		if _, err := path.Match(pattern, ""); err != nil || strings.Trim(pattern, "/") == "" {
			return nil, wrongUsage("--only: %q is no pattern: write a name, *.jpg, or folder/", pattern)
		}
	}
	chosen := &choice{link: m, whole: len(patterns) == 0}
	start := int64(0)
	for i, f := range m.Files {
		if chosen.whole || matchesAny(patterns, f.Path, false) {
			chosen.files = append(chosen.files, chosenFile{File: f, index: i, start: start})
		}
		start += f.Size
	}
	for _, folder := range m.Folders {
		if chosen.whole || matchesAny(patterns, folder, true) {
			chosen.folders = append(chosen.folders, folder)
		}
	}
	if !chosen.whole && len(chosen.files)+len(chosen.folders) == 0 {
		return nil, wrongUsage("nothing in this link matches; --list shows what it holds")
	}
	return chosen, nil
}

// matchesAny tells whether a pattern matches the path of a file, or of a folder, or a folder above it: the whole path or
// its last part. A pattern that ends in "/" is for folders only.
func matchesAny(patterns []string, of string, folder bool) bool {
	for _, pattern := range patterns {
		pattern, foldersOnly := strings.CutSuffix(pattern, "/")
		for at, isFolder := of, folder; at != "."; at, isFolder = path.Dir(at), true {
			if foldersOnly && !isFolder {
				continue
			}
			whole, _ := path.Match(pattern, at) // choose knows the pattern to be one
			last, _ := path.Match(pattern, path.Base(at))
			if whole || last {
				return true
			}
		}
	}
	return false
}

// manifest is the link's, without what was not chosen.
func (c *choice) manifest() *sealed.Manifest {
	m := *c.link
	m.Files, m.Folders = make([]sealed.File, len(c.files)), c.folders
	for i, f := range c.files {
		m.Files[i] = f.File
	}
	return &m
}

// part is what is missing of a file: its bytes in the content, from start up to but without stop.
type part struct {
	file        int // its place in the choice
	start, stop int64
}

// stretch is a part of the content that is fetched in one go.
type stretch struct {
	start, stop int64
	parts       []part
}

// mergeGap is how much is rather fetched for nothing than skipped with another request.
const mergeGap = 4 * sealed.ChunkSize

// stretches are what has to be fetched, where has tells how much of each file is there, and is below 0 where the file is not.
// A choice of everything is fetched to the end of the content, padding included, which proves that it is the end.
func (c *choice) stretches(has func(file int) int64) []stretch {
	var all []stretch
	add := func(start, stop int64) *stretch {
		if n := len(all); n > 0 && start-all[n-1].stop <= mergeGap {
			all[n-1].stop = stop
		} else {
			all = append(all, stretch{start: start, stop: stop})
		}
		return &all[len(all)-1]
	}
	end := int64(0)
	for i, f := range c.files {
		end = f.start + f.Size
		if there := has(i); there < f.Size {
			start := f.start + max(0, there)
			r := add(start, end)
			r.parts = append(r.parts, part{file: i, start: start, stop: end})
		}
	}
	if total := c.link.Total(); c.whole && total > end {
		add(end, total)
	}
	return all
}
