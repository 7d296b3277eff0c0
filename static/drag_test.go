package static_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"thorpe/static/browsertest"
)

// withMouse moves the mouse into the page, and waits for what comes with the first one.
func withMouse(b *browsertest.Browser) {
	b.ClickAt("the head of the page", `document.querySelector("main .head")`)
	b.Eval(`import(new URL("../drive/mouse.js", document.querySelector("script[type=module][src*='/pages/']").src).href).then(() => null)`, nil)
}

// Rows are dragged onto folders, onto the way to the folder and into the navigation; with Ctrl they are copied.
func TestFilesAreMovedByDragging(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"1.txt", "2.txt", "3.txt", "Album/x", "Trip/Lake/y"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Open(s.URL + "/")
	shows(b, "Album", "Trip", "1.txt", "2.txt", "3.txt")
	withMouse(b)
	b.DragTo(nameIn("1.txt"), row("Album"))
	shows(b, "Album", "Trip", "2.txt", "3.txt")
	b.WaitText("1 item moved to Album")

	// What is chosen goes along, and can be taken hold of anywhere.
	b.ClickAt("a file", row("2.txt")+`.querySelector(".m:not(.r)")`)
	b.ClickWith("3.txt", chromedp.ModifierCtrl)
	b.DragTo(row("2.txt")+`.querySelector(".m")`, row("Trip"), chromedp.ModifierCtrl)
	b.WaitText("2 items copied to Trip")
	shows(b, "Album", "Trip", "2.txt", "3.txt")
	b.DragTo(nameIn("Trip"), row("Trip")) // goes nowhere
	b.Open(s.URL + "/drive/Trip/Lake")
	shows(b, "y")
	withMouse(b)
	b.DragTo(nameIn("y"), `[...document.querySelectorAll(".crumbs a")].find(e => e.textContent === "Trip")`)
	b.WaitText("Nothing here yet")
	b.Click("Trip")
	shows(b, "Lake", "2.txt", "3.txt", "y")
	b.DragTo(nameIn("y"), `document.querySelector(".nav [data-route=drive]")`)
	shows(b, "Lake", "2.txt", "3.txt")
	onDisk(t, s, "in the end", "2.txt 1", "3.txt 1", "Album/", "Album/1.txt 1", "Album/x 1", "Trip/", "Trip/2.txt 1", "Trip/3.txt 1", "Trip/Lake/", "y 1")
}

const chosenNames = `[...document.querySelectorAll(".list-body .row[aria-selected=true] .name")].map(e => e.textContent).join()`

// A box chooses what it touches, also what it passed beyond the screen; with Ctrl besides the others; Escape takes it back.
func TestABoxChoosesFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for i := range 200 {
		write(t, filepath.Join(driveFolder(s), fmt.Sprintf("%d.txt", i+1)), "a")
	}
	b.Open(s.URL + "/")
	b.Wait("the list", names+".length > 10")
	withMouse(b)
	cell := func(name string) string { return row(name) + `.querySelector(".m:not(.r)")` }
	b.DragBy(cell("2.txt"), 20, 2*46)
	b.Wait("three files chosen", chosenNames+` === "2.txt,3.txt,4.txt"`)
	b.Wait("the keyboard on the last", `document.activeElement.innerText.startsWith("4.txt")`)
	b.DragBy(cell("6.txt"), 20, 46, chromedp.ModifierCtrl)
	b.Wait("two more", chosenNames+` === "2.txt,3.txt,4.txt,6.txt,7.txt"`)
	b.DragBy(cell("9.txt"), 0, 2)
	b.Wait("a click stays a click", chosenNames+` === "9.txt"`)

	// Held at the lower edge it scrolls on; rows that are not in the document count.
	b.HoldBox(cell("5.txt"), 30, 3000, func() {
		b.Wait("the end of the list", `scrollY + innerHeight > document.documentElement.scrollHeight - 200`)
		b.WaitText("196 selected")
	})
	b.Wait("the box is gone", `!document.querySelector(".box")`)
	b.WaitText("196 selected")
	b.Eval(`scrollTo(0, 0)`, nil)
	b.HoldBox(cell("2.txt"), 30, 60, func() {
		b.WaitText("2 selected")
		b.Keys("Escape")
		b.WaitText("196 selected")
	})
	b.WaitText("196 selected")
}

// Tiles are dragged and boxed as rows are.
func TestTilesAreDraggedAndBoxed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "Album", "x"), "a")
	for i := range 100 {
		write(t, filepath.Join(driveFolder(s), fmt.Sprintf("%d.txt", i+1)), "a")
	}
	b.Open(s.URL + "/?view=grid")
	b.Wait("the tiles", tiles+".length > 10")
	withMouse(b)
	tile := func(name string) string {
		return `[...document.querySelectorAll(".tile")].find(e => e.querySelector(".name")?.textContent === ` + quoted(name) + `)`
	}
	chosen := `[...document.querySelectorAll(".tile[aria-selected=true] .name")].map(e => e.textContent).join()`
	b.DragTo(tile("1.txt")+`.querySelector(".tile-picture")`, tile("Album"))
	b.WaitText("1 item moved to Album")
	b.Wait("it has gone", `!(`+tile("1.txt")+`)`)

	// From beside a name over the next tile.
	var across float64
	b.Eval(`(([a, c]) => c.x - a.x)(["2.txt", "3.txt"].map(name => [...document.querySelectorAll(".tile")].find(e => e.querySelector(".name").textContent === name).getBoundingClientRect()))`, &across)
	b.DragBy(tile("2.txt")+`.querySelector("small")`, across, 4)
	b.Wait("two tiles chosen", chosen+` === "2.txt,3.txt"`)
	b.Wait("the keyboard on the last", `document.activeElement.innerText.startsWith("3.txt")`)
	b.DragTo(tile("2.txt")+`.querySelector(".tile-picture")`, tile("Album"), chromedp.ModifierCtrl)
	b.WaitText("2 items copied to Album")
	b.HoldBox(tile("4.txt")+`.querySelector("small")`, 30, 3000, func() {
		b.Wait("the end", `scrollY + innerHeight > document.documentElement.scrollHeight - 200`)
		b.Wait("many chosen", `/^[2-9]\d selected/m.test(document.body.innerText)`)
	})
	onDisk(t, s, "copied", append(numbered100(), "Album/", "Album/1.txt 1", "Album/2.txt 1", "Album/3.txt 1", "Album/x 1")...)
}

