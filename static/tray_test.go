package static_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// A large upload whose page was left is shown at the next visit, and goes on with the bytes that have arrived when the same file is chosen again.
func TestAFileGoesOnAfterAReload(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	film, other := filepath.Join(here, "film.mov"), filepath.Join(here, "other.mov")
	must(t, os.WriteFile(film, make([]byte, 66<<20), 0o600))
	must(t, os.WriteFile(other, make([]byte, 66<<20-1), 0o600))
	must(t, os.Mkdir(filepath.Join(driveFolder(s), "Videos"), 0o700))
	var patches atomic.Int32
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "PATCH" {
			return false
		}
		if patches.Add(1) > 1 {
			http.Error(w, "{}", http.StatusBadGateway)
			return true
		}
		r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, 20<<20), dropping{w}))
		s.answer(r)
		drop(w)
		return true
	})
	b.Open(s.URL + "/drive/Videos")
	b.WaitText("Nothing here yet")
	b.Eval(`delete DataTransferItem.prototype.getAsFileSystemHandle`, nil) // as in browsers that cannot find a file again
	b.Drop(film)
	b.WaitText("Uploading 1 file")
	b.Click("Show files")
	b.Wait("the file's own bar", `document.querySelector(".tray-lines li [role=progressbar]")?.getAttribute("aria-label") === "Progress of film.mov"`)
	for patches.Load() < 2 {
		b.Wait("another try", "true")
	}
	b.Reload()
	s.breakWith(nil)
	b.WaitText("1 upload is not finished")
	b.WaitText("have arrived")
	b.Choose(func() { b.Click("Choose the file") }, other)
	b.WaitText("This is not the file “film.mov”")
	b.Choose(func() { b.Click("Choose the file") }, film)
	b.WaitText("1 file uploaded")
	b.Wait("nothing unfinished", `!document.body.innerText.includes("not finished")`)
	onDisk(t, s, "in the end", "Videos/", fmt.Sprintf("Videos/film.mov %d", 66<<20))
	if begun := len(s.asked("POST", "/api/uploads/drive")); begun != 1 {
		t.Errorf("it was begun %d times", begun)
	}
	patch := s.asked("PATCH", "/api/uploads/")
	if offset := patch[len(patch)-1].Header.Get("Upload-Offset"); offset == "0" || offset == "" {
		t.Errorf("it went on at %q", offset)
	}
	b.Open(s.URL + "/")
	shows(b, "Videos")
	b.Wait("nothing unfinished", `!document.body.innerText.includes("not finished")`)
}

// Hundreds of small files are one line in the tray, and some lines below it where one wants; what fails is tried again alone.
func TestManyFilesAreOneLineInTheTray(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := filepath.Join(t.TempDir(), "many")
	const count = 300
	for i := range count {
		size := 1
		if i == 7 || i == 8 {
			size = 70_000 // too large to go with others
		}
		write(t, filepath.Join(here, fmt.Sprintf("%d.txt", i)), strings.Repeat("a", size))
	}
	var refused atomic.Bool
	refused.Store(true)
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "PUT" || filepath.Base(r.URL.Path) != "7.txt" && filepath.Base(r.URL.Path) != "8.txt" || !refused.Load() {
			return false
		}
		http.Error(w, "full", http.StatusInsufficientStorage)
		return true
	})
	b.Drop(here)
	b.WaitText("Uploading 300 files")
	b.Click("Show files")
	b.Wait("lines", `document.querySelectorAll(".tray-lines li").length > 4`)
	b.Wait("one tray with few lines", `document.querySelectorAll(".tray").length === 1 && document.querySelectorAll(".tray-lines li").length <= 40`)
	b.WaitText("2 files not uploaded")
	refused.Store(false)
	b.Click("Try 7.txt again")
	b.WaitText("1 file not uploaded")
	b.Click("Try again")
	b.WaitText("300 files uploaded")
	if got := len(found(t, filepath.Join(driveFolder(s), "many"))); got != count {
		t.Errorf("%d files arrived", got)
	}
}

