package static_test

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// From the search field the keyboard reaches what was found, and from the top of the page the list.
func TestTheKeyboardReachesTheList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Album/lake.txt", "a.txt", "lake.txt", "shore.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	standsOn := func(name string) {
		t.Helper()
		b.Wait("the keyboard on "+name, `document.activeElement === `+row(name))
	}
	const inField = `document.activeElement.type === "search" && document.activeElement.value === `
	b.Open(s.URL + "/")
	shows(b, "Album", "a.txt", "lake.txt", "shore.txt")
	b.Press(kb.Tab)
	b.Wait("the way past the navigation", `document.activeElement.matches(".skip")`)
	b.Press(kb.Enter)
	standsOn("Album")

	b.Keys("/")
	b.Press("a.t")
	shows(b, "a.txt")
	b.Press(kb.ArrowDown)
	standsOn("a.txt")
	b.Wait("it is chosen", row("a.txt")+`.getAttribute("aria-selected") === "true"`)

	// Several: Enter goes to the first. Escape empties the field, and leaves it.
	b.Keys("/")
	b.Keys("Ctrl+a")
	b.Press("lake")
	shows(b, "lake.txt", "lake.txt")
	b.Press(kb.Enter)
	standsOn("lake.txt")
	b.Keys("/")
	b.Wait("in the field", inField+`"lake"`)
	b.Press(kb.Escape)
	shows(b, "Album", "a.txt", "lake.txt", "shore.txt")
	b.Wait("still in the field", inField+`""`)
	b.Press(kb.Escape)
	standsOn("lake.txt")

	// The only one is opened.
	b.Keys("/")
	b.Press("shore")
	shows(b, "shore.txt")
	b.Wait("all of the drive was searched", `document.querySelector(".finding-note").textContent === ""`)
	b.Press(kb.Enter)
	b.Wait("the file", `document.querySelector("dialog[open]")?.textContent.includes("shore.txt")`)
}