// numbered100 are the files 2 to 100 as found tells them.
func numbered100() (list []string) {
	for i := 2; i <= 100; i++ {
		list = append(list, fmt.Sprintf("%d.txt 1", i))
	}
	return list
}

// Files are cut and copied in one folder and pasted in another, also in another tab; what is cut shows so, and goes.
func TestCutCopyPaste(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"1.txt", "2.txt", "Album/x"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Open(s.URL + "/")
	shows(b, "Album", "1.txt", "2.txt")
	b.ClickAt("a file", row("1.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("Ctrl+x")
	b.Wait("it fades", row("1.txt")+`.classList.contains("leaving")`)
	other := b.Tab()
	other.Open(s.URL + "/drive/Album")
	shows(other, "x")
	other.MenuAt("the place", `document.querySelector("main")`)
	other.Click("Paste")
	shows(other, "1.txt", "x")
	other.Close()
	b.Open(s.URL + "/")
	shows(b, "Album", "2.txt")

	b.ClickAt("a file", row("2.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("Ctrl+c")
	b.Keys("Ctrl+v")
	shows(b, "Album", "2 (2).txt", "2.txt")
	b.Wait("the copy chosen", chosenNames+` === "2 (2).txt"`)
	b.Click("Album")
	shows(b, "1.txt", "x")
	b.Keys("Ctrl+v")
	shows(b, "1.txt", "2.txt", "x")
	onDisk(t, s, "in the end", "2 (2).txt 1", "2.txt 1", "Album/", "Album/1.txt 1", "Album/2.txt 1", "Album/x 1")

	// Pasted into a field, text is text.
	b.Keys("/")
	b.Keys("Ctrl+v")
	b.Wait("the name as text", `document.activeElement.value === "2.txt"`)
}

// A picture out of another program, which has no name, and a file, pasted into the page.
func TestAPastedImageIsUploaded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	paste := func(name string) {
		t.Helper()
		b.Eval(`(() => {
			const data = new DataTransfer();
			data.items.add(new File([new Uint8Array(5)], `+quoted(name)+`, {type: "image/png"}));
			return document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
		})()`, nil)
	}
	paste("image.png")
	b.Wait("a picture with a name", names+`.length === 1 && /^Picture \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/.test(`+names+`[0])`)
	var stamped string
	b.Eval(names+"[0]", &stamped)
	b.Eval(`(() => { // another one within the same second: nothing is asked, nor replaced
		const Then = Date, at = `+quoted(stamped)+`.match(/\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d\d/g);
		Date = class extends Then { constructor(...given) { super(...(given.length ? given : [at[0] + "T" + at[1].replaceAll(".", ":")])); } };
	})()`, nil)
	paste("image.png")
	b.Wait("a picture beside it", names+".length === 2 && "+names+`.every(name => name.startsWith(`+quoted(strings.TrimSuffix(stamped, ".png"))+`))`)
	b.Eval(`(() => { // two at once
		const data = new DataTransfer();
		for (const size of [6, 7]) data.items.add(new File([new Uint8Array(size)], "image.png", {type: "image/png"}));
		return document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
	})()`, nil)
	b.Wait("two more", names+".length === 4")
	paste("lake.png")
	b.Wait("the file", names+`.includes("lake.png")`)
}

// Dropped on a page that has no list, files go into the drive, and the page stays; in front of a dialog they go nowhere.
func TestFilesAreDroppedAnywhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := filepath.Join(t.TempDir(), "a.txt")
	write(t, here, "a")
	b.Open(s.URL + "/settings")
	b.WaitText("App passwords")
	b.Drop(here)
	b.WaitText("1 file uploaded")
	if got := b.URL(); got != s.URL+"/settings" {
		t.Errorf("the page is %s", got)
	}
	onDisk(t, s, "dropped", "a.txt 1")
	b.Open(s.URL + "/")
	shows(b, "a.txt")
	b.Click("New")
	b.Click("New folder")
	b.WaitText("Create")
	b.Drop(here)
	b.Fill("Name", "Album")
	b.Keys("Enter")
	shows(b, "Album", "a.txt")
	onDisk(t, s, "with a dialog open", "Album/", "a.txt 1")
}

// The first box that is drawn in a page begins where the button was pressed, also where the page still loads what draws it.
func TestTheFirstDragDrawsABox(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for i := range 9 {
		write(t, filepath.Join(driveFolder(s), fmt.Sprintf("%d.txt", i+1)), "a")
	}
	b.Size(1280, 790) // the mouse lies on nothing
	held := make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	t.Cleanup(release)
	s.breakWith(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/drive/mouse.js") {
			<-held
		}
		return false
	})
	b.ClearCache()
	b.Open(s.URL + "/")
	b.Wait("the list", names+".length === 9")
	b.HoldBox(row("2.txt")+`.querySelector(".m:not(.r)")`, 20, 2*46, func() {
		release()
		b.WaitText("3 selected")
	})
}
