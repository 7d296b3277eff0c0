package static_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// tourDoing calls at where files are shown as a grid, with a mouse and with fingers, and where something is done with them.
func tourDoing(t *testing.T, s *site, b *browsertest.Browser, at at) {
	const lake = "/drive/Family/Summer%20at%20the%20lake"
	closed := func() {
		b.Press(kb.Escape)
		b.Wait("no dialog", `!document.querySelector("dialog[open]")`)
	}
	b.Open(s.URL + lake)
	b.WaitText("Shopping list.md")
	b.Click("Show as a grid")
	b.Wait("small pictures", `document.querySelectorAll(".tile canvas").length >= 7`)
	at(b, "grid")
	b.Touch(true)
	b.Wait("no mouse", `matchMedia("(hover: none)").matches`)
	at(b, "grid-touched")
	b.Touch(false)
	b.Click("Show as a list")

	b.Click("More for Shopping list.md")
	b.Click("Details")
	b.WaitText("Changed")
	at(b, "details")
	closed()
	there := filepath.Join(driveFolder(s), "Family", "Summer at the lake", "Grandma’s garden", "IMG_2041.jpg")
	write(t, there, "another picture")
	b.Click("More for IMG_2041.jpg")
	b.Click("Move to…")
	b.Wait("folders to choose", `document.querySelectorAll("dialog .place").length >= 2`)
	at(b, "picker")
	into(b, "Grandma’s garden", "Move here")
	b.WaitText("“IMG_2041.jpg” is already there")
	at(b, "collision")
	closed()
	must(t, os.Remove(there))
	b.Click("New")
	b.Click("New text file")
	b.Wait("the name", `document.querySelector("dialog input")?.value === "New text.txt"`)
	at(b, "new-text")
	closed()

	here := t.TempDir()
	write(t, filepath.Join(here, "IMG_2054.jpg"), "picture")
	write(t, filepath.Join(here, "The way there, in the sun.jpg"), "picture")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		refused := r.Method == "PUT" || r.Method == "PATCH" || r.URL.Path == "/api/uploads/files"
		if refused {
			http.Error(w, "full", http.StatusInsufficientStorage)
		}
		return refused
	})
	b.Drop(filepath.Join(here, "IMG_2054.jpg"), filepath.Join(here, "The way there, in the sun.jpg"))
	b.WaitText("2 files not uploaded")
	b.Click("Show files")
	b.WaitText("The way there")
	at(b, "upload-failed")
	s.breakWith(nil)
	b.Click("Close")
	b.Wait("no tray", `!document.querySelector(".tray:not([hidden])")`)
}
