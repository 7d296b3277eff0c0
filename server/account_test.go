package server_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/server/accounts"
	"thorpe/server/database"
)

func TestAccountsFromSetupToSignOut(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	if c := ann.cookies[0]; c.Name != "thorpe" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure {
		t.Errorf("cookie on plain http: %+v", c)
	}
	var shown struct {
		Account struct {
			Name     string
			Operator bool
		}
		Wrap, Salt string
		Proved     bool
	}
	ann.call(200, "GET", "/api/session", nil, &shown)
	if shown.Account.Name != "ann" || !shown.Account.Operator || shown.Wrap != text(ann.keys.Wrap[:]) || !shown.Proved {
		t.Errorf("session: %+v", shown)
	}

	var invited struct{ Link string }
	ann.call(201, "POST", "/api/invites", map[string]string{"name": "Bob"}, &invited)
	token, err := base64.RawURLEncoding.DecodeString(invited.Link[strings.Index(invited.Link, "#")+1:])
	must(t, err)
	bob := r.newBrowser()
	bob.Name = "BOB"
	var invitation struct{ Name string }
	bob.call(200, "POST", "/api/invitation", map[string]string{"token": text(token)}, &invitation)
	if invitation.Name != "bob" || !strings.HasPrefix(invited.Link, r.URL+"/invite#") {
		t.Errorf("invited %q by %q", invitation.Name, invited.Link)
	}
	bob.call(201, "POST", "/api/accounts", bob.newAccount(accounts.Token(token), 2), nil)
	bob.refused(404, "bad_token", "POST", "/api/accounts", bob.newAccount(accounts.Token(token), 3))
	bob.refused(404, "not_found", "GET", "/api/people", nil) // not the operator

	bob.call(204, "DELETE", "/api/session", nil, nil)
	bob.refused(401, "not_signed_in", "GET", "/api/session", nil)
	k := keys(2)
	bob.refused(403, "wrong_password", "POST", "/api/session", map[string]string{"name": "bob", "auth": text(ann.keys.Auth[:])})
	bob.call(200, "POST", "/api/session", map[string]string{"name": "bob", "auth": text(k.Auth[:])}, nil)
	bob.call(200, "GET", "/api/session", nil, nil)

	var people struct{ People []struct{ Name string } }
	ann.call(200, "GET", "/api/people", nil, &people)
	if len(people.People) != 2 {
		t.Errorf("people: %+v", people)
	}
}

// C7: what a change of password and a recovery end is ended for requests that carry the old cookie or app password.
func TestPasswordChangeAndRecoveryEndWhatTheyMust(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	_, secret := ann.appPassword("laptop")
	other := r.newBrowser()
	k, changed := keys(1), keys(7)
	other.call(200, "POST", "/api/session", map[string]string{"name": "ann", "auth": text(k.Auth[:])}, nil)
	ann.refused(403, "wrong_password", "PUT", "/api/password", map[string]string{"auth": text(changed.Auth[:]), "salt": text(changed.Salt[:]), "new_auth": text(changed.Auth[:]), "wrap": text(changed.Wrap[:])})
	ann.call(204, "PUT", "/api/password", map[string]string{"auth": text(k.Auth[:]), "salt": text(changed.Salt[:]), "new_auth": text(changed.Auth[:]), "wrap": text(changed.Wrap[:])}, nil)
	other.refused(401, "not_signed_in", "GET", "/api/session", nil)
	ann.call(200, "GET", "/api/session", nil, nil)
	wantStatus(t, "an app password after a change of password", r.dav("PROPFIND", "/dav/", "ann", secret, nil), 403) // no Depth: WebDAV answers

	lost := r.newBrowser()
	lost.refused(403, "wrong_recovery_key", "POST", "/api/recovery", map[string]string{"name": "nobody", "recovery_auth": text(k.RecoveryAuth[:])})
	var box struct{ Recovery string }
	lost.call(200, "POST", "/api/recovery", map[string]string{"name": "ann", "recovery_auth": text(k.RecoveryAuth[:])}, &box)
	if box.Recovery != text(k.Recovery[:]) {
		t.Errorf("recovery box: %q", box.Recovery)
	}
	fresh := keys(9)
	lost.call(200, "PUT", "/api/recovery", map[string]string{
		"name": "ann", "recovery_auth": text(k.RecoveryAuth[:]), "salt": text(fresh.Salt[:]), "auth": text(fresh.Auth[:]), "wrap": text(fresh.Wrap[:]),
		"new_recovery_auth": text(fresh.RecoveryAuth[:]), "new_recovery": text(fresh.Recovery[:]),
	}, nil)
	lost.call(200, "GET", "/api/session", nil, nil)
	ann.refused(401, "not_signed_in", "GET", "/api/session", nil)
	wantStatus(t, "an app password after recovery", r.dav("PROPFIND", "/dav/", "ann", secret, nil), 401)
	lost.refused(403, "wrong_recovery_key", "POST", "/api/recovery", map[string]string{"name": "ann", "recovery_auth": text(k.RecoveryAuth[:])})
}

