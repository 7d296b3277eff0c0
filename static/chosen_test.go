package static_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// wherePartsLie is the JavaScript of where the head's parts and the first entries lie, as text.
const wherePartsLie = `JSON.stringify([...document.querySelectorAll(".main > .head *, .list-body > .row, .tile, .list .head-row, .file-grid .head-row")].slice(0, 60)
	.filter(e => !e.closest("svg") && e.getClientRects().length > 0).map(e => (r => [r.x, r.y, r.width, r.height])(e.getBoundingClientRect())))`

// What makes, uploads and searches stays where it is while something is chosen, and nothing else moves either; what can be done with what is chosen can be reached.
func TestNothingMovesWhereSomethingIsChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	fillDrive(t, s)
	for _, view := range []string{"list", "grid"} {
		for _, size := range [][2]int64{{1500, 800}, {1120, 720}, {768, 900}, {360, 740}, {320, 640}} {
			b.Look(false, size[0], size[1])
			b.Open(s.URL + "/drive/Family/Summer%20at%20the%20lake?view=" + view)
			b.Wait("the files", `document.querySelectorAll(".list-body > .row, .tile").length > 4 && document.querySelectorAll(".row canvas, .tile canvas").length > 1`)
			var before, after string
			b.Eval(wherePartsLie, &before)
			b.Keys("Home")
			b.WaitText("1 selected")
			for _, dark := range []bool{false, true} {
				b.Look(dark, size[0], size[1])
				if folder := os.Getenv("THORPE_TEST_PICTURES"); folder != "" {
					b.Screenshot(filepath.Join(folder, fmt.Sprintf("chosen-%s-%d-%v.png", view, size[0], dark)))
				}
			}
			b.Look(false, size[0], size[1])
			b.Eval(wherePartsLie, &after)
			if before != after {
				t.Errorf("%s, %d pixels: something moved\n%s\n%s", view, size[0], before, after)
			}
			b.Axe(fmt.Sprintf("%s, %d", view, size[0]))
			var hidden []string
			b.Eval(`[...document.querySelectorAll(".chosen-tools .btn, .chosen-count, .main > .head :is(.btn, .search)")].filter(e => e.getClientRects().length > 0 && !e.hidden).filter(e => {
				const r = e.getBoundingClientRect();
				const hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
				return r.left < 0 || r.right > innerWidth || r.bottom > innerHeight || !e.matches(".search") && e.scrollWidth > e.clientWidth + 1 || !hit || !(e.contains(hit) || hit.contains(e));
			}).map(e => e.ariaLabel || e.textContent)`, &hidden)
			if len(hidden) > 0 {
				t.Errorf("%s, %d pixels: cannot be reached: %q", view, size[0], hidden)
			}
			b.Click("Clear the selection")
			b.Wait("nothing chosen", `document.querySelector(".chosen-tools").hidden && !document.querySelector(".choosing")`)
		}
	}

	// A new folder is chosen, and the next one can be made at once; what is chosen stays so while the field for the search has the keyboard.
	b.Look(false, 1280, 800)
	b.Open(s.URL + "/")
	for _, name := range []string{"One", "Two"} {
		b.Click("New")
		b.Click("New folder")
		b.WaitText("Create") // in the list behind the dialog something is called Name as well
		b.Fill("Name", name)
		b.Press(kb.Enter)
		b.Wait(name+" chosen", row(name)+`?.getAttribute("aria-selected") === "true"`)
	}
	b.Keys("/")
	b.Wait("the search field", `document.activeElement.type === "search" && `+row("Two")+`.getAttribute("aria-selected") === "true"`)
}

// All tiles can be chosen at once, as all rows can.
func TestAllTilesAreChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"a.txt", "b.txt", "c.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Open(s.URL + "/?view=grid")
	tileNames(b, "a.txt", "b.txt", "c.txt")
	b.ClickAt("the box for all", `document.querySelector(".pick-all")`)
	chosenTiles(b, "a.txt,b.txt,c.txt")
	b.ClickAt("a tile's box", `document.querySelector(".tile input")`)
	chosenTiles(b, "b.txt,c.txt")
	b.Wait("some", `document.querySelector(".pick-all input").indeterminate`)
}
