package server_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

// ownRow is a link as its owner's list has it.
type ownRow struct {
	ID, Note, State, Message string
	Version                  int
	Expires                  *time.Time
	MaxVisits                *int `json:"max_visits"`
	Visits                   int
	ManifestSize             int `json:"manifest_size"`
}

func (b *browser) rows() []ownRow {
	b.t.Helper()
	var list struct{ Links []ownRow }
	b.call(200, "GET", "/api/links", nil, &list)
	return list.Links
}

func decodeRow(t *testing.T, what string, got *http.Response) (row ownRow) {
	t.Helper()
	wantStatus(t, what, got, 200)
	must(t, json.NewDecoder(got.Body).Decode(&row))
	return row
}

func TestALinkIsChanged(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(1000, func(fields map[string]any) { fields["max_visits"] = 2 })
	later := r.Now().Add(time.Hour).Truncate(time.Second).UTC()
	at := "/api/links/" + l.id
	var row ownRow
	ann.call(200, "PATCH", at, map[string]any{"expires": later.Format(time.RFC3339)}, &row)
	if row.ID != l.id || row.Expires == nil || !row.Expires.Equal(later) || row.MaxVisits == nil || *row.MaxVisits != 2 {
		t.Errorf("answered %+v", row)
	}
	ann.call(200, "PATCH", at, map[string]any{"max_visits": nil}, &row)
	if row.Expires == nil || row.MaxVisits != nil {
		t.Errorf("without a limit, answered %+v", row)
	}
	ann.call(200, "PATCH", at, map[string]any{"expires": nil, "paused": true}, &row)
	if row.State != "paused" || row.Expires != nil {
		t.Errorf("paused, answered %+v", row)
	}
	if gone := wantCode(t, "paused", r.fetch("GET", l, "manifest"), 410, "gone"); gone["reason"] != "paused" {
		t.Errorf("paused: %v", gone)
	}
	wantBody(t, "its owner's manifest", ann.request("GET", at+"/own-manifest", nil, nil), 200, l.manifest)
	ann.call(200, "PATCH", at, map[string]any{"paused": false}, &row)
	for range 2 {
		wantStatus(t, "ticket", r.ticket(l, text(random(32))), 201)
	}
	for _, c := range []struct {
		what   string
		change any
		status int
		code   string
	}{
		{"nothing", map[string]any{}, 400, "bad_request"},
		{"a time that has come", map[string]any{"expires": r.Now().UTC().Format(time.RFC3339)}, 400, "bad_request"}, // D11, here and below
		{"a time before all time", map[string]any{"expires": "0001-01-01T00:00:00Z"}, 400, "bad_request"},
		{"a huge year", map[string]any{"expires": "12026-08-01T10:00:00Z"}, 400, "bad_request"},
		{"a time as a number", map[string]any{"expires": 1}, 400, "bad_request"},
		{"no visits", map[string]any{"max_visits": 0}, 400, "bad_request"},
		{"less than no visits", map[string]any{"max_visits": -1}, 400, "bad_request"},
		{"too many visits", map[string]any{"max_visits": 1_000_001}, 400, "bad_request"},
		{"half a visit", map[string]any{"max_visits": 1.5}, 400, "bad_request"},
		{"neither paused nor not", map[string]any{"paused": nil}, 400, "bad_request"},
		{"paused as a text", map[string]any{"paused": "true"}, 400, "bad_request"},
		{"a member that is not ours", map[string]any{"paused": true, "state": "open"}, 400, "bad_request"},
		{"below what was counted", map[string]any{"max_visits": 1}, 409, "limit_passed"},
	} {
		t.Log(c.what)
		ann.refused(c.status, c.code, "PATCH", at, c.change)
	}
	if rows := ann.rows(); rows[0].State != "open" || rows[0].MaxVisits != nil || rows[0].Visits != 2 {
		t.Errorf("a refused change changed it: %+v", rows[0])
	}
	ann.refused(404, "not_found", "PATCH", "/api/links/"+text(random(16)), map[string]any{"paused": true})
}

