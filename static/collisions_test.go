package static_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"thorpe/static/browsertest"
)

const forAll = "Do the same for all that follow"

// dialogSays waits for a question with exactly these sides, as they are written, and for whether it offers to hold for all.
func dialogSays(t *testing.T, b *browsertest.Browser, title string, all bool, sides ...string) {
	t.Helper()
	b.WaitText("“" + title + "” is already there")
	var got struct {
		Sides []string
		All   bool
	}
	b.Eval(`(d => ({Sides: [...d.querySelectorAll(".sides > div")].map(e => [...e.children].map(e => e.innerText.replace(/\s+/g, " ")).join(": ")), All: d.innerText.includes("`+forAll+`")}))(document.querySelector("dialog[open]"))`, &got)
	if sides == nil {
		sides = []string{}
	}
	equal(t, "the sides of "+title, sides, got.Sides)
	equal(t, "for all at "+title, all, got.All)
}

// To keep both, or to leave out, is answered once for folders and files alike; to replace or to merge holds for its own kind.
func TestOneAnswerHoldsForEveryKind(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Day/a.txt", "Night/b.txt", "1.txt", "2.txt", "3.txt", "4.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "new one")
		write(t, filepath.Join(driveFolder(s), "Album", name), "old")
	}
	all := []string{"Day", "Night", "1.txt", "2.txt", "3.txt", "4.txt"}
	paste := func() {
		t.Helper()
		b.Open(s.URL + "/")
		shows(b, append([]string{"Album"}, all...)...)
		b.ClickAt("the first", row("Day")+`.querySelector(".m:not(.r)")`)
		b.ClickWith("4.txt", chromedp.ModifierShift)
		b.WaitText("6 selected")
		b.Keys("Ctrl+c")
		b.ClickAt("the album", nameIn("Album"))
		shows(b, all...)
		b.Keys("Ctrl+v")
	}

	paste()
	dialogSays(t, b, "Day", true)
	b.Click(forAll)
	b.Click("Leave out")
	b.Wait("no further question", `!document.querySelector("dialog[open]")`)

	paste()
	dialogSays(t, b, "Day", true)
	b.Click(forAll)
	b.Click("Merge")
	b.WaitText("A file of this name") // another question, and the folders stay merged
	b.Click(forAll)
	b.Click("Keep both")
	b.WaitText("6 items copied to Album")
	onDisk(t, s, "merged", "1.txt 7", "2.txt 7", "3.txt 7", "4.txt 7", "Album/", "Album/1 (2).txt 7", "Album/1.txt 3", "Album/2 (2).txt 7", "Album/2.txt 3", "Album/3 (2).txt 7", "Album/3.txt 3",
		"Album/4 (2).txt 7", "Album/4.txt 3", "Album/Day/", "Album/Day/a (2).txt 7", "Album/Day/a.txt 3", "Album/Night/", "Album/Night/b (2).txt 7", "Album/Night/b.txt 3", "Day/", "Day/a.txt 7", "Night/", "Night/b.txt 7")
	b.Click("Undo")
	b.WaitText("Undone")

	paste()
	dialogSays(t, b, "Day", true)
	picture(b, "collision-folders")
	b.Click(forAll)
	b.Click("Keep both")
	b.WaitText("6 items copied to Album")
	shows(b, "Day", "Day (2)", "Night", "Night (2)", "1 (2).txt", "1.txt", "2 (2).txt", "2.txt", "3 (2).txt", "3.txt", "4 (2).txt", "4.txt")
	b.Click("Undo")
	b.WaitText("Undone")
}

// Which of two files is newer or larger is said, and an answer for all is offered only where something else collides.
func TestACollisionShowsBothFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	at := func(path, content string, day int) string {
		t.Helper()
		write(t, path, content)
		when := time.Date(2024, time.March, day, 10, 30, 0, 0, time.Local)
		must(t, os.Chtimes(path, when, when))
		return path
	}
	for _, name := range []string{"1.txt", "2.txt", "other.txt"} {
		at(filepath.Join(driveFolder(s), name), "in the drive", 2)
	}
	one, two, free := at(filepath.Join(here, "1.txt"), "new", 3), at(filepath.Join(here, "2.txt"), "in the drive", 2), at(filepath.Join(here, "free.txt"), "new", 1)
	b.Open(s.URL + "/")
	shows(b, "1.txt", "2.txt", "other.txt")

	// Of what is uploaded.
	b.Drop(one, free)
	dialogSays(t, b, "1.txt", false, "There already: 12 bytes · March 2, 2024 at 10:30 AM larger", "The new one: 3 bytes · March 3, 2024 at 10:30 AM newer")
	picture(b, "collision-files")
	b.Axe("two files of one name")
	b.Click("Leave out")
	b.WaitText("1 file uploaded")
	b.Drop(one, two)
	dialogSays(t, b, "1.txt", true, "There already: 12 bytes · March 2, 2024 at 10:30 AM larger", "The new one: 3 bytes · March 3, 2024 at 10:30 AM newer")
	b.Click("Leave out")
	dialogSays(t, b, "2.txt", false, "There already: 12 bytes · March 2, 2024 at 10:30 AM same size same time", "The new one: 12 bytes · March 2, 2024 at 10:30 AM same size same time")
	b.Click("Leave out")
	b.Wait("no further question", `!document.querySelector("dialog[open]")`)

	// And of what is moved, also out of another tab, which knows names alone.
	at(filepath.Join(driveFolder(s), "Album", "1.txt"), "a longer text in the album", 1)
	b.Open(s.URL + "/")
	shows(b, "Album", "1.txt", "2.txt", "free.txt", "other.txt")
	b.ClickAt("a file", row("1.txt")+`.querySelector(".m:not(.r)")`)
	b.ClickWith("free.txt", chromedp.ModifierShift)
	b.WaitText("3 selected")
	b.Keys("Ctrl+x")
	tab := b.Tab()
	tab.Open(s.URL + "/drive/Album")
	shows(tab, "1.txt")
	tab.Keys("Ctrl+v")
	dialogSays(t, tab, "1.txt", false, "There already: 26 bytes · March 1, 2024 at 10:30 AM larger", "The new one: 12 bytes · March 2, 2024 at 10:30 AM newer")
	tab.Click("Replace")
	tab.WaitText("3 items moved to Album")
}
