package static_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

// stopsIn lets a server take so many bytes of the next upload, and no more until the site is mended.
func stopsIn(s *site, taken int64) (stopped func() bool) {
	var patches atomic.Int32
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != "PATCH" {
			return false
		}
		if patches.Add(1) > 1 {
			http.Error(w, "{}", http.StatusBadGateway)
			return true
		}
		r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, taken), dropping{w}))
		s.answer(r)
		drop(w)
		return true
	})
	return func() bool { return patches.Load() > 1 }
}

// keptUpload is stoppedUpload of a file whose handle the browser keeps by then.
func keptUpload(b *browsertest.Browser, s *site, stopped func() bool) {
	keepsHandles(b, 1)
	stoppedUpload(b, s, stopped)
}

// stoppedUpload waits until an upload has stopped, and loads the page anew.
func stoppedUpload(b *browsertest.Browser, s *site, stopped func() bool) {
	for !stopped() {
		b.Wait("another try", "true")
	}
	b.Reload()
	s.breakWith(nil)
	b.WaitText("1 upload is not finished")
}

// keepsHandles waits until the browser keeps so many handles of uploads.
func keepsHandles(b *browsertest.Browser, want int) {
	b.Eval(fmt.Sprintf(`(async () => {
		const count = async () => (await indexedDB.databases()).some(({ name }) => name === "thorpe-sends") ? counted() : 0; // opening would make it
		const counted = () => new Promise((resolve) => {
			const open = indexedDB.open("thorpe-sends");
			open.onsuccess = () => {
				open.result.transaction("handles").objectStore("handles").count().onsuccess = ({ target }) => {
					open.result.close();
					resolve(target.result);
				};
			};
		});
		while ((await count()) !== %d) await new Promise((resolve) => setTimeout(resolve, 50)); // between two looks
	})()`, want), nil)
}

// A browser that has handles of files goes on with a large upload after a reload, by one click; what has changed meanwhile is told, and chosen again.
func TestALargeUploadGoesOnByOneClick(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	// The origin's own file system has the same handles, and a test can choose one.
	const chosen = `(async () => {
		const root = await navigator.storage.getDirectory();
		const file = await root.getFileHandle("film.mov", { create: true });
		const stream = await file.createWritable();
		await stream.write(new Uint8Array(%d).fill(7));
		await stream.close();
		globalThis.showOpenFilePicker = async () => [file];
	})()`
	b.Eval(fmt.Sprintf(chosen, 12<<20), nil)
	stopped := stopsIn(s, 5<<20)
	b.Click("Upload")
	b.WaitText("Uploading 1 file")
	keptUpload(b, s, stopped)
	b.WaitText("film.mov")
	keepsHandles(b, 1)
	b.WaitText("5.2 MB of 12.6 MB")
	b.Axe("what is unfinished", ".tray")
	b.Click("Go on with film.mov")
	b.WaitText("1 file uploaded")
	b.Wait("nothing unfinished", `!document.body.innerText.includes("not finished")`)
	onDisk(t, s, "in the end", fmt.Sprintf("film.mov %d", 12<<20))
	patch := s.asked("PATCH", "/api/uploads/")
	if begun := len(s.asked("POST", "/api/uploads/drive")); begun != 1 || patch[len(patch)-1].Header.Get("Upload-Offset") != fmt.Sprint(5<<20) {
		t.Errorf("it was begun %d times, and went on at %q", begun, patch[len(patch)-1].Header.Get("Upload-Offset"))
	}
	keepsHandles(b, 0)

	must(t, os.Remove(filepath.Join(driveFolder(s), "film.mov")))
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	b.Eval(fmt.Sprintf(chosen, 12<<20), nil)
	stopped = stopsIn(s, 5<<20)
	b.Click("Upload")
	keptUpload(b, s, stopped)
	b.Eval(fmt.Sprintf(chosen, 11<<20), nil)
	b.Click("Go on with film.mov")
	b.WaitText("“film.mov” has changed since it was sent")
	b.Wait("the other way", `document.activeElement.textContent === "Choose the file"`)
	b.Click("Give up film.mov")
	b.Wait("nothing unfinished", `!document.body.innerText.includes("not finished")`)
	keepsHandles(b, 0)
}

// droppedFilm is a folder with a large film in a folder of its own.
func droppedFilm(t *testing.T) (folder, film string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "Videos")
	film = filepath.Join(folder, "2026", "film.mov")
	must(t, os.MkdirAll(filepath.Dir(film), 0o700))
	must(t, os.WriteFile(film, make([]byte, 12<<20), 0o600))
	return folder, film
}

// What was dropped goes on likewise, also where it lies within a folder that was dropped.
func TestADroppedUploadGoesOnByOneClick(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	folder, film := droppedFilm(t)
	var modified int64 // the origin's own file system stands in for the disk, which a browser without a person does not let the page read again
	b.Eval(`(async () => {
		const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("Videos", { create: true });
		const file = await (await folder.getDirectoryHandle("2026", { create: true })).getFileHandle("film.mov", { create: true });
		const stream = await file.createWritable();
		await stream.write(new Uint8Array(12 * 1024 * 1024));
		await stream.close();
		DataTransferItem.prototype.getAsFileSystemHandle = async () => folder;
		return (await file.getFile()).lastModified;
	})()`, &modified)
	must(t, os.Chtimes(film, time.Time{}, time.UnixMilli(modified)))
	stopped := stopsIn(s, 5<<20)
	b.Drop(folder)
	keptUpload(b, s, stopped)
	b.Click("Go on with film.mov")
	b.WaitText("1 file uploaded")
	onDisk(t, s, "in the end", "Videos/", "Videos/2026/", fmt.Sprintf("Videos/2026/film.mov %d", 12<<20))
	if begun := len(s.asked("POST", "/api/uploads/drive")); begun != 1 {
		t.Errorf("it was begun %d times", begun)
	}
}

// Where the browser does not let the page read a file again, it is chosen; signing out forgets where files lay.
func TestAnUploadThatMayNotBeReadAgainIsChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	folder, film := droppedFilm(t)
	stopped := stopsIn(s, 5<<20)
	b.Drop(folder)
	keptUpload(b, s, stopped)
	b.Click("Go on with film.mov")
	b.WaitText("could not read “film.mov” where it was")
	b.Choose(func() { b.Click("Choose the file") }, film)
	b.WaitText("1 file uploaded")
	onDisk(t, s, "in the end", "Videos/", "Videos/2026/", fmt.Sprintf("Videos/2026/film.mov %d", 12<<20))
	keepsHandles(b, 0)

	must(t, os.RemoveAll(filepath.Join(driveFolder(s), "Videos")))
	stopped = stopsIn(s, 5<<20)
	b.Drop(folder)
	keptUpload(b, s, stopped)
	keepsHandles(b, 1)
	b.Click("Sign out")
	b.WaitText("Forgotten your password?")
	keepsHandles(b, 0)
}