func TestWhatNeedsProofAsksForItAfterTenMinutes(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	r.Pass(accounts.ProofLife)
	ann.refused(403, "proof_needed", "POST", "/api/app-passwords", map[string]string{"label": "x"})
	ann.refused(403, "proof_needed", "POST", "/api/invites", map[string]string{"name": ""})
	ann.refused(403, "proof_needed", "PUT", "/api/recovery-key", map[string]string{"recovery_auth": text(ann.keys.RecoveryAuth[:]), "recovery": text(ann.keys.Recovery[:])})
	ann.refused(403, "wrong_password", "POST", "/api/proof", map[string]string{"auth": text(ann.keys.RecoveryAuth[:])})
	ann.call(201, "POST", "/api/app-passwords", map[string]string{"label": "x", "auth": text(ann.keys.Auth[:])}, nil)
	ann.call(201, "POST", "/api/app-passwords", map[string]string{"label": "y"}, nil)
}

// C1: a name that nobody has is answered like any other.
func TestUnknownNamesLookLikeKnownOnes(t *testing.T) {
	r := newServer(t)
	r.member("ann", 1)
	b := r.newBrowser()
	var salts [3]struct{ Salt string }
	for i, name := range []string{"ann", "nobody", "nobody"} {
		b.call(200, "POST", "/api/salt", map[string]string{"name": name}, &salts[i])
	}
	if len(salts[0].Salt) != len(salts[1].Salt) || salts[1] != salts[2] {
		t.Errorf("salts: %v", salts)
	}
	answers := map[string]bool{}
	for _, name := range []string{"ann", "nobody"} {
		answer := b.refused(403, "wrong_password", "POST", "/api/session", map[string]string{"name": name, "auth": text(make([]byte, 32))})
		answer.Header.Del("Date")
		answer.Header.Del("X-Request-Id") // random
		answers[fmt.Sprint(answer.Header)] = true
	}
	if len(answers) != 1 {
		t.Errorf("headers tell a known name from an unknown one: %v", answers)
	}
}

// C2, C3: wrong keys are counted per name and network, whatever a request says of where it comes from.
func TestGuessingIsSlowedDown(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	b := r.newBrowser()
	guess := func(auth [32]byte, from string) *http.Response {
		body, _ := json.Marshal(map[string]string{"name": "ann", "auth": text(auth[:])})
		return b.request("POST", "/api/session", bytes.NewReader(body), func(request *http.Request) {
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("X-Forwarded-For", from)
			request.Header.Set("X-Real-IP", from)
		})
	}
	for i := range 10 {
		wantStatus(t, "a wrong key", guess([32]byte{9}, fmt.Sprintf("10.0.0.%d", i)), 403)
	}
	refused := guess(ann.keys.Auth, "10.0.0.99")
	wantStatus(t, "even the right key after ten wrong ones", refused, 429)
	if refused.Header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	r.Pass(time.Minute)
	wantStatus(t, "the right key a minute later", guess(ann.keys.Auth, ""), 200)

	_, secret := ann.appPassword("laptop")
	slowed := false
	for range 100 {
		slowed = slowed || r.dav("GET", "/dav/", "ann", "wrong", nil).StatusCode == 429
	}
	if !slowed {
		t.Error("a hundred wrong app passwords were all answered 401")
	}
	if got := r.dav("GET", "/dav/", "ann", secret, nil).StatusCode; got == 401 || got == 429 {
		t.Errorf("the right app password meanwhile: %d", got)
	}
}

