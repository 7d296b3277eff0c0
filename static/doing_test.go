package static_test

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"thorpe/static/browsertest"
)

// row is the JavaScript of a row of the list, by its name.
func row(name string) string {
	return `[...document.querySelectorAll(".list-body .row")].find(e => e.querySelector(".name")?.textContent === ` + quoted(name) + `)`
}

// nameIn is the JavaScript of the name in a row.
func nameIn(name string) string { return row(name) + `?.querySelector(".name")` }

// into chooses a folder in the dialog that asks for one.
func into(b *browsertest.Browser, folder, button string) {
	b.ClickAt(folder, `[...document.querySelectorAll("dialog .place")].find(e => e.textContent === `+quoted(folder)+`)`)
	b.WaitText("Into: " + folder)
	b.Click(button)
}

// onDisk waits until exactly this lies in ann's drive.
func onDisk(t *testing.T, s *site, what string, want ...string) {
	t.Helper()
	want = slices.Sorted(slices.Values(want))
	for deadline := time.Now().Add(browsertest.Patience); ; time.Sleep(25 * time.Millisecond) { // between two looks
		diff := cmp.Diff(want, found(t, driveFolder(s)))
		if diff == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s, on the disk (-want +got):\n%s", what, diff)
		}
	}
}

// Names that are taken where things are moved or copied are asked about once, and nothing is lost by any answer.
func TestCollisionsOfAMove(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"1.txt", "2.txt", "3.txt", "4.txt", "Trip/a.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "new one")
		write(t, filepath.Join(driveFolder(s), "Album", name), "old")
	}
	b.Open(s.URL + "/")
	shows(b, "Album", "Trip", "1.txt", "2.txt", "3.txt", "4.txt")
	b.ClickAt("the first", row("Trip")+`.querySelector(".m:not(.r)")`)
	b.ClickWith("4.txt", chromedp.ModifierShift)
	b.WaitText("5 selected")
	b.Click("More for Trip")
	b.Click("Move to…")
	into(b, "Album", "Move here")
	b.WaitText("“Trip” is already there")
	b.WaitText("A folder of this name")
	b.Click("Keep both")
	b.WaitText("“1.txt” is already there")
	b.Click("Leave out")
	b.WaitText("“2.txt” is already there")
	b.Click("Keep both")
	b.WaitText("“3.txt” is already there")
	b.Click("Do the same for all that follow")
	b.Click("Replace")
	b.WaitText("4 items moved to Album")
	shows(b, "Album", "1.txt")
	onDisk(t, s, "moved", "1.txt 7", "Album/", "Album/1.txt 3", "Album/2 (2).txt 7", "Album/2.txt 3", "Album/3.txt 7", "Album/4.txt 7",
		"Album/Trip (2)/", "Album/Trip (2)/a.txt 7", "Album/Trip/", "Album/Trip/a.txt 3")

	// All of it is taken back, what was replaced too.
	b.Click("Undo")
	b.WaitText("Undone")
	shows(b, "Album", "Trip", "1.txt", "2.txt", "3.txt", "4.txt")
	before := []string{"1.txt 7", "2.txt 7", "3.txt 7", "4.txt 7", "Album/", "Album/1.txt 3", "Album/2.txt 3", "Album/3.txt 3", "Album/4.txt 3",
		"Album/Trip/", "Album/Trip/a.txt 3", "Trip/", "Trip/a.txt 7"}
	onDisk(t, s, "taken back", before...)

	b.Click("More for 1.txt")
	b.Click("Copy to…")
	into(b, "Album", "Copy here")
	b.Click("Replace")
	b.WaitText("1 item copied to Album")
	onDisk(t, s, "copied", append(slices.DeleteFunc(slices.Clone(before), func(name string) bool { return name == "Album/1.txt 3" }), "Album/1.txt 7")...)
	b.Keys("Ctrl+z")
	b.WaitText("Undone") // and the page may be left without being asked
	onDisk(t, s, "the copy taken back", before...)

	// A folder does not go into itself; copies beside themselves get names of their own, without a question.
	b.ClickAt("the trip", row("Trip")+`.querySelector(".m:not(.r)")`)
	b.Keys("Ctrl+d")
	shows(b, "Album", "Trip", "Trip (2)", "1.txt", "2.txt", "3.txt", "4.txt")
	b.Wait("the copy chosen", row("Trip (2)")+`.getAttribute("aria-selected") === "true"`)
	b.Click("More for Album")
	b.Click("Move to…")
	b.Wait("the folder that is moved is not offered", `document.querySelector("dialog .place") && ![...document.querySelectorAll("dialog .place")].some(e => e.textContent === "Album")`)
	b.Click("New folder")
	b.Fill("Name", "Photos")
	b.Click("Create")
	b.WaitText("Into: Photos")
	b.Click("Move here")
	b.WaitText("1 item moved to Photos")
	shows(b, "Photos", "Trip", "Trip (2)", "1.txt", "2.txt", "3.txt", "4.txt")
}

