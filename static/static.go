// Package static holds what browsers load: ES modules, style sheets, icons, the catalogs of texts, and vendored libraries.
//
// Start from [New]. The whole tree is served below one path that names its hash, so that every file is immutable, modules
// import each other by relative paths, and a page of one version never meets a module of another.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed *.js *.css *.svg *.webmanifest texts pages ui drive view frames sealed vendor
var files embed.FS

// Files is the tree itself.
func Files() fs.FS { return files }

// Tree answers for the files below its path.
type Tree struct {
	path  string
	files map[string][]byte
}

// Service worker and Argon2 worker need answers of their own from the server.
const (
	Worker       = "worker.js"
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

// New reads and hashes the tree.
func New() (*Tree, error) {
	tree := &Tree{files: map[string][]byte{}}
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s\n%d\n", name, len(content))
		sum.Write(content)
		tree.files[name] = content
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the static files: %w", err)
	}
	tree.path = "/static/" + hex.EncodeToString(sum.Sum(nil)[:10])
	return tree, nil
}

// Path is where the tree is served: /static/HASH, without a slash at its end.
func (t *Tree) Path() string { return t.path }

// File returns the content of a file of the tree.
func (t *Tree) File(name string) ([]byte, bool) {
	content, ok := t.files[name]
	return content, ok
}

// Type returns the media type that a file of the tree is served as.
func Type(name string) string {
	if t, ok := types[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

// ServeHTTP answers for a file below [Tree.Path], for a year and unchanging. Another hash is 404: its files are not
// these.
func (t *Tree) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, t.path+"/")
	content, found := t.files[name]
	if !ok || !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", Type(name))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(content)
}
