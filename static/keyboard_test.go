package static_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// focused gives what the keyboard stands on: what it is called, and whether that is seen.
const focused = `(e => e === document.body ? ["", true] : [
	(e.getAttribute("aria-label") || e.labels?.[0]?.innerText || e.innerText || e.value || e.title || "").trim().replace(/\s+/g, " "),
	(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none")(getComputedStyle(e))
		|| (around => around && getComputedStyle(around).outlineStyle !== "none")(e.closest(".search"))
		|| /^(H1|H2|MAIN)$/.test(e.tagName),
])(document.activeElement)`

// tabTo goes to what begins so with the tab key alone, and fails where the focus cannot be seen on the way.
func tabTo(b *browsertest.Browser, t *testing.T, name string) {
	t.Helper()
	var way []string
	for i := range 60 {
		if i > 0 {
			b.Press(kb.Tab)
		}
		var at []any
		b.Eval(focused, &at)
		called := at[0].(string)
		if i > 0 && at[1] != true { // where it stands at first, no key was pressed yet
			t.Errorf("on the way to %q, %q shows no focus", name, called)
		}
		if strings.HasPrefix(called, name) {
			return
		}
		way = append(way, called)
	}
	t.Fatalf("no way by tab to %q: %q\n%s", name, way, b.Text())
}

// standsOn says that the keyboard is on what begins so, and that this is seen.
func standsOn(b *browsertest.Browser, t *testing.T, name string) {
	t.Helper()
	var at []any
	b.Eval(focused, &at)
	if called := at[0].(string); !strings.HasPrefix(called, name) || at[1] != true {
		t.Errorf("the keyboard stands on %q, seen: %v; want %q", called, at[1], name)
	}
}

// Without a mouse: a file is uploaded, shared, the link opened and the file looked at, saved and closed again.
func TestByKeyboardAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	here := t.TempDir()
	file := filepath.Join(here, "lake.jpg")
	must(t, os.WriteFile(file, landscape(t, 1), 0o600))

	b := browsertest.New(t)
	b.Open(s.URL + "/setup#" + s.setupToken())
	b.WaitText("Make my account")
	tabTo(b, t, "Name")
	b.Press("ann")
	tabTo(b, t, "New password")
	b.Press(goodPassword)
	b.Press(kb.Enter)
	b.WaitText("Keep your recovery key")
	tabTo(b, t, "I have kept it")
	b.Press(" ")
	tabTo(b, t, "Open my drive")
	b.Press(kb.Enter)
	b.WaitText("Nothing here yet")

	tabTo(b, t, "Skip to content")
	b.Press(kb.Enter)
	tabTo(b, t, "Upload")
	b.Choose(func() { b.Press(kb.Enter) }, file)
	b.WaitText("1 file uploaded")
	b.WaitText("lake.jpg")

	standsOn(b, t, "Upload") // still where it was before the upload
	tabTo(b, t, "lake.jpg")
	b.Keys("Shift+F10")
	b.Wait("the menu", `document.activeElement.closest("[role=menu]")`)
	b.Press("s") // menus go to what begins so
	b.Wait("Share", `document.activeElement.innerText.trim() === "Share"`)
	b.Press(kb.Enter)
	b.WaitText("1 file ·")
	tabTo(b, t, "Title")
	b.Press("The lake")
	tabTo(b, t, "Create link")
	b.Press(kb.Enter)
	b.WaitText("Link is ready")
	var link string
	b.Eval(`document.querySelector("[data-link]").dataset.link`, &link)
	tabTo(b, t, "Copy")
	b.Press(kb.Enter)
	b.WaitText("Copied")
	b.Press(kb.Escape)
	b.Wait("the drive again", `!document.querySelector("dialog[open]")`)

	friend := browsertest.New(t)
	friend.Open(link)
	friend.WaitText("The lake")
	tabTo(friend, t, "lake.jpg")
	friend.Press(kb.Enter)
	friend.Wait("the photo", shownImage+"?.naturalWidth === 900")
	friend.Press(kb.Escape)
	friend.Wait("the list", `!document.querySelector("dialog[open]")`)
	standsOn(friend, t, "lake.jpg") // which was looked at
	saved, state := friend.Download(func() {
		tabTo(friend, t, "Download")
		friend.Press(kb.Enter)
	})
	if got, err := os.ReadFile(saved); err != nil || state != "completed" || len(got) != len(landscape(t, 1)) {
		t.Errorf("saved %s: %s, %d bytes, %v", saved, state, len(got), err)
	}
}