// Small files go many in a request, also when its answer is lost, when they were paused, or when one of them is gone; where such requests are refused, each goes by itself.
func TestSmallFilesGoTogether(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	const count = 250
	folder := func(name string) string {
		for i := range count {
			write(t, filepath.Join(here, name, fmt.Sprintf("%d ü.txt", i)), "some")
		}
		return filepath.Join(here, name)
	}
	arrived := func(name string, want int) {
		t.Helper()
		if got := found(t, filepath.Join(driveFolder(s), name)); len(got) != want || got[0] != "0 ü.txt 4" {
			t.Errorf("%s: %d files arrived: %q", name, len(got), got[:min(3, len(got))])
		}
	}

	var lost atomic.Bool
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/uploads/files" || lost.Swap(true) {
			return false
		}
		s.answer(r)
		drop(w)
		return true
	})
	b.Drop(folder("lost"))
	b.WaitText("250 files uploaded")
	arrived("lost", count)
	if asked := len(s.asked("POST", "/api/uploads/files")) + len(s.asked("PUT", "/files/")); asked > count/2 {
		t.Errorf("%d files took %d requests", count, asked)
	}
	b.Click("Close")

	held := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/uploads/files" {
			return false
		}
		<-held
		drop(w)
		return true
	})
	b.Drop(folder("gone"))
	b.WaitText("Uploading 250 files")
	b.Click("Pause")
	b.WaitText("Paused, 250 files to go")
	must(t, os.Remove(filepath.Join(here, "gone", "7 ü.txt")))
	s.breakWith(nil)
	close(held)
	b.Click("Resume")
	b.WaitText("1 file not uploaded")
	b.WaitText("The file on this computer has changed or is gone.")
	arrived("gone", count-1)
	b.Click("Close")

	s.breakWith(refuseTogether)
	b.Drop(folder("apart"))
	b.WaitText("250 files uploaded")
	arrived("apart", count)
	if puts := len(s.asked("PUT", "/files/apart/")); puts != count {
		t.Errorf("%d went by themselves", puts)
	}
}

// refuseTogether refuses requests that bring many files, as something on the way might.
func refuseTogether(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != "/api/uploads/files" {
		return false
	}
	http.Error(w, "too large", http.StatusRequestEntityTooLarge)
	return true
}

// What the browser keeps of an unfinished upload has the file's name in it: it goes with the sign-out.
func TestSigningOutForgetsUnfinishedUploads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Eval(`localStorage.setItem("tus::thorpe-drive\nsomebody\nsecret.mov::1", "{}")`, nil)
	b.Click("Sign out")
	b.WaitText("Sign in")
	var kept string
	b.Eval("JSON.stringify({...localStorage})", &kept)
	if strings.Contains(kept, "secret.mov") {
		t.Errorf("the browser still keeps %s", kept)
	}
}

// Uploads that are canceled are counted by what the server took: what is under way ends.
func TestCanceledUploadsAreCounted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	many := filepath.Join(t.TempDir(), "many")
	for i := range 550 {
		write(t, filepath.Join(many, fmt.Sprintf("%03d.txt", i)), "a")
	}
	held := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/uploads/files" {
			return false
		}
		body := s.begin(w, r)
		<-held
		w.Write(body)
		return true
	})
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet") // it takes drops from now on
	b.Drop(many)
	b.WaitText("Uploading 550 files")
	b.Click("Cancel uploads")
	b.ClickAt("that it is meant", cancelMeant)
	b.WaitText("Canceling: what is under way still arrives")
	picture(b, "tray-canceling")
	close(held)
	b.WaitText("Canceled: 400 of 550 files uploaded")
	if lie := len(found(t, driveFolder(s))); lie != 401 { // with the folder
		t.Errorf("%d lie there", lie)
	}
	b.Click("Close")
	b.Wait("the tray to go", `document.querySelector(".tray").hidden`)
}

// A single file that is missing is named, and another try is offered where it can help.
func TestAFileThatIsNotTakenIsNamed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := filepath.Join(t.TempDir(), "a.txt")
	write(t, here, "a")
	var status atomic.Int32
	status.Store(http.StatusBadRequest)
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "PUT" {
			return false
		}
		w.WriteHeader(int(status.Load()))
		return true
	})
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet") // it takes drops from now on
	b.Drop(here)
	b.WaitText("“a.txt” is missing. The server does not take this name.")
	offered := func(want bool) {
		t.Helper()
		var offered bool
		b.Eval(`[...document.querySelectorAll(".tray button")].some(e => e.textContent === "Try again")`, &offered)
		if offered != want {
			t.Errorf("another try is offered: %t", offered)
		}
	}
	offered(false)
	b.Click("Close")
	status.Store(http.StatusInsufficientStorage)
	b.Drop(here)
	b.WaitText("“a.txt” is missing. Your share of the server’s disk")
	offered(true)
}
