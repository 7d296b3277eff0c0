package static_test

import (
	"path/filepath"
	"testing"

	"thorpe/static/browsertest"
)

// With fingers: a tap on a row's name opens it, and chooses it besides the others while something is chosen; all are chosen out of the menu; a tap beside a menu does no more than
// put it away.
func TestFilesAreChosenByTouch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Album/x", "Trip/y", "1.txt", "2.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Phone()
	b.Open(s.URL + "/")
	shows(b, "Album", "Trip", "1.txt", "2.txt")
	b.Tap("the box of a file", row("1.txt")+`.querySelector(".pick")`)
	b.WaitText("1 selected")
	b.Tap("a folder's name", nameIn("Album"))
	wantChosen(b, "Album,1.txt")
	b.Tap("it again", nameIn("Album"))
	wantChosen(b, "1.txt")
	b.Tap("a box", row("2.txt")+`.querySelector(".pick")`)
	wantChosen(b, "1.txt,2.txt")

	b.Tap("the menu", `document.querySelector(".chosen-tools [aria-haspopup=menu]")`)
	b.Tap("Select all", `[...document.querySelectorAll(".menu button")].find(e => e.textContent === "Select all")`)
	wantChosen(b, "Album,Trip,1.txt,2.txt")
	for _, name := range []string{"Album", "Trip", "1.txt", "2.txt"} {
		b.Tap(name, nameIn(name))
	}
	wantChosen(b, "")

	b.Tap("the menu of a row", row("2.txt")+`.querySelector("[data-action=menu]")`)
	b.Wait("the menu", `document.querySelector(".menu:popover-open")`)
	b.Tap("a folder beside it", nameIn("Album")+`.querySelector("bdi")`)
	b.Wait("no menu", `!document.querySelector(".menu")`)
	wantChosen(b, "2.txt")
	b.Tap("the row itself", nameIn("2.txt"))
	wantChosen(b, "")
	b.Tap("a folder", nameIn("Album"))
	shows(b, "x")
}

func wantChosen(b *browsertest.Browser, names string) {
	b.Wait(names+" chosen, in the root", chosenNames+` === `+quoted(names)+` && location.pathname === "/"`)
}

// Where there is nothing, Ctrl+A chooses nothing, and marks no text.
func TestNothingIsMarkedInAnEmptyList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, way := range []string{"Trash", "Files"} {
		b.Open(s.URL + "/recent")
		b.Click(way)
		b.WaitText(map[string]string{"Trash": "The trash is empty", "Files": "Nothing here yet"}[way])
		b.Wait("the page", `document.querySelector("main h1")?.textContent === `+quoted(way))
		b.Keys("Ctrl+a")
		b.Wait("nothing marked", `getSelection().isCollapsed`)
	}
}

// What is dropped on the trash in the navigation is deleted, and can be brought back.
func TestFilesAreDraggedIntoTheTrash(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Album/x", "1.txt", "2.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Open(s.URL + "/")
	shows(b, "Album", "1.txt", "2.txt")
	withMouse(b)
	b.DragTo(nameIn("1.txt"), `document.querySelector(".nav [data-route=trash]")`)
	b.WaitText("1 item deleted")
	shows(b, "Album", "2.txt")
	b.Keys("Ctrl+z")
	shows(b, "Album", "1.txt", "2.txt")
}
