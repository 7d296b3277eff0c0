package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// What the command line seals the browser opens, and the other way round: two implementations, one format.
func TestCommandLineAndBrowserOpenEachOthersLinks(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir())
	ann := newcomer(t, server, "ann")
	source := t.TempDir()
	files := newTree(t, source, "Sommer am See", 60)
	folder := filepath.Join(source, "Sommer am See")
	home := t.TempDir()

	if _, stderr, status := runAt(t, home, password+"\n", "login", server.URL, "--name", "ann", "--password-stdin"); status != 0 {
		t.Fatalf("login: %s", stderr)
	}
	link, stderr, status := runAt(t, home, "a second secret\n", "send", folder, "--title", "From the command line", "--password-stdin")
	if status != 0 || strings.Count(link, "\n") != 1 {
		t.Fatalf("send: %q, %s", link, stderr)
	}
	friend := browsertest.New(t)
	friend.Open(strings.TrimSpace(link))
	friend.Fill("Password", "a wrong one")
	friend.Click("Open")
	friend.WaitText("That is not the password of this link.")
	friend.Fill("Password", "a second secret")
	friend.Click("Open")
	friend.WaitText("From the command line")
	zipped, state := friend.Download(func() { friend.Click("Download all") })
	if state != "completed" {
		t.Fatalf("downloading all: %s", state)
	}
	files.wantZip(t, zipped)

	// The sender's browser knows the link that was made without it.
	ann.Click("My links")
	ann.WaitText("From the command line")

	ann.Click("Files")
	ann.WaitText("Nothing here yet")
	ann.Drop(folder)
	ann.WaitText("60 files uploaded")
	made := ann.share("Sommer am See")
	to := t.TempDir()
	if _, stderr, status := runAt(t, home, "", "get", made, "-o", to); status != 0 {
		t.Fatalf("get: %s", stderr)
	}
	files.wantFolder(t, to)
	if left, err := os.ReadDir(to); err != nil || len(left) != 1 {
		t.Errorf("get left %v beside the folder, %v", left, err)
	}
}
