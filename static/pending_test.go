package static_test

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

// noise makes a file of this computer whose bytes are nowhere twice.
func noise(t *testing.T, path string, size int, seed byte) []byte {
	t.Helper()
	content := make([]byte, size)
	rand.NewChaCha8([32]byte{seed}).Read(content)
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, content, 0o600))
	return content
}

// wantFile checks that a link holds this file.
func wantFile(t *testing.T, b *browsertest.Browser, s *site, link, path string, content []byte) {
	t.Helper()
	var got readLink
	b.Eval(`import("`+s.tree.Path()+`/testdata/link.js").then(({ readLink }) => readLink(`+quoted(link)+`))`, &got)
	sum := sha256.Sum256(content)
	for _, entry := range got.Entries {
		if entry.Path == path && entry.SHA256 == hex.EncodeToString(sum[:]) {
			return
		}
	}
	t.Errorf("the link holds %+v %s, not %s as it was sent", got.Entries, got.Error, path)
}

// beginSend shares files of this computer in a tab of its own, and closes it once the line is gone. The requests with bytes after the first few are stopped.
func beginSend(b *browsertest.Browser, s *site, p *tap, title string, paths ...string) {
	tab := b.Tab()
	tab.Open(s.URL + "/")
	tab.Choose(func() {
		tab.Click("New")
		tab.Click("Share files from this computer")
	}, paths...)
	tab.Fill("Title", title)
	p.stopAfter(1)
	tab.Click("Create link")
	tab.WaitText("The connection is gone")
	closeSending(b, tab, p)
}

// closeSending closes a tab that sends, and lets bytes through again once nothing of it is alive, as another tab of its browser can tell.
func closeSending(b, tab *browsertest.Browser, p *tap) {
	tab.Close()
	b.Eval(`(async () => {
		const sends = async () => (await navigator.locks.query()).held.some(({ name }) => name.startsWith("thorpe/send/"));
		while (await sends()) await new Promise((resolve) => setTimeout(resolve, 20));
	})()`, nil)
	p.stopAfter(everything)
}

// A send outlives its tab, its browser and what happens to its files; all in one browser, each with a tap of its own. (A17)
func TestASendGoesOnAfterItsTabWasClosed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, part := range []struct {
		name string
		run  func(*testing.T, *site, *browsertest.Browser, *tap)
	}{
		{"with files chosen again", goesOnWithFilesChosenAgain},
		{"that only has to be published", onlyHasToBePublished},
		{"with handles", goesOnWithHandles},
		{"at a file that changes", stopsAtAFileThatChanges},
		{"in another browser", goesOnInAnotherBrowser},
	} {
		t.Log(part.name)
		p := s.tap()
		b.Open(s.URL + "/")
		part.run(t, s, b, p)
		s.breakWith(nil)
	}
}

// A tab is closed in the middle of a send. The next visit lists it, and goes on where it stood once the same files are chosen again; no chunk is ever sealed with
// another plaintext, and no nonce comes twice. If a file has changed, all is sealed anew under another key, and the page says which.
func goesOnWithFilesChosenAgain(t *testing.T, s *site, b *browsertest.Browser, p *tap) {
	here := t.TempDir()
	film, notes := filepath.Join(here, "film.bin"), filepath.Join(here, "notes.txt")
	content := append(noise(t, film, 12_000_000, 1), noise(t, notes, 1000, 2)...)
	beginSend(b, s, p, "Film night", film, notes)
	first := p.uploads()

	b.Open(s.URL + "/")
	b.WaitText("1 link is not finished")
	b.Open(s.URL + "/links")
	b.WaitText("Film night")
	b.WaitText("of 12 MB sent")
	picture(b, "pending")
	b.Click("Go on with Film night")
	b.WaitText("film.bin")
	picture(b, "pending-choose")
	write(t, filepath.Join(here, "else", "other.txt"), "no")
	b.Choose(func() { b.Click("Choose files") }, filepath.Join(here, "else", "other.txt"))
	b.WaitText("None of these was among them")
	b.Choose(func() { b.Click("Choose files") }, film)
	b.Wait("that one is still missing", `!document.querySelector("dialog").innerText.includes("film.bin")`)
	b.Choose(func() { b.Click("Choose files") }, notes)
	link := madeLink(b)
	wantFile(t, b, s, link, "film.bin", content[:12_000_000])
	wantFile(t, b, s, link, "notes.txt", content[12_000_000:])
	b.Click("Done")
	b.Wait("that nothing is unfinished", `!document.body.innerText.includes("Not finished")`)
	key, size := keyOf(t, s, link)
	if again, opens := p.wantOnePlaintext(t, first[0], key, size, content); !opens || len(p.uploads()) != 1 || again > 64 {
		t.Errorf("of %d uploads, %d chunks were sent again; the link's key opens what was sent: %v", len(p.uploads()), again, opens)
	}

	// The same once more, and meanwhile one of them changes.
	beginSend(b, s, p, "Film again", film, notes)
	changed := noise(t, notes, 1000, 3) // of the same length
	must(t, os.Chtimes(notes, time.Now(), time.Now().Add(time.Second)))
	old := ""
	for _, id := range p.uploads() {
		if id != first[0] {
			old = id
		}
	}
	b.Open(s.URL + "/links")
	b.Click("Go on with Film again")
	b.WaitText("Choose the files again")
	b.Choose(func() { b.Click("Choose files") }, film, notes)
	b.WaitText("“notes.txt” has changed since")
	picture(b, "pending-anew")
	b.Click("Start anew")
	link = madeLink(b)
	wantFile(t, b, s, link, "notes.txt", changed)
	key, size = keyOf(t, s, link)
	if _, opens := p.wantOnePlaintext(t, old, key, size, nil); opens {
		t.Error("the new key is the old one")
	}
	if len(s.asked("DELETE", "/api/uploads/"+old)) != 1 {
		t.Error("what was sealed under the old key is still there")
	}
}

