package static_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

const nothingLookedAt = `!document.querySelector("dialog") && !location.search.includes("look=") && !location.search.includes("edit=")`

// looking waits until a file is looked at, and the address says so.
func looking(b *browsertest.Browser, name, query string) {
	b.Wait(name+" to be looked at", looksAt+` === `+quoted(name)+` && decodeURIComponent(location.search) === `+quoted(query))
}

// A file that is looked at has an address: a reload, Forward, a bookmark and a sign-in come back to it, Back closes it, and the next file takes its place in the history.
func TestAFileThatIsLookedAtHasAnAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"a & b+c.txt", "next.txt", "x/y.txt"} {
		write(t, filepath.Join(driveFolder(s), "Family 1", name), "this is "+name)
	}
	b.Open(s.URL + "/drive/Family%201")
	b.Click("a & b+c.txt")
	looking(b, "a & b+c.txt", "?look=a & b+c.txt")
	b.Press(kb.ArrowRight)
	looking(b, "next.txt", "?look=next.txt")
	if got := b.URL(); got != s.URL+"/drive/Family%201?look=next.txt" {
		t.Errorf("the address is %s", got)
	}
	b.Wait("its name in the title", `document.title.startsWith("next.txt")`)
	b.Press(kb.ArrowLeft)
	looking(b, "a & b+c.txt", "?look=a & b+c.txt")
	bookmark := b.URL()
	b.Reload()
	b.WaitText("this is a & b+c.txt")
	b.Eval(`history.back()`, nil)
	b.Wait("the folder", nothingLookedAt+` && document.title.startsWith("Family 1") && `+names+`.length === 3`)
	b.Eval(`history.forward()`, nil)
	b.WaitText("this is a & b+c.txt")
	looking(b, "a & b+c.txt", "?look=a & b+c.txt")
	b.Press(kb.Escape)
	b.Wait("the folder", nothingLookedAt)
	b.Wait("the keyboard on the file", `document.activeElement.closest(".row")?.querySelector(".name").textContent === "a & b+c.txt"`)
	b.Reload()
	shows(b, "x", "a & b+c.txt", "next.txt")
	b.Wait("nothing that was closed", nothingLookedAt)

	tab := b.Tab() // a bookmark: what lies before it in the history is another page
	tab.Open(s.URL + "/recent")
	tab.WaitText("next.txt")
	tab.Open(bookmark)
	tab.WaitText("this is a & b+c.txt")
	tab.Click("The file after")
	looking(tab, "next.txt", "?look=next.txt")
	tab.Click("Close")
	tab.Wait("its folder", nothingLookedAt+` && location.pathname === "/drive/Family%201"`)
	tab.Eval(`history.back()`, nil)
	tab.Wait("the page before", `location.pathname === "/recent"`)

	b.Click("Sign out")
	b.WaitText("Forgotten your password?")
	b.Open(bookmark)
	b.Fill("Name", "ann")
	b.Fill("Password", goodPassword)
	b.Click("Sign in")
	b.WaitText("this is a & b+c.txt")
}

// Where a file lies elsewhere than what is shown, its address says where; one that is gone is told of, and the address is the page's again.
func TestWhatIsLookedAtAnywhereHasAnAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	folder := driveFolder(s)
	for _, name := range []string{"Family/beach.txt", "Family/beach 2.txt", "a.txt"} {
		write(t, filepath.Join(folder, name), "this is "+name)
	}
	for _, address := range []string{"/recent", "/search?in=&name=beach"} {
		b.Open(s.URL + address)
		b.Click("beach.txt")
		b.WaitText("this is Family/beach.txt")
		b.Wait("its address", `decodeURIComponent(location.search).endsWith("look=/Family/beach.txt")`)
		place := b.URL()
		held := make(chan struct{})
		release := sync.OnceFunc(func() { close(held) })
		t.Cleanup(release)
		s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
			switch r.URL.Path {
			case "/api/recent":
				<-held
			case "/api/search": // it finds the second file later
				first, rest, _ := bytes.Cut(s.begin(w, r), []byte("\n"))
				w.Write(append(first, '\n'))
				_ = http.NewResponseController(w).Flush()
				<-held
				w.Write(rest)
				return true
			}
			return false
		})
		b.Reload()
		b.Wait("it to be looked for", `document.querySelector(".skeleton") || (document.querySelector(".finding-note .spinner") && `+names+`.length === 1)`)
		if b.URL() != place {
			t.Errorf("during a reload of %s the address is %s", place, b.URL())
		}
		release()
		b.WaitText("this is Family/beach.txt")
		if b.URL() != place {
			t.Errorf("after a reload of %s the address is %s", place, b.URL())
		}
		b.Wait("the others beside it", `document.querySelector(".viewer-facts").innerText.includes(" of ")`)
		b.Eval(`history.back()`, nil)
		b.Wait("the page", nothingLookedAt)
		if b.URL() != s.URL+address {
			t.Errorf("after Back the address is %s", b.URL())
		}
		b.Eval(`history.forward()`, nil)
		b.WaitText("this is Family/beach.txt")
	}
	must(t, os.Rename(filepath.Join(folder, "Family/beach.txt"), filepath.Join(folder, "Family/sea.txt")))
	b.Reload()
	b.WaitText("“beach.txt” is not there any more")
	b.Wait("the search", nothingLookedAt)
	b.Open(s.URL + "/drive/Family?look=" + url.QueryEscape("../../api/account"))
	shows(b, "beach 2.txt", "sea.txt")
	b.Open(s.URL + "/?look=Family") // no file
	shows(b, "Family", "a.txt")
	b.Wait("no more than the folder", nothingLookedAt)
	b.Open(s.URL + "/?look=/Family/sea.txt")
	b.WaitText("this is Family/beach.txt")
}

// An editor comes back after a reload; Back asks about what is unsaved, and the address stays.
func TestAnEditorHasAnAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := editing(t, s, "a.txt", "one\n")
	looking(b, "a.txt", "?edit=a.txt")
	b.Press("x")
	b.WaitText("Not saved")
	b.Eval(`history.back()`, nil)
	b.WaitText("Otherwise they are lost")
	b.Click("Go on editing")
	looking(b, "a.txt", "?edit=a.txt")
	b.Reload() // the browser asks, and the test says yes
	b.Wait("the editor", `document.activeElement.matches(".edit-area") && document.activeElement.value === "one\n"`)
	b.Click("Done")
	b.Wait("the view", editorClosed)
	looking(b, "a.txt", "?look=a.txt")
	b.Press(kb.Escape)
	b.Wait("the list", nothingLookedAt)
}

// In a folder of thousands, a reload comes back to a file far down, between its neighbours.
func TestAFileAmongThousandsHasAnAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	must(t, os.MkdirAll(driveFolder(s), 0o700))
	for i := range 10_000 {
		must(t, os.WriteFile(filepath.Join(driveFolder(s), fmt.Sprintf("%d.txt", i)), []byte(strings.Repeat("a", i%7)), 0o600))
	}
	b.Open(s.URL + "/?look=7777.txt")
	b.WaitText("7,778 of 10,000")
	b.Press(kb.ArrowRight)
	looking(b, "7778.txt", "?look=7778.txt")
	b.Press(kb.Escape)
	b.Wait("the keyboard on it", `document.activeElement.closest(".row")?.querySelector(".name").textContent === "7778.txt"`)
}
