package server_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// many asks for many kept things at once, and answers the lines but for the end.
func (b *browser) many(path string, body any) (lines []string) {
	b.t.Helper()
	encoded, err := json.Marshal(body)
	must(b.t, err)
	got := b.request("POST", path, bytes.NewReader(encoded), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
	if got.StatusCode != 200 || got.Header.Get("Content-Type") != "application/x-ndjson" {
		b.t.Fatalf("%s: %d %s", path, got.StatusCode, got.Header.Get("Content-Type"))
	}
	end := false
	for read := bufio.NewScanner(got.Body); read.Scan(); {
		var line struct {
			ID, Path, Code, Message string
			Status                  int
			End                     bool
		}
		must(b.t, json.Unmarshal(read.Bytes(), &line))
		if end {
			b.t.Errorf("after the end: %s", read.Text())
		}
		if end = line.End; end {
			continue
		}
		said := line.ID + " " + line.Path
		if line.Code != "" {
			said = fmt.Sprint(line.ID, " ", line.Status, " ", line.Code)
			if line.Message == "" || line.Path != "" {
				b.t.Errorf("%s", read.Text())
			}
		}
		lines = append(lines, strings.TrimSpace(said))
	}
	if !end {
		b.t.Error("the answer has no end")
	}
	return lines
}

// Many come back in one request, each with its own answer in the order asked for; what can't come back hinders no other, and nothing goes over anything.
func TestManyComeBackAtOnce(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	ann.drive("MKCOL", "d", "")
	var ids, want []string
	for i := range 150 {
		name := fmt.Sprintf("d/%03d.txt", i)
		ann.drive("PUT", name, name)
		ids = append(ids, ann.drive("DELETE", name, ""))
		want = append(want, ids[i]+" "+name)
	}
	ann.drive("PUT", "d/001.txt", "another")
	want[1] = ids[1] + " d/001 (2).txt"
	bob.drive("PUT", "b.txt", "b")
	theirs := bob.drive("DELETE", "b.txt", "")
	nothing := "20200101T000000Z-0000000000000000"
	for i, bad := range []string{theirs, "x", nothing, ids[0]} { // the last was brought back before
		ids = append(ids[:10*i+3], append([]string{bad}, ids[10*i+3:]...)...)
		want = append(want[:10*i+3], append([]string{bad + " 404 not_found"}, want[10*i+3:]...)...)
	}
	if diff := cmp.Diff(want, ann.many("/api/trash/restorations", map[string]any{"ids": ids})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ann.wantFile("d/001.txt", "another")
	ann.wantFile("d/001%20(2).txt", "d/001.txt")
	ann.wantFile("d/149.txt", "d/149.txt")
	if list := ann.trash(); len(list.Items) != 0 || list.Size != 0 {
		t.Errorf("left: %+v", list)
	}
	if list := bob.trash(); len(list.Items) != 1 {
		t.Errorf("bob's trash: %+v", list)
	}

	a, b := ann.drive("DELETE", "d/000.txt", ""), ann.drive("DELETE", "d/002.txt", "")
	ann.drive("MKCOL", "in", "")
	if diff := cmp.Diff([]string{a + " in/000.txt"}, ann.many("/api/trash/restorations", map[string]any{"ids": []string{a}, "folder": "in"})); diff != "" {
		t.Errorf("into a folder (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{b + " 409 no_parent"}, ann.many("/api/trash/restorations", map[string]any{"ids": []string{b}, "folder": "none"})); diff != "" {
		t.Errorf("into no folder (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{theirs + " 404 not_found", b, b + " 404 not_found"}, ann.many("/api/trash/removals", map[string]any{"ids": []string{theirs, b, b}})); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
	if list := ann.trash(); len(list.Items) != 0 || list.Size != 0 {
		t.Errorf("left: %+v", list)
	}
	if list := bob.trash(); len(list.Items) != 1 {
		t.Errorf("bob's trash: %+v", list)
	}
}

// The count of ids, and the body, are bounded.
func TestManyAreBounded(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	id := "20200101T000000Z-0000000000000000"
	for _, path := range []string{"/api/trash/restorations", "/api/trash/removals"} {
		if lines := ann.many(path, map[string]any{"ids": slices.Repeat([]string{id}, 1000)}); len(lines) != 1000 {
			t.Errorf("%s: %d lines", path, len(lines))
		}
		ann.refused(400, "bad_request", "POST", path, map[string]any{"ids": slices.Repeat([]string{id}, 1001)})
		ann.refused(400, "bad_request", "POST", path, map[string]any{"ids": []string{}})
		ann.refused(413, "too_large", "POST", path, map[string]any{"ids": []string{strings.Repeat("x", 64<<10)}})
	}
}
