package static_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// A file of middle size goes on with what the server has when the line drops in its middle: a slow line takes minutes for it.
func TestAMiddlingFileGoesOnWhereTheLineDropped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	scan := filepath.Join(t.TempDir(), "scan.tif")
	must(t, os.WriteFile(scan, make([]byte, 9<<20), 0o600))
	var dropped atomic.Bool
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "PATCH" && r.Method != "PUT" || dropped.Swap(true) {
			return false
		}
		r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, 5<<20), dropping{w}))
		s.answer(r)
		drop(w)
		return true
	})
	b.Drop(scan)
	b.WaitText("1 file uploaded")
	onDisk(t, s, "in the end", fmt.Sprintf("scan.tif %d", 9<<20))
	var offsets []string
	for _, r := range s.asked("PATCH", "/api/uploads/") {
		offsets = append(offsets, r.Header.Get("Upload-Offset"))
	}
	if len(offsets) < 2 || offsets[len(offsets)-1] != fmt.Sprint(5<<20) { // Chromium by itself may have sent the first once more
		t.Errorf("it was sent from %v on, want %d at last", offsets, 5<<20)
	}
}

// While the server holds as many unfinished uploads as it takes, a file goes by itself, and not at all only where it is refused.
func TestAMiddlingFileNeedsNoPlaceAmongTheUnfinished(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	scan := filepath.Join(t.TempDir(), "scan.tif")
	must(t, os.WriteFile(scan, make([]byte, 9<<20), 0o600))
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "POST" || r.URL.Path != "/api/uploads/drive" {
			return false
		}
		w.WriteHeader(http.StatusConflict)
		io.WriteString(w, `{"code": "too_many", "message": ""}`)
		return true
	})
	b.Drop(scan)
	b.WaitText("1 file uploaded")
	onDisk(t, s, "in the end", fmt.Sprintf("scan.tif %d", 9<<20))
}

// A computer without a connection waits for one, and goes on by itself; what the page complained of meanwhile is taken back.
func TestUploadsWaitForAConnection(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	for _, name := range []string{"a.txt", "b.txt"} { // for the first, not even the module is there that uploads
		path := filepath.Join(here, name)
		write(t, path, strings.Repeat("a", 70_000))
		b.Offline(true)
		b.Drop(path)
		b.WaitText("Waiting for a connection…")
		if name == "b.txt" {
			b.WaitText("It goes on by itself")
		}
		b.Offline(false)
		b.WaitText("1 file uploaded")
		b.ClickAt("the tray's cross", `document.querySelector(".tray:not([hidden]) [aria-label=Close]")`) // messages go meanwhile, which have one too
	}
	shows(b, "a.txt", "b.txt")
	b.Wait("no waiting", `!document.body.innerText.includes("Waiting for")`)
	b.Wait("no old message", `!document.body.innerText.includes("No answer")`)
}

// What stands before a server that is being started anew answers in its place: a drop waits all the same, though not even the module is there that uploads.
func TestADropWaitsBehindAProxy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	path := filepath.Join(t.TempDir(), "a.txt")
	write(t, path, "a")
	b.ClearCache()
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusBadGateway)
		return true
	})
	b.Drop(path)
	b.WaitText("Waiting for the server…")
	s.breakWith(nil)
	b.WaitText("1 file uploaded")
}

// Whoever gives up waiting is not told that the server is back: what the page complained of still holds.
func TestGivingUpIsNoAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	path := filepath.Join(t.TempDir(), "a.txt")
	write(t, path, "a")
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	b.Drop(path) // what uploads is there from now on
	b.WaitText("1 file uploaded")
	b.ClickAt("the tray's cross", `document.querySelector(".tray:not([hidden]) [aria-label=Close]")`) // messages go meanwhile, which have one too
	b.Click("New")
	b.Click("New folder")
	b.WaitText("Create")
	b.Offline(true)
	b.Fill("Name", "Album")
	b.Press(kb.Enter)
	const complaint = `[...document.querySelectorAll(".toast")].some(e => e.innerText.includes("No answer"))`
	b.Wait("the complaint", complaint)
	b.Eval(`globalThis.backs = 0, addEventListener("thorpe-server-back", () => globalThis.backs++)`, nil)
	b.Drop(path)
	b.WaitText("Waiting for a connection…")
	b.Click("Cancel uploads")
	b.Wait("nobody waits", `!document.querySelector(".tray:not([hidden])")`)
	b.Wait("the complaint still", complaint+` && globalThis.backs === 0`)
	b.Offline(false)
	b.Wait("no complaint", `!`+complaint)
}
