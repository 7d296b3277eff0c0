package static_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The line drops in the middle of several requests; the server then holds less than was sent, by half a chunk and more. The link opens all the same.
func TestAnUploadGoesOnWhereTheLineDropped(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var patches atomic.Int32
	sender.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "PATCH" {
			return false
		}
		switch patches.Add(1) {
		case 1: // cut halfway through a chunk
			r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, 5*sealedChunk+1000), dropping{w}))
			sender.site.answer(r)
			drop(w)
			return true
		case 2: // all arrived, but the answer was lost
			sender.site.answer(r)
			drop(w)
			return true
		case 3: // the server stumbles
			http.Error(w, "{}", http.StatusBadGateway)
			return true
		}
		return false
	})
	files := []wanted{{"a.bin", 9_000_000}, {"b.bin", 14_000_000}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files)
	sender.site.breakWith(nil)
	if !strings.Contains(strings.Join(made.States, " "), "waiting sending") {
		t.Errorf("the states were %v", made.States)
	}
	var offsets []string // Chromium by itself sends a request once more whose connection ended without an answer
	for _, r := range sender.site.asked("PATCH", "/api/uploads/") {
		offsets = append(offsets, r.Header.Get("Upload-Offset"))
	}
	if !slices.Contains(offsets, "1310860") {
		t.Errorf("the requests begin at %v, none after the first five whole chunks, 1310860", offsets)
	}
	var read readLink
	newTab(t, sender.site).run(&read, "link.js", "readLink", made.Link)
	if diff := cmp.Diff(sender.expect(files), read.Entries); diff != "" {
		t.Error(read.Error, "(-want +got)", diff)
	}
}

// dropping ends a body as a lost connection does.
type dropping struct{ http.ResponseWriter }

func (d dropping) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestACancelledSendIsDeletedOnTheServer(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var got struct{ Error string }
	sender.run(&got, "link.js", "disturbed", 40_000_000, "abort")
	if got.Error != "AbortError" {
		t.Errorf("send told %q", got.Error)
	}
	if len(sender.site.asked("DELETE", "/api/uploads/")) != 1 || len(sender.site.asked("POST", "/api/links")) != 0 {
		t.Error("the upload was not deleted, or published")
	}
}

func TestAPausedSendGoesOn(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "disturbed", 40_000_000, "pause")
	if !strings.Contains(strings.Join(made.States, " "), "paused sending") {
		t.Errorf("the states were %v", made.States)
	}
	var read readLink
	sender.run(&read, "link.js", "readLink", made.Link)
	if diff := cmp.Diff(sender.expect([]wanted{{"large.bin", 40_000_000}}), read.Entries); diff != "" {
		t.Error(read.Error, "(-want +got)", diff)
	}
}

func TestADownloadGoesOnWhereTheLineDropped(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{{"a.bin", 12_000_000}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files)
	var asked atomic.Int32
	sender.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/content") || asked.Add(1) > 3 {
			return false
		}
		w.Write(sender.site.begin(w, r)[:2_000_000])
		http.NewResponseController(w).Flush()
		drop(w)
		return true
	})
	reader := newTab(t, sender.site)
	var got saved
	reader.run(&got, "link.js", "save", made.Link, []string{"a.bin"})
	if !got.OK {
		t.Fatalf("download told %+v", got)
	}
	file := reader.nextDownload()
	if file.State != "completed" || sumOf(t, file.File) != sender.expect(files)[0].SHA256 {
		t.Errorf("the browser has %+v", file)
	}
	requests := sender.site.asked("GET", "/api/links/"+made.ID+"/content")
	if last := requests[len(requests)-1].Header.Get("Range"); len(requests) != 4 || last == "" || last == "bytes=0-" {
		t.Errorf("after %d requests, the last asks for %q", len(requests), last)
	}
	if visits := sender.site.asked("POST", "/api/links/"+made.ID+"/downloads"); len(visits) != 1 {
		t.Errorf("one download took %d visits", len(visits))
	}
}

// The link was published, but its answer got lost: it is asked for again, and is there once.
func TestAPublishedLinkWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var lost atomic.Bool
	sender.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "POST" || r.URL.Path != "/api/links" || lost.Swap(true) {
			return false
		}
		if answer := sender.site.answer(r); answer.Code != http.StatusCreated {
			t.Errorf("the server answers %d %s", answer.Code, answer.Body)
		}
		drop(w)
		return true
	})
	defer sender.site.breakWith(nil)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.txt", 11}})
	var mine []struct{ Link string }
	sender.run(&mine, "link.js", "myLinks")
	if len(mine) != 1 || mine[0].Link != made.Link {
		t.Errorf("the owner's list has %+v, want %s", mine, made.Link)
	}
}

