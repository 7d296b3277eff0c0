package static_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// An empty drive says what can be done with it, and each of the ways works.
func TestTheFirstVisitShowsTheWaysIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	file := filepath.Join(t.TempDir(), "lake.txt")
	must(t, os.WriteFile(file, []byte("calm"), 0o600))
	b.Choose(func() {
		b.ClickAt("Send something by link", `[...document.querySelectorAll(".way")].find(e => e.innerText.includes("Send something by link"))`)
	}, file)
	b.WaitText("1 file · ")
	b.Click("Cancel")
	b.ClickAt("Connect this computer", `[...document.querySelectorAll(".way")].find(e => e.innerText.includes("Connect this computer"))`)
	b.Wait("its page", `location.pathname === "/connect"`)
	b.Click("Files")
	b.Choose(func() {
		b.ClickAt("Upload files", `[...document.querySelectorAll(".way")].find(e => e.innerText.includes("Upload files"))`)
	}, file)
	shows(b, "lake.txt")
}

// Whoever goes on before a page has come sees the page that was asked for last.
func TestTheLastPageAskedForIsShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "first.txt"), "1")
	b.Open(s.URL + "/")
	shows(b, "first.txt")
	held, asked := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	t.Cleanup(release)
	ask := sync.OnceFunc(func() { close(asked) })
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/connect.css") {
			ask()
			<-held
		}
		return false
	})
	b.Click("Connect")
	<-asked
	b.Click("Files")
	shows(b, "first.txt")
	release()
	b.Wait("the other page's style", `[...document.styleSheets].some(({href}) => href?.endsWith("/connect.css"))`)
	b.Eval(`new Promise(done => setTimeout(done))`, nil) // what waits for the style goes on before that
	shows(b, "first.txt")
}

// A slow answer is told of, and a lost connection; what came meanwhile is read when it is back.
func TestASlowLineAndALostConnectionAreTold(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "first.txt"), "1")
	held := make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	t.Cleanup(release)
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PROPFIND" {
			<-held
		}
		return false
	})
	b.Reload()
	b.WaitText("This takes longer than usual")
	release()
	shows(b, "first.txt")
	s.breakWith(nil)

	b.Offline(true)
	b.WaitText("No connection. Uploads wait")
	write(t, filepath.Join(driveFolder(s), "second.txt"), "2")
	b.Offline(false)
	shows(b, "first.txt", "second.txt")
	b.Wait("no word of it", `!document.body.innerText.includes("No connection")`)
}

// A long name is cut before its extension, also on a phone, and is whole for whoever listens.
func TestALongNameKeepsItsExtension(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	long := "The pier in the morning, " + strings.Repeat("and again ", 12) + ".tar.gz"
	write(t, filepath.Join(driveFolder(s), long), "1")
	write(t, filepath.Join(driveFolder(s), strings.Repeat("שלום ", 20)+".jpg"), "1")
	b.Open(s.URL + "/")
	b.WaitText(".jpg")
	for _, width := range []int64{1280, 360} {
		b.Look(false, width, 740)
		b.Wait("the end in sight", `[...document.querySelectorAll(".long-name")].length === 2 && [...document.querySelectorAll(".long-name > :last-child")].every(e => {
			const cell = e.closest(".n").getBoundingClientRect(), own = e.getBoundingClientRect();
			return own.width > 10 && own.left >= cell.left && own.right <= cell.right + 1;
		})`)
	}
	write(t, filepath.Join(driveFolder(s), "evil\u202egpj.exe"), "1")
	b.Reload()
	b.WaitText("evil\ufffdgpj.exe")
	var called string
	b.Eval(`document.querySelector(".list-body .name[title^='The pier']").textContent`, &called)
	if called != long {
		t.Errorf("the name is %q", called)
	}
}
