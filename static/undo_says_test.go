package static_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// Taking back says what was taken back, also that nothing is left; what cannot be taken back says so, and nothing is lost that came in the meantime.
func TestUndoSaysWhatItUndid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "a.txt"), "a")
	makeFolder := func(name string) {
		t.Helper()
		b.Click("New")
		b.Click("New folder")
		b.WaitText("Create")
		b.Fill("Name", name)
		b.Press(kb.Enter)
		b.Wait(name+" chosen", row(name)+`?.getAttribute("aria-selected") === "true"`)
	}
	b.Open(s.URL + "/")
	shows(b, "a.txt")
	b.Keys("Ctrl+z")
	b.WaitText("Nothing to undo.")

	// A new folder goes into the trash again while it is empty.
	b.ClickAt("the file", row("a.txt")+`.querySelector(".m:not(.r)")`)
	b.Press(kb.F2)
	b.Press("b")
	b.Press(kb.Enter)
	b.WaitText("“a.txt” renamed to “b.txt”")
	makeFolder("Album")
	b.Keys("Ctrl+z")
	b.WaitText("Undone: Folder “Album” created")
	shows(b, "b.txt")
	b.Keys("Ctrl+z")
	b.WaitText("Undone: “a.txt” renamed to “b.txt”")
	shows(b, "a.txt")

	// What somebody has put into it, or written to a new file, stays.
	makeFolder("Trip")
	write(t, filepath.Join(driveFolder(s), "Trip", "theirs.txt"), "theirs")
	b.Keys("Ctrl+z")
	b.WaitText("“Trip” is no longer empty, and stays.")
	newFile := func(name string) {
		t.Helper()
		b.Click("New")
		b.Click("New text file")
		b.WaitText("Create")
		b.Fill("Name", name)
		b.Press(kb.Enter)
		b.Wait("the editor", `document.activeElement.matches(".edit-area")`)
		b.Press(kb.Escape)
		b.Press(kb.Escape)
		b.Wait("the list", `!document.querySelector("dialog[open]") && `+row(name))
	}
	newFile("one.txt")
	b.Keys("Ctrl+z")
	b.WaitText("Undone: File “one.txt” created")
	newFile("two.txt")
	write(t, filepath.Join(driveFolder(s), "two.txt"), "theirs")
	b.Keys("Ctrl+z")
	b.WaitText("“two.txt” has changed since, and stays.")
	onDisk(t, s, "what others wrote", "Trip/", "Trip/theirs.txt 6", "a.txt 1", "two.txt 6")

	// An upload is not taken back, and does not hide what was done before it.
	b.ClickAt("the file", row("two.txt")+`.querySelector(".m:not(.r)")`)
	b.Press(kb.Delete)
	b.WaitText("1 item deleted")
	file := filepath.Join(t.TempDir(), "up.txt")
	must(t, os.WriteFile(file, []byte("up"), 0o600))
	b.Drop(file)
	shows(b, "Trip", "a.txt", "up.txt")
	b.Keys("Ctrl+z")
	b.WaitText("This cannot be undone: “up.txt” uploaded.")
	b.Keys("Ctrl+z")
	b.WaitText("Undone: 1 item deleted")
	shows(b, "Trip", "a.txt", "two.txt", "up.txt")

	// What came out of the trash goes back into it, from any page; what went for good does not come back.
	b.ClickAt("the file", row("two.txt")+`.querySelector(".m:not(.r)")`)
	b.Press(kb.Delete)
	b.Wait("it is told, with the way back", toastButton("Undo")) // its words stand in what was undone before as well
	b.Click("Trash")
	b.Click("Restore two.txt")
	b.WaitText("“two.txt” is back in Files")
	onDisk(t, s, "restored", "Trip/", "Trip/theirs.txt 6", "a.txt 1", "two.txt 6", "up.txt 2")
	b.Keys("Ctrl+z")
	b.WaitText("Undone: “two.txt” restored from the trash")
	b.Wait("it in the trash", row("two.txt"))
	onDisk(t, s, "in the trash", "Trip/", "Trip/theirs.txt 6", "a.txt 1", "up.txt 2")
	b.Click("Empty trash")
	b.ClickAt("the button", `[...document.querySelectorAll("dialog .end .btn")].at(-1)`)
	b.WaitText("The trash is empty")
	b.Keys("Ctrl+z")
	b.WaitText("This cannot be undone: 3 items deleted for good")
}
