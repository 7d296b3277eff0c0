package static_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"thorpe/static/browsertest"
)

const looksAt = `document.querySelector("dialog.viewer[open] h2")?.innerText`

// A file of a link that is looked at survives a reload; Back closes it, and Forward shows it again. The address stays the link, and nothing of it reaches the server.
func TestWhatIsLookedAtStandsInTheHistory(t *testing.T) {
	t.Parallel()
	s, link, fragment := linkSite(t, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(link)
	b.Click("c.txt")
	b.Wait("the first", looksAt+` === "c.txt"`)
	b.Click("The file before")
	b.Wait("the one before", looksAt+` && `+looksAt+` !== "c.txt"`)
	var other string
	b.Eval(looksAt, &other)
	if b.URL() != link {
		t.Errorf("the address is %s", b.URL())
	}
	b.Reload()
	b.Wait("it after a reload", looksAt+` === `+quoted(other))
	b.Eval(`history.back()`, nil)
	b.Wait("the files", `!document.querySelector("dialog") && document.querySelector(".link-view")`)
	b.Eval(`history.forward()`, nil)
	b.Wait("it once more", looksAt+` === `+quoted(other))
	b.Click("Close")
	b.Wait("the files again", `!document.querySelector("dialog") && !history.state?.looks`)
	b.Reload()
	b.WaitText("Summer")
	var open bool
	b.Eval(`Boolean(document.querySelector("dialog"))`, &open)
	if open {
		t.Error("what was closed is open after a reload")
	}
	if heard := s.heard(); strings.Contains(heard, fragment[10:]) || strings.Contains(heard, other) {
		t.Error("the key, or a name, reached the server")
	}
}

// A double click saves once; and as long as that runs, the page asks before it goes.
func TestADoubleClickDownloadsOnce(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, map[string]any{"title": "Summer"})
	held := make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	t.Cleanup(release)
	s.breakWith(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/content") {
			<-held
		}
		return false
	})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("Summer")
	b.DoubleClickAt("the button", `document.querySelector(".cta .primary")`)
	b.Wait("a download", `document.querySelectorAll(".tray").length > 0`)
	b.Eval(`new Promise(done => requestAnimationFrame(() => setTimeout(done)))`, nil)
	var trays int
	b.Eval(`document.querySelectorAll(".tray").length`, &trays)
	if trays != 1 {
		t.Errorf("%d downloads", trays)
	}
	var asks bool // before a reload, such as for another language
	b.Eval(`!dispatchEvent(new Event("beforeunload", {cancelable: true}))`, &asks)
	if !asks {
		t.Error("the page would go during a download without asking")
	}
}

// That looking counts is said where it does.
func TestLookingIsCountedWhereThereIsALimit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "a.txt"), "a")
	friend := browsertest.New(t)
	b.Open(s.URL + "/")
	for limit, says := range map[string]bool{"": false, "3": true} {
		b.Click("Share a.txt")
		b.WaitText("1 file · 1 byte")
		b.Fill("Downloads", limit)
		b.Click("Create link")
		s.opens(friend, madeLink(b), "a.txt")
		b.Click("Done")
		friend.Wait("the way to look", `document.querySelector(".tree")`)
		if got := strings.Contains(friend.Text(), "counts as one download"); got != says {
			t.Errorf("a limit of %q: it says that looking counts: %v", limit, got)
		}
	}
}
