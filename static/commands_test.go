package static_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// What can be done stands in the menu of the empty place and in the list of keys; "?" does not begin a name.
func TestCommandsAreOfferedWhereTheyAreLookedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	const items = `[...document.querySelectorAll("[role=menuitem]")].map(e => [e.textContent, ["none", "normal"].includes(getComputedStyle(e, "::after").content) ? "" : e.dataset.keys].filter(Boolean).join(" | ")).join()`
	const place = "New folder,New text file,Upload files,Upload a folder,Share files from this computer,Share a folder from this computer,Keyboard shortcuts | ?"
	b.MenuAt("the empty folder", `document.querySelector(".void h2")`)
	b.Wait("what can be done here", items+" === "+quoted(place))
	b.Click("New folder")
	b.Fill("Name", "Album")
	b.Press(kb.Enter)
	shows(b, "Album")
	b.MenuAt("beside the folder", `document.querySelector("main")`)
	b.Wait("that making it can be taken back", items+" === "+quoted("Undo | Ctrl+Z,"+place))
	b.Keys("Escape")
	write(t, filepath.Join(driveFolder(s), "lake.txt"), "a")
	b.Open(s.URL + "/")
	shows(b, "Album", "lake.txt")

	b.MenuAt("a file", `[...document.querySelectorAll(".list-body .row")][1]`)
	b.Wait("what can be done with it", items+" === "+quoted("Look at it,Edit,Open in a new tab,Share,Download,Rename | F2,Move to…,Copy to…,Duplicate | Ctrl+D,Cut | Ctrl+X,Copy | Ctrl+C,Delete | Delete,Details | Alt+Enter"))
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

// A double click does what it does on what it was meant for, and nothing to what comes to lie there.
func TestADoubleClickMeetsOneThing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for i := range 30 {
		must(t, os.MkdirAll(filepath.Join(driveFolder(s), fmt.Sprintf("f%02d", i)), 0o700))
	}
	b.Look(false, 1280, 800)
	b.Open(s.URL + "/")
	b.Wait("the list", names+".length > 10")
	// The last row in sight, near the foot of the window: it does not move away.
	foot := `[...document.querySelectorAll(".list-body .row")].findLast(e => e.getBoundingClientRect().bottom < innerHeight - 4)`
	var name string
	b.Eval(foot+`.querySelector(".name").textContent`, &name)
	b.DoubleClickAt("the row at the foot", foot+`.querySelector(".m:not(.r)")`)
	b.Wait("its folder", `location.pathname === "/drive/`+name+`" && document.querySelector(".crumbs b")?.textContent === `+quoted(name))
	b.Keys("Alt+ArrowUp")
	b.Wait("the folder above", `location.pathname === "/"`)

	// A menu that fits neither below nor above its button leaves it in sight.
	b.Look(false, 360, 560)
	b.Wait("the list", names+".length > 5")
	b.Eval(`scrollTo(0, document.documentElement.scrollHeight)`, nil)
	more := `[...document.querySelectorAll("button")].find(e => e.ariaLabel === "More for f29")`
	b.ClickAt("the menu of the last row", more)
	b.Wait("its menu", `document.querySelector(".menu:popover-open") && `+more+`.ariaExpanded === "true"`)
	var over bool
	b.Eval(`((a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)(document.querySelector(".menu").getBoundingClientRect(), `+more+`.getBoundingClientRect())`, &over)
	if over {
		t.Error("the menu lies over its button")
	}
	b.Press(kb.Escape)
	b.DoubleClickAt("the menu of the last row", more)
	b.Look(false, 1280, 800)

	// The second click of one that ends a dialog opens nothing.
	b.Open(s.URL + "/")
	b.Click("New")
	b.Click("New folder")
	b.Wait("the dialog", `document.querySelector("dialog[open] input")`)
	b.Fill("Name", "new one")
	b.DoubleClickAt("the dialog's button", `[...document.querySelectorAll("dialog button")].find(e => e.textContent === "Create")`)
	b.WaitText("new one")
	b.Wait("the same folder", `location.pathname === "/" && location.search === "" && !document.querySelector("dialog")`)
	if n := len(found(t, driveFolder(s))); n != 31 {
		t.Errorf("%d folders are left", n)
	}
}

// Keys that nothing takes are the list's: after the page was loaded, and after a folder was opened.
func TestKeysGoToTheList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Album/b.txt", "Album/lake.txt", "z.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Open(s.URL + "/")
	shows(b, "Album", "z.txt")
	b.Press(kb.ArrowDown)
	b.Wait("the first", chosenNames+` === "Album"`)
	b.Press(kb.Enter)
	shows(b, "b.txt", "lake.txt")
	b.Press("l")
	b.Wait("the one that begins so", chosenNames+` === "lake.txt"`)
	b.Press(kb.Backspace)
	shows(b, "Album", "z.txt")
}
