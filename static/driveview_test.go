package static_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"thorpe/static/browsertest"
)

// driveFolder is where ann's files lie on the server.
func driveFolder(s *site) string { return filepath.Join(s.Folder, "drive", "ann") }

// write makes a file of this computer, with its folders.
func write(t *testing.T, path, content string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, []byte(content), 0o600))
}

// found lists all below a folder with the sizes of the files, sorted.
func found(t *testing.T, folder string) (list []string) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		if entry.IsDir() {
			list = append(list, name+"/")
			return nil
		}
		info, err := entry.Info()
		list = append(list, fmt.Sprintf("%s %d", name, info.Size()))
		return err
	}))
	slices.Sort(list)
	return list
}

const names = `[...document.querySelectorAll(".list-body .name")].map(e => e.textContent)`

// shows waits until the list shows these names, in this order.
func shows(b *browsertest.Browser, want ...string) {
	quoted := make([]string, len(want))
	for i, name := range want {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	b.Wait(strings.Join(want, ", "), "JSON.stringify("+names+") === JSON.stringify(["+strings.Join(quoted, ",")+"])")
}

// A dropped folder arrives whole: Unicode, empty folders, many files, in NFC.
func TestADroppedFolderArrivesWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	for i := range 150 {
		write(t, filepath.Join(here, "Ferien", "viele", fmt.Sprintf("%d.bin", i)), strings.Repeat("x", i))
	}
	write(t, filepath.Join(here, "Ferien", "Ünïcode 🏝", "straße #1 100%.txt"), "a")
	write(t, filepath.Join(here, "Ferien", "e\u0301te\u0301.txt"), "NFD here")
	must(t, os.MkdirAll(filepath.Join(here, "Ferien", "leer", "innen"), 0o700))
	b.Drop(filepath.Join(here, "Ferien"))
	b.WaitText("152 files uploaded")

	want := found(t, here)
	for i, name := range want {
		want[i] = strings.Replace(name, "e\u0301te\u0301", "\u00e9t\u00e9", 1)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, found(t, driveFolder(s))); diff != "" {
		t.Errorf("on the server (-want +got):\n%s", diff)
	}
	b.Click("Ferien")
	shows(b, "leer", "Ünïcode 🏝", "viele", "été.txt")
}

// The address is the place: links, back, forward and reload.
func TestTheAddressIsThePlace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "Family", "100% #1?", "a.txt"), "a")
	b.Open(s.URL + "/")
	b.Click("Family")
	shows(b, "100% #1?")
	b.Click("100% #1?")
	shows(b, "a.txt")
	if got, want := b.URL(), s.URL+"/drive/Family/100%25%20%231%3F"; got != want {
		t.Errorf("the address is %s, want %s", got, want)
	}
	b.Eval(`history.back()`, nil)
	shows(b, "100% #1?")
	b.Eval(`history.forward()`, nil)
	shows(b, "a.txt")
	b.Open(b.URL())
	shows(b, "a.txt")
	b.Click("Files")
	shows(b, "Family")
	b.Open(s.URL + "/drive/nowhere")
	b.WaitText("This folder is not there")
	b.Click("One folder up")
	shows(b, "Family")
}

// On a phone the search field is a button's size until it is used, and then there is room for what is typed.
func TestFilesAreFoundOnAPhone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "a.txt"), "a")
	write(t, filepath.Join(driveFolder(s), "lake.txt"), "b")
	b.Size(390, 800)
	b.Open(s.URL + "/")
	shows(b, "a.txt", "lake.txt")
	const box = `(r => [r.width, r.height])(document.querySelector("input[type=search]").getBoundingClientRect())`
	var size [2]float64
	b.Eval(box, &size)
	if size[0] < 44 || size[1] < 44 {
		t.Errorf("the field has %v pixels for a finger", size)
	}
	b.Fill("Search your files", "lak")
	b.Wait("a wider field", box+"[0] >= 140")
	shows(b, "lake.txt")
}

