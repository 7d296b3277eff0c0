package static_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"thorpe/static/browsertest"
)

// deleteBy deletes files of ann's drive through a door, one after the other: "/dav", as somebody's mount with that app password, or "/files", as the page itself.
func (s *site) deleteBy(t *testing.T, b *browsertest.Browser, password string, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if password == "" {
			var status int
			b.Eval(fmt.Sprintf(`fetch("/files/%s", {method: "DELETE"}).then(a => a.status)`, path), &status)
			if status != 204 {
				t.Fatalf("deleting %s: %d", path, status)
			}
			continue
		}
		request, err := http.NewRequest("DELETE", s.URL+"/dav/"+path, nil)
		must(t, err)
		request.SetBasicAuth("ann", password)
		answer, err := http.DefaultClient.Do(request)
		must(t, err)
		answer.Body.Close()
		if answer.StatusCode != 204 {
			t.Fatalf("deleting %s: %d", path, answer.StatusCode)
		}
	}
}

// mountPassword makes an app password in the page.
func mountPassword(b *browsertest.Browser, label string) (password string) {
	b.Eval(fmt.Sprintf(`fetch("/api/app-passwords", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({label: %q})}).then(a => a.json()).then(a => a.password)`, label), &password)
	return password
}

// What was deleted by a mount and in the browser stands in the trash with where, when and by which device; it comes back to where it was, or to a folder that is
// chosen, or goes for good.
func TestTheTrash(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Photos/Summer/lake.jpg", "Photos/note.txt", "gone/x.txt", "a.txt", "b.txt", "Work/w.txt"} {
		write(t, filepath.Join(driveFolder(s), name), name)
	}
	b.Open(s.URL + "/trash")
	b.WaitText("The trash is empty")
	s.deleteBy(t, b, mountPassword(b, "Ann's laptop"), "Photos/note.txt", "gone/x.txt", "gone")
	s.deleteBy(t, b, "", "Photos/Summer", "a.txt", "b.txt")
	b.Click("Files")
	shows(b, "Photos", "Work")
	b.Click("Trash")
	b.WaitText("6 items")
	for name, want := range map[string]string{"note.txt": "Photos · Ann's laptop", "x.txt": "gone · Ann's laptop", "Summer": "Photos · Chrome on Linux", "a.txt": "Files · Chrome on Linux"} {
		b.Wait(name+" of "+want, fmt.Sprintf(`[...document.querySelectorAll(".list-body .row")].some(r => r.querySelector(".name").textContent === %q && r.querySelector(".where").textContent === %q)`, name, want))
	}
	b.Click("note.txt")
	b.WaitText("Ann's laptop, on a mounted drive")
	b.WaitText("in 30 days")
	b.Press(kb.Escape)

	// Into a folder that is gone, which is made again; then the folder that was deleted, which stands beside it.
	b.Click("Restore x.txt")
	b.WaitText("“x.txt” is back in gone")
	b.Click("Restore gone")
	b.WaitText("“gone” is back in Files as “gone (2)”, since its name was taken")
	// Beside what has its name now.
	write(t, filepath.Join(driveFolder(s), "a.txt"), "another")
	b.Click("More for a.txt")
	b.ClickAt("the menu's first item", `document.querySelector("[role=menuitem]")`)
	b.WaitText("“a.txt” is back in Files as “a (2).txt”")
	// Into a folder that is chosen.
	b.Click("More for Summer")
	b.Click("Restore to…")
	b.ClickAt("the folder", `[...document.querySelectorAll("dialog .place")].find(e => e.textContent === "Work")`)
	b.WaitText("Into: Work")
	b.Click("Restore here")
	b.WaitText("“Summer” is back in Work")
	if diff := cmp.Diff([]string{"Photos/", "Work/", "Work/Summer/", "Work/Summer/lake.jpg 22", "Work/w.txt 10", "a (2).txt 5", "a.txt 7", "gone (2)/", "gone/", "gone/x.txt 10"}, found(t, driveFolder(s))); diff != "" {
		t.Errorf("on the disk (-want +got):\n%s", diff)
	}
	b.ClickAt("the last message's button", `[...document.querySelectorAll(".toast .btn")].filter(e => e.textContent === "Show").at(-1)`)
	shows(b, "Summer", "w.txt")
	b.Click("Trash")
	b.WaitText("2 items")

	// For good, after a question.
	b.ClickAt("a row", `document.querySelector(".list-body .row .m")`)
	b.Press(kb.Delete)
	b.WaitText("for good?")
	b.Click("Cancel")
	b.Press(kb.Delete)
	b.ClickAt("the button", `[...document.querySelectorAll("dialog .end .btn")].at(-1)`)
	b.WaitText("1 item deleted for good")
	b.WaitText("1 item, ")

	// What is deleted while somebody looks is not emptied with what they saw.
	s.deleteBy(t, b, "", "Work/w.txt")
	b.Click("Empty trash")
	b.WaitText("Empty the trash?")
	b.ClickAt("the button", `[...document.querySelectorAll("dialog .end .btn")].at(-1)`)
	b.Wait("what came since", names+`.join() === "w.txt"`)
	if kept, err := os.ReadDir(filepath.Join(s.Folder, "kept", "ann")); err != nil || len(kept) != 1 || !strings.HasSuffix(kept[0].Name(), "w.txt") {
		t.Errorf("kept: %v, %v", kept, err)
	}
}

