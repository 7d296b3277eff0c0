package server_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"thorpe/server"
	"thorpe/server/release"
)

// The page about this server shows the hash of its list, and offers the opener, whose hash stands in that list.
func TestAboutShowsTheListAndTheOpener(t *testing.T) {
	b := newServer(t).newBrowser()
	get := func(path, accept string) (string, string) {
		got := b.request("GET", path, nil, nil)
		wantStatus(t, path, got, 200)
		return bodyOf(t, got), got.Header.Get(accept)
	}
	list, _ := get(release.ListPath, "")
	if page, _ := get("/about", ""); !strings.Contains(page, release.Sum([]byte(list))) || !strings.Contains(page, release.ListPath) || !strings.Contains(page, release.OpenerPath) {
		t.Errorf("the page does not show the hash of the list, or where list and opener are:\n%s", page)
	}
	if published, err := server.Released("test"); err != nil || string(published) != list {
		t.Errorf("the release publishes another list: %v", err)
	}
	opener, disposition := get(release.OpenerPath, "Content-Disposition")
	if disposition != `attachment; filename="thorpe-opener.html"` {
		t.Errorf("the opener comes with %q: it would be opened as a page of this server", disposition)
	}
	read, err := release.Parse([]byte(list))
	must(t, err)
	sum := sha256.Sum256([]byte(opener))
	for _, answer := range read.Answers {
		if answer.Path == release.OpenerPath && answer.SHA256 == hex.EncodeToString(sum[:]) {
			return
		}
	}
	t.Error("the list does not hold the opener's hash")
}
