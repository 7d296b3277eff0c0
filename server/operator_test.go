package server_test

import (
	"net/http"
	"strconv"
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
		{"GET", "/api/operator/overview", nil},
		{"GET", "/api/operator/space", nil},
		{"GET", "/api/operator/transfers", nil},
		{"GET", "/api/operator/failures", nil},
		{"GET", "/api/operator/reports", nil},
		{"DELETE", "/api/operator/reports/1", nil},
	} {
		bob.refused(404, "not_found", c.method, c.path, c.body)
		r.newBrowser().refused(401, "not_signed_in", c.method, c.path, c.body)
	}
	wantBody(t, "manifest", r.fetch("GET", l, "manifest"), 200, l.manifest)
}

// H10: one network sends so many reports, and the answer tells nobody whether a link is there.
func TestReportsAreTakenFromAnybodyButNotWithoutEnd(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(28, nil)
	guest := r.newBrowser()
	at := "/api/links/" + l.id + "/reports"
	for _, bad := range []any{map[string]any{}, map[string]any{"text": ""}, map[string]any{"text": strings.Repeat("é", 2001)}, map[string]any{"text": "x", "key": "y"}} {
		guest.refused(400, "bad_request", "POST", at, bad)
	}
	wantCode(t, "from another site", guest.request("POST", at, strings.NewReader(`{"text":"x"}`), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	}), 403, "cross_site")
	report := map[string]any{"text": "this is fraud"}
	for _, path := range []string{at, "/api/links/" + text(random(16)) + "/reports", at, at, at} {
		guest.call(204, "POST", path, report, nil)
	}
	if got := guest.refused(429, "slow_down", "POST", at, report); got.Header.Get("Retry-After") == "" {
		t.Error("nobody is told how long to wait")
	}
	var list struct {
		Reports []struct {
			ID                int
			Link, Text, State string
		}
	}
	ann.call(200, "GET", "/api/operator/reports", nil, &list)
	if len(list.Reports) != 4 || list.Reports[0].Link != l.id || list.Reports[0].Text != "this is fraud" || list.Reports[0].State != "open" {
		t.Errorf("reported: %+v", list)
	}
	r.Pass(10 * time.Minute)
	guest.call(204, "POST", at, report, nil)
	wantBody(t, "the manifest of what was reported", r.fetch("GET", l, "manifest"), 200, l.manifest)
	one := "/api/operator/reports/" + strconv.Itoa(list.Reports[0].ID)
	ann.call(204, "DELETE", one, nil, nil)
	ann.refused(404, "not_found", "DELETE", one, nil)
	if strings.Contains(r.Log(), "fraud") {
		t.Error("the log holds a report")
	}
}
