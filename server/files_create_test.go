package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// manyFiles is a body that brings files: their heads, and what follows each.
func manyFiles(parts ...any) string {
	var body strings.Builder
	for i := 0; i < len(parts); i += 2 {
		head, err := json.Marshal(parts[i])
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(&body, "%s\n%s", head, parts[i+1])
	}
	return body.String()
}

func (b *browser) sendMany(body string, change func(*http.Request)) (status int, statuses []int) {
	b.t.Helper()
	got := b.request("POST", "/api/uploads/files", strings.NewReader(body), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/vnd.thorpe.files")
		if change != nil {
			change(r)
		}
	})
	var answer struct{ Statuses []int }
	json.NewDecoder(got.Body).Decode(&answer)
	return got.StatusCode, answer.Statuses
}

// Many files come in one request, and each has the answer that a PUT of its own would have had.
func TestManyFilesInOneRequest(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	ann.drive("MKCOL", "d", "")
	ann.drive("PUT", "d/there.txt", "old")
	ann.drive("PUT", "d/old.txt", "old")
	type head map[string]any
	status, statuses := ann.sendMany(manyFiles(
		head{"path": "d/a.txt", "size": 5, "modified": 1_600_000_000}, "a\nbcd",
		head{"path": "d/Ünï 100% #?.txt", "size": 0}, "",
		head{"path": "d/there.txt", "size": 3}, "new",
		head{"path": "d/old.txt", "size": 5, "replace": true}, "newer",
		head{"path": "nowhere/b.txt", "size": 1}, "b",
		head{"path": "d", "size": 1}, "c",
		head{"path": "../bob/c.txt", "size": 1}, "c",
		head{"path": "/c.txt", "size": 1}, "c",
		head{"path": "d/c\\d.txt", "size": 1}, "c",
		head{"path": "d/e.txt", "size": 1, "modified": -1}, "e",
		head{"path": "last.txt", "size": 4}, "last",
	), nil)
	if want := []int{201, 201, 412, 204, 409, 405, 400, 400, 400, 400, 201}; status != 200 || !cmp.Equal(statuses, want) {
		t.Errorf("%d %v, want %v", status, statuses, want)
	}
	for path, want := range map[string]string{"d/a.txt": "a\nbcd", "d/%C3%9Cn%C3%AF%20100%25%20%23%3F.txt": "", "d/there.txt": "old", "d/old.txt": "newer", "last.txt": "last"} {
		ann.wantFile(path, want)
	}
	info, err := os.Stat(filepath.Join(r.Folder, "drive", "ann", "d", "a.txt"))
	must(t, err)
	if !info.ModTime().Equal(time.Unix(1_600_000_000, 0)) {
		t.Errorf("a.txt is of %v", info.ModTime())
	}
	if list, err := os.ReadDir(filepath.Join(r.Folder, "drive")); err != nil || len(list) != 1 {
		t.Errorf("drives: %v %v", list, err)
	}

	// It counts against the quota as PUTs do.
	account, err := r.Accounts.ByName(t.Context(), "ann")
	must(t, err)
	must(t, r.Accounts.SetQuota(t.Context(), account.ID, 100))
	if status, statuses = ann.sendMany(manyFiles(head{"path": "large.txt", "size": 200}, strings.Repeat("x", 200), head{"path": "small.txt", "size": 1}, "x"), nil); status != 200 || !cmp.Equal(statuses, []int{507, 201}) {
		t.Errorf("beyond the quota: %d %v", status, statuses)
	}
}

// What makes no sense, is too large or comes from elsewhere is refused; what stood whole before it is there.
func TestManyFilesThatAreRefused(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	type head map[string]any
	one := manyFiles(head{"path": "one.txt", "size": 1}, "1")
	for _, test := range []struct {
		what   string
		body   string
		change func(*http.Request)
		want   int
	}{
		{"nothing", "", nil, 200},
		{"a form", one, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 400},
		{"another site", one, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		{"another account", one, func(r *http.Request) { r.Header.Set("Thorpe-Account", "AAAAAAAAAAAAAAAAAAAAAA") }, 401},
		{"no session", one, func(r *http.Request) { r.Header.Del("Cookie") }, 401},
		{"no line", "one.txt", nil, 400},
		{"no JSON", "one.txt\n1", nil, 400},
		{"something behind the JSON", `{"path":"one.txt","size":1} {}` + "\n1", nil, 400},
		{"unknown members", manyFiles(head{"path": "one.txt", "size": 1, "mode": 1}, "1"), nil, 400},
		{"no path", manyFiles(head{"size": 1}, "1"), nil, 400},
		{"a negative size", manyFiles(head{"path": "one.txt", "size": -1}, ""), nil, 400},
		{"a large file", manyFiles(head{"path": "one.txt", "size": 256<<10 + 1}, strings.Repeat("x", 256<<10+1)), nil, 413},
		{"a huge size", manyFiles(head{"path": "one.txt", "size": int64(1) << 62}, "x"), nil, 413},
		{"a long line", manyFiles(head{"path": strings.Repeat("x", 40_000), "size": 0}, ""), nil, 400},
		{"cut off", manyFiles(head{"path": "whole.txt", "size": 1}, "w", head{"path": "one.txt", "size": 9}, "cut"), nil, 400},
		{"more than a thousand", strings.Repeat(manyFiles(head{"path": "nowhere/one.txt", "size": 0}, ""), 1001), nil, 413},
	} {
		if status, statuses := ann.sendMany(test.body, test.change); status != test.want {
			t.Errorf("%s: %d %v, want %d", test.what, status, statuses, test.want)
		}
	}
	list, err := os.ReadDir(filepath.Join(r.Folder, "drive", "ann"))
	must(t, err)
	if len(list) != 1 || list[0].Name() != "whole.txt" {
		t.Errorf("in the drive: %v", list)
	}
}
