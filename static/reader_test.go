package static_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// listen keeps what a screen reader would read of live regions by itself: what changes in one that stood there before, and alerts, which are read when they come.
const listen = `(() => {
	globalThis.heard = [];
	const regions = new WeakSet();
	const shown = (e) => e.isConnected && e.checkVisibility() && !e.closest("[aria-hidden=true], [inert]") && (!document.querySelector("dialog[open]") || e.closest("dialog") === [...document.querySelectorAll("dialog[open]")].at(-1) || e.closest(":popover-open"));
	const live = "[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]";
	const look = () => { for (const e of document.querySelectorAll(live)) if (shown(e)) regions.add(e); };
	look();
	new MutationObserver((changes) => {
		const said = new Set();
		for (const { target, addedNodes } of changes) {
			const region = (target instanceof Element ? target : target.parentElement)?.closest(live);
			if (region && (regions.has(region) || region.role === "alert")) said.add(region);
			for (const node of addedNodes) if (node instanceof Element) for (const e of [node, ...node.querySelectorAll("[role=alert]")]) if (e.role === "alert") said.add(e);
		}
		for (const region of said) if (shown(region) && region.textContent.trim()) heard.push(region.textContent.trim());
		setTimeout(look, 20); // a reader knows a new region a moment later
	}).observe(document, { childList: true, subtree: true, characterData: true });
})()`

func hears(b *browsertest.Browser, words string) {
	b.Wait("to hear "+words, `heard.some((words) => words.includes(`+quoted(words)+`))`)
	b.Eval(`void (heard.length = 0)`, nil)
}

// focusIs waits until a screen reader stands on something of this role and name.
func focusIs(b *browsertest.Browser, t *testing.T, role, name string) {
	t.Helper()
	var at browsertest.Node
	for deadline := time.Now().Add(browsertest.Patience); time.Now().Before(deadline); time.Sleep(25 * time.Millisecond) { // between two looks
		for _, node := range b.Tree() {
			if node.Properties["focused"] == "true" && node.Role != "RootWebArea" {
				at = node
			}
		}
		if at.Role == role && strings.HasPrefix(at.Name, name) {
			return
		}
	}
	t.Fatalf("the focus is on %s %q, not on %s %q", at.Role, at.Name, role, name)
}

// With no more than what a screen reader is told, roles and names and what live regions say, somebody browses, uploads, manages and shares.
func TestAScreenReaderBrowsesUploadsAndShares(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "Trip", "lake.txt"), "a")
	write(t, filepath.Join(driveFolder(s), "notes.txt"), "a")
	here := filepath.Join(t.TempDir(), "photo.jpg")
	must(t, os.WriteFile(here, landscape(t, 1), 0o600))
	b.Open(s.URL + "/")
	b.Eval(listen, nil)

	// Where one is, and what lies there.
	b.Node("navigation", "")
	b.Node("main", "")
	if heading := b.Node("heading", "Files"); heading.Properties["level"] != "1" {
		t.Errorf("the page's heading is %+v", heading)
	}
	b.Node("grid", "Files")
	b.Node("row", "Select Trip")
	b.Act("link", "Trip")
	hears(b, "Trip · Thorpe")
	focusIs(b, t, "heading", "Trip")
	b.Node("link", "lake.txt")
	b.Act("link", "Files")
	hears(b, "Files · Thorpe")
	b.Node("link", "notes.txt")

	// An upload is told at its end.
	b.Choose(func() { b.Act("button", "Upload") }, here)
	hears(b, "1 file uploaded")
	b.Node("link", "photo.jpg")

	// What is chosen is told, and what can be done with it.
	b.Act("checkbox", "Select photo.jpg")
	hears(b, "1 selected")
	b.Act("checkbox", "Select notes.txt")
	hears(b, "2 selected")
	b.Node("toolbar", "")
	b.Act("button", "Clear the selection")

	// What goes wrong is told where it was typed.
	b.Act("button", "More for photo.jpg")
	b.Node("menu", "")
	b.Act("menuitem", "Rename")
	b.Type("textbox", "New name", "notes.txt")
	b.Press(kb.Enter)
	hears(b, "There is already something called")
	b.Press(kb.Escape)
	focusIs(b, t, "row", "")

	// A dialog has a name and keeps the focus; where it is closed, the focus is where it was.
	b.Act("button", "Share photo.jpg")
	dialog := b.Node("dialog", "Share")
	if dialog.Properties["modal"] != "true" {
		t.Errorf("the dialog is %+v", dialog)
	}
	b.Type("textbox", "Title", "The lake")
	b.Act("button", "Create link")
	b.Node("dialog", "Link is ready") // read as its focus comes
	focusIs(b, t, "button", "Copy")
	link := b.Node("textbox", "Link").Description
	b.Act("button", "Copy")
	hears(b, "Copied")
	b.Act("button", "Done")
	focusIs(b, t, "button", "Share photo.jpg")

	// Deleted, and taken back.
	b.Act("button", "More for notes.txt")
	b.Act("menuitem", "Delete")
	hears(b, "1 item deleted")
	b.Act("button", "Undo")
	hears(b, "Undone")
	b.Node("link", "notes.txt")

	friend := browsertest.New(t)
	friend.Open(link)
	friend.Node("heading", "The lake")
	friend.Node("button", "Download")
}

// A long list says how long it is and which row is which, though few of them are there; so do tiles, and the folders of a dialog.
func TestALongListTellsItsRows(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for i := range 300 {
		must(t, os.Mkdir(filepath.Join(driveFolder(s), fmt.Sprintf("Folder %d", i+1)), 0o700))
	}
	b.Open(s.URL + "/?view=list")
	const rows = `[...document.querySelectorAll("[role=grid] [role=rowgroup] > [role=row]")]`
	b.Wait("how many rows there are", `document.querySelector("[role=grid]").ariaRowCount === "301" && `+rows+`.length < 80 && `+rows+`.every((e, i) => Number(e.ariaRowIndex) === i + 2)`)
	b.Eval(`scrollTo(0, document.documentElement.scrollHeight)`, nil)
	b.Wait("the last ones", rows+`.at(-1).ariaRowIndex === "301" && `+rows+`.at(-1).innerText.includes("Folder 300")`)
	b.Open(s.URL + "/?view=grid")
	b.Wait("how many lines of tiles there are", `(grid => grid && Number(grid.ariaRowCount) === 1 + Math.ceil(300 / Number(grid.ariaColCount)) && `+rows+`.every((e, i) => Number(e.ariaRowIndex) === i + 2))(document.querySelector(".file-grid"))`)

	b.Open(s.URL + "/?view=list")
	b.Act("button", "More for Folder 1")
	b.Act("menuitem", "Move to…")
	b.Node("dialog", "Move")
	b.Wait("how many folders there are", `(lines => lines.length > 10 && lines.length < 80 && lines.every((e, i) => e.ariaSetSize === "299" && e.ariaPosInSet === String(i + 1)))([...document.querySelectorAll("dialog .scrolled > li")])`)
}
