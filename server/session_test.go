package server_test

import (
	"testing"
	"time"
)

type sessionRow struct {
	ID      int64
	Seen    time.Time
	Current bool
}

func (b *browser) sessions() (rows []sessionRow) {
	b.t.Helper()
	var list struct{ Sessions []sessionRow }
	b.call(200, "GET", "/api/sessions", nil, &list)
	return list.Sessions
}

// again is the same person in another browser.
func (b *browser) again() *browser {
	b.t.Helper()
	other := b.newBrowser()
	other.Name, other.keys = b.Name, b.keys
	other.call(200, "POST", "/api/session", map[string]string{"name": b.Name, "auth": text(b.keys.Auth[:])}, nil)
	return other
}

// The browser that asks is in use now; when the others were, is known to five minutes.
func TestWhenSessionsWereSeen(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	phone := ann.again()
	for range 7 {
		r.Pass(time.Minute)
		phone.call(200, "GET", "/api/session", nil, nil)
	}
	r.Pass(4 * time.Minute)
	for _, row := range ann.sessions() {
		if ago := r.Now().Sub(row.Seen); row.Current && ago > time.Second || !row.Current && (ago < 4*time.Minute || ago > 9*time.Minute) {
			t.Errorf("current %v: seen %v ago", row.Current, ago)
		}
	}
}

// One request signs out everywhere else, and only there: not somebody else, nor who asks.
func TestSigningOutEverywhereElse(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	_, secret := ann.appPassword("laptop")
	others := []*browser{ann.again(), ann.again()}
	var answer struct{ Ended int }
	ann.call(200, "DELETE", "/api/sessions", nil, &answer)
	if answer.Ended != 2 {
		t.Errorf("%d ended", answer.Ended)
	}
	for _, other := range others {
		other.refused(401, "not_signed_in", "GET", "/api/session", nil)
	}
	bob.call(200, "GET", "/api/session", nil, nil)
	wantStatus(t, "the mount", r.dav("MKCOL", "/dav/d", "ann", secret, nil), 201)
	if rows := ann.sessions(); len(rows) != 1 || !rows[0].Current {
		t.Errorf("left: %+v", rows)
	}
}
