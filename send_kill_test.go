package main

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// sealedBytes is how many bytes lie in the sealed objects of a data folder.
func sealedBytes(data string) (total int64) {
	filepath.WalkDir(filepath.Join(data, "sealed"), func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}

// The server is killed while somebody sends, as by a power cut. Once it runs again, the page goes on by itself; and where its tab was closed meanwhile, the next
// visit does. The links hold what was sent.
func TestASendOutlivesAKilledServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	server := startServer(t, data)
	ann := newcomer(t, server, "ann")
	content := make([]byte, 100_000_000)
	rand.NewChaCha8([32]byte{5}).Read(content)
	path := filepath.Join(t.TempDir(), "film.bin")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	// begin shares the film in a tab of its own, and kills the server in the middle of it.
	begin := func(title string) *person {
		tab := &person{Browser: ann.Tab(), t: t}
		tab.Open(server.URL + "/")
		tab.Choose(func() {
			tab.Click("New")
			tab.Click("Share files from this computer")
		}, path)
		tab.Fill("Title", title)
		before := sealedBytes(data)
		tab.Click("Create link")
		waitUntil(t, "some of it has arrived", func() bool { return sealedBytes(data)-before > 9_000_000 })
		server.kill()
		tab.WaitText("The connection is gone")
		return tab
	}
	restart := func() { server = startServer(t, data, "--addr", server.Addr) }
	wantLink := func(p *person) {
		t.Helper()
		p.WaitText("Link is ready")
		var link string
		p.Eval(`document.querySelector("[data-link]").dataset.link`, &link)
		folder := t.TempDir()
		if _, stderr, status := run(t, "", "get", link, "-o", folder); status != 0 {
			t.Fatalf("get: %s", stderr)
		}
		if got := hashFile(t, filepath.Join(folder, "film.bin")); got != hashFile(t, path) {
			t.Error("the link holds something else than what was sent")
		}
	}

	tab := begin("By itself")
	restart()
	wantLink(tab)
	tab.Click("Done")

	tab = begin("Later")
	tab.Close()
	restart()
	ann.Open(server.URL + "/links")
	ann.WaitText("Not finished")
	ann.Click("Go on with Later")
	ann.WaitText("Choose the files again")
	ann.Choose(func() { ann.Click("Choose files") }, path)
	wantLink(ann)
}
