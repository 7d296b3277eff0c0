package main

import (
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"thorpe/shares/sealed"
)

func TestChoose(t *testing.T) {
	t.Parallel()
	m := &sealed.Manifest{Folders: []string{"photos/none", "empty"}}
	for _, path := range []string{"a.txt", "photos/1.jpg", "photos/2.JPG", "photos/raw/1.dng", "raw/x.jpg", "caf\u00e9/m.txt", "photos.txt"} {
		m.Files = append(m.Files, sealed.File{Path: path})
	}
	for _, c := range []struct{ patterns, want string }{
		{"", "a.txt photos/1.jpg photos/2.JPG photos/raw/1.dng raw/x.jpg caf\u00e9/m.txt photos.txt photos/none/ empty/"},
		{"a.txt", "a.txt"},
		{"*.jpg", "photos/1.jpg raw/x.jpg"},
		{"*.jpg *.JPG", "photos/1.jpg photos/2.JPG raw/x.jpg"},
		{"photos", "photos/1.jpg photos/2.JPG photos/raw/1.dng photos/none/"},
		{"photos/", "photos/1.jpg photos/2.JPG photos/raw/1.dng photos/none/"},
		{"photos/*.jpg", "photos/1.jpg"},
		{"raw/", "photos/raw/1.dng raw/x.jpg"},
		{"photos/raw", "photos/raw/1.dng"},
		{"a.txt/", ""},
		{"[12].*", "photos/1.jpg photos/2.JPG photos/raw/1.dng"},
		{"cafe\u0301/", "caf\u00e9/m.txt"},
		{"empty", "empty/"},
		{"*", "a.txt photos/1.jpg photos/2.JPG photos/raw/1.dng raw/x.jpg caf\u00e9/m.txt photos.txt photos/none/ empty/"},
		{"nowhere", ""},
	} {
		chosen, err := choose(m, strings.Fields(c.patterns))
		if c.want == "" {
			if exitCode(err) != exitUsage {
				t.Errorf("%s: %v", c.patterns, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.patterns, err)
			continue
		}
		var got []string
		for _, f := range chosen.files {
			got = append(got, f.Path)
		}
		for _, folder := range chosen.folders {
			got = append(got, folder+"/")
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q", c.patterns, got)
		}
	}
	for _, bad := range []string{"[", "", "/", "a["} {
		if _, err := choose(m, []string{bad}); exitCode(err) != exitUsage {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Only the chunks of the chosen files are fetched, and of two that lie close together in one request.
func TestGetOnlySome(t *testing.T) {
	watch := &watchingProxy{}
	c := newCLI(t, watch)
	from := t.TempDir()
	files := map[string]string{"d/a.txt": noise(1000), "d/b.bin": noise(4_000_000), "d/c.txt": noise(700_000), "d/e.txt": "", "d/f.bin": noise(300_000), "d/sub/g.txt": "g"}
	for path, text := range files {
		writeText(t, filepath.Join(from, path), text)
	}
	link := c.send(filepath.Join(from, "d"))
	watch.expect(0)
	folder, _, err := c.get(link, "--only", "*.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"d/": "", "d/sub/": ""}
	for path, text := range files {
		if strings.HasSuffix(path, ".txt") {
			want[path] = text
		}
	}
	if got := namesIn(t, folder); !maps.Equal(got, want) {
		t.Errorf("got %v", slices.Sorted(maps.Keys(got)))
	}
	if passed, ranges := watch.saw(); len(ranges) != 2 || passed > 6*sealed.SealedChunkSize {
		t.Errorf("%d bytes came for %q", passed, ranges)
	}
	out, _, err := c.do("", "get", link, "--only", "sub/", "-o", "-")
	if err != nil || out != "g" {
		t.Errorf("to standard output: %q, %v", out, err)
	}
	if folder, _, err := c.get(link, "--only", "nothing"); exitCode(err) != exitUsage || len(namesIn(t, folder)) != 0 {
		t.Errorf("nothing matches: %v", err)
	}
}

// A list counts as no download.
func TestGetList(t *testing.T) {
	c := newCLI(t, nil)
	from := t.TempDir()
	writeText(t, filepath.Join(from, "d/a.txt"), "hello")
	writeText(t, filepath.Join(from, "d/b \u202e.txt"), "")
	link := c.send(filepath.Join(from, "d"), "--title", "Summer\u202e\x1b[31m", "--max-downloads", "1")
	for range 2 {
		out, stderr, err := c.do("", "get", link, "--list")
		if lines := strings.Split(out, "\n"); err != nil || len(lines) != 3 || !strings.HasPrefix(lines[0], "             5  20") || !strings.HasSuffix(lines[0], "  d/a.txt") {
			t.Errorf("%q, %v", out, err)
		}
		if !strings.Contains(stderr, `Summer\u202e\x1b[31m`) || !strings.Contains(stderr, "2 files, 5 B in all") {
			t.Errorf("it says %q", stderr)
		}
	}
	out, _, err := c.do("", "get", link, "--list", "--json", "--only", "a.txt")
	var listed struct {
		Title string
		Files []struct {
			Path, Modified, Type string
			Size                 int64
		}
	}
	if err := errors.Join(err, json.Unmarshal([]byte(out), &listed)); err != nil || len(listed.Files) != 1 || listed.Files[0].Path != "d/a.txt" || listed.Files[0].Size != 5 || listed.Files[0].Modified == "" {
		t.Errorf("%q, %v", out, err)
	}
	if _, _, err := c.get(link); err != nil {
		t.Errorf("the one download: %v", err)
	}
	if _, _, err := c.do("", "get", link, "--json"); exitCode(err) != exitUsage {
		t.Errorf("--json alone: %v", err)
	}
}
