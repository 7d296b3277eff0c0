package static_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// A link that is being put together does not go by a click beside its dialog or by Escape without a question, once something was typed or added.
func TestALinkThatIsPutTogetherIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "a.txt"), "a")
	more := filepath.Join(t.TempDir(), "more.txt")
	write(t, more, "more")
	b.Open(s.URL + "/")
	gone := `!document.querySelector("dialog")`

	// As it was opened: it goes without a word.
	b.Click("Share a.txt")
	b.WaitText("1 file · 1 byte")
	b.Press(kb.Escape)
	b.Wait("the list", gone)
	b.Click("Share a.txt")
	b.WaitText("1 file · 1 byte")
	b.Do("clicking beside it", chromedp.MouseClickXY(5, 5))
	b.Wait("the list", gone)

	for what, change := range map[string]func(){
		"Title":  func() { b.Fill("Title", "Lake") },
		"a file": func() { b.Choose(func() { b.Click("Add files") }, more); b.WaitText("2 files") },
		"secret": func() { b.Click("Make one") },
	} {
		b.Click("Share a.txt")
		b.WaitText("1 file · 1 byte")
		change()
		asksBeforeItGoes(b, what, "Discard this link?", "Share by link", func() { picture(b, "share-leave") })
	}
}

// asksBeforeItGoes has the dialog that is open left in each way: each asks first, and only "Discard" lets it go.
func asksBeforeItGoes(b *browsertest.Browser, what, question, stays string, look func()) {
	for way, out := range map[string]func(){
		"Escape":        func() { b.Press(kb.Escape) },
		"a click by it": func() { b.Do("clicking beside it", chromedp.MouseClickXY(5, 5)) },
		"Cancel":        func() { b.Click("Cancel") },
	} {
		out()
		b.Wait("the question after "+what+", by "+way, `document.querySelectorAll("dialog[open]").length === 2 && document.body.innerText.includes(`+quoted(question)+`)`)
		look()
		b.Press(kb.Escape)
		b.Wait("what was typed, after "+what, `document.querySelectorAll("dialog[open]").length === 1 && document.body.innerText.includes(`+quoted(stays)+`)`)
	}
	b.Press(kb.Escape)
	b.Click("Discard")
	b.Wait("the page after "+what, `!document.querySelector("dialog")`)
}

// Nor does what was entered to change a link, or to make a new one of the same files.
func TestALinkThatIsChangedIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	shareOne(t, s, b, "lake.txt")
	for what, question := range map[string]string{"Change": "Discard the changes?", "New link, same files": "Close without making a new link?"} {
		choose(b, "lake.txt", what)
		b.Wait("the form", `document.querySelector("dialog select")`)
		b.Press(kb.Escape)
		b.Wait("the list, as nothing was entered", `!document.querySelector("dialog")`)
		choose(b, "lake.txt", what)
		b.Fill("Downloads", "5")
		asksBeforeItGoes(b, what, question, "Downloads", func() {})
	}
}

// Where sending failed, "Cancel" asks before what was typed goes with it.
func TestALinkThatFailedIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "a.txt"), "a")
	b.Open(s.URL + "/")
	b.Click("Share a.txt")
	b.WaitText("1 file · 1 byte")
	b.Fill("Title", "Lake")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "POST" && strings.HasPrefix(r.URL.Path, "/api/uploads") {
			w.WriteHeader(http.StatusInsufficientStorage)
			return true
		}
		return false
	})
	b.Click("Create link")
	b.WaitText("Try again")
	b.Click("Cancel")
	b.WaitText("Stop making this link?")
	b.Press(kb.Escape)
	b.Wait("the failed one", `document.querySelectorAll("dialog[open]").length === 1`)
	s.breakWith(nil)
	b.Click("Try again")
	b.WaitText("Link is ready")
}
