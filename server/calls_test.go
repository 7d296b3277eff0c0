package server_test

import (
	"bytes"
	"net/http"
	"strconv"
	"testing"

	"thorpe/server/accounts"
)

// Where somebody is signed in, what mounts for them, and who is invited can be looked at and ended.
func TestSessionsAppPasswordsAndInvitesAreListedAndEnded(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	phone := r.newBrowser()
	k := keys(1)
	phone.call(200, "POST", "/api/session", map[string]string{"name": "ANN", "auth": text(k.Auth[:])}, nil)
	var list struct {
		Sessions []struct {
			ID      int64
			Current bool
		}
	}
	ann.call(200, "GET", "/api/sessions", nil, &list)
	if len(list.Sessions) != 2 || list.Sessions[0].Current == list.Sessions[1].Current {
		t.Fatalf("%+v", list)
	}
	for _, s := range list.Sessions {
		if !s.Current {
			ann.call(204, "DELETE", "/api/sessions/"+strconv.FormatInt(s.ID, 10), nil, nil)
		}
	}
	phone.refused(401, "not_signed_in", "GET", "/api/session", nil)
	ann.refused(404, "not_found", "DELETE", "/api/sessions/x", nil)

	id, _ := ann.appPassword("laptop")
	var passwords struct {
		AppPasswords []struct {
			ID    int
			Label string
			Used  *string
		} `json:"app_passwords"`
	}
	ann.call(200, "GET", "/api/app-passwords", nil, &passwords)
	if len(passwords.AppPasswords) != 1 || passwords.AppPasswords[0].ID != id || passwords.AppPasswords[0].Label != "laptop" || passwords.AppPasswords[0].Used != nil {
		t.Errorf("%+v", passwords)
	}

	var invite struct {
		ID   int64
		Link string
	}
	ann.call(201, "POST", "/api/invites", map[string]string{"name": "bob"}, &invite)
	ann.call(204, "DELETE", "/api/invites/"+strconv.FormatInt(invite.ID, 10), nil, nil)
	token := invite.Link[len(invite.Link)-43:]
	r.newBrowser().refused(404, "bad_token", "POST", "/api/invitation", map[string]string{"token": token})
	ann.refused(404, "not_found", "DELETE", "/api/invites/"+strconv.FormatInt(invite.ID, 10), nil)
}

// A new recovery key takes the place of the old one.
func TestTheRecoveryKeyIsReplaced(t *testing.T) {
	r := newServer(t)
	ann, nobody := r.member("ann", 1), r.newBrowser()
	old, k := keys(1), keys(9)
	r.Pass(accounts.ProofLife)
	change := map[string]string{"recovery_auth": text(k.RecoveryAuth[:]), "recovery": text(k.Recovery[:])}
	ann.refused(403, "proof_needed", "PUT", "/api/recovery-key", change)
	change["auth"] = text(k.Auth[:])
	ann.refused(403, "wrong_password", "PUT", "/api/recovery-key", change)
	change["auth"] = text(old.Auth[:])
	ann.call(204, "PUT", "/api/recovery-key", change, nil)
	nobody.refused(403, "wrong_recovery_key", "POST", "/api/recovery", map[string]string{"name": "ann", "recovery_auth": text(old.RecoveryAuth[:])})
	nobody.call(200, "POST", "/api/recovery", map[string]string{"name": "ann", "recovery_auth": text(k.RecoveryAuth[:])}, nil)
	use := map[string]string{"name": "ann", "recovery_auth": text(old.RecoveryAuth[:]), "salt": text(k.Salt[:]), "auth": text(k.Auth[:]), "wrap": text(k.Wrap[:]), "new_recovery_auth": text(k.RecoveryAuth[:]), "new_recovery": text(k.Recovery[:])}
	nobody.refused(403, "wrong_recovery_key", "PUT", "/api/recovery", use)
}

