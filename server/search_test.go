package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// found is a line of a search's answer, or an entry of another's.
type found struct {
	Path, Modified, Changed, ETag string
	Folder                        bool
	Size                          int64

	End, Complete bool
	Seen          int
}

// search sends a search, and answers its lines.
func (b *browser) search(query string) (lines []found) {
	b.t.Helper()
	got := b.request("GET", "/api/search?"+query, nil, nil)
	if got.StatusCode != 200 || got.Header.Get("Content-Type") != "application/x-ndjson" || got.Header.Get("Cache-Control") != "no-store" {
		b.t.Fatalf("search: %d %v", got.StatusCode, got.Header)
	}
	for in := bufio.NewScanner(got.Body); in.Scan(); {
		var line found
		must(b.t, json.Unmarshal(in.Bytes(), &line))
		lines = append(lines, line)
	}
	return lines
}

// A search tells what it finds, and that it is at its end.
func TestSearching(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	ann.drive("MKCOL", "Trips", "")
	ann.drive("PUT", "Trips/a%20%3Cb%3E%20lake.txt", "12345")
	ann.drive("PUT", "lake%20%26%3F%23.txt", "1")
	bob.drive("PUT", "lake.txt", "bob's")
	lines := ann.search("in=&name=" + url.QueryEscape("LAKE"))
	var paths []string
	for _, l := range lines[:len(lines)-1] {
		paths = append(paths, l.Path)
		if l.Path == "Trips/a <b> lake.txt" && (l.Size != 5 || l.Folder || l.ETag == "" || l.Modified == "" || l.Changed == "") {
			t.Errorf("%+v", l)
		}
	}
	slices.Sort(paths)
	if end := lines[len(lines)-1]; !slices.Equal(paths, []string{"Trips/a <b> lake.txt", "lake &?#.txt"}) || !end.End || !end.Complete || end.Seen != 3 {
		t.Errorf("found %q, at the end %+v", paths, end)
	}
	if lines := ann.search("in=Trips&name=lake"); len(lines) != 2 {
		t.Errorf("in a folder: %+v", lines)
	}
	if lines := ann.search("name=nothing"); len(lines) != 1 || !lines[0].Complete {
		t.Errorf("nothing: %+v", lines)
	}
	for query, want := range map[string]string{"in=none&name=x": "404 not_found", "in=..&name=x": "400 bad_path", "in=%00&name=x": "400 bad_path", "name=": "400 bad_path", "": "400 bad_path", "name=" + strings.Repeat("x", 257): "400 bad_path"} {
		got := ann.request("GET", "/api/search?"+query, nil, nil)
		status, code, _ := strings.Cut(want, " ")
		if fmt.Sprint(got.StatusCode) != status {
			t.Errorf("%q: %d", query, got.StatusCode)
		}
		wantCode(t, query, got, got.StatusCode, code)
	}

	var recent struct {
		Entries  []found
		Complete bool
	}
	ann.call(200, "GET", "/api/recent", nil, &recent)
	if !recent.Complete || len(recent.Entries) != 2 || recent.Entries[0].Path != "lake &?#.txt" {
		t.Errorf("recent: %+v", recent)
	}
	var sizes struct {
		Size           int64
		Files, Folders int
		Complete       bool
	}
	ann.call(200, "GET", "/api/folder-size?in=", nil, &sizes)
	if sizes.Size != 6 || sizes.Files != 2 || sizes.Folders != 1 || !sizes.Complete {
		t.Errorf("sizes: %+v", sizes)
	}
	ann.refused(404, "not_found", "GET", "/api/folder-size?in=none", nil)
	ann.refused(400, "bad_path", "GET", "/api/folder-size?in=a%2F..", nil)
	for _, path := range []string{"/api/search?name=x", "/api/recent", "/api/folder-size?in="} {
		wantCode(t, path+" by nobody", r.newBrowser().request("GET", path, nil, nil), 401, "not_signed_in")
		wantCode(t, path+" from another site", ann.request("GET", path, nil, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }), 403, "cross_site")
	}
	if strings.Contains(r.Log(), "lake") || strings.Contains(r.Log(), "LAKE") {
		t.Error("what was searched for stands in the log")
	}
}
