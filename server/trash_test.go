package server_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

type trash struct {
	Items []struct {
		ID, Path, At, Until, Door, Device string
		Folder                            bool
		Size                              *int64
	}
	Next, Newest *string
	Size         int64
}

func (b *browser) trash() (list trash) {
	b.t.Helper()
	b.call(200, "GET", "/api/trash", nil, &list)
	return list
}

// drive sends a request to the web drive's door, which must succeed, and answers what it put aside.
func (b *browser) drive(method, path, body string) (kept string) {
	b.t.Helper()
	got := b.request(method, "/files/"+path, strings.NewReader(body), func(r *http.Request) { r.Header.Set("User-Agent", "Mozilla/5.0 of "+b.Name) })
	if got.StatusCode >= 300 {
		b.t.Fatalf("%s %s: %d", method, path, got.StatusCode)
	}
	return got.Header.Get("Thorpe-Kept")
}

func (b *browser) wantFile(path, want string) {
	b.t.Helper()
	got := b.request("GET", "/files/"+path, nil, nil)
	content, err := io.ReadAll(got.Body)
	must(b.t, err)
	if got.StatusCode != 200 || string(content) != want {
		b.t.Errorf("%s: %d %.60q, want %q", path, got.StatusCode, content, want)
	}
}

// What was deleted by a mount or in the browser is listed with its device, and comes back, or goes for good.
func TestTheTrashOfADrive(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	_, secret := ann.appPassword("Ann's laptop")
	for _, name := range []string{"a.txt", "b.txt", "c.txt"} {
		ann.drive("PUT", name, name)
	}
	ann.drive("MKCOL", "d", "")
	ann.drive("PUT", "d/e.txt", "e.txt")
	wantStatus(t, "DELETE by a mount", r.dav("DELETE", "/dav/a.txt", "ann", secret, nil), 204)
	b, d := ann.drive("DELETE", "b.txt", ""), ann.drive("DELETE", "d", "")
	ann.drive("PUT", "c.txt", "new")

	list := ann.trash()
	doors := map[string]string{}
	for _, k := range list.Items {
		doors[k.Path] = k.Door + ": " + k.Device
		if k.Path == "b.txt" && (k.ID != b || k.Folder || k.Size == nil || *k.Size != 5 || k.At == "" || k.Until <= k.At) {
			t.Errorf("%+v", k)
		}
	}
	session := "files: Go-http-client/1.1" // as the sign-in said
	if len(doors) != 3 || doors["a.txt"] != "dav: Ann's laptop" || doors["b.txt"] != session || doors["d"] != session || list.Next != nil || list.Newest == nil {
		t.Errorf("the trash: %v, %+v", doors, list)
	}
	var space struct{ Kept int64 }
	ann.call(200, "GET", "/api/space", nil, &space)
	if space.Kept != 20 {
		t.Errorf("kept: %d bytes, want 20", space.Kept)
	}

	var restored struct{ Path string }
	ann.drive("PUT", "b.txt", "another")
	ann.call(200, "POST", "/api/trash/"+b+"/restoration", map[string]any{}, &restored)
	if restored.Path != "b (2).txt" {
		t.Errorf("restored to %q", restored.Path)
	}
	ann.wantFile("b.txt", "another")
	ann.wantFile("b%20(2).txt", "b.txt")
	ann.refused(409, "no_parent", "POST", "/api/trash/"+d+"/restoration", map[string]any{"folder": "none"})
	ann.refused(400, "bad_path", "POST", "/api/trash/"+d+"/restoration", map[string]any{"folder": "../x"})
	ann.refused(400, "bad_request", "POST", "/api/trash/"+d+"/restoration", map[string]any{"path": "x"})
	ann.drive("MKCOL", "in", "")
	ann.call(200, "POST", "/api/trash/"+d+"/restoration", map[string]any{"folder": "in"}, &restored)
	if restored.Path != "in/d" {
		t.Errorf("restored to %q", restored.Path)
	}
	ann.wantFile("in/d/e.txt", "e.txt")
	ann.refused(404, "not_found", "POST", "/api/trash/"+d+"/restoration", map[string]any{})

	again := ann.drive("DELETE", "in", "")
	ann.call(204, "DELETE", "/api/trash/"+again, nil, nil)
	ann.refused(404, "not_found", "DELETE", "/api/trash/"+again, nil)
	for _, bad := range []string{"?after=x", "?after=%00", "?after=" + again + "x"} {
		ann.refused(400, "bad_request", "GET", "/api/trash"+bad, nil)
	}
	for _, bad := range []string{"", "?last=", "?last=zzz", "?last=" + strings.ToUpper(again)} {
		ann.refused(400, "bad_request", "DELETE", "/api/trash"+bad, nil)
	}
	var emptied struct{ Items int }
	ann.call(200, "DELETE", "/api/trash?last="+*ann.trash().Newest, nil, &emptied)
	if left := ann.trash(); emptied.Items != 1 || len(left.Items) != 0 || left.Size != 0 || left.Newest != nil {
		t.Errorf("emptied of %d, left: %+v", emptied.Items, left)
	}
	ann.wantFile("c.txt", "new")
}

// D6, G2: a trash is its owner's alone, and no other site's page can have it changed.
func TestTheTrashIsItsOwners(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	ann.drive("PUT", "a.txt", "a")
	id := ann.drive("DELETE", "a.txt", "")
	if list := bob.trash(); len(list.Items) != 0 || list.Size != 0 || list.Newest != nil {
		t.Errorf("bob's trash: %+v", list)
	}
	bob.refused(404, "not_found", "POST", "/api/trash/"+id+"/restoration", map[string]any{})
	bob.refused(404, "not_found", "DELETE", "/api/trash/"+id, nil)
	bob.call(200, "DELETE", "/api/trash?last="+id, nil, nil)
	for _, c := range [][2]string{
		{"GET", "/api/trash"}, {"DELETE", "/api/trash?last=" + id}, {"DELETE", "/api/trash/" + id}, {"POST", "/api/trash/" + id + "/restoration"},
		{"POST", "/api/trash/restorations"}, {"POST", "/api/trash/removals"},
	} {
		send := func(b *browser, site string) *http.Response {
			return b.request(c[0], c[1], strings.NewReader("{}"), func(r *http.Request) {
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Sec-Fetch-Site", site)
			})
		}
		wantCode(t, c[0]+" by nobody", send(r.newBrowser(), "same-origin"), 401, "not_signed_in")
		if c[0] != "GET" {
			wantCode(t, c[0]+" from another site", send(ann, "cross-site"), 403, "cross_site")
		}
	}
	if list := ann.trash(); len(list.Items) != 1 || list.Items[0].ID != id {
		t.Errorf("ann's trash: %+v", list)
	}
}