// What docs/openapi.yaml says of refusals that no other test asks for.
func TestWhatCallsRefuse(t *testing.T) {
	r := newServer(t)
	ann, nobody := r.member("ann", 1), r.newBrowser()
	token, _, err := r.Accounts.NewInvite(t.Context(), "")
	must(t, err)
	nobody.Name = "ann"
	account := nobody.newAccount(token, 2)
	with := func(name string, value any) map[string]any {
		changed := map[string]any{}
		for k, v := range account {
			changed[k] = v
		}
		changed[name] = value
		return changed
	}
	k := keys(7)
	wrong := text(k.Auth[:])
	for _, c := range []struct {
		who          *browser
		method, path string
		body         any
		status       int
		code         string
	}{
		{nobody, "POST", "/api/salt", map[string]string{"name": "con"}, 400, "bad_name"},
		{nobody, "POST", "/api/salt", map[string]string{"title": "x"}, 400, "bad_request"},
		{nobody, "POST", "/api/accounts", account, 409, "name_taken"},
		{nobody, "POST", "/api/accounts", with("name", "a b"), 400, "bad_name"},
		{nobody, "POST", "/api/accounts", with("salt", "x"), 400, "bad_request"},
		{nobody, "POST", "/api/accounts", with("id", text(bytes.Repeat([]byte{1}, 16))), 409, "name_taken"},
		{ann, "POST", "/api/app-passwords", map[string]string{"label": ""}, 400, "bad_label"},
		{ann, "POST", "/api/app-passwords", map[string]string{"label": "x", "auth": wrong}, 403, "wrong_password"},
		{ann, "POST", "/api/invites", map[string]string{"name": "a b"}, 400, "bad_name"},
		{ann, "POST", "/api/invites", map[string]string{"name": "ann"}, 409, "name_taken"},
		{ann, "POST", "/api/invites", map[string]string{"name": "bob", "auth": wrong}, 403, "wrong_password"},
		{ann, "GET", "/api/search", nil, 400, "bad_path"},
		{ann, "GET", "/api/search?in=../x&name=a", nil, 400, "bad_path"},
		{ann, "PUT", "/api/uploads/AAAAAAAAAAAAAAAAAAAAAA/state", "x", 404, "no_upload"},
		{ann, "PUT", "/api/uploads/x/state", "x", 404, "not_found"},
	} {
		c.who.refused(c.status, c.code, c.method, c.path, c.body)
	}
	for range 100 {
		ann.appPassword("x")
	}
	ann.refused(409, "too_many", "POST", "/api/app-passwords", map[string]string{"label": "x"})

	at := ann.newUpload("sealed", "Upload-Length", "28")
	older := func(r *http.Request) { r.Header.Set("Tus-Resumable", "0.2.2") }
	for _, c := range [][2]string{{"POST", "/api/uploads/drive"}, {"POST", "/api/uploads/sealed"}, {"PATCH", at}, {"DELETE", at}} {
		wantCode(t, c[0]+" in another tus", ann.request(c[0], c[1], nil, older), 412, "tus_version")
	}
	wantStatus(t, "HEAD in another tus", ann.request("HEAD", at, nil, older), 412)
	got := ann.tus("POST", "/api/uploads/drive", nil, "Upload-Length", "0", "Upload-Metadata", "path "+b64("none/a"))
	wantCode(t, "an empty file in no folder", got, 409, "no_parent")
	for range 99 {
		ann.newUpload("sealed", "Upload-Length", "28")
	}
	for _, use := range []string{"sealed", "drive"} {
		got := ann.tus("POST", "/api/uploads/"+use, nil, "Upload-Length", "28", "Upload-Metadata", map[string]string{"sealed": "", "drive": "path " + b64("a")}[use])
		wantCode(t, "one upload more than an account has", got, 409, "too_many")
	}

	wantStatus(t, "giving one up", ann.tus("DELETE", at, nil), 204)
	l := ann.link(28, nil)
	etag := r.fetch("GET", l, "manifest").Header.Get("ETag")
	wantStatus(t, "the manifest that is there already", r.fetch("GET", l, "manifest", "If-None-Match", etag), 304)
	wantStatus(t, "a range of the manifest", r.fetch("GET", l, "manifest", "Range", "bytes=0-9"), 206)
	wantCode(t, "another manifest", r.fetch("GET", l, "manifest", "If-Match", `"x"`), 412, "precondition")
	wantCode(t, "no range", r.fetch("GET", l, "manifest", "Range", "bytes=99999-"), 416, "bad_range")
	ann.call(204, "POST", "/api/operator/links/"+l.id+"/removal", map[string]string{"reason": "by order"}, nil)
	wantCode(t, "what was taken down, for its owner", ann.request("GET", "/api/links/"+l.id+"/own-manifest", nil, nil), 410, "gone")
	ann.refused(409, "link_removed", "PATCH", "/api/links/"+l.id, map[string]any{"paused": true})
	resealed := map[string]any{"version": 1, "token_hash": text(random(32)), "note": ""}
	wantCode(t, "another manifest of it", ann.sendLink("PUT", "/api/links/"+l.id+"/manifest", resealed, l.manifest), 409, "link_removed")
	resealed["id"] = text(random(16))
	wantCode(t, "a renewal of it", ann.sendLink("POST", "/api/links/"+l.id+"/renewal", resealed, l.manifest), 409, "link_removed")
}
