package static_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"thorpe/static/browsertest"
)

// waiting is the part of a body that comes no sooner than its channel is closed.
type waiting chan struct{}

func (w waiting) Read([]byte) (int, error) {
	<-w
	return 0, io.EOF
}

// trayButtons are those of the tray's lines, by what they are called.
const trayButtons = `[...document.querySelectorAll(".tray-lines button")].filter(e => e.checkVisibility()).map(e => e.getAttribute("aria-label")).sort().join()`

const filmSize = 40 << 20

// uploadsAFilm drops a large file, of which 4 MiB arrive until the function is called, and another, which waits for the same.
func uploadsAFilm(t *testing.T, s *site, b *browsertest.Browser, other string, bytes int) (release func()) {
	t.Helper()
	here := t.TempDir()
	film, beside := filepath.Join(here, "film.mov"), filepath.Join(here, other)
	must(t, os.WriteFile(film, make([]byte, filmSize), 0o600))
	must(t, os.WriteFile(beside, make([]byte, bytes), 0o600))
	held := make(waiting)
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.Method == "PATCH" && r.Header.Get("Upload-Offset") == "0" && r.ContentLength == filmSize:
			r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, 4<<20), held, r.Body))
		case r.Method == "PATCH" && r.ContentLength == int64(bytes), r.Method == "PUT", r.URL.Path == "/api/uploads/files":
			r.Body = io.NopCloser(io.MultiReader(held, r.Body))
		}
		return false
	})
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	b.Drop(film, beside)
	b.WaitText("Uploading 2 files")
	b.Click("Show files")
	b.Wait("bytes of the film", `[...document.querySelectorAll(".tray-lines li")].find(e => e.innerText.includes("film.mov"))?.innerText.includes(" of ")`)
	return func() { close(held) }
}

// A large file is paused by itself while others go on, and goes on from where it was. One that would begin anew is only canceled.
func TestOneFileIsPaused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	release := uploadsAFilm(t, s, b, "note.bin", 5<<20)
	b.Wait("a pause for the film alone", trayButtons+` === "Cancel film.mov,Cancel note.bin,Pause film.mov"`)
	b.Click("Pause film.mov")
	b.Wait("it is paused", trayButtons+` === "Cancel film.mov,Cancel note.bin,Resume film.mov"`)
	b.WaitText("Uploading 2 files") // the other goes on
	b.Wait("the keyboard still there", `document.activeElement.getAttribute("aria-label") === "Resume film.mov"`)
	picture(b, "tray-paused-one")
	release()
	b.WaitText("Paused, 1 file to go")
	onDisk(t, s, "what went on", fmt.Sprintf("note.bin %d", 5<<20))
	b.WaitText("Paused, ")
	if patches := len(s.asked("PATCH", "/api/uploads/")); patches != 1 {
		t.Errorf("%d parts were sent before it was resumed", patches)
	}
	b.Click("Resume film.mov")
	b.WaitText("2 files uploaded")
	onDisk(t, s, "in the end", fmt.Sprintf("film.mov %d", filmSize), fmt.Sprintf("note.bin %d", 5<<20))
	if begun := len(s.asked("POST", "/api/uploads/drive")); begun != 1 {
		t.Errorf("it was begun %d times", begun)
	}
	patches := s.asked("PATCH", "/api/uploads/")
	if offset := patches[len(patches)-1].Header.Get("Upload-Offset"); offset == "0" || offset == "" {
		t.Errorf("it went on at %q", offset)
	}
}

// What is paused by itself goes on with all others, or is given up: then the server forgets what it had of it.
func TestAPausedFileIsResumedWithAllOrCanceled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	release := uploadsAFilm(t, s, b, "second.mov", 9<<20)
	b.Wait("a pause for each", trayButtons+` === "Cancel film.mov,Cancel second.mov,Pause film.mov,Pause second.mov"`)
	b.Click("Pause film.mov")
	b.Click("Pause second.mov")
	b.WaitText("Paused, 2 files to go")
	release()
	b.Click("Cancel film.mov")
	b.WaitText("Paused, 1 file to go")
	b.Click("Resume")
	b.WaitText("1 file uploaded")
	onDisk(t, s, "in the end", fmt.Sprintf("second.mov %d", 9<<20))
	b.Open(s.URL + "/")
	shows(b, "second.mov")
	b.Wait("nothing left of it on the server", `(fetch("/api/uploads/").then(a => a.json()).then(a => (globalThis.uploadsLeft = a.uploads.length)), globalThis.uploadsLeft === 0)`)
}