func TestAManifestIsReplaced(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(1000, nil)
	at := "/api/links/" + l.id + "/manifest"
	changed := sentLink{id: l.id, content: l.content, manifest: random(smallManifest)}
	fields, token := ann.newLink(random(28))
	changed.token = token
	link := map[string]any{"version": 1, "token_hash": fields["token_hash"], "note": text([]byte("another box"))}

	row := decodeRow(t, "replacing", ann.sendLink("PUT", at, link, changed.manifest))
	if row.Version != 2 || row.Note != text([]byte("another box")) || row.State != "open" {
		t.Errorf("answered %+v", row)
	}
	wantBody(t, "the new manifest", r.fetch("GET", changed, "manifest"), 200, changed.manifest)
	wantCode(t, "with the old token", r.fetch("GET", l, "manifest"), 403, "wrong_token")
	if row := decodeRow(t, "once more, as its answer was lost", ann.sendLink("PUT", at, link, changed.manifest)); row.Version != 2 {
		t.Errorf("answered %+v", row)
	}
	link["note"] = text([]byte("a third box"))
	wantCode(t, "from a device that read it before", ann.sendLink("PUT", at, link, random(smallManifest)), 409, "link_changed")
	for _, c := range []struct {
		what, member string
		value        any
	}{
		{"no version", "version", nil},
		{"a version before the first", "version", 0},
		{"a short hash", "token_hash", text(random(31))},
		{"no hash", "token_hash", nil},
		{"a note that is no base64url", "note", "a+b"},
		{"a note that is too long", "note", text(random(16<<10 + 1))},
		{"a member that is not ours", "upload", text(random(16))},
	} {
		bad := map[string]any{"version": 2, "token_hash": fields["token_hash"], "note": ""}
		bad[c.member] = c.value
		wantCode(t, c.what, ann.sendLink("PUT", at, bad, changed.manifest), 400, "bad_request")
	}
	link["version"] = 2
	wantCode(t, "an empty manifest", ann.sendLink("PUT", at, link, nil), 400, "bad_manifest")
	wantBody(t, "after all this", r.fetch("GET", changed, "manifest"), 200, changed.manifest)
	if n := len(r.sealedFiles()); n != 3 {
		t.Errorf("%d objects on the disk, want the link's two and the other upload", n)
	}
}

func TestALinkIsRenewed(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(1000, nil)
	wantStatus(t, "ticket", r.ticket(l, text(random(32))), 201)
	fields, token := ann.newLink(random(28))
	delete(fields, "upload")
	renewed := sentLink{id: fields["id"].(string), token: token, content: l.content, manifest: random(smallManifest)}
	at := "/api/links/" + l.id + "/renewal"
	fields["version"] = 2
	wantCode(t, "another version", ann.sendLink("POST", at, fields, renewed.manifest), 409, "link_changed")
	fields["version"] = 1
	for member, value := range map[string]any{"max_visits": 0, "expires": r.Now().UTC().Format(time.RFC3339), "id": nil, "upload": text(random(16))} {
		bad := map[string]any{}
		for k, v := range fields {
			bad[k] = v
		}
		bad[member] = value
		wantCode(t, "with a bad "+member, ann.sendLink("POST", at, bad, renewed.manifest), 400, "bad_request")
	}
	wantStatus(t, "renewing", ann.sendLink("POST", at, fields, renewed.manifest), 201)
	wantCode(t, "once more, as its answer was lost", ann.sendLink("POST", at, fields, renewed.manifest), 409, "id_taken")
	if gone := wantCode(t, "the old one", r.fetch("GET", l, "manifest"), 410, "gone"); gone["reason"] != "removed" {
		t.Errorf("the old one: %v", gone)
	}
	wantBody(t, "the new manifest", r.fetch("GET", renewed, "manifest"), 200, renewed.manifest)
	ticket := text(random(32))
	wantStatus(t, "ticket", r.ticket(renewed, ticket), 201)
	wantBody(t, "the same content", r.fetch("GET", renewed, "content", "Thorpe-Ticket", ticket), 200, l.content)
	if rows := ann.rows(); len(rows) != 1 || rows[0].ID != renewed.id || rows[0].Visits != 1 || rows[0].Version != 1 {
		t.Errorf("listed: %+v", rows)
	}
	ann.call(204, "DELETE", "/api/links/"+renewed.id, nil, nil)
	if n := len(r.sealedFiles()); n != 1 {
		t.Errorf("%d objects on the disk, want the other upload's", n)
	}
}
