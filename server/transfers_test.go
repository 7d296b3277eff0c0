package server

import (
	"net/http/httptest"
	"testing"
)

// What asks how an upload stands, or which there are, moves no content.
func TestWhatMovesContent(t *testing.T) {
	for _, c := range []struct{ method, path, want string }{
		{"PUT", "/dav/a", "in"}, {"GET", "/dav/a", "out"}, {"PUT", "/files/a", "in"}, {"GET", "/files/a", "out"}, {"HEAD", "/files/a", ""}, {"PROPFIND", "/dav/", ""}, {"DELETE", "/dav/a", ""},
		{"PATCH", "/api/uploads/x", "in"}, {"GET", "/api/uploads/", ""}, {"GET", "/api/uploads/x/state", ""}, {"PUT", "/api/uploads/x/state", ""},
		{"GET", "/api/links/x/content", "out"}, {"GET", "/api/links/x/manifest", "out"}, {"POST", "/api/links/x/downloads", ""}, {"GET", "/api/links", ""}, {"GET", "/", ""},
	} {
		r := httptest.NewRequest(c.method, c.path, nil)
		if got := directionOf(doorOf(r), methodOf(r)); got != c.want {
			t.Errorf("%s %s moves content %q, want %q", c.method, c.path, got, c.want)
		}
	}
}
