package static_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

const tiles = `[...document.querySelectorAll(".file-grid .tile .name")].map(e => e.textContent)`

// tileNames waits until the grid shows these, in this order.
func tileNames(b *browsertest.Browser, want ...string) {
	b.Wait(strings.Join(want, ", "), "JSON.stringify("+tiles+") === "+quoted(`["`+strings.Join(want, `","`)+`"]`))
}

// chosenTiles waits until these are chosen and no others.
func chosenTiles(b *browsertest.Browser, want string) {
	b.Wait("chosen: "+want, `[...document.querySelectorAll(".tile[aria-selected=true] .name")].map(e => e.textContent).join() === `+quoted(want))
}

// The drive as a grid: chosen and steered as the list, sorted by a menu; how it is shown is remembered and stands in the address.
func TestAGridOfTheDrive(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	must(t, os.Mkdir(filepath.Join(driveFolder(s), "Zoo"), 0o700))
	for i, name := range []string{"b.txt", "a.zip", "c.txt", "d.pdf", "e.md", "f.bin", "g.zip"} {
		write(t, filepath.Join(driveFolder(s), name), strings.Repeat("x", 10*i))
	}
	b.Open(s.URL + "/")
	shows(b, "Zoo", "a.zip", "b.txt", "c.txt", "d.pdf", "e.md", "f.bin", "g.zip")
	b.Click("Show as a grid")
	tileNames(b, "Zoo", "a.zip", "b.txt", "c.txt", "d.pdf", "e.md", "f.bin", "g.zip")
	b.Wait("the address", `location.search === "?view=grid"`)
	b.Axe("grid")

	// By pointer and keyboard as in the list.
	b.ClickAt("a tile's picture", `document.querySelectorAll(".tile")[1].querySelector(".tile-picture")`)
	chosenTiles(b, "a.zip")
	b.Keys("ArrowRight")
	chosenTiles(b, "b.txt")
	b.Keys("Shift+ArrowRight")
	b.Keys("Shift+ArrowRight")
	chosenTiles(b, "b.txt,c.txt,d.pdf")
	b.Press(kb.Escape)
	chosenTiles(b, "")
	b.Keys("Home")
	chosenTiles(b, "Zoo")
	b.Keys("ArrowDown")
	b.Wait("one line further down", `document.querySelector(".tile[aria-selected=true]").dataset.index === document.querySelector(".file-grid").ariaColCount`)
	b.Press("g") // the first letter of a name
	chosenTiles(b, "g.zip")
	b.Press(kb.F2)
	b.Wait("the name marked", `document.activeElement.matches(".rename")`)
	b.Press("gnu")
	b.Press(kb.Enter)
	tileNames(b, "Zoo", "a.zip", "b.txt", "c.txt", "d.pdf", "e.md", "f.bin", "gnu.zip")
	b.Press(kb.Escape)

	b.Click("Sort")
	b.Click("Size")
	tileNames(b, "Zoo", "gnu.zip", "f.bin", "e.md", "d.pdf", "c.txt", "a.zip", "b.txt")
	b.Wait("the address", `location.search === "?view=grid&sort=size-"`)
	b.Click("Sort")
	b.Click("Type")
	tileNames(b, "Zoo", "a.zip", "gnu.zip", "d.pdf", "f.bin", "e.md", "b.txt", "c.txt")

	// Another folder and another visit are shown in the same way; the address is the place, with how it is shown.
	b.ClickAt("the folder's name", `document.querySelector(".tile .name")`)
	b.WaitText("Nothing here yet")
	b.Wait("the address", `location.pathname + location.search === "/drive/Zoo?view=grid&sort=type"`)
	b.Eval(`history.back()`, nil)
	tileNames(b, "Zoo", "a.zip", "gnu.zip", "d.pdf", "f.bin", "e.md", "b.txt", "c.txt")
	b.Open(s.URL + "/")
	tileNames(b, "Zoo", "a.zip", "gnu.zip", "d.pdf", "f.bin", "e.md", "b.txt", "c.txt")
	b.Open(s.URL + "/?view=list&sort=name-")
	shows(b, "Zoo", "gnu.zip", "f.bin", "e.md", "d.pdf", "c.txt", "b.txt", "a.zip")
	b.Open(s.URL + "/?view=cube&sort=colour")
	b.Wait("what is remembered, for nobody knows those", tiles+".length === 8")
	b.Click("Show as a list")
	shows(b, "Zoo", "a.zip", "gnu.zip", "d.pdf", "f.bin", "e.md", "b.txt", "c.txt")

	// The box that chooses all says what is chosen.
	const all = `document.querySelector("[data-all]")`
	b.ClickAt("the box of all", all)
	b.Wait("all chosen", all+`.checked && document.querySelectorAll("[aria-selected=true]").length === 8`)
	b.ClickAt("one box", `document.querySelectorAll(".list-body .pick input")[3]`)
	b.Wait("some chosen", all+`.indeterminate && !`+all+`.checked`)
	b.Press(kb.Escape)
	b.Wait("none chosen", `!`+all+`.indeterminate && !`+all+`.checked`)
}

