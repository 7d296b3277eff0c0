package server_test

import (
	"strings"
	"testing"
	"time"
)

type operatorLinks struct {
	Links []struct {
		ID, Owner, State, Message string
		Size                      int
		ManifestSize              int `json:"manifest_size"`
		Visits                    int
		Note                      *string
	}
	Next *int64
}

func TestTheOperatorTakesALinkDown(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2) // ann has the first account: the operator's
	l := bob.link(1000, nil)
	ann.link(28, nil)
	var list operatorLinks
	ann.call(200, "GET", "/api/operator/links?find=bob", nil, &list)
	if len(list.Links) != 1 || list.Next != nil || list.Links[0].ID != l.id || list.Links[0].Owner != "bob" || list.Links[0].Size != 1000 || list.Links[0].Note != nil {
		t.Fatalf("bob's: %+v", list)
	}
	ann.call(204, "POST", "/api/operator/links/"+l.id+"/removal", map[string]any{"reason": "<b>by order</b>"}, nil)
	if n := len(r.sealedFiles()); n != 2 {
		t.Errorf("%d objects on the disk, want those of ann's link", n)
	}
	gone := wantCode(t, "the manifest", r.fetch("GET", l, "manifest"), 410, "gone")
	if gone["reason"] != "removed" || gone["message"] != "<b>by order</b>" {
		t.Errorf("gone: %v", gone)
	}
	var own struct {
		Links []struct{ State, Message string }
	}
	bob.call(200, "GET", "/api/links", nil, &own)
	if len(own.Links) != 1 || own.Links[0].State != "removed" || own.Links[0].Message != "<b>by order</b>" {
		t.Errorf("its owner sees %+v", own)
	}
	for _, c := range []struct {
		find string
		want int
	}{{l.id, 1}, {"ann", 1}, {"BOB", 1}, {"nobody", 0}, {"%23", 0}, {strings.Repeat("A", 21) + "B", 0}, {strings.Repeat("A", 22), 0}, {"", 2}} {
		var found operatorLinks
		ann.call(200, "GET", "/api/operator/links?find="+c.find, nil, &found)
		if found.Links == nil || len(found.Links) != c.want {
			t.Errorf("finding %q: %+v", c.find, found)
		}
	}
	ann.refused(400, "bad_request", "GET", "/api/operator/links?after=x", nil)
	ann.refused(400, "bad_request", "POST", "/api/operator/links/"+l.id+"/removal", map[string]any{"reason": strings.Repeat("é", 501)})
	ann.refused(404, "not_found", "POST", "/api/operator/links/"+text(random(16))+"/removal", map[string]any{"reason": ""})
	ann.refused(404, "not_found", "POST", "/api/operator/links/x/removal", map[string]any{"reason": ""})
}

// A link that is taken down needs the operator's password, if that was not shown within ten minutes.
func TestATakeDownNeedsProof(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(28, nil)
	r.Pass(11 * time.Minute)
	ann.refused(403, "proof_needed", "POST", "/api/operator/links/"+l.id+"/removal", map[string]any{"reason": ""})
	wrong := ann.keys.Auth
	wrong[0]++
	ann.refused(403, "wrong_password", "POST", "/api/operator/links/"+l.id+"/removal", map[string]any{"reason": "", "auth": text(wrong[:])})
	wantBody(t, "manifest", r.fetch("GET", l, "manifest"), 200, l.manifest)
	ann.call(204, "POST", "/api/operator/links/"+l.id+"/removal", map[string]any{"reason": "", "auth": text(ann.keys.Auth[:])}, nil)
}

// D6: to anyone but the operator what the operator can do is not there, not even with a link of their own.
func TestOnlyTheOperatorSeesEverybodysLinks(t *testing.T) {
	r := newServer(t)
	r.member("ann", 1)
	bob := r.member("bob", 2)
	l := bob.link(28, nil)
	for _, c := range []struct {
		method, path string
		body         any
	}{
		{"GET", "/api/operator/links", nil},
		{"POST", "/api/operator/links/" + l.id + "/removal", map[string]any{"reason": ""}},
	} {
		bob.refused(404, "not_found", c.method, c.path, c.body)
		r.newBrowser().refused(401, "not_signed_in", c.method, c.path, c.body)
	}
	wantBody(t, "manifest", r.fetch("GET", l, "manifest"), 200, l.manifest)
}
