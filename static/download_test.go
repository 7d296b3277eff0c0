package static_test

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// saved is what download() told.
type saved struct {
	OK          bool
	Error       string
	Message     string
	Done, Total int64
}

func TestDownloadOneFileOfALink(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{{"a.txt", 600_000}, {"holiday ü \"1\".bin", 5_000_000}, {"c.txt", 600_000}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files)
	reader := newTab(t, sender.site)
	var got saved
	reader.run(&got, "link.js", "save", made.Link, []string{files[1].Path})
	if !got.OK || got.Done != files[1].Size || got.Total != files[1].Size {
		t.Fatalf("download told %+v", got)
	}
	file := reader.nextDownload()
	if file.State != "completed" || file.Name != "holiday ü _1_.bin" {
		t.Errorf("the browser has %+v", file)
	}
	if sum := sumOf(t, file.File); sum != sender.expect(files)[1].SHA256 {
		t.Errorf("other bytes came to the disk")
	}
	if asked := sender.site.asked("GET", "/api/links/"); !strings.HasPrefix(asked[len(asked)-1].Header.Get("Range"), "bytes=524344-") {
		t.Errorf("one file was asked for with Range %q", asked[len(asked)-1].Header.Get("Range"))
	}
}

func TestDownloadAWholeLinkAsAZip(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{{"b/two.bin", 3_000_000}, {"one.txt", 11}, {"b/empty", 0}, {"ä/ö.txt", 70_000}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files, map[string]any{"folders": []string{"nothing/here"}})
	reader := newTab(t, sender.site)
	var got saved
	reader.run(&got, "link.js", "save", made.Link, []string{}, map[string]any{"zipName": "Summer"})
	if !got.OK || got.Done != got.Total {
		t.Fatalf("download told %+v", got)
	}
	file := reader.nextDownload()
	if file.State != "completed" || file.Name != "Summer.zip" {
		t.Errorf("the browser has %+v", file)
	}
	want := sender.expect(files)
	archive, err := zip.OpenReader(file.File)
	must(t, err)
	defer archive.Close()
	found := map[string]bool{}
	for _, f := range archive.File {
		found[f.Name] = true
		if f.FileInfo().IsDir() {
			continue
		}
		in, err := f.Open()
		must(t, err)
		hash := sha256.New()
		_, err = io.Copy(hash, in)
		must(t, err)
		for _, w := range want {
			if w.Path == f.Name && (hex.EncodeToString(hash.Sum(nil)) != w.SHA256 || f.Modified.Year() != 2026) {
				t.Errorf("%s in the zip is another, or from %v", f.Name, f.Modified)
			}
		}
	}
	for _, name := range []string{"b/", "b/two.bin", "one.txt", "b/empty", "ä/", "ä/ö.txt", "nothing/", "nothing/here/"} {
		if !found[name] {
			t.Errorf("the zip lacks %s; it has %v", name, found)
		}
	}
	if asked := sender.site.asked("GET", fmt.Sprintf("/api/links/%s/content", made.ID)); len(asked) != 1 {
		t.Errorf("a whole link took %d requests", len(asked))
	}
}

func sumOf(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path)
	must(t, err)
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	must(t, err)
	return hex.EncodeToString(sum.Sum(nil))
}