// Back leads to where one was in a long folder, forward and a click on its name to where they lead.
func TestBackGoesOnWhereOneWas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for i := range 200 {
		must(t, os.Mkdir(filepath.Join(driveFolder(s), fmt.Sprintf("folder %d", i+1)), 0o700))
	}
	for _, view := range []string{"list", "grid"} {
		b.Open(s.URL + "/?view=" + view)
		b.Wait("the folders", `document.querySelectorAll("[data-index] .name").length > 10`)
		b.Eval(`scrollTo(0, 4000)`, nil)
		b.Wait("others", `document.querySelector("[data-index='100'] .name") !== null`)
		b.Eval(`scrollTo(0, document.querySelector("[data-index='100']").getBoundingClientRect().top + scrollY - 300)`, nil)
		b.ClickAt("a folder further down", `document.querySelector("[data-index='100'] .name")`)
		b.WaitText("Nothing here yet")
		var top float64
		b.Eval(`scrollY`, &top)
		if top != 0 {
			t.Errorf("the next folder is scrolled by %v", top)
		}
		b.Eval(`history.back()`, nil)
		b.Wait("the place where one was", `Math.abs((document.querySelector("[data-index='100']")?.getBoundingClientRect().top ?? 0) - 300) < 3`)
		b.Wait("the keyboard there", `document.activeElement.dataset.index === "100"`)
	}

	// Each place of the history has its own: the same folder further back, after a reload, and a page that is no folder.
	where := func(what string) {
		t.Helper()
		b.Wait(what, `document.querySelector("[data-index='70'] .name") && Math.abs(scrollY - 3000) < 3`)
	}
	b.Open(s.URL + "/?view=list")
	b.Wait("the folders", `document.querySelectorAll("[data-index] .name").length > 10`)
	b.Eval(`scrollTo(0, 3000)`, nil)
	where("scrolled")
	b.Reload()
	where("after a reload")
	b.Click("Trash")
	b.WaitText("The trash is empty")
	b.Click("Files")
	b.Wait("its top", `document.querySelector("[data-index='0'] .name") && scrollY === 0`)
	b.Eval(`history.back()`, nil)
	b.WaitText("The trash is empty")
	b.Eval(`history.back()`, nil)
	where("before the other visits")
	b.Eval(`history.forward()`, nil)
	b.WaitText("The trash is empty")
	b.Eval(`history.forward()`, nil)
	b.Wait("its top again", `document.querySelector("[data-index='0'] .name") && scrollY === 0`)
}

// waitKept waits until the browser keeps so many small pictures.
func waitKept(b *browsertest.Browser, want int) {
	b.Eval(fmt.Sprintf(`(async () => {
		for (;;) {
			const db = await new Promise((done) => { const asked = indexedDB.open("thorpe-thumbnails"); asked.onsuccess = () => done(asked.result); });
			const count = await new Promise((done) => { const asked = db.transaction("pictures").objectStore("pictures").count(); asked.onsuccess = () => done(asked.result); });
			db.close();
			if (count === %d) return;
			await new Promise((done) => setTimeout(done, 50));
		}
	})()`, want), nil)
}

