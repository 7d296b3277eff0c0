package static_test

import (
	"archive/zip"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

func namesInZip(t *testing.T, path string) (names []string) {
	t.Helper()
	r, err := zip.OpenReader(path)
	must(t, err)
	defer r.Close()
	for _, f := range r.File {
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names
}

// The files of a link as tree, list and gallery; what is chosen stays chosen from one to the next, and is saved together. Until the gallery is asked for, nothing is read.
func TestTreeListAndGalleryOfALink(t *testing.T) {
	t.Parallel()
	files := []content{
		{"lake/boat.jpg", jpegOf(t, 1600, 1200), ""}, {"lake/tall.png", pngOf(t, 30, 400), ""}, {"lake/bomb.png", pngThatSays(t, 50_000, 50_000), ""},
		{"papers/lease.pdf", pdfOf(1, 10), ""}, {"papers/notes.txt", []byte("words"), ""}, {"z.gif", gifOf(t, 40, 30), ""},
	}
	s, link := linkOf(t, files, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("Summer")
	b.Click("Select boat.jpg")
	b.WaitText("1 selected")
	b.Wait("the folder half chosen", `document.querySelector('input[aria-label="Select lake"]').indeterminate`)
	viewPicture(b, "tree")

	b.Click("List")
	b.Wait("the list", `document.querySelectorAll(".list-body .row").length === 6`)
	b.Wait("the choice in it", `document.querySelector('.row[aria-selected=true] .name')?.textContent === "boat.jpg"`)
	b.Click("Select notes.txt")
	b.WaitText("2 selected")
	viewPicture(b, "list")
	b.Click("Size")
	b.Wait("the largest first", `document.querySelector(".list-body .row .name").textContent === "boat.jpg"`)
	if n := len(s.asked("POST", "/api/links/")); n != 0 {
		t.Errorf("%d tickets were asked for by looking at names", n)
	}

	b.Click("Gallery")
	b.Wait("the pictures", `document.querySelectorAll(".tile canvas").length === 3`)
	viewPicture(b, "gallery")
	var shown struct{ Chosen, Drawn []string }
	b.Eval(`({Chosen: [...document.querySelectorAll(".tile[aria-selected=true]")].map(e => e.ariaLabel), Drawn: [...document.querySelectorAll(".tile:has(canvas)")].map(e => e.ariaLabel)})`, &shown)
	equal(t, "chosen", []string{"boat.jpg", "notes.txt"}, shown.Chosen)
	equal(t, "drawn", []string{"boat.jpg", "tall.png", "z.gif"}, shown.Drawn)
	b.ClickAt("a tile", `document.querySelector(".tile")`)
	b.Wait("the photo", shownImage+"?.naturalWidth === 1600")
	b.Press(kb.ArrowRight)
	b.WaitText("50,000 × 50,000 pixels")
	b.Press(kb.Escape)
	b.Wait("the keyboard on the tile that was looked at", `document.activeElement.ariaLabel === "bomb.png"`)
	b.Press(" ")
	b.WaitText("3 selected")

	saved, state := b.Download(func() { b.Click("Download 3") })
	if state != "completed" || filepath.Base(saved) != "Summer.zip" {
		t.Errorf("saved %s, %s", saved, state)
	}
	equal(t, "names in the zip", []string{"lake/boat.jpg", "lake/bomb.png", "papers/notes.txt"}, namesInZip(t, saved))

	b.Click("Tree")
	b.Click("Select lake")
	b.WaitText("4 selected")
	b.Click("Select lake")
	b.WaitText("1 selected")
	b.Press("a", chromedp.KeyModifiers(2))
	b.WaitText("6 selected")
	b.Press(kb.Escape)
	b.Wait("nothing chosen", `document.querySelector(".files-chosen").hidden`)

	b.Click("List")
	b.Wait("the list", `document.querySelector(".list")`)
	b.Eval(`(location.reload(), 0)`, nil)
	b.Wait("the list again", `document.querySelector(".list")`)
}

// Of ten thousand files only what is in sight is in the document, in each of the views.
func TestManyFilesInEachView(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := make([]wanted, 3000)
	for i := range files {
		files[i] = wanted{fmt.Sprintf("folder %d/photo %d.jpg", i%20, i), 1}
	}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files, map[string]any{"title": "Many"})
	b := browsertest.New(t)
	b.Open(made.Link)
	b.WaitText("Many")
	for _, way := range []string{"List", "Gallery"} {
		b.Click(way)
		b.Wait("the view", `document.querySelector(".`+strings.ToLower(way)+` :is(.row, .tile)[data-index]")`)
		var count int
		b.Eval(`document.querySelectorAll(".files-place *").length`, &count)
		if count > 4000 {
			t.Errorf("%s: %d elements", way, count)
		}
		b.Press(kb.Tab)
		b.Eval(`(scrollTo(0, document.body.scrollHeight), 0)`, nil)
		b.Wait("the last", `document.querySelector('.files-place [data-index="2999"]')`)
		b.Eval(`(scrollTo(0, 0), 0)`, nil)
	}
}

// A gallery that cannot read says so once, and asks again when it is told to.
func TestAGalleryWithoutTheServer(t *testing.T) {
	t.Parallel()
	s, link := linkOf(t, []content{{"a.jpg", jpegOf(t, 64, 48), ""}, {"b.jpg", jpegOf(t, 64, 48), ""}, {"c.jpg", jpegOf(t, 64, 48), ""}}, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("Summer")
	s.breakWith(gone("used_up"))
	b.Click("Gallery")
	b.WaitText("This link is used up")
	asked := len(s.asked("POST", "/api/links/"))
	if asked > 3 {
		t.Errorf("a ticket was asked for %d times", asked)
	}
	s.breakWith(nil)
	b.Click("Try again")
	b.Wait("the pictures", `document.querySelectorAll(".tile canvas").length === 3`)
}
