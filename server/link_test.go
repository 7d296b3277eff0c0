package server_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sealedFiles are the objects that lie on the disk for links.
func (r *rig) sealedFiles() []string {
	r.t.Helper()
	found, err := filepath.Glob(filepath.Join(r.Folder, "sealed", "*", "*"))
	must(r.t, err)
	return found
}

func TestALinkFromPublishingToDeletion(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	expires := r.Now().Add(time.Hour).Truncate(time.Second)
	l := ann.link(1000, func(fields map[string]any) {
		fields["expires"], fields["max_visits"] = expires.UTC().Format("2006-01-02T15:04:05.000Z"), 2 // as a browser writes it
	})
	type row struct {
		ID, Note, State string
		Created         time.Time
		Expires         *time.Time
		MaxVisits       *int `json:"max_visits"`
		Visits, Size    int
		ManifestSize    int        `json:"manifest_size"`
		LastOpened      *time.Time `json:"last_opened"`
	}
	var list struct{ Links []row }
	ann.call(200, "GET", "/api/links", nil, &list)
	if len(list.Links) != 1 {
		t.Fatalf("listed: %+v", list)
	}
	now := r.Now().Truncate(time.Second)
	if got := list.Links[0]; got.ID != l.id || got.Note != text([]byte("a box")) || got.State != "open" || !got.Created.Equal(now) || !got.Expires.Equal(expires) ||
		*got.MaxVisits != 2 || got.Visits != 0 || got.Size != 1000 || got.ManifestSize != smallManifest || got.LastOpened != nil {
		t.Errorf("listed as %+v", got)
	}
	wantBody(t, "manifest", r.fetch("GET", l, "manifest"), 200, l.manifest)
	for range 2 {
		wantStatus(t, "ticket", r.ticket(l, text(random(32))), 201)
	}
	ann.call(200, "GET", "/api/links", nil, &list)
	if got := list.Links[0]; got.State != "used_up" || got.Visits != 2 || got.LastOpened == nil || !got.LastOpened.Equal(now) {
		t.Errorf("after two visits listed as %+v", got)
	}
	if n := len(r.sealedFiles()); n != 2 {
		t.Errorf("%d objects on the disk", n)
	}
	ann.call(204, "DELETE", "/api/links/"+l.id, nil, nil)
	if left := r.sealedFiles(); len(left) > 0 {
		t.Errorf("on the disk, though it was answered: %v", left)
	}
	ann.refused(404, "not_found", "DELETE", "/api/links/"+l.id, nil)
	if gone := wantCode(t, "manifest", r.fetch("GET", l, "manifest"), 410, "gone"); gone["reason"] != "removed" {
		t.Errorf("gone: %v", gone)
	}
	ann.call(200, "GET", "/api/links", nil, &list)
	if list.Links == nil || len(list.Links) != 0 {
		t.Errorf("listed: %+v", list)
	}
	fields, _ := ann.newLink(random(28))
	fields["id"] = l.id
	wantCode(t, "the same id again", ann.publish(fields, random(smallManifest)), 409, "id_taken")
	for _, secret := range []string{l.token, text([]byte("a box")), "a box"} {
		if strings.Contains(r.Log(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// D6
func TestLinksNeedTheirOwnersSession(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	l := ann.link(28, nil)
	r.newBrowser().refused(401, "not_signed_in", "GET", "/api/links", nil)
	r.newBrowser().refused(401, "not_signed_in", "DELETE", "/api/links/"+l.id, nil)
	bob.refused(404, "not_found", "DELETE", "/api/links/"+l.id, nil)
	pause := map[string]any{"paused": true}
	r.newBrowser().refused(401, "not_signed_in", "PATCH", "/api/links/"+l.id, pause)
	bob.refused(404, "not_found", "PATCH", "/api/links/"+l.id, pause)
	r.newBrowser().refused(401, "not_signed_in", "GET", "/api/links/"+l.id+"/own-manifest", nil)
	bob.refused(404, "not_found", "GET", "/api/links/"+l.id+"/own-manifest", nil)
	resealed := map[string]any{"version": 1, "token_hash": text(random(32)), "note": ""}
	renewed := map[string]any{"version": 1, "id": text(random(16)), "token_hash": text(random(32)), "note": "", "expires": nil, "max_visits": nil}
	for method, call := range map[string]struct {
		path string
		link any
	}{"PUT": {"/manifest", resealed}, "POST": {"/renewal", renewed}} {
		wantCode(t, method+" without a session", r.newBrowser().sendLink(method, "/api/links/"+l.id+call.path, call.link, random(smallManifest)), 401, "not_signed_in")
		wantCode(t, method+" by another", bob.sendLink(method, "/api/links/"+l.id+call.path, call.link, random(smallManifest)), 404, "not_found")
	}
	var list struct{ Links []any }
	bob.call(200, "GET", "/api/links", nil, &list)
	if len(list.Links) != 0 {
		t.Errorf("another's list: %v", list)
	}
	fields, _ := bob.newLink(random(28))
	fields["id"] = l.id
	wantCode(t, "another's id", bob.publish(fields, random(smallManifest)), 409, "id_taken")
	fields, _ = ann.newLink(random(28))
	wantCode(t, "another's upload", bob.publish(fields, random(smallManifest)), 404, "no_upload")
	body, contentType := form(t, fields, random(smallManifest))
	wantCode(t, "from another site", ann.request("POST", "/api/links", body, func(r *http.Request) {
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	}), 403, "cross_site")
	wantBody(t, "manifest", r.fetch("GET", l, "manifest"), 200, l.manifest)
}

func TestPublishingRefuses(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	good, _ := ann.newLink(random(28))
	unfinished := ann.newUpload("sealed", "Upload-Length", "28")[len("/api/uploads/"):]
	drive := ann.newUpload("drive", "Upload-Length", "28", "Upload-Metadata", "path "+b64("a"))[len("/api/uploads/"):]
	manifest := random(smallManifest)
	for _, c := range []struct {
		what, member string
		value        any
		status       int
		code         string
	}{
		{"a short id", "id", text(random(15)), 400, "bad_request"},
		{"an id with spare bits", "id", strings.Repeat("A", 21) + "B", 400, "bad_request"},
		{"a padded id", "id", text(random(16)) + "==", 400, "bad_request"},
		{"no id", "id", nil, 400, "bad_request"},
		{"a short hash", "token_hash", text(random(31)), 400, "bad_request"},
		{"no hash", "token_hash", nil, 400, "bad_request"},
		{"an unknown upload", "upload", text(random(16)), 404, "no_upload"},
		{"an unfinished upload", "upload", unfinished, 409, "upload_unfinished"},
		{"an upload into the drive", "upload", drive, 404, "no_upload"},
		{"a note that is no base64url", "note", "a+b", 400, "bad_request"},
		{"a note that is too long", "note", text(random(16<<10 + 1)), 400, "bad_request"},
		{"a time that has come", "expires", r.Now().UTC().Format(time.RFC3339), 400, "bad_request"}, // D11, here and below
		{"a time before all time", "expires", "0001-01-01T00:00:00Z", 400, "bad_request"},
		{"a time as a number", "expires", 1, 400, "bad_request"},
		{"a negative time", "expires", "-2026-08-01T10:00:00Z", 400, "bad_request"},
		{"a huge year", "expires", "12026-08-01T10:00:00Z", 400, "bad_request"},
		{"a time that is none", "expires", "NaN", 400, "bad_request"},
		{"no visits", "max_visits", 0, 400, "bad_request"},
		{"less than no visits", "max_visits", -1, 400, "bad_request"},
		{"too many visits", "max_visits", 1_000_001, 400, "bad_request"},
		{"half a visit", "max_visits", 0.5, 400, "bad_request"},
		{"visits as a text", "max_visits", "1", 400, "bad_request"},
		{"a member that is not ours", "title", "Summer", 400, "bad_request"},
	} {
		fields := map[string]any{}
		for k, v := range good {
			fields[k] = v
		}
		fields[c.member] = c.value
		wantCode(t, c.what, ann.publish(fields, manifest), c.status, c.code)
	}
	wantCode(t, "JSON that is none", ann.publish("{", manifest), 400, "bad_request")
	wantCode(t, "two JSON values", ann.publish("{}{}", manifest), 400, "bad_request")
	wantCode(t, "NaN", ann.publish(`{"max_visits": NaN}`, manifest), 400, "bad_request")
	wantCode(t, "JSON without an end", ann.publish(strings.Repeat(" ", 65<<10), manifest), 413, "too_large")
	wantCode(t, "an empty manifest", ann.publish(good, nil), 400, "bad_manifest")
	wantCode(t, "a manifest that is a byte short", ann.publish(good, manifest[1:]), 400, "bad_manifest")
	wantCode(t, "a manifest that is too long", ann.publish(good, make([]byte, 67_116_065)), 413, "too_large")

	send := func(what string, body []byte, contentType string, status int, code string) {
		t.Helper()
		wantCode(t, what, ann.request("POST", "/api/links", bytes.NewReader(body), func(r *http.Request) { r.Header.Set("Content-Type", contentType) }), status, code)
	}
	whole, contentType := form(t, good, manifest)
	send("JSON instead of a form", []byte("{}"), "application/json", 400, "bad_request")
	send("a form without parts", nil, contentType, 400, "bad_request")
	send("a form cut off after the manifest", whole.Bytes()[:whole.Len()-8], contentType, 408, "interrupted")
	send("a form cut off inside it", whole.Bytes()[:whole.Len()-200], contentType, 408, "interrupted")
	twice := bytes.Replace(whole.Bytes(), []byte(`name="link"`), []byte(`name="manifest"`), 1)
	send("a form without a link", twice, contentType, 400, "bad_request")
	third := append(bytes.Clone(whole.Bytes()[:whole.Len()-4]), whole.Bytes()...) // the end begins a part
	send("a form with more parts", third, contentType, 408, "interrupted")

	if n := len(r.sealedFiles()); n != 2 {
		t.Errorf("%d objects on the disk, want the two sealed uploads", n)
	}
	wantStatus(t, "the good one, after all this", ann.publish(good, manifest), 201)
}

// The largest manifest passes through to the disk.
func TestALargeManifestIsPublished(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	fields, token := ann.newLink(random(28))
	manifest := random(32 + 8<<20 + 32*28)
	wantStatus(t, "publishing", ann.publish(fields, manifest), 201)
	wantBody(t, "manifest", r.fetch("GET", sentLink{id: fields["id"].(string), token: token}, "manifest"), 200, manifest)
	on, err := os.Stat(r.sealedFiles()[0])
	must(t, err)
	if on.Mode().Perm() != 0o600 {
		t.Errorf("others on the machine may read it: %v", on.Mode())
	}
}

// A connection that breaks while it publishes leaves nothing behind, and the upload can be published later.
func TestABrokenConnectionPublishesNothing(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	fields, _ := ann.newLink(random(28))
	manifest := random(smallManifest)
	whole, contentType := form(t, fields, manifest)
	w := ann.wire()
	_, err := io.WriteString(w, "POST /api/links HTTP/1.1\r\nHost: "+strings.TrimPrefix(r.URL, "http://")+"\r\nCookie: "+ann.cookies[0].Name+"="+ann.cookies[0].Value+
		"\r\nContent-Type: "+contentType+"\r\nContent-Length: 100000\r\n\r\n"+whole.String()[:whole.Len()-100])
	must(t, err)
	must(t, w.CloseWrite())
	if status := w.status(); status != 408 {
		t.Errorf("answered %d", status)
	}
	wantStatus(t, "publishing again", ann.publish(fields, manifest), 201)
}