// A folder becomes one with the folder of its name: its files are asked about where they collide, the folders below go the same way, and all of it is taken back.
func TestFoldersBecomeOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	for _, name := range []string{"Trip/1.txt", "Trip/2.txt", "Trip/new.txt", "Trip/Day/3.txt", "Trip/Day/4.txt", "Trip/Night/5.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "new one")
		write(t, filepath.Join(here, name), "from here")
	}
	for _, name := range []string{"Trip/1.txt", "Trip/2.txt", "Trip/Day/3.txt", "Trip/Day/old.txt"} {
		write(t, filepath.Join(driveFolder(s), "Album", name), "old")
	}
	before := found(t, driveFolder(s))
	carry := func(command, button string) {
		t.Helper()
		b.Open(s.URL + "/")
		shows(b, "Album", "Trip")
		b.Click("More for Trip")
		b.Click(command)
		into(b, "Album", button)
		b.WaitText("“Trip” is already there")
		b.WaitText("Merge them")
	}
	album := []string{"Album/", "Album/Trip/", "Album/Trip/1.txt 3", "Album/Trip/2.txt 7", "Album/Trip/Day/", "Album/Trip/Day/3.txt 7", "Album/Trip/Day/4.txt 7", "Album/Trip/Day/old.txt 3",
		"Album/Trip/Night/", "Album/Trip/Night/5.txt 7", "Album/Trip/new.txt 7"}
	trip := slices.DeleteFunc(slices.Clone(before), func(name string) bool { return strings.HasPrefix(name, "Album") })

	// Moved: one file is left out, and stays where it is with its folder; the rest has gone.
	carry("Move to…", "Move here")
	b.Click("Merge")
	b.WaitText("“1.txt” is already there")
	b.Click("Leave out")
	b.WaitText("“2.txt” is already there")
	b.Click("Do the same for all that follow")
	b.Click("Replace")
	b.WaitText("1 item moved to Album")
	onDisk(t, s, "moved", append([]string{"Trip/", "Trip/1.txt 7"}, album...)...)
	b.Click("Undo")
	b.WaitText("Undone")
	onDisk(t, s, "taken back", before...)

	// Copied, with one answer for all.
	carry("Copy to…", "Copy here")
	b.Click("Merge")
	b.WaitText("“1.txt” is already there")
	b.Click("Do the same for all that follow")
	b.Click("Leave out")
	b.WaitText("1 item copied to Album")
	copied := slices.Clone(album)
	copied[3], copied[5] = "Album/Trip/2.txt 3", "Album/Trip/Day/3.txt 3"
	onDisk(t, s, "copied", append(copied, trip...)...)
	b.Keys("Ctrl+z")
	b.WaitText("Undone") // and the page may be left without being asked
	onDisk(t, s, "the copy taken back", before...)

	// Moved whole: nothing is left of it, and all of it comes back.
	carry("Move to…", "Move here")
	b.Click("Merge")
	b.WaitText("“1.txt” is already there")
	b.Click("Do the same for all that follow")
	b.Click("Replace")
	b.WaitText("1 item moved to Album")
	album[2] = "Album/Trip/1.txt 7"
	onDisk(t, s, "moved whole", album...)
	b.Click("Undo")
	b.WaitText("Undone")
	onDisk(t, s, "taken back", before...)

	// Uploaded: the same questions.
	b.Open(s.URL + "/drive/Album")
	shows(b, "Trip")
	b.Drop(filepath.Join(here, "Trip"))
	b.WaitText("Merge them")
	b.Click("Merge")
	b.WaitText("“1.txt” is already there")
	b.Click("Do the same for all that follow")
	b.Click("Keep both")
	b.WaitText("6 files uploaded")
	onDisk(t, s, "uploaded", append([]string{"Album/", "Album/Trip/", "Album/Trip/1 (2).txt 9", "Album/Trip/1.txt 3", "Album/Trip/2 (2).txt 9", "Album/Trip/2.txt 3", "Album/Trip/Day/", "Album/Trip/Day/3 (2).txt 9",
		"Album/Trip/Day/3.txt 3", "Album/Trip/Day/4.txt 9", "Album/Trip/Day/old.txt 3", "Album/Trip/Night/", "Album/Trip/Night/5.txt 9", "Album/Trip/new.txt 9"}, trip...)...)
}

