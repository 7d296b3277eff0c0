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
	s := newServer(t)
	b := s.newBrowser()
	get := func(path, accept string) (string, string) {
		got := b.request("GET", path, nil, nil)
		wantStatus(t, path, got, 200)
		return bodyOf(t, got), got.Header.Get(accept)
	}
	list, _ := get(release.ListPath, "")
	if page, _ := get("/about", ""); !strings.Contains(page, release.Sum([]byte(list))) || !strings.Contains(page, release.ListPath) || !strings.Contains(page, release.OpenerPath) {
		t.Errorf("the page does not show the hash of the list, or where list and opener are:\n%s", page)
	}
	if published, err := server.Released("test", s.Server.Source); err != nil || string(published) != list {
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

// Every page that somebody without an account can open is one that a check visits, or is left out for a reason.
func TestACheckVisitsWhatEverybodyCanOpen(t *testing.T) {
	s := newServer(t)
	list, err := server.Released("test", s.Server.Source)
	must(t, err)
	left := map[string]string{
		release.ListPath: "compared before all else",
		"/healthz":       "a word for machines", "/readyz": "a word for machines",
		"/api/": "data, which modules show as text", "/dav": "files of who signs in", "/files": "files of who signs in",
	}
	for _, route := range s.Server.Routes() {
		first := "/" + strings.SplitN(route.Path, "/", 3)[1]
		if route.Method != "GET" || left[route.Path] != "" || left[first] != "" || left[first+"/"] != "" {
			continue
		}
		path, below := strings.CutSuffix(route.Path, "*")
		if !below {
			path += `"`
		}
		if !strings.Contains(string(list), `{"path":"`+path) {
			t.Errorf("nobody compares %s", route.Path)
		}
	}
}