// Making, renaming, moving and deleting, by mouse and keyboard, as found on the disk.
func TestFilesAreManagedInTheList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "photo.jpeg"), "a")
	write(t, filepath.Join(driveFolder(s), "taken.jpeg"), "b")
	b.Open(s.URL + "/")
	shows(b, "photo.jpeg", "taken.jpeg")

	b.Click("New")
	b.Click("New folder")
	b.WaitText("Create") // in the list behind the dialog something is called Name as well
	b.Fill("Name", "taken.jpeg")
	b.Press(kb.Enter)
	b.WaitText("There is already something called")
	b.Fill("Name", "Album")
	b.Press(kb.Enter)
	shows(b, "Album", "photo.jpeg", "taken.jpeg")
	b.Wait("the new folder chosen", `document.activeElement?.getAttribute("aria-selected") === "true" && document.activeElement.innerText.includes("Album")`)

	// F2 on the next row: the extension is not part of what is typed over.
	b.Press(kb.ArrowDown)
	b.Press(kb.F2)
	b.Wait("the name marked", `document.activeElement.value?.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd) === "photo"`)
	b.Press("taken")
	b.Press(kb.Enter)
	b.WaitText("There is already something called")
	b.Press(kb.Escape)
	b.Wait("the old name", names+`.includes("photo.jpeg")`)
	b.Press(kb.F2)
	b.Press("lake")
	b.Press(kb.Enter)
	shows(b, "Album", "lake.jpeg", "taken.jpeg")

	b.Click("More for lake.jpeg")
	b.Click("Move to…")
	b.ClickAt("the album", `[...document.querySelectorAll("dialog .place")].find(e => e.textContent === "Album")`)
	b.WaitText("Into: Album")
	b.Click("Move here")
	shows(b, "Album", "taken.jpeg")

	b.Click("More for taken.jpeg")
	b.Keys("Escape")
	b.Press(kb.Delete) // the keyboard is back in the list
	shows(b, "Album")
	b.Wait("the keyboard still in the list", `document.activeElement.innerText.includes("Album")`)
	if diff := cmp.Diff([]string{"Album/", "Album/lake.jpeg 1"}, found(t, driveFolder(s))); diff != "" {
		t.Errorf("on the disk (-want +got):\n%s", diff)
	}
}

// A taken name is asked about once, and the answer is done.
func TestTakenNamesAreAskedAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	for _, name := range []string{"1.txt", "2.txt", "3.txt"} {
		write(t, filepath.Join(here, name), "new one")
		write(t, filepath.Join(driveFolder(s), name), "old")
	}
	b.Open(s.URL + "/")
	shows(b, "1.txt", "2.txt", "3.txt")
	drop := func() {
		b.Drop(filepath.Join(here, "1.txt"), filepath.Join(here, "2.txt"), filepath.Join(here, "3.txt"))
	}

	drop()
	b.WaitText("“1.txt” is already there")
	b.Click("Leave out")
	b.WaitText("“2.txt” is already there")
	b.Click("Keep both")
	b.WaitText("“3.txt” is already there")
	b.Click("Replace")
	b.WaitText("2 files uploaded")
	if diff := cmp.Diff([]string{"1.txt 3", "2 (2).txt 7", "2.txt 3", "3.txt 7"}, found(t, driveFolder(s))); diff != "" {
		t.Errorf("one by one (-want +got):\n%s", diff)
	}
	shows(b, "1.txt", "2 (2).txt", "2.txt", "3.txt")

	drop()
	b.WaitText("“1.txt” is already there")
	b.Click("Do the same for all that follow")
	b.Click("Replace")
	b.WaitText("3 files uploaded")
	if diff := cmp.Diff([]string{"1.txt 7", "2 (2).txt 7", "2.txt 7", "3.txt 7"}, found(t, driveFolder(s))); diff != "" {
		t.Errorf("for all (-want +got):\n%s", diff)
	}
}