// H14: a database that others hold is no fault of the request's, and nothing is half done.
func TestABusyDatabaseIsUnavailable(t *testing.T) {
	t.Parallel() // it waits as long as the server does
	r := newServer(t)
	ann := r.member("ann", 1)
	db, err := database.Open(t.Context(), filepath.Join(r.Folder, "thorpe.db"))
	must(t, err)
	defer db.Close()
	held, err := db.BeginTx(t.Context(), nil) // takes the write lock
	must(t, err)
	defer held.Rollback()
	ann.refused(503, "unavailable", "POST", "/api/app-passwords", map[string]string{"label": "x"})
	must(t, held.Rollback())
	ann.call(201, "POST", "/api/app-passwords", map[string]string{"label": "x"}, nil)
}

func TestRequestsAreBounded(t *testing.T) {
	r := newServer(t)
	b := r.newBrowser()
	for what, c := range map[string]struct {
		body string
		want int
	}{
		"a large body":           {`{"name": "` + strings.Repeat("a", 70<<10) + `"}`, 413},
		"no JSON":                {`name`, 400},
		"two values":             {`{"name": "ann"} {}`, 400},
		"an unknown member":      {`{"name": "ann", "x": 1}`, 400},
		"a short key":            {`{"name": "ann", "auth": "AAAA"}`, 400},
		"padding":                {`{"name": "ann", "auth": "` + text(make([]byte, 32)) + `="}`, 400},
		"spare bits":             {`{"name": "ann", "auth": "` + strings.Repeat("A", 42) + `B"}`, 400},
		"base64 of another kind": {`{"name": "ann", "auth": "` + strings.Repeat("+", 43) + `"}`, 400},
	} {
		got := b.request("POST", "/api/session", strings.NewReader(c.body), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
		wantStatus(t, what, got, c.want)
	}
}

// A session and its cookie live thirty days from their last use, for those who come back daily too.
func TestTheCookieIsRenewedWithTheSession(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	for range 40 {
		r.Pass(20 * time.Hour)
		answer := ann.call(200, "GET", "/api/session", nil, nil)
		if set := answer.Cookies(); len(set) != 1 || set[0].MaxAge != int(accounts.SessionLife/time.Second) {
			t.Fatalf("a use after 20 hours sets the cookies %v", set)
		}
	}
	if set := ann.call(200, "GET", "/api/session", nil, nil).Cookies(); len(set) != 0 {
		t.Errorf("a use right after that sets the cookies %v", set)
	}
}

// C2: somebody who tries many names from a network that others use too does not lock them out.
func TestASprayOfNamesLocksNobodyOut(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	b := r.newBrowser()
	for i := range 150 {
		body, _ := json.Marshal(map[string]string{"name": fmt.Sprintf("name-%d", i), "auth": text(make([]byte, 32))})
		b.request("POST", "/api/session", bytes.NewReader(body), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
	}
	b.call(200, "POST", "/api/session", map[string]string{"name": "ann", "auth": text(ann.keys.Auth[:])}, nil)
	ann.call(204, "POST", "/api/proof", map[string]string{"auth": text(ann.keys.Auth[:])}, nil)
	b.refused(403, "wrong_password", "POST", "/api/session", map[string]string{"name": "ann", "auth": text(make([]byte, 32))})
	b.refused(429, "slow_down", "POST", "/api/session", map[string]string{"name": "ann", "auth": text(make([]byte, 32))})
}