// What fails is named, and the rest is done.
func TestAMoveOfWhichAPartFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"1.txt", "2.txt", "Album/x"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Open(s.URL + "/")
	shows(b, "Album", "1.txt", "2.txt")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "MOVE" || !strings.HasSuffix(r.URL.Path, "1.txt") {
			return false
		}
		http.Error(w, "locked", http.StatusLocked)
		return true
	})
	b.ClickAt("the first", row("1.txt")+`.querySelector(".m:not(.r)")`)
	b.ClickWith("2.txt", chromedp.ModifierShift)
	b.Click("More for 1.txt")
	b.Click("Move to…")
	into(b, "Album", "Move here")
	b.WaitText("“1.txt”: Another program has locked it.")
	b.WaitText("1 item moved to Album")
	shows(b, "Album", "1.txt")
	onDisk(t, s, "afterwards", "1.txt 1", "Album/", "Album/2.txt 1", "Album/x 1")
	b.Click("More for 1.txt")
	b.Click("Copy to…")
	b.Wait("the folder", `document.querySelector("dialog .place")`)
	b.Axe("a folder is chosen")
	b.Keys("Escape")
	b.ClickAt("the file", row("1.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("Ctrl+x")
	b.Wait("it fades", row("1.txt")+`.classList.contains("leaving")`)
	b.Axe("messages, and a file that was cut")
}

// Moves, new names and deletions are taken back by a button and by Ctrl-Z, the last one first.
func TestUndo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"a.txt", "._a.txt", "b.txt", "Album/x"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	before := found(t, driveFolder(s))
	b.Open(s.URL + "/")
	shows(b, "Album", "a.txt", "b.txt")
	b.ClickAt("a file", row("a.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("F2")
	b.Fill("New name for a.txt", "lake.txt")
	b.Keys("Enter")
	shows(b, "Album", "b.txt", "lake.txt")
	b.Click("More for lake.txt")
	b.Click("Move to…")
	into(b, "Album", "Move here")
	shows(b, "Album", "b.txt")
	b.ClickAt("a file", row("b.txt")+`.querySelector(".m:not(.r)")`)
	b.ClickWith("Album", chromedp.ModifierCtrl)
	b.Keys("Delete")
	b.WaitText("2 items deleted")
	b.WaitText("Nothing here yet")
	onDisk(t, s, "deleted")

	b.Keys("Ctrl+z")
	shows(b, "Album", "b.txt")
	b.Keys("Ctrl+z")
	shows(b, "Album", "b.txt", "lake.txt")
	b.Keys("Ctrl+z")
	shows(b, "Album", "a.txt", "b.txt")
	onDisk(t, s, "all taken back", before...)

	// Where its name has been given to something else, it comes back beside.
	b.ClickAt("a file", row("b.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("Delete")
	shows(b, "Album", "a.txt")
	write(t, filepath.Join(driveFolder(s), "b.txt"), "another")
	b.Click("Undo")
	b.WaitText("it is back as “b (2).txt”")
	shows(b, "Album", "a.txt", "b (2).txt", "b.txt")

	// A move that cannot be taken back says so, and nothing is lost.
	b.Click("More for a.txt")
	b.Click("Move to…")
	into(b, "Album", "Move here")
	b.Wait("it is told, with the way back", toastButton("Undo")) // its words stand in what was undone before as well
	write(t, filepath.Join(driveFolder(s), "a.txt"), "another")
	b.Keys("Ctrl+z")
	b.WaitText("A file of this name has appeared")
	onDisk(t, s, "afterwards", "Album/", "Album/._a.txt 1", "Album/a.txt 1", "Album/x 1", "a.txt 7", "b (2).txt 1", "b.txt 7")
}