// A server that is busy or starting anew when the link is published costs no upload, nor any of the link's hour: it is counted from when the server took it.
func TestALinkIsPublishedOnceTheServerCan(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var asked atomic.Int32
	var taken atomic.Int64
	sender.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "POST" || r.URL.Path != "/api/links" {
			return false
		}
		code := []int{http.StatusServiceUnavailable, http.StatusInternalServerError, http.StatusLocked}
		if n := int(asked.Add(1)); n <= len(code) {
			http.Error(w, `{"code":"unavailable"}`, code[n-1])
			return true
		}
		taken.Store(time.Now().UnixMilli())
		return false
	})
	defer sender.site.breakWith(nil)
	var made struct {
		sent
		Expires time.Time
	}
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.txt", 11}}, map[string]any{"lifetime": time.Hour.Milliseconds()})
	if n := len(sender.site.asked("DELETE", "/api/uploads/")); n != 0 {
		t.Errorf("the upload was deleted %d times", n)
	}
	if want := time.UnixMilli(taken.Load()).Add(time.Hour); made.Expires.Sub(want).Abs() > 3*time.Second {
		t.Errorf("the link expires %s, published at %s", made.Expires, want.Add(-time.Hour))
	}
	var mine []struct{ Expires time.Time }
	sender.run(&mine, "link.js", "myLinks")
	if len(mine) != 1 || !mine[0].Expires.Equal(made.Expires) {
		t.Errorf("the owner's list has %v, the sender was told %s", mine, made.Expires)
	}
}

// What the server refuses is told, and what was sent is not lost: the link can be published when the server takes it.
func TestARefusedLinkCanBePublishedLater(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	sender.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "POST" || r.URL.Path != "/api/links" {
			return false
		}
		http.Error(w, `{"code":"too_many"}`, http.StatusConflict)
		return true
	})
	defer sender.site.breakWith(nil)
	files := []wanted{{"a.txt", 11}}
	if err := sender.try(nil, "link.js", "sendFiles", files); err == nil || !strings.Contains(err.Error(), "too_many 409") {
		t.Errorf("send told %v", err)
	}
	if n := len(sender.site.asked("DELETE", "/api/uploads/")); n != 0 {
		t.Errorf("the upload was deleted %d times", n)
	}
	sender.site.breakWith(nil)
	var made []sent
	sender.run(&made, "link.js", "publishUnfinished")
	if len(made) != 1 {
		t.Fatalf("%d links were made", len(made))
	}
	var read readLink
	sender.run(&read, "link.js", "readLink", made[0].Link)
	if diff := cmp.Diff(sender.expect(files), read.Entries); diff != "" {
		t.Error(read.Error, "(-want +got)", diff)
	}
}

// What is kept of a send says the same when it is read; its length tells little of the number of files; and what would be too long for the server is not kept.
func TestTheStateOfASendIsKeptInSteps(t *testing.T) {
	t.Parallel()
	b := newTab(t, newSite(t))
	for _, c := range []struct{ files, length int }{{1, 4096}, {15, 4096}, {40, 8192}, {40_000, 8 << 20}, {120_000, 0}} {
		var got *struct {
			Length int
			Same   bool
		}
		b.run(&got, "link.js", "stateOf", c.files)
		switch {
		case c.length == 0 && got != nil:
			t.Errorf("of %d files %d bytes are kept", c.files, got.Length)
		case c.length != 0 && (got == nil || got.Length != c.length || !got.Same):
			t.Errorf("of %d files: %+v, want %d bytes", c.files, got, c.length)
		}
	}
}

func TestSeveralChunksAreSealedAtOnce(t *testing.T) {
	t.Parallel()
	var most int
	newTab(t, newSite(t)).run(&most, "link.js", "sealedAtOnce")
	if most < 2 {
		t.Errorf("%d chunk at a time", most)
	}
}

// Chunks that must go again have the plaintext they had, also where a browser does not notice that a file changed. (A17)
func TestWhatGoesAgainIsWhatItWas(t *testing.T) {
	t.Parallel()
	var plaintexts []int // how many each chunk had
	newTab(t, newSite(t)).run(&plaintexts, "link.js", "sealedAgain")
	if len(plaintexts) != 20 || slices.Max(plaintexts) != 1 {
		t.Errorf("plaintexts of each chunk: %v", plaintexts)
	}
}