// A large file goes by tus. Its last step is refused by a lock, which is told; another try takes that step alone.
func TestALargeUploadWhoseLastStepIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := filepath.Join(t.TempDir(), "film.mov")
	must(t, os.WriteFile(here, make([]byte, 65<<20), 0o600))
	write(t, filepath.Join(driveFolder(s), "film.mov"), "old")
	b.Open(s.URL + "/")
	shows(b, "film.mov")
	var token string
	b.Eval(`fetch("/files/film.mov", {method: "LOCK", headers: {"Content-Type": "application/xml", Timeout: "Second-600"}, body:
		'<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>'}).then(a => a.headers.get("Lock-Token"))`, &token)
	b.Drop(here)
	b.Click("Replace")
	b.WaitText("Another program has locked it.")
	if diff := cmp.Diff([]string{"film.mov 3"}, found(t, driveFolder(s))); diff != "" {
		t.Errorf("while it is locked (-want +got):\n%s", diff)
	}
	b.Eval(`fetch("/files/film.mov", {method: "UNLOCK", headers: {"Lock-Token": `+fmt.Sprintf("%q", token)+`}}).then(a => a.status)`, nil)
	sent := len(s.asked("POST", "/api/uploads/drive"))
	b.Click("Try again")
	b.WaitText("1 file uploaded")
	if diff := cmp.Diff([]string{fmt.Sprintf("film.mov %d", 65<<20)}, found(t, driveFolder(s))); diff != "" {
		t.Errorf("afterwards (-want +got):\n%s", diff)
	}
	if again := len(s.asked("POST", "/api/uploads/drive")); sent != 1 || again != 1 {
		t.Errorf("it was begun %d times", again)
	}
}

// The answer to a PUT that arrived is lost: the next try finds the file there, and knows it for its own.
func TestAnUploadWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := filepath.Join(t.TempDir(), "a.txt")
	write(t, here, "content")
	var lost atomic.Bool
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "PUT" || lost.Swap(true) {
			return false
		}
		s.answer(r)
		drop(w)
		return true
	})
	b.Drop(here)
	b.WaitText("1 file uploaded")
	if n := len(s.asked("PUT", "/files/")); n != 2 {
		t.Errorf("it was sent %d times, the test loses the answer to the first", n)
	}
	if diff := cmp.Diff([]string{"a.txt 7"}, found(t, driveFolder(s))); diff != "" {
		t.Error(diff)
	}
}

// 10,000 entries: the document holds a few dozen of them, and the keyboard reaches the last.
func TestAFolderOfTenThousand(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for i := range 10_000 {
		write(t, filepath.Join(driveFolder(s), "Many", fmt.Sprintf("file %d.txt", i+1)), "")
	}
	b.Open(s.URL + "/drive/Many")
	b.Wait("the list", names+`[0] === "file 1.txt"`)
	bounded := func() {
		t.Helper()
		var rows int
		b.Eval(`document.querySelectorAll(".list-body > .row").length`, &rows)
		if rows > 80 {
			t.Errorf("%d rows stand in the document", rows)
		}
	}
	bounded()
	b.ClickAt("the first row", `document.querySelector(".list-body > .row .m")`)
	b.Press(kb.End)
	b.Wait("the last row", `document.activeElement.innerText.includes("file 10000.txt") && document.activeElement.ariaRowIndex === "10001"`)
	bounded()
	b.Press(kb.Home)
	b.Wait("the first row", `document.activeElement.innerText.includes("file 1.txt")`)
	b.Press(kb.Escape) // nothing is chosen now, and the search is there again
	b.Fill("Search your files", "9999")
	shows(b, "file 9999.txt")
}

// A note that does not open is told as such, and nothing of it is shown; nor of one that opens and names another link. (A2)
func TestNotesOfMyLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"first", "second"} {
		write(t, filepath.Join(driveFolder(s), name+".txt"), name)
	}
	b.Open(s.URL + "/")
	for _, name := range []string{"first", "second"} {
		b.Click("Share " + name + ".txt")
		b.Click("Create link")
		b.WaitText("Link is ready")
		b.Click("Done")
	}
	b.Click("My links")
	b.WaitText("first")
	b.WaitText("second")
	// The server hands each row the note of the other.
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/links" {
			return false
		}
		body := s.answer(r).Body.String()
		notes := strings.Split(body, `"note":"`)
		one, _, _ := strings.Cut(notes[1], `"`)
		two, _, _ := strings.Cut(notes[2], `"`)
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(strings.NewReplacer(one, two, two, one).Replace(body)))
		return true
	})
	b.Open(s.URL + "/links")
	b.Wait("two unreadable rows", `(document.body.innerText.match(/Unreadable/g) ?? []).length === 2`)
	if text := b.Text(); strings.Contains(text, "first") || strings.Contains(text, "second") {
		t.Errorf("the page shows what another link's note says: %s", text)
	}
	var copies int
	b.Eval(`document.querySelectorAll("[aria-label^='Copy the link']").length`, &copies)
	if copies != 0 {
		t.Error("a link can be copied from a note that is not its own")
	}
}
