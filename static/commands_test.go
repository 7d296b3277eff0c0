package static_test

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// What can be done stands in the menu of the empty place and in the list of keys; "?" does not begin a name.
func TestCommandsAreOfferedWhereTheyAreLookedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	const items = `[...document.querySelectorAll("[role=menuitem]")].map(e => e.textContent).join()`
	const place = "New folder,Upload files,Upload a folder,New text file,Share files from this computer,Share a folder from this computer,Keyboard shortcuts"
	b.MenuAt("the empty folder", `document.querySelector(".void h2")`)
	b.Wait("what can be done here", items+" === "+quoted(place))
	b.Click("New folder")
	b.Fill("Name", "Album")
	b.Press(kb.Enter)
	shows(b, "Album")
	write(t, filepath.Join(driveFolder(s), "lake.txt"), "a")
	b.Open(s.URL + "/")
	shows(b, "Album", "lake.txt")

	b.MenuAt("a file", `[...document.querySelectorAll(".list-body .row")][1]`)
	b.Wait("what can be done with it", items+" === "+quoted("Look at it,Open in a new tab,Share,Download,Rename,Move to…,Copy to…,Duplicate,Edit,Cut,Copy,Delete,Details"))
	b.Keys("Escape")
	b.Wait("the menu closed, the file chosen", `!document.querySelector(".menu") && document.querySelectorAll("[aria-selected=true]").length === 1`)
	b.MenuAt("beside the list", `document.querySelector("main")`)
	b.Wait("what can be done here", items+" === "+quoted(place))
	b.Wait("nothing chosen", `document.querySelectorAll("[aria-selected=true]").length === 0`)
	b.Keys("Escape")

	b.ClickAt("the file's row", `[...document.querySelectorAll(".list-body .row")][1].querySelector(".m")`)
	b.Keys("?")
	b.WaitText("Keyboard shortcuts")
	for _, want := range []string{"F2\nRename", "Delete\nDelete", "/\nSearch", "?\nKeyboard shortcuts", "Ctrl A\nSelect all"} {
		b.Wait(want, `document.querySelector("dialog .keys").innerText.replaceAll(/[ \n]+/g, " ").includes(`+quoted(want)+`.replaceAll(/[ \n]+/g, " "))`)
	}
	b.Axe("list of keys")
	b.Click("Close")
	b.Wait("the focus in the list again", `document.activeElement.getAttribute("role") === "row"`)

	b.Keys("/")
	b.Wait("the keyboard in the search field", `document.activeElement.type === "search"`)
	b.Press("lake")
	shows(b, "lake.txt")
}
