package static_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// Messages lie over nothing that is in use: not the navigation, nor a tray; they are no wider than can be read, and three at once.
func TestMessagesLieClear(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := filepath.Join(t.TempDir(), "a.txt")
	write(t, here, strings.Repeat("a", 70_000))
	held := make(chan struct{})
	defer close(held)
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PUT" {
			<-held
		}
		return false
	})
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	toasts(s, b)
	for range 2 {
		b.Keys("Ctrl+z")
		b.WaitText("Nothing to undo.")
	}
	b.Wait("one message of undoing", `document.querySelectorAll(".toast").length === 1`)
	b.Eval(`[1, 2, 3, 4].forEach(n => toast(n + " " + "words that go on and on ".repeat(5), {kind: "problem", action: "Rename again"}))`, nil)
	b.Wait("the last three", `[...document.querySelectorAll(".toast")].filter(e => e.offsetParent || e.getClientRects().length).map(e => e.innerText[0]).join() === "2,3,4"`)
	look := func(width int64, tray bool) {
		t.Helper()
		b.Look(false, width, 800)
		b.Wait(fmt.Sprintf("messages clear of the rest at %d", width), fmt.Sprintf(`(() => {
			const seen = selector => [...document.querySelectorAll(selector)].map(e => e.getBoundingClientRect()).filter(r => r.width > 0);
			const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
			const [messages, others, content] = [seen(".toast"), seen(".nav, .trays > .tray"), seen(".content")[0]];
			const [left, right] = [messages[0].left - content.left, content.right - messages[0].right];
			return messages.length === 3 && others.length === %d && messages.every(m => m.width <= 560 && m.left >= 0 && m.right <= innerWidth && m.top >= 0 && !others.some(o => over(m, o))) &&
				(others.length === 2 || Math.abs(left - right) < 15);
		})()`, map[bool]int{false: 1, true: 2}[tray]))
		picture(b, fmt.Sprintf("messages-%d-%v", width, tray))
	}
	for _, width := range []int64{1280, 900, 360} {
		look(width, false)
	}
	b.Look(false, 1280, 800)
	b.Drop(here)
	b.WaitText("Uploading 1 file")
	for _, width := range []int64{360, 900, 1280} {
		look(width, true)
	}
}

// A problem stays where it is, whatever time passes, until something of its kind is done or the person goes on; what must be answered is kept.
func TestProblemsGoWhenTheyAreOver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Docs/a.txt", "Other/b.txt", "c.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	cannot := func() {
		t.Helper()
		b.ClickAt("the folder", row("Docs")+`.querySelector(".m:not(.r)")`)
		b.Keys("Ctrl+c")
		b.ClickAt("its name", nameIn("Docs"))
		shows(b, "a.txt")
		b.Keys("Ctrl+v")
		b.WaitText("“Docs” cannot go into itself.")
	}
	gone := func(words string) {
		t.Helper()
		b.Wait("the problem to go", `![...document.querySelectorAll(".toast")].some(e => e.innerText.includes(`+quoted(words)+`))`)
	}
	b.Open(s.URL + "/")
	shows(b, "Docs", "Other", "c.txt")
	cannot()
	b.Click("Files")
	shows(b, "Docs", "Other", "c.txt")
	gone("cannot go into itself")
	cannot()
	b.ClickAt("the file", row("a.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("Ctrl+c")
	b.Keys("Ctrl+v")
	b.WaitText("1 item copied")
	gone("cannot go into itself")
	b.Click("Files")
	shows(b, "Docs", "Other", "c.txt")

	// A name that was typed is kept over another page, and goes once its file has another.
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "MOVE" {
			return false
		}
		w.WriteHeader(http.StatusInternalServerError)
		return true
	})
	rename := func(name string) {
		t.Helper()
		b.ClickAt("the file", row("c.txt")+`.querySelector(".m:not(.r)")`)
		b.Keys("F2")
		b.Press(name)
		b.Keys("Enter")
	}
	rename("precious")
	b.WaitText("Rename again")
	b.Click("Recent")
	b.WaitText("b.txt")
	b.Click("Files")
	shows(b, "Docs", "Other", "c.txt")
	b.Wait("the way back to the name", toastButton("Rename again"))
	s.breakWith(nil)
	rename("d")
	b.WaitText("“c.txt” renamed to “d.txt”")
	gone("Rename again")
}

// toasts gives the page the function that shows messages.
func toasts(s *site, b *browsertest.Browser) {
	b.Eval(`import("`+s.tree.Path()+`/ui/toast.js").then(({toast}) => { globalThis.toast = toast; })`, nil)
}
