package static_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Canceled uploads that are under way end, or are cut off by a second click; what arrived all the same stands in the list.
func TestCanceledUploadsAreCutOff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	many := filepath.Join(t.TempDir(), "many")
	for i := range 10 {
		write(t, filepath.Join(many, string(rune('a'+i))), "a")
	}
	held := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/uploads/files" {
			return false
		}
		s.answer(r)
		<-held
		return true
	})
	b.Open(s.URL + "/drive/")
	b.WaitText("Nothing here yet") // it takes drops from now on
	b.Drop(many)
	b.WaitText("Uploading 10 files")
	b.Click("Cancel uploads")
	b.ClickAt("that it is meant", cancelMeant)
	b.WaitText("Canceling: what is under way still arrives")
	picture(b, "tray-stop")
	b.Click("Stop now")
	b.WaitText("Stopped: at least 0 of 10 files uploaded")
	close(held)
	s.breakWith(nil)
	b.Click("Close")
	b.Drop(filepath.Join(many, "a")) // and uploads go on as ever
	b.WaitText("1 file uploaded")
}

// A folder that is deleted elsewhere while files go into it is named, and they go into it once it is made again, or into another one.
func TestAFolderThatIsGoneLosesNoUpload(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	a, scan := filepath.Join(here, "a.txt"), filepath.Join(here, "scan.tif")
	write(t, a, strings.Repeat("a", 70_000))
	must(t, os.WriteFile(scan, make([]byte, 9<<20), 0o600))
	videos := filepath.Join(driveFolder(s), "Videos")
	for _, path := range []string{a, scan} {
		must(t, os.Mkdir(videos, 0o700))
		s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == "PUT" || r.Method == "PATCH" {
				os.RemoveAll(videos)
			}
			return false
		})
		b.Open(s.URL + "/drive/Videos")
		b.WaitText("Nothing here yet")
		b.Drop(path)
		b.WaitText("“" + filepath.Base(path) + "” is missing. The folder “Videos” is no longer there.")
		b.WaitText("This folder is not there") // so says the list, too
		b.WaitText("One folder up")
		picture(b, "tray-lost")
		s.breakWith(nil)
		b.Click("Make the folder again")
		b.WaitText("1 file uploaded")
		shows(b, filepath.Base(path))
		must(t, os.RemoveAll(videos))
	}
	if sent := len(s.asked("POST", "/api/uploads/drive")); sent != 1 {
		t.Errorf("the large file was begun %d times", sent)
	}

	// It was gone before anything was sent: then a dialog asks.
	must(t, os.Mkdir(videos, 0o700))
	b.Open(s.URL + "/drive/Videos")
	b.WaitText("Nothing here yet")
	must(t, os.RemoveAll(videos))
	b.Drop(here)
	b.WaitText("“Videos” is no longer there")
	picture(b, "lost-dialog")
	b.Click("Upload elsewhere")
	b.WaitText("Upload here")
	b.Click("Upload here")
	b.WaitText("2 files uploaded")
	onDisk(t, s, "in the end", filepath.Base(here)+"/", filepath.Base(here)+"/a.txt 70000", filepath.Base(here)+"/scan.tif 9437184")
}

// The folder that is shown says that it is gone when one comes back to its window, also where that was beside another all the time.
func TestAShownFolderNoticesThatItIsGone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "Videos", "film.mov"), "a")
	b.Open(s.URL + "/drive/Videos")
	shows(b, "film.mov")
	must(t, os.RemoveAll(filepath.Join(driveFolder(s), "Videos")))
	b.Eval(`dispatchEvent(new Event("focus"))`, nil)
	b.WaitText("This folder is not there")
	b.Click("One folder up")
	b.WaitText("Nothing here yet")
}

// What is full is said, with what was needed and what is free.
func TestWhatIsFullIsSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	account, err := s.Accounts.ByName(t.Context(), "ann")
	must(t, err)
	must(t, s.Accounts.SetQuota(t.Context(), account.ID, 5_000_000))
	here := t.TempDir()
	for _, size := range []int{6_000_000, 9 << 20} { // by a PUT, and by tus
		path := filepath.Join(here, "a.bin")
		must(t, os.WriteFile(path, make([]byte, size), 0o600))
		b.Open(s.URL + "/")
		b.WaitText("Nothing here yet") // it takes drops from now on
		b.Drop(path)
		b.WaitText(map[bool]string{true: "6 MB needed, 5 MB of 5 MB free", false: "9.4 MB needed, 5 MB of 5 MB free"}[size == 6_000_000])
		b.Click("Close")
	}
	must(t, s.Accounts.SetQuota(t.Context(), account.ID, 0))
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/api/space" {
			w.Header().Set("Content-Type", "application/json")
			w.Write([]byte(`{"free": 1000000, "used": 0, "kept": 0, "quota": null}`))
			return true
		}
		if r.Method == "POST" && r.URL.Path == "/api/uploads/drive" {
			w.WriteHeader(http.StatusInsufficientStorage)
			return true
		}
		return false
	})
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet") // it takes drops from now on
	b.Drop(filepath.Join(here, "a.bin"))
	b.WaitText("The server’s disk is full: 9.4 MB needed, 1 MB free.")
}