// All bytes had arrived when the tab was closed, and the link was not published: the next visit publishes it without asking for a file.
func onlyHasToBePublished(t *testing.T, s *site, b *browsertest.Browser, p *tap) {
	p.blockWhere(func(r *http.Request) bool { return r.Method == "POST" && r.URL.Path == "/api/links" })
	path := filepath.Join(t.TempDir(), "a.txt")
	write(t, path, "all is there")
	beginSend(b, s, p, "Nearly", path)
	p.blockWhere(nil)
	sent := len(s.asked("PATCH", "/api/uploads/"))
	b.Open(s.URL + "/links")
	b.Click("Go on with Nearly")
	link := madeLink(b)
	wantFile(t, b, s, link, "a.txt", []byte("all is there"))
	if n := len(s.asked("PATCH", "/api/uploads/")); n != sent {
		t.Errorf("%d requests with bytes, %d before", n, sent)
	}
	b.Click("Done")

	p.blockWhere(func(r *http.Request) bool { return r.Method == "POST" && r.URL.Path == "/api/links" })
	beginSend(b, s, p, "Not wanted", path)
	p.blockWhere(nil)
	b.Open(s.URL + "/links")
	b.Click("Give up Not wanted")
	b.Click("Give up")
	b.Wait("that nothing is unfinished", `!document.body.innerText.includes("Not finished")`)
	if n := len(found(t, filepath.Join(s.Folder, "sealed"))); n == 0 {
		t.Error("the first link's objects are gone")
	}
}

// Another browser of the same person's goes on with files of the drive, without a question; it says which one changed.
func goesOnInAnotherBrowser(t *testing.T, s *site, b *browsertest.Browser, p *tap) {
	content := noise(t, filepath.Join(driveFolder(s), "album", "one.bin"), 12_000_000, 1)
	write(t, filepath.Join(driveFolder(s), "album", "two.txt"), "two")
	share := func(b *browsertest.Browser) {
		tab := b.Tab()
		tab.Open(s.URL + "/")
		tab.Click("Share album")
		p.stopAfter(1)
		tab.Click("Create link")
		tab.WaitText("The connection is gone")
		closeSending(b, tab, p)
	}
	share(b)
	other := browsertest.New(t)
	other.Open(s.URL + "/links")
	signIn(other, "ann", goodPassword)
	other.WaitText("Not finished")
	other.Click("Go on with album")
	link := madeLink(other)
	wantFile(t, other, s, link, "album/one.bin", content)
	key, size := keyOf(t, s, link)
	if _, opens := p.wantOnePlaintext(t, p.uploads()[0], key, size, append(content, "two"...)); !opens {
		t.Error("the key is not the one of the upload")
	}
	other.Click("Done")

	share(other)
	write(t, filepath.Join(driveFolder(s), "album", "two.txt"), "TWO")
	must(t, os.Remove(filepath.Join(driveFolder(s), "album", "one.bin")))
	other.Open(s.URL + "/links")
	other.Click("Go on with album")
	other.WaitText("These are no longer in the drive")
	other.WaitText("album/one.bin")
	other.Click("Start anew without them")
	other.WaitText("“album/two.txt” has changed since")
	other.Click("Start anew")
	link = madeLink(other)
	wantFile(t, other, s, link, "album/two.txt", []byte("TWO"))
	other.WaitText("1 item was left out")
}

