package static_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// holdBack keeps requests of a method waiting until it is called.
func (s *site) holdBack(method string) (release func()) {
	free := make(chan struct{})
	s.breakWith(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == method {
			select {
			case <-free:
			case <-r.Context().Done():
			}
		}
		return false
	})
	return func() { close(free) }
}

const withheldRows = `document.querySelectorAll(".list-body .row.withheld[aria-disabled=true]").length`

// What is being deleted is shown as that at once, and nothing else is done with it until it is gone: whoever is impatient deletes it once.
func TestWhatIsBeingDeletedIsWithheld(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Trip/x", "1.txt", "2.txt", "3.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	release := s.holdBack("DELETE")
	b.Open(s.URL + "/")
	shows(b, "Trip", "1.txt", "2.txt", "3.txt")
	b.ClickAt("a file", row("1.txt")+`.querySelector(".m:not(.r)")`)
	b.ClickWith("2.txt", chromedp.ModifierShift)
	b.DoubleClickAt("the bin", `document.querySelector(".chosen-tools [aria-label=Delete]")`)
	b.Wait("two of them withheld, and nothing chosen", withheldRows+` === 2 && !document.querySelector(".list-body [aria-selected=true]")`)
	b.Wait("the same order", `document.querySelector("[aria-sort=ascending]").textContent === "Name"`)
	b.Keys("Delete") // the keyboard stands on one that is withheld
	b.Keys("Ctrl+a")
	b.WaitText("2 selected")
	b.Keys("Delete")
	b.Wait("all of them withheld", withheldRows+` === 4`)
	b.Keys("Ctrl+a")
	b.Keys("Delete")
	b.ClickAt("a folder that goes", nameIn("Trip"))
	b.MenuAt("a file that goes", nameIn("3.txt"))
	b.Keys("Ctrl+z")
	b.WaitText("still being done")
	b.Wait("two lines in the trays", `[...document.querySelectorAll(".tray b")].map(e => e.textContent).join() === "Deleting 2 items,Deleting 2 items"`)
	b.Wait("nothing else open", `location.pathname === "/" && !document.querySelector(".menu, dialog")`)
	release()
	b.WaitText("Nothing here yet")
	b.Wait("no complaint", `!document.body.innerText.includes("could not be done")`)
	if got := len(s.asked("DELETE", "/files/")); got != 4 {
		t.Errorf("%d things were deleted, out of 4", got)
	}
	b.Keys("Ctrl+z")
	b.Keys("Ctrl+z")
	shows(b, "Trip", "1.txt", "2.txt", "3.txt")
}

// What is being moved likewise; what stays where it is can be worked with.
func TestWhatIsBeingMovedIsWithheld(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Album/x", "1.txt", "2.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	release := s.holdBack("MOVE")
	b.Open(s.URL + "/")
	shows(b, "Album", "1.txt", "2.txt")
	b.Click("More for 1.txt")
	b.Click("Move to…")
	into(b, "Album", "Move here")
	b.Wait("it withheld", withheldRows+` === 1`)
	b.ClickAt("it", nameIn("1.txt"))
	b.Click("2.txt")
	b.Wait("the other one", looksAt+` === "2.txt"`)
	b.Click("Close")
	release()
	shows(b, "Album", "2.txt")
	b.Wait("nothing withheld", withheldRows+` === 0`)
}

// A dialog that has to be loaded is opened once, however often its button is clicked until it is there.
func TestAnImpatientPersonGetsOneDialog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Album/x", "1.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	free := make(chan struct{})
	s.breakWith(holdModule("/drive/actions.js", free))
	b.Open(s.URL + "/")
	shows(b, "Album", "1.txt")
	b.ClickAt("a file", row("1.txt")+`.querySelector(".m:not(.r)")`)
	b.ClickAt("Share", `document.querySelector(".chosen-tools [aria-label=Share]")`)
	b.ClickAt("Move", `document.querySelector(".chosen-tools [aria-label='Move to…']")`)
	b.ClickAt("the row's Share", row("1.txt")+`.querySelector("[data-action=share]")`)
	b.MenuAt("the row", nameIn("1.txt"))
	b.Click("Details")
	close(free)
	b.Wait("a dialog", `document.querySelector("dialog[open] h2")`)
	b.WaitText("Create link")
	b.Wait("no other one", `document.querySelectorAll("dialog").length === 1`)
	b.Keys("Escape")
	b.Wait("no dialog at all", `!document.querySelector("dialog")`)
	b.ClickAt("Move", `document.querySelector(".chosen-tools [aria-label='Move to…']")`)
	b.WaitText("Move here")
}

// What was cut stays after Escape; and of what goes into one of its own folders the rest goes there.
func TestACutIsCalledOff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Docs/x", "Album/y", "1.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Open(s.URL + "/")
	shows(b, "Album", "Docs", "1.txt")
	b.ClickAt("a file", row("1.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("Ctrl+x")
	b.Wait("it leaving", row("1.txt")+`.matches(".leaving")`)
	b.Keys("Escape")
	b.Wait("it staying", `!document.querySelector(".leaving")`)
	b.Click("Album")
	shows(b, "y")
	b.Keys("Ctrl+v")
	b.Click("Files")
	shows(b, "Album", "Docs", "1.txt")

	b.ClickAt("a file", row("1.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("Ctrl+a")
	b.Keys("Ctrl+x")
	b.Wait("all leaving", `document.querySelectorAll(".leaving").length === 3`)
	b.Click("Docs")
	shows(b, "x")
	b.Keys("Ctrl+v")
	b.WaitText("“Docs” cannot go into itself.")
	b.WaitText("2 items moved to Docs")
	shows(b, "Album", "1.txt", "x")
}

// holdModule keeps a script waiting.
func holdModule(name string, free <-chan struct{}) func(http.ResponseWriter, *http.Request) bool {
	return func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, name) {
			select {
			case <-free:
			case <-r.Context().Done():
			}
		}
		return false
	}
}
