// Package static holds what browsers load: ES modules, style sheets, icons, the catalogs of texts, and vendored libraries.
//
// Start from [New]. The whole tree is served below one path that names its hash, so that every file is immutable, modules
// import each other by relative paths, and a page of one version never meets a module of another.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed *.js *.css *.svg *.webmanifest texts icons pages ui connect drive operator view frames opener sealed vendor
var files embed.FS

// Files is the tree itself.
func Files() fs.FS { return files }

// Tree answers for the files below its path. What it holds stays in the program's own file: nothing is copied into memory but what was
// compressed for a browser, at the first request for it.
type Tree struct {
	path  string
	files map[string]func() []byte          // by name, the compressed content; nil where that is no smaller
	made  map[string]func() ([]byte, error) // what is no file but made from some, by name
}

// Service workers and Argon2 worker need answers of their own from the server.
const (
	Worker       = "worker.js"
	ShareWorker  = "share-worker.js"
	Argon2Worker = "argon2-worker.js"
)

// types are the media types of the kinds of files there are here; the host's table is not asked.
var types = map[string]string{
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".svg":         "image/svg+xml",
	".json":        "application/json",
	".webmanifest": "application/manifest+json",
	".png":         "image/png",
	".wasm":        "application/wasm",
	".txt":         "text/plain; charset=utf-8",
	".ts":          "text/plain; charset=utf-8",
	"":             "text/plain; charset=utf-8",
	".md":          "text/plain; charset=utf-8",
}

// vendored is the list of the files that come from packages, with their checksums.
const vendored = "vendor/vendor.json"

// New returns the one tree of the program, listed and hashed at the first call. A vendored file counts by its checksum in the list, so that three megabytes that few visitors need are
// not read at each start.
func New() (*Tree, error) { return only() }

var only = sync.OnceValues(list)

func list() (*Tree, error) {
	listed, err := checksums()
	if err != nil {
		return nil, err
	}
	tree := &Tree{files: map[string]func() []byte{}}
	if tree.made, err = catalogModules(files); err != nil {
		return nil, err
	}
	maps.Copy(tree.made, sprites(files))
	for name := range tree.made {
		tree.files[name] = sync.OnceValue(func() []byte { return tree.compressed(name) })
	}
	sum := sha256.New()
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if path.Dir(name) != "texts" { // those are served as what is made of them
			tree.files[name] = sync.OnceValue(func() []byte { return tree.compressed(name) })
		}
		if listed[name] {
			return nil
		}
		content, err := files.Open(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s\n", name)
		size, err := io.Copy(sum, content)
		fmt.Fprintf(sum, "\n%d\n", size)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the static files: %w", err)
	}
	tree.path = "/static/" + hex.EncodeToString(sum.Sum(nil)[:10])
	return tree, nil
}

// checksums returns the names of the files that the list of vendored files holds a checksum of.
func checksums() (map[string]bool, error) {
	text, err := files.ReadFile(vendored)
	if err != nil {
		return nil, fmt.Errorf("reading the list of vendored files: %w", err)
	}
	var list []struct{ File string }
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("reading the list of vendored files: %w", err)
	}
	names := map[string]bool{}
	for _, v := range list {
		names["vendor/"+v.File] = true
	}
	return names, nil
}

// compressed returns a file's content compressed by gzip, or nil where that saves nothing.
func (t *Tree) compressed(name string) []byte {
	content, ok := t.File(name)
	if !ok {
		return nil
	}
	return Compress(content)
}

// Compress returns content compressed by gzip, or nil where that saves nothing. It is slow: for what is sent often.
func Compress(content []byte) []byte {
	var short bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&short, gzip.BestCompression) // the level is known to be one
	writer.Write(content)
	writer.Close()
	if short.Len() >= len(content) {
		return nil
	}
	return bytes.Clone(short.Bytes())
}

// Path is where the tree is served: /static/HASH, without a slash at its end.
func (t *Tree) Path() string { return t.path }

// Has says whether the tree has a file of this name.
func (t *Tree) Has(name string) bool {
	_, ok := t.files[name]
	return ok
}

// Names are all files of the tree, sorted.
func (t *Tree) Names() []string { return slices.Sorted(maps.Keys(t.files)) }

// File returns the content of a file of the tree.
func (t *Tree) File(name string) ([]byte, bool) {
	if make, ok := t.made[name]; ok {
		content, err := make()
		return content, err == nil
	}
	content, err := files.ReadFile(name)
	return content, err == nil
}

// Type returns the media type that a file of the tree is served as.
func Type(name string) string {
	if t, ok := types[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

// ServeHTTP answers for a file below [Tree.Path], for a year and unchanging, compressed where the browser takes gzip (RFC 9110, 12.5.3).
// Another hash is 404: its files are not these.
func (t *Tree) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, t.path+"/")
	short, found := t.files[name]
	if !ok || !found {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", Type(name))
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Vary", "Accept-Encoding")
	if TakesGzip(r.Header) {
		if content := short(); content != nil {
			header.Set("Content-Encoding", "gzip")
			header.Set("Content-Length", strconv.Itoa(len(content)))
			w.Write(content)
			return
		}
	}
	if _, made := t.made[name]; made {
		content, ok := t.File(name)
		if !ok {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
		return
	}
	http.ServeFileFS(w, r, files, name)
}

// TakesGzip says whether a request's Accept-Encoding names gzip with a weight above 0 (RFC 9110, 12.5.3).
func TakesGzip(header http.Header) bool {
	for coding := range strings.SplitSeq(strings.Join(header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.Trim(strings.ToLower(weight), " 	q=0.") != "" || strings.TrimSpace(weight) == ""
		}
	}
	return false
}