// A trash that cannot be read says so and is read again; what is found in it is found by name and folder; what cannot come back says why.
func TestTheTrashThatFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"d/a.txt", "lake.txt", "x.txt"} {
		write(t, filepath.Join(driveFolder(s), name), name)
	}
	b.Open(s.URL + "/")
	s.deleteBy(t, b, "", "d", "lake.txt", "x.txt")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/trash" {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	b.Click("Trash")
	b.WaitText("The trash could not be read")
	s.breakWith(nil)
	b.Click("Try again")
	b.WaitText("3 items")
	b.Fill("Search the trash", "LAKE")
	shows(b, "lake.txt")
	b.Fill("Search the trash", "nowhere")
	b.WaitText("Nothing in the trash has “nowhere”")
	b.Press(kb.Escape)
	b.Wait("all", names+`.length === 3`)

	write(t, filepath.Join(driveFolder(s), "d"), "a file")
	s.deleteBy(t, b, "", "d")
	write(t, filepath.Join(driveFolder(s), "e", "f.txt"), "f")
	s.deleteBy(t, b, "", "e/f.txt")
	must(t, os.Remove(filepath.Join(driveFolder(s), "e")))
	write(t, filepath.Join(driveFolder(s), "e"), "a file")
	b.Open(s.URL + "/trash")
	b.Click("Restore f.txt")
	b.WaitText("Something else has the name of its folder now")
}

// What is typed is found in the folder at once and in the whole drive as it comes; the address is that of the search, and what is found is shown in its folder.
func TestSearchingTheDrive(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"Trips/lake 2.txt", "Trips/other.txt", "Trips/Garda/Lake 10.txt", "lake 1.txt", "Music/Lake.mp3"} {
		write(t, filepath.Join(driveFolder(s), name), name)
	}
	b.Open(s.URL + "/drive/Trips")
	shows(b, "Garda", "lake 2.txt", "other.txt")
	b.Fill("Search your files", "lake")
	shows(b, "lake 2.txt", "lake 1.txt", "Lake 10.txt", "Lake.mp3") // what lies in the folder first
	b.Wait("the address", `location.pathname + location.search === "/search?in=Trips&name=lake"`)
	b.Wait("the folders", `[...document.querySelectorAll(".list-body .where")].map(e => e.textContent).join() === "Files,Trips/Garda,Music"`)
	b.Reload()
	shows(b, "lake 2.txt", "lake 1.txt", "Lake 10.txt", "Lake.mp3")
	b.Wait("what was typed", `document.querySelector("input[type=search]").value === "lake"`)
	b.Fill("Search your files", "lake 10")
	shows(b, "Lake 10.txt")
	b.Click("More for Lake 10.txt")
	b.Click("Show in its folder")
	b.Wait("the folder", `location.pathname === "/drive/Trips/Garda" && document.querySelector("input[type=search]").value === ""`)
	shows(b, "Lake 10.txt")
	b.Wait("the keyboard on it", `document.activeElement.innerText.includes("Lake 10.txt")`)
	b.Eval(`history.back()`, nil)
	b.Wait("the search", `location.pathname === "/search" && document.querySelector("input[type=search]").value === "lake 10"`)
	shows(b, "Lake 10.txt")
	b.Click("Search your files")
	b.Press(kb.Escape)
	shows(b, "Garda", "lake 2.txt", "other.txt")
	b.Wait("the folder's address", `location.pathname + location.search === "/drive/Trips"`)
	b.Fill("Search your files", "nowhere")
	b.WaitText("Nothing in this drive has “nowhere” in its name.")

	// A list that breaks off does not look whole.
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/search" {
			return false
		}
		fmt.Fprintln(w, `{"path":"Music/Lake.mp3","folder":false,"size":1,"modified":"2026-01-02T03:04:05Z","changed":"2026-01-02T03:04:05Z","etag":"\"x\""}`)
		return true
	})
	b.Fill("Search your files", "lak")
	b.WaitText("The search over the whole drive broke off.")
	shows(b, "lake 2.txt", "Lake.mp3")
	s.breakWith(nil)
	b.Click("Try again")
	shows(b, "lake 2.txt", "lake 1.txt", "Lake 10.txt", "Lake.mp3")
}

// The files that changed last stand before all others, wherever they lie; what lies in a folder is added up when somebody asks.
func TestRecentlyChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Open(s.URL + "/recent")
	b.WaitText("The files that were added or changed last stand here")
	write(t, filepath.Join(driveFolder(s), "a", "b", "old.txt"), "12345")
	write(t, filepath.Join(driveFolder(s), "a", "c.txt"), "123")
	var status int
	b.Eval(`fetch("/files/a/new.txt", {method: "PUT", body: "1", headers: {"X-OC-Mtime": "1000000000"}}).then(a => a.status)`, &status)
	b.Click("Files")
	shows(b, "a")
	b.Click("Recent")
	b.Wait("the newest first", names+`[0] === "new.txt" && document.querySelectorAll(".list-body .row").length === 3`)
	b.Wait("when it came", `!document.querySelector(".list-body .row").innerText.includes("2001")`)
	b.Click("More for old.txt")
	b.Click("Show in its folder")
	shows(b, "old.txt")
	b.Open(s.URL + "/")
	b.Click("More for a")
	b.Click("Details")
	b.WaitText("9 bytes in 3 files and 1 folder")
	b.Axe("details of a folder")
}
