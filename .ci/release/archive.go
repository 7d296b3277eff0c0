package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// entry is what lies in an archive. The name of a folder ends with a slash.
type entry struct {
	name    string
	mode    fs.FileMode // permissions
	owner   int         // user and group
	content []byte
}

// archive packs the binary for people who install it by hand.
func (r *release) archive(t target, out string) (string, error) {
	binary, err := r.binary(t)
	if err != nil {
		return "", err
	}
	base := "thorpe-" + r.version + "-" + t.os + "-" + t.arch
	var entries []entry
	for _, path := range []string{binary, filepath.Join(r.source, "LICENSE"), filepath.Join(r.source, "README.md")} {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		mode := fs.FileMode(0o644)
		if path == binary {
			mode = 0o755
		}
		entries = append(entries, entry{name: base + "/" + filepath.Base(path), mode: mode, content: content})
	}
	name, pack := base+".tar.gz", packTar
	if t.os == "windows" {
		name, pack = base+".zip", packZip
	}
	return name, writeFile(filepath.Join(out, name), entries, r.time, pack)
}

// writeFile packs entries into a file.
func writeFile(path string, entries []entry, at time.Time, pack func(io.Writer, []entry, time.Time) error) error {
	var packed bytes.Buffer
	if err := pack(&packed, entries, at); err != nil {
		return err
	}
	return os.WriteFile(path, packed.Bytes(), 0o644)
}

func packTar(w io.Writer, entries []entry, at time.Time) error {
	compressed, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressed)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Mode: int64(e.mode), Size: int64(len(e.content)), ModTime: at, Typeflag: tar.TypeReg, Uid: e.owner, Gid: e.owner, Format: tar.FormatPAX}
		if strings.HasSuffix(e.name, "/") {
			header.Typeflag = tar.TypeDir
		}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := archive.Write(e.content); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return compressed.Close()
}

func packZip(w io.Writer, entries []entry, at time.Time) error {
	archive := zip.NewWriter(w)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: at}
		header.SetMode(e.mode)
		file, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := file.Write(e.content); err != nil {
			return err
		}
	}
	return archive.Close()
}

// compress is gzip without a time, as Debian wants documents.
func compress(content []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err = w.Close()
	return packed.Bytes(), err
}
