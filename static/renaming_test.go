package static_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

const (
	fieldForName = `document.querySelector(".rename")`
	typedName    = `document.activeElement.matches(".rename") && document.activeElement.value`
)

// A name that was typed is not lost in silence, however the field is left and whatever refuses it: it is said, and can be gone on with.
func TestATypedNameIsNotLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Album/x", "a.txt", "b.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Open(s.URL + "/")
	shows(b, "Album", "a.txt", "b.txt")
	typeOver := func(name, typed string) {
		t.Helper()
		b.ClickAt("the row", row(name)+`.querySelector(".m:not(.r)")`)
		b.Press(kb.F2)
		b.Wait("the field", typedName+` === `+quoted(name))
		b.Keys("Ctrl+a")
		b.Press(typed)
	}
	const taken = "“a.txt” was not renamed to “b.txt”. There is already something called “b.txt” here."

	// A click elsewhere, and the tab key.
	typeOver("a.txt", "b.txt")
	b.ClickAt("another row", row("Album")+`.querySelector(".m:not(.r)")`)
	b.WaitText(taken)
	b.Wait("what was clicked is chosen", row("Album")+`.getAttribute("aria-selected") === "true"`)
	b.Click("Rename again")
	b.Wait("what was typed", typedName+` === "b.txt"`)
	b.WaitText("There is already something called “b.txt” here.")
	b.Press(kb.Tab)
	b.WaitText(taken)
	b.Click("Rename again")
	b.Wait("what was typed", typedName+` === "b.txt"`)
	b.Press(kb.Escape)
	b.Wait("the field is gone", "!"+fieldForName)

	// It goes into the search, and the keyboard with it; a name that can be is taken.
	typeOver("a.txt", "c.txt")
	b.ClickAt("the search field", `document.querySelector("input[type=search]")`)
	b.WaitText("“a.txt” renamed to “c.txt”")
	shows(b, "Album", "b.txt", "c.txt")
	b.Wait("the keyboard in the search field", `document.activeElement.type === "search"`)

	// The folder is left: what was typed waits there.
	typeOver("c.txt", "b.txt")
	b.Click("Recent")
	b.WaitText("“c.txt” was not renamed to “b.txt”")
	b.Wait("the other page", `location.pathname === "/recent"`)
	b.Click("Rename again")
	b.Wait("what was typed, in its folder", `location.pathname === "/" && `+typedName+` === "b.txt"`)
	b.Keys("Ctrl+a")
	b.Press("d.txt")

	// The connection breaks off, and is there again.
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "MOVE" {
			panic(http.ErrAbortHandler)
		}
		return false
	})
	b.Press(kb.Enter)
	b.WaitText("“c.txt” was not renamed to “d.txt”.")
	s.breakWith(nil)
	b.Click("Rename again")
	b.Wait("what was typed", typedName+` === "d.txt"`)
	// Somebody else takes the name meanwhile: the server refuses it.
	write(t, filepath.Join(driveFolder(s), "d.txt"), "theirs")
	b.Press(kb.Enter)
	b.WaitText("“c.txt” was not renamed to “d.txt”. There is already something called “d.txt” here.")
	b.Click("Rename again")
	b.Wait("what was typed", typedName+` === "d.txt"`)
	b.Press("2") // over the name, without its extension
	b.Press(kb.Enter)
	b.WaitText("“c.txt” renamed to “2.txt”")
	b.Wait("it is chosen", row("2.txt")+`.getAttribute("aria-selected") === "true"`)
	onDisk(t, s, "in the end", "2.txt 1", "Album/", "Album/x 1", "b.txt 1", "d.txt 6")

	// Back by the browser is leaving too.
	b.ClickAt("the folder", nameIn("Album"))
	shows(b, "x")
	typeOver("x", strings.Repeat("y", 300))
	b.Eval(`history.back()`, nil)
	b.WaitText("This name is too long.")
	shows(b, "Album", "2.txt", "b.txt", "d.txt")
	b.Click("Rename again")
	b.Wait("what was typed", `location.pathname === "/drive/Album" && document.activeElement.value?.length === 300`)
}
