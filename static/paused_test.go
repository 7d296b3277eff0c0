package static_test

import (
	"archive/zip"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// What is paused holds no connection, and goes on from where it was.
func TestAPausedDownloadGoesOn(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	ended := make(chan struct{}, 4)
	release := reader.site.hold(4_000_000)
	defer release()
	hold := *reader.site.fault.Load()
	reader.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		taken := hold(w, r)
		if taken && r.Context().Err() != nil {
			ended <- struct{}{}
		}
		return taken
	})
	reader.run(nil, "link.js", "beginSaving", made.Link)
	begun := reader.downloadBegins()
	reader.run(nil, "link.js", "savedSoFar", 3_000_000)
	reader.run(nil, "link.js", "pauseSaving")
	select {
	case <-ended:
	case <-time.After(45 * time.Second): // less than the minute after which a silent request ends by itself
		t.Fatal("what is paused keeps its request")
	}
	reader.site.breakWith(nil)
	before := len(reader.site.asked("GET", "/api/links/"))
	var done int64
	reader.run(&done, "link.js", "savedSoFar", 0)
	if after := len(reader.site.asked("GET", "/api/links/")); after != before || done > 4_000_000 {
		t.Errorf("while paused, %d requests were made; %d bytes came", after-before, done)
	}
	reader.run(nil, "link.js", "resumeSaving")
	var got saved
	reader.run(&got, "link.js", "endSaving")
	file := reader.downloadEnds(begun)
	if !got.OK || file.State != "completed" {
		t.Fatalf("download told %+v, the browser has %+v", got, file)
	}
	requests := reader.site.asked("GET", "/api/links/"+made.ID+"/content")
	var from int64
	if n, _ := fmt.Sscanf(requests[len(requests)-1].Header.Get("Range"), "bytes=%d-", &from); n != 1 || from < 2_000_000 || from > 4_000_000 || from%sealedChunk != 0 {
		t.Errorf("it went on with %q", requests[len(requests)-1].Header.Get("Range"))
	}
	var sums []string
	reader.run(&sums, "link.js", "digests", []wanted{{"a.bin", 12_000_000}})
	if sumOf(t, file.File) != sums[0] {
		t.Error("other bytes came to the disk")
	}
}

// A server that lets a recipient wait for its turn is asked again when it said (H14).
func TestADownloadWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	var asked atomic.Int32
	reader.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/downloads") || asked.Add(1) > 2 {
			return false
		}
		w.Header().Set("Retry-After", "1")
		http.Error(w, `{"code":"slow_down"}`, http.StatusTooManyRequests)
		return true
	})
	defer reader.site.breakWith(nil)
	reader.run(nil, "link.js", "beginSaving", made.Link)
	var got saved
	reader.run(&got, "link.js", "endSaving")
	var states []string
	reader.run(&states, "link.js", "savingStates")
	if file := reader.nextDownload(); !got.OK || file.State != "completed" || asked.Load() != 3 {
		t.Errorf("download told %+v after %d questions, the browser has %+v", got, asked.Load(), file)
	}
	if !slices.Equal(states, []string{"waiting", "running"}) {
		t.Errorf("it told %v", states)
	}
}

// Some files of several folders come as one zip, from the folder down that holds them all.
func TestDownloadSomeFilesOfSeveralFolders(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{{"top/a/one.bin", 300_000}, {"top/a/two.bin", 300_000}, {"top/b/c/three.bin", 300_000}, {"top/b/four.bin", 300_000}, {"five.bin", 5}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files)
	reader := newTab(t, sender.site)
	var got saved
	reader.run(&got, "link.js", "save", made.Link, []string{"top/a/two.bin", "top/b/c", "top/b/c/three.bin"}, map[string]any{"zipName": "Some"})
	file := reader.nextDownload()
	if !got.OK || got.Done != got.Total || file.Name != "Some.zip" {
		t.Fatalf("download told %+v, the browser has %+v", got, file)
	}
	archive, err := zip.OpenReader(file.File)
	must(t, err)
	defer archive.Close()
	var names []string
	for _, f := range archive.File {
		names = append(names, f.Name)
	}
	if want := []string{"b/c/", "a/two.bin", "b/c/three.bin"}; !slices.Equal(names, want) {
		t.Errorf("the zip has %q, want %q", names, want)
	}
	if requests := reader.site.asked("GET", "/api/links/"+made.ID+"/content"); len(requests) > 2 {
		t.Errorf("it took %d requests", len(requests))
	}
}
