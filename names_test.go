package main

import (
	"os"
	"path/filepath"
	"testing"

	"thorpe/static/browsertest"
)

// F5: what people call files, folders and links is text wherever it is shown, and runs nowhere.
func TestNamesThatLookLikeMarkupAreShownAsText(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir())
	ann := newcomer(t, server, "ann")
	const name = `<img src=x onerror=document.title="hit">`
	folder := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".md"), []byte("# hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	plain := func(b *browsertest.Browser, where string) {
		t.Helper()
		b.WaitText(name)
		var found string
		b.Eval(`JSON.stringify([document.title === "hit", document.querySelectorAll("img[src=x]").length])`, &found) // at once: the title changes with the view
		if found != "[false,0]" {
			t.Errorf("%s: %s", where, found)
		}
	}
	ann.Drop(folder)
	ann.WaitText("1 file uploaded")
	plain(ann.Browser, "the drive")
	link := ann.share(name)
	ann.Click("My links")
	plain(ann.Browser, "my links")
	friend := browsertest.New(t)
	friend.Open(link)
	plain(friend, "the page of the link")
}
