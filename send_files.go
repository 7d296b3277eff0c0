package main

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"slices"

	"thorpe/dav"
	"thorpe/shares/sealed"
)

// foundFiles is what is there to send.
type foundFiles struct {
	files   []foundFile
	folders []string // without files or folders in them, by the names that they are sent by
	leftOut []leftOut
}

type foundFile struct {
	disk string      // where it lies
	sent string      // its path in the link, not yet clean
	info fs.FileInfo // as it was found
}

type leftOut struct{ path, kind string }

// findFiles looks into what is to be sent. Symbolic links and special files are left out, and in folders, without a word,
// the files that systems write beside people's own (isHidden); what cannot be read is an error, before anything was sent.
func findFiles(paths []string) (*foundFiles, error) {
	found := &foundFiles{}
	taken := map[string]bool{}
	for _, path := range paths {
		whole, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("looking for %q: %w", path, err)
		}
		name := filepath.Base(whole)
		if name == string(filepath.Separator) {
			name = "files"
		}
		unique := name
		for n := 2; taken[unique]; n++ {
			unique = sealed.Numbered(name, n)
		}
		taken[unique] = true
		if err := found.walk(whole, unique); err != nil {
			return nil, err
		}
	}
	if len(found.files)+len(found.folders) == 0 {
		if len(found.leftOut) > 0 {
			return nil, fmt.Errorf("there is nothing to send: %q is %s", found.leftOut[0].path, found.leftOut[0].kind)
		}
		return nil, errors.New("there is nothing to send")
	}
	return found, nil
}

// walk adds a file, or a folder and all in it, as name.
func (f *foundFiles) walk(top, name string) error {
	empty := map[string]bool{} // folders without anything in them, so far, by where they lie
	var order []string
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if kind := leaveOut(entry.Type()); kind != "" {
			f.leftOut = append(f.leftOut, leftOut{path, kind})
			return nil
		}
		if path != top {
			if dav.IsHidden(entry.Name(), entry.IsDir()) {
				return nil // whoever names such a file wants it; in a folder, nobody knows of it
			}
			empty[filepath.Dir(path)] = false
		}
		if entry.IsDir() {
			empty[path] = true
			order = append(order, path)
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
		f.files = append(f.files, foundFile{disk: path, sent: sentName(top, name, path), info: info})
		return nil
	})
	if err != nil {
		return fmt.Errorf("looking for what to send: %w", err)
	}
	for _, path := range order {
		if empty[path] {
			f.folders = append(f.folders, sentName(top, name, path))
		}
	}
	return nil
}

// leaveOut names what is neither file nor folder.
func leaveOut(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode.IsDir() || mode.IsRegular():
		return ""
	}
	return "a special file"
}

// sentName is the path in the link of what lies at path, below top, which is sent as name.
func sentName(top, name, path string) string {
	inside, err := filepath.Rel(top, path)
	if err != nil || inside == "." {
		return name
	}
	return name + "/" + filepath.ToSlash(inside)
}

// manifest lists the files under clean names, and tells which had to be changed.
func (f *foundFiles) manifest(key sealed.ContentKey) (*sealed.Manifest, []sealed.Renamed, error) {
	paths := make([]string, 0, len(f.files)+len(f.folders))
	for _, file := range f.files {
		paths = append(paths, file.sent)
	}
	clean, renamed, err := sealed.CleanPaths(append(paths, f.folders...))
	if err != nil {
		return nil, nil, err
	}
	m := &sealed.Manifest{Revision: 1, Key: key, Files: make([]sealed.File, len(f.files)), Folders: slices.Clone(clean[len(f.files):])}
	var sum int64
	for i, file := range f.files {
		if sum += file.info.Size(); sum > sealed.MaxSize {
			return nil, nil, errors.New("this is more than a link can hold")
		}
		m.Files[i] = sealed.File{Path: clean[i], Size: file.info.Size(), Type: mediaType(clean[i]), Modified: file.info.ModTime()}
	}
	m.Padding = sealed.Padding(sum)
	return m, renamed, nil
}

// mediaType is the type of a file with this name, without parameters; what this system does not know stays empty.
func mediaType(name string) string {
	kind, _, err := mime.ParseMediaType(mime.TypeByExtension(filepath.Ext(name)))
	if err != nil {
		return ""
	}
	return kind
}
