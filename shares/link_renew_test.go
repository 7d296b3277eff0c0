package shares

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"
	"time"
)

func TestRenewMakesANewLinkOfTheSameContent(t *testing.T) {
	r := newRig(t)
	old, token := r.link(func(l *NewLink) { l.MaxVisits = 5 })
	v := visit(old, token).with(ticket(1))
	_, err := r.TakeTicket(t.Context(), v)
	must(t, err)
	running, err := r.Content(t.Context(), v)
	must(t, err)
	defer running.Close()
	must(t, r.change(old, Change{Paused: new(true)}))
	r.clock.advance(time.Hour)

	l := NewLink{ID: newID(), TokenHash: sha256.Sum256(otherToken), Note: []byte("another box"), Expires: start.Add(48 * time.Hour)}
	made, err := r.Renew(t.Context(), r.ann, old.ID, 1, l, bytes.NewReader(noise(largerManifest)))
	must(t, err)
	if running.Context.Err() == nil {
		t.Error("a download of the old one goes on")
	}
	r.wantGone("the old one", v, StateRemoved)
	list, err := r.Links(t.Context(), r.ann.ID)
	must(t, err)
	if len(list) != 1 || list[0].ID != l.ID || list[0].Visits != 0 || list[0].MaxVisits != 0 || !list[0].Expires.Equal(l.Expires) || list[0].State != StateOpen ||
		!list[0].Created.Equal(made.Created) || !made.Created.Equal(start.Add(time.Hour)) || list[0].Size != 1000 || list[0].Version != 1 {
		t.Errorf("listed: %+v", list[0])
	}
	again := visit(made, otherToken).with(ticket(1))
	if _, err := r.Content(t.Context(), again); !errors.Is(err, ErrNoTicket) {
		t.Errorf("the old one's ticket opens the new one: %v", err)
	}
	_, err = r.TakeTicket(t.Context(), again)
	must(t, err)
	d, err := r.Content(t.Context(), again)
	if got := readAll(t, d, err); !bytes.Equal(got, noise(1000)) {
		t.Error("another content")
	}
	if n := len(r.files("sealed")); n != 2 {
		t.Errorf("%d objects", n)
	}
	if n := count(t, r.db, "tickets"); n != 1 {
		t.Errorf("%d tickets", n)
	}
	if err := r.change(old, Change{Paused: new(false)}); !errors.Is(err, ErrNotFound) {
		t.Errorf("changing the old one: %v", err)
	}
	r.wantNoSecret(string(otherToken), "another box")
}

// D8: a renewed id is published no second time, nor is one that was ever published taken for a renewal.
func TestRenewRefuses(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	other, _ := r.link(nil)
	must(t, r.reseal(link, 1, token, ""))
	good := NewLink{ID: newID()}
	for _, c := range []struct {
		name    string
		id      ID
		version int64
		l       NewLink
		want    error
	}{
		{"an unknown link", newID(), 1, good, ErrNotFound},
		{"its own id", link.ID, 2, NewLink{ID: link.ID}, ErrIDTaken},
		{"another's id", link.ID, 2, NewLink{ID: other.ID}, ErrIDTaken},
		{"a version that is no more", link.ID, 1, good, ErrLinkChanged},
		{"a time that has come", link.ID, 2, NewLink{ID: newID(), Expires: start}, ErrBadLink}, // D11
		{"too many visits", link.ID, 2, NewLink{ID: newID(), MaxVisits: maxVisits + 1}, ErrBadLink},
	} {
		if _, err := r.Renew(t.Context(), r.ann, c.id, c.version, c.l, endless{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := r.Renew(t.Context(), r.ann, link.ID, 2, good, bytes.NewReader(noise(5))); !errors.Is(err, ErrBadManifest) {
		t.Errorf("a manifest that is none: %v", err)
	}
	r.wantOpens("after all this", visit(link, token))
	if n := len(r.files("sealed")); n != 4 {
		t.Errorf("%d objects", n)
	}
	_, err := r.db.Exec(`UPDATE links SET stopped = 'paused' WHERE id = ?`, link.ID[:])
	must(t, err)
	if _, err := r.Renew(t.Context(), r.ann, link.ID, 2, good, endless{}); !errors.Is(err, ErrLinkStopped) {
		t.Errorf("a link that the operator stopped: %v", err)
	}
}