// A browser that keeps handles of what was chosen goes on by itself.
func goesOnWithHandles(t *testing.T, s *site, b *browsertest.Browser, p *tap) {
	tab := b.Tab()
	tab.Open(s.URL + "/links")
	// The origin's own file system has the same handles, and a test can choose one.
	tab.Eval(`(async () => {
		const root = await navigator.storage.getDirectory();
		const folder = await root.getDirectoryHandle("Reise", { create: true });
		const deep = await folder.getDirectoryHandle("innen", { create: true });
		for (const [where, name, size] of [[folder, "groß.bin", 12_000_000], [deep, "klein.txt", 5]]) {
			const stream = await (await where.getFileHandle(name, { create: true })).createWritable();
			await stream.write(new Uint8Array(size).fill(7));
			await stream.close();
		}
		globalThis.showDirectoryPicker = async () => folder;
	})()`, nil)
	tab.Click("New link")
	tab.Click("Share a folder from this computer")
	tab.WaitText("2 files")
	p.stopAfter(1)
	tab.Click("Create link")
	tab.WaitText("The connection is gone")

	b.Open(s.URL + "/links") // beside it: that it is under way there is told, and not taken from it
	b.WaitText("being sent in another tab")
	closeSending(b, tab, p)
	b.Open(s.URL + "/links")
	b.Click("Go on with Reise")
	link := madeLink(b)
	content := []byte(strings.Repeat("\x07", 12_000_005))
	wantFile(t, b, s, link, "Reise/innen/klein.txt", content[:5])
	key, size := keyOf(t, s, link)
	if _, opens := p.wantOnePlaintext(t, p.uploads()[0], key, size, content); !opens || len(p.uploads()) != 1 {
		t.Error("it did not go on where it was")
	}
	var kept int
	b.Eval(`new Promise((resolve) => { const open = indexedDB.open("thorpe-sends"); open.onsuccess = () => { open.result.transaction("handles").objectStore("handles").count().onsuccess = ({ target }) => { open.result.close(); resolve(target.result); }; }; })`, &kept)
	if kept != 0 {
		t.Errorf("%d handles are kept of what is published", kept)
	}
}

// A file that changes or vanishes under its sender stops the send with its name; another try takes it as it is now, or goes without it.
func stopsAtAFileThatChanges(t *testing.T, s *site, b *browsertest.Browser, p *tap) {
	here := t.TempDir()
	film, notes := filepath.Join(here, "film.bin"), filepath.Join(here, "notes.txt")
	noise(t, film, 20_000_000, 1)
	noise(t, notes, 1000, 2)
	b.Choose(func() {
		b.Click("New")
		b.Click("Share files from this computer")
	}, film, notes)
	b.Fill("Title", "Film night")
	var changed []byte
	done := false
	p.blockWhere(func(r *http.Request) bool {
		if r.Method == "PATCH" && !done {
			done = true
			changed = noise(t, notes, 2000, 3)
		}
		return false
	})
	b.Click("Create link")
	b.WaitText("“notes.txt” was changed while it was being sealed")
	picture(b, "share-changed")
	b.Click("Try again")
	b.WaitText("Choose the files again")
	b.Choose(func() { b.Click("Choose files") }, notes)
	b.WaitText("“notes.txt” has changed since")
	done = false
	p.blockWhere(func(r *http.Request) bool {
		if r.Method == "PATCH" && !done {
			done = true
			must(t, os.Remove(film))
		}
		return false
	})
	b.Click("Start anew")
	b.WaitText("“film.bin” can no longer be read")
	b.Click("Try again")
	b.WaitText("Choose the files again")
	b.Click("Start anew without them")
	link := madeLink(b)
	wantFile(t, b, s, link, "notes.txt", changed)
	b.WaitText("1 item was left out")
	if ids := p.uploads(); len(ids) < 2 {
		t.Errorf("one upload for several keys: %v", ids)
	}
}
