package static_test

import (
	"archive/zip"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheDriveIsAWebDAVClient(t *testing.T) {
	t.Parallel()
	owner := newSender(t)
	var log [][2]any
	owner.run(&log, "link.js", "useDrive")
	want := [][2]any{
		{"make", "done"},
		{"make again", "exists"},
		{"make without parent", "no_parent"},
		{"write", "done"},
		{"write again", "exists"},
		{"write over another version", "changed"},
		{"list", []any{map[string]any{"path": "a b ü#?%/f.txt", "name": "f.txt", "folder": false, "size": 5.0, "etag": true}}},
		{"move", 0},
		{"copy onto", "exists"},
		{"copy over", 1},
		{"stat", 5.0},
		{"read", "ell"},
		{"read what changed", "changed"},
		{"remove", 1},
		{"remove again", "not_found"},
		{"walk", []any{"g.txt", "h.txt"}},
	}
	for i, entry := range log { // what was kept of it, by the ids under which it can come back
		if kept, ok := entry[1].([]any); ok && slices.Contains([]any{"move", "copy over", "remove"}, entry[0]) {
			log[i][1] = len(kept)
		}
	}
	if diff := cmp.Diff(want, log); diff != "" {
		t.Error("(-want +got)", diff)
	}
}

func TestDownloadAFolderOfTheDrive(t *testing.T) {
	t.Parallel()
	owner := newSender(t)
	owner.run(nil, "link.js", "fillDrive", []wanted{{"photos/1.jpg", 300_000}, {"photos/deep/2.jpg", 11}, {"photos/empty", 0}, {"other.txt", 5}})
	var got saved
	owner.run(&got, "link.js", "save", "", []string{"photos"})
	if !got.OK {
		t.Fatalf("download told %+v", got)
	}
	file := owner.nextDownload()
	if file.State != "completed" || file.Name != "photos.zip" {
		t.Errorf("the browser has %+v", file)
	}
	archive, err := zip.OpenReader(file.File)
	must(t, err)
	defer archive.Close()
	var names []string
	for _, f := range archive.File {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	if want := []string{"photos/", "photos/1.jpg", "photos/deep/", "photos/deep/2.jpg", "photos/empty"}; !slices.Equal(names, want) {
		t.Errorf("the zip has %v, want %v", names, want)
	}
}

func TestSendFromTheDrive(t *testing.T) {
	t.Parallel()
	owner := newSender(t)
	files := []wanted{{"photos/1.jpg", 9_000_000}, {"photos/deep/2.jpg", 11}, {"x.txt", 0}}
	owner.run(nil, "link.js", "fillDrive", files)
	var made sent
	owner.run(&made, "link.js", "sendDrive")
	var read readLink
	newTab(t, owner.site).run(&read, "link.js", "readLink", made.Link)
	var got, want []string
	for _, e := range read.Entries {
		if e.SHA256 != "" {
			got = append(got, e.Path+" "+e.SHA256)
		}
	}
	for _, e := range owner.expect(files) {
		want = append(want, e.Path+" "+e.SHA256)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the link has %v, want %v", got, want)
	}
}

// The session ends while a worker seals what lies in the drive: the page is told, as where it asked itself.
func TestAWorkerTellsThatTheSessionEnded(t *testing.T) {
	t.Parallel()
	owner := newSender(t)
	owner.run(nil, "link.js", "fillDrive", []wanted{{"a.bin", 700_000}})
	for _, method := range []string{"GET", "HEAD"} { // to read a file, and to see whether it is what it was
		owner.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
			switch {
			case r.Method == method && strings.HasPrefix(r.URL.Path, "/files/"):
				w.WriteHeader(http.StatusUnauthorized)
			case r.Method == "PATCH":
				w.WriteHeader(http.StatusBadGateway)
			default:
				return false
			}
			return true
		})
		var got struct {
			Error     string
			SignedOut bool
		}
		owner.run(&got, "link.js", "sendDrive")
		if got.Error != "not_signed_in" || !got.SignedOut {
			t.Errorf("with %s answered 401: %+v", method, got)
		}
	}
	owner.site.breakWith(nil)
}

// A window without service workers saves what memory holds, and says so where it does not.
func TestDownloadWithoutAServiceWorker(t *testing.T) {
	t.Parallel()
	owner := newSender(t)
	owner.run(nil, "link.js", "fillDrive", []wanted{{"a.bin", 700_000}})
	owner.run(nil, "link.js", "withoutServiceWorker")
	var got saved
	owner.run(&got, "link.js", "save", "", []string{"a.bin"})
	file := owner.nextDownload()
	if !got.OK || file.State != "completed" || file.Name != "a.bin" || sumOf(t, file.File) != owner.expect([]wanted{{"a.bin", 700_000}})[0].SHA256 {
		t.Errorf("download told %+v, the browser has %+v", got, file)
	}
	var code string
	owner.run(&code, "link.js", "tooLargeForMemory")
	if code != "needs_worker" {
		t.Errorf("a large file: %q", code)
	}
}
