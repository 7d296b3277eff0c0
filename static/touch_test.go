package static_test

import (
	"os"
	"path/filepath"
	"testing"

	"thorpe/static/browsertest"
)

// With fingers: a tap opens, and in the viewer one finger turns to the next image and two enlarge it.
func TestTheDriveByTouch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	must(t, os.MkdirAll(filepath.Join(driveFolder(s), "Trip"), 0o700))
	for n, name := range []string{"a.jpg", "b.jpg"} {
		must(t, os.WriteFile(filepath.Join(driveFolder(s), "Trip", name), landscape(t, n), 0o600))
	}
	b.Phone()
	b.Open(s.URL + "/")
	b.Tap("the folder", row("Trip")+`.querySelector(".name")`)
	shows(b, "a.jpg", "b.jpg")
	looksByTouch(b, row("a.jpg")+`.querySelector(".name")`)
}

// So it is on the page of a link.
func TestALinkByTouch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	must(t, os.MkdirAll(filepath.Join(driveFolder(s), "Trip"), 0o700))
	for n, name := range []string{"a.jpg", "b.jpg"} {
		must(t, os.WriteFile(filepath.Join(driveFolder(s), "Trip", name), landscape(t, n), 0o600))
	}
	b.Open(s.URL + "/")
	b.Click("Share Trip")
	b.WaitText("2 files ·")
	b.Click("Create link")
	friend := browsertest.New(t)
	friend.Phone()
	friend.Open(madeLink(b))
	friend.WaitText("Download all")
	named := func(name string) string {
		return `[...document.querySelectorAll(".tree-row")].find(e => e.innerText.includes("` + name + `"))?.querySelector(".tree-name")`
	}
	var open bool
	friend.Eval(`Boolean(`+named("a.jpg")+`)`, &open)
	if !open {
		friend.Tap("the folder", named("Trip"))
	}
	looksByTouch(friend, named("a.jpg"))
}

// looksByTouch looks at a.jpg and b.jpg.
func looksByTouch(b *browsertest.Browser, first string) {
	b.Tap("an image", first)
	b.Wait("it", shownImage+`?.naturalWidth > 0 && `+looksAt+` === "a.jpg"`)
	b.Swipe(300, 350, 60, 360)
	b.Wait("the next", shownImage+`?.naturalWidth > 0 && `+looksAt+` === "b.jpg"`)
	b.Swipe(60, 350, 300, 360)
	b.Wait("the one before", shownImage+`?.naturalWidth > 0 && `+looksAt+` === "a.jpg"`)
	b.Swipe(180, 200, 190, 600) // not sideways
	b.Pinch(180, 370, 60, 180)
	b.Wait("it enlarged", `document.querySelector(".view-picture.zoomed")`)
	b.Wait("the same one", looksAt+` === "a.jpg" && visualViewport.scale === 1`)
	b.Swipe(300, 350, 60, 360) // moves it
	b.Wait("still the same", looksAt+` === "a.jpg"`)
	b.Click("Close")
	b.Wait("the list", `!document.querySelector("dialog")`)
}