// Of images, videos and PDFs the grid shows small pictures, which are kept: another visit reads no file. Signing out forgets them, and of a link none is kept.
func TestThumbnailsAreKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	must(t, os.WriteFile(filepath.Join(driveFolder(s), "a.jpg"), jpegOf(t, 640, 480), 0o600))
	must(t, os.WriteFile(filepath.Join(driveFolder(s), "b.pdf"), pdfOf(2, 10), 0o600))
	must(t, os.WriteFile(filepath.Join(driveFolder(s), "c.webm"), film(t), 0o600))
	must(t, os.WriteFile(filepath.Join(driveFolder(s), "d.png"), pngThatSays(t, 60_000, 60_000), 0o600))
	write(t, filepath.Join(driveFolder(s), "e.txt"), "no picture")
	const drawn = `[...document.querySelectorAll(".tile")].map(e => e.querySelector("canvas") ? "drawn" : "kind").join()`
	b.Open(s.URL + "/?view=grid")
	tileNames(b, "a.jpg", "b.pdf", "c.webm", "d.png", "e.txt")
	b.Wait("three pictures", drawn+` === "drawn,drawn,drawn,kind,kind"`)
	var colour []int
	b.Eval(`(c => [...c.getContext("2d").getImageData(c.width / 2, c.height / 2, 1, 1).data])(document.querySelectorAll(".tile canvas")[1])`, &colour)
	if fmt.Sprint(colour) != "[255 0 0 255]" {
		t.Errorf("the first page of the PDF is all red, its picture has the colour %v", colour)
	}
	var values int
	b.Eval(`(c => new Set(c.getContext("2d").getImageData(0, 0, c.width, c.height).data).size)(document.querySelectorAll(".tile canvas")[2])`, &values)
	if values < 20 {
		t.Errorf("the picture of the video has %d values", values)
	}
	waitKept(b, 3)

	before := len(s.asked("GET", ""))
	b.Open(s.URL + "/?view=grid")
	b.Wait("three pictures again", drawn+` === "drawn,drawn,drawn,kind,kind"`)
	for _, r := range s.asked("GET", "")[before:] {
		if path := r.URL.Path; (strings.HasPrefix(path, "/files/") || strings.HasPrefix(path, "/frames/")) && path != "/files/d.png" { // of that one there is none to be kept
			t.Errorf("the second visit asked for %s", path)
		}
	}
	b.Click("Sign out")
	b.WaitText("Sign in")
	waitKept(b, 0)
}

// The small pictures of a link's gallery are gone with the page: nothing that was opened comes to lie on the disk. (B7)
func TestPicturesOfALinkAreNotKept(t *testing.T) {
	t.Parallel()
	_, link := linkOf(t, []content{{Path: "a.jpg", Bytes: jpegOf(t, 640, 480)}, {Path: "b.jpg", Bytes: jpegOf(t, 320, 480)}}, nil)
	b := browsertest.New(t)
	b.Open(link)
	b.Click("Gallery")
	b.Wait("two pictures", `document.querySelectorAll(".tile canvas").length === 2`)
	var kept string
	b.Eval(`indexedDB.databases().then((all) => all.map(({ name }) => name).join())`, &kept)
	if kept != "" {
		t.Errorf("the browser has the databases %s", kept)
	}
}

// On a phone the folder's name has room: what else the head offers lies in its two menus.
func TestAPhoneHasRoomForTheFoldersName(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "Summer trip", "a.txt"), "1")
	b.Look(false, 360, 740)
	b.Open(s.URL + "/drive/Summer%20trip")
	shows(b, "a.txt")
	b.Wait("the whole name", `(name => name.scrollWidth <= name.clientWidth && name.getBoundingClientRect().width > 60)(document.querySelector(".crumbs b"))`)
	b.Click("Sort")
	b.Click("Show as a grid")
	tileNames(b, "a.txt")
	b.Click("Sort")
	b.Click("Show as a list")
	shows(b, "a.txt")
	file := filepath.Join(t.TempDir(), "new.txt")
	write(t, file, "22")
	b.Choose(func() { b.Click("New"); b.Click("Upload files") }, file)
	shows(b, "a.txt", "new.txt")
}
