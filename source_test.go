package main

import (
	"archive/tar"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// AGPL, section 13: whoever uses a server gets its source, and the source is the program's.
func TestAServerHandsOutTheSourceItIsBuiltFrom(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir())
	answer, err := http.Get(server.URL + "/source.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	compressed, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	unpacked := map[string]bool{}
	for archive := tar.NewReader(compressed); ; {
		header, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, header.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, os.FileMode(header.Mode))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(file, archive); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		unpacked[strings.TrimPrefix(header.Name, "thorpe/")] = true
	}
	build := exec.Command("go", "build", "-o", filepath.Join(folder, "built"), ".")
	build.Dir = filepath.Join(folder, "thorpe")
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("what the server hands out does not build: %v\n%s", err, out)
	}
	tracked, err := exec.Command("git", "ls-files").Output()
	if err != nil {
		t.Skip("which files belong to the source is not known: this is no git checkout")
	}
	for _, name := range strings.Fields(string(tracked)) {
		if !unpacked[name] && !strings.HasPrefix(name, "docs/screens/") && !strings.HasPrefix(name, ".ci/bench/") && !strings.HasPrefix(name, "shares/testdata/vectors/") {
			t.Errorf("%s is missing", name)
		}
	}
}
