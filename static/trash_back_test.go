package static_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// Taking back what came out of the trash is work like any other: it shows how far it is, stops, and warns before the page is left; what is left then can be taken back too.
// The page follows it, and nothing is asked for that the server does not have.
func TestTakingBackARestoring(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Open(s.URL + "/")
	s.fillTrash(t, mountPassword(b, "Ann's laptop"), 40)
	b.Click("Trash")
	b.WaitText("40 items")
	b.Wait("the order of names, of what was deleted in one second", `(() => {
		const rows = [...document.querySelectorAll(".list-body .row")].map(e => [e.querySelector(".m:not(.r)").title, e.querySelector(".name").textContent]);
		return rows.length > 5 && rows.every(([at, name], i) => i === 0 || at !== rows[i - 1][0] || name > rows[i - 1][1]);
	})()`)
	b.ClickAt("a row", `document.querySelector(".list-body .row .m")`)
	b.Keys("Ctrl+a")
	b.Click("Restore")
	b.WaitText("40 items are back")
	b.WaitText("The trash is empty")
	held := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "DELETE" {
			select {
			case <-held:
			case <-r.Context().Done():
			}
		}
		return false
	})
	b.Keys("Ctrl+z")
	b.WaitText("Undoing: 40 items")
	b.WaitText("0 of 40")
	var warns bool
	b.Eval(`!dispatchEvent(new Event("beforeunload", {cancelable: true}))`, &warns)
	if !warns {
		t.Error("the page is left without a warning")
	}
	b.Click("Stop")
	b.WaitText("Stopping")
	close(held)
	b.WaitText("Stopped: 6 of 40 undone") // those that were begun
	b.WaitText("6 items,")
	b.Keys("Ctrl+z")
	b.WaitText("Undone: 40 items restored from the trash")
	b.WaitText("40 items,")
	for _, r := range s.asked("PROPFIND", "/files/") {
		if strings.Contains(r.URL.Path, "/._") {
			t.Errorf("asked for %s", r.URL.Path)
		}
	}
	if n := len(found(t, driveFolder(s))); n != 5 {
		t.Errorf("%d in the drive, want 5 folders", n)
	}
}

// What lies in a folder that came back with it is by itself in the trash again when that is taken back.
func TestTakingBackWhatLayInAFolder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "Album", "a.txt"), "a")
	b.Open(s.URL + "/")
	s.deleteBy(t, b, "", "Album/a.txt", "Album")
	b.Click("Trash")
	b.Wait("both", names+`.sort().join() === "Album,a.txt"`)
	b.ClickAt("a row", `document.querySelector(".list-body .row .m")`)
	b.Keys("Ctrl+a")
	b.Click("Restore")
	b.WaitText("2 items are back")
	onDisk(t, s, "restored", "Album/", "Album/a.txt 1")
	b.Keys("Ctrl+z")
	b.WaitText("Undone: 2 items restored from the trash")
	b.Wait("both", names+`.sort().join() === "Album,a.txt"`)
}

// The trash, what changed lately and what was searched for follow what the page itself does meanwhile.
func TestPagesFollowWhatThePageDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for i := range 30 {
		write(t, filepath.Join(driveFolder(s), fmt.Sprintf("f%02d.txt", i)), "a")
	}
	here := filepath.Join(t.TempDir(), "fresh.txt")
	write(t, here, "a")
	b.Open(s.URL + "/")
	b.ClickAt("a file", row("f00.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("Ctrl+a")
	held := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "DELETE" && r.URL.Path >= "/files/f25" { // a browser has six connections
			<-held
		}
		return false
	})
	b.Keys("Delete")
	b.WaitText("Deleting 30 items")
	b.Click("Trash")
	b.WaitText("25 items,")
	close(held)
	b.WaitText("30 items deleted")
	b.WaitText("30 items,")
	b.Click("Recent")
	b.WaitText("Nothing here yet")
	b.Drop(here)
	b.WaitText("1 file uploaded")
	shows(b, "fresh.txt")
	b.Open(s.URL + "/search?in=&name=fres")
	shows(b, "fresh.txt")
}
