package shares

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// outcome is a short word for how a fetch ended.
func outcome(err error) string {
	var gone *GoneError
	var slow *SlowDownError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &gone):
		return string(gone.Reason)
	case errors.As(err, &slow):
		return "slow down"
	case errors.Is(err, ErrNotFound):
		return "not found"
	case errors.Is(err, ErrWrongToken):
		return "wrong token"
	case errors.Is(err, ErrNoTicket):
		return "no ticket"
	}
	return err.Error()
}

// fetch tries a visit's three ways, and returns their outcomes: manifest, content, ticket.
func (r *rig) fetch(v Visit) [3]string {
	r.t.Helper()
	m, err := r.Manifest(r.t.Context(), v)
	if err == nil {
		m.Close()
	}
	c, err2 := r.Content(r.t.Context(), v)
	if err2 == nil {
		c.Close()
	}
	_, err3 := r.TakeTicket(r.t.Context(), v)
	return [3]string{outcome(err), outcome(err2), outcome(err3)}
}

// D1: there is no way around the token and the ticket.
func TestWhatAVisitNeeds(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	if _, err := r.TakeTicket(t.Context(), visit(link, token).with(ticket(1))); err != nil {
		t.Fatal(err)
	}
	other, otherToken := r.link(func(l *NewLink) { l.TokenHash[0]++ })
	wrong := bytes.Clone(token)
	wrong[31]++
	for _, c := range []struct {
		name string
		v    Visit
		want [3]string // manifest, content, ticket
	}{
		{"all that is needed", visit(link, token).with(ticket(1)), [3]string{"ok", "ok", "ok"}},
		{"no ticket", visit(link, token), [3]string{"ok", "no ticket", "no ticket"}},
		{"an unknown ticket", visit(link, token).with(ticket(2)), [3]string{"ok", "no ticket", "ok"}},
		{"a ticket that is cut off", visit(link, token).with(ticket(1)[:31]), [3]string{"ok", "no ticket", "no ticket"}},
		{"no token", visit(link, nil).with(ticket(1)), [3]string{"wrong token", "wrong token", "wrong token"}},
		{"a wrong token", visit(link, wrong).with(ticket(1)), [3]string{"wrong token", "wrong token", "wrong token"}},
		{"a token that is too long", visit(link, append(bytes.Clone(token), 0)).with(ticket(1)), [3]string{"wrong token", "wrong token", "wrong token"}},
		{"another link's token", visit(other, otherToken).with(ticket(1)), [3]string{"wrong token", "wrong token", "wrong token"}},
		{"an unknown link", Visit{Link: newID(), Token: token, Ticket: ticket(1)}, [3]string{"not found", "not found", "not found"}},
	} {
		c.v.Network = c.name // the throttle has tests of its own
		if got := r.fetch(c.v); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestATicketIsForOneLink(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	other, _ := r.link(nil) // has the same token
	if _, err := r.TakeTicket(t.Context(), visit(link, token).with(ticket(1))); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Content(t.Context(), visit(other, token).with(ticket(1))); !errors.Is(err, ErrNoTicket) {
		t.Errorf("at another link: %v", err)
	}
}

func TestATicketEndsWithItsToken(t *testing.T) {
	r := newRig(t)
	link, token := r.link(func(l *NewLink) { l.MaxVisits = 1 })
	if _, err := r.TakeTicket(t.Context(), visit(link, token).with(ticket(1))); err != nil {
		t.Fatal(err)
	}
	changed := bytes.Repeat([]byte{7}, 32)
	if _, err := r.db.Exec(`UPDATE links SET token_hash = X'4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0', max_visits = 2`); err != nil {
		t.Fatal(err) // SHA-256 of thirty-two sevens
	}
	if got := r.fetch(visit(link, token).with(ticket(1))); got != [3]string{"wrong token", "wrong token", "wrong token"} {
		t.Errorf("with the old token: %v", got)
	}
	v := visit(link, changed).with(ticket(1))
	if _, err := r.Content(t.Context(), v); !errors.Is(err, ErrNoTicket) {
		t.Errorf("with the new token and the old ticket: %v", err)
	}
	if counted, err := r.TakeTicket(t.Context(), v); err != nil || !counted {
		t.Errorf("the same ticket for the new token: counted %v, %v", counted, err)
	}
	if _, err := r.Content(t.Context(), v); err != nil {
		t.Errorf("and then: %v", err)
	}
}

func TestOnlyTheFirstTimeOfATicketCounts(t *testing.T) {
	r := newRig(t)
	link, token := r.link(func(l *NewLink) { l.MaxVisits = 2 })
	for i, c := range []struct {
		ticket  int
		counted bool
		outcome string
	}{{1, true, "ok"}, {1, false, "ok"}, {2, true, "ok"}, {2, false, "ok"}, {3, false, "used_up"}, {1, false, "ok"}} {
		counted, err := r.TakeTicket(t.Context(), visit(link, token).with(ticket(c.ticket)))
		if counted != c.counted || outcome(err) != c.outcome {
			t.Errorf("step %d: counted %v, %v", i, counted, err)
		}
	}
	list, err := r.Links(t.Context(), r.ann.ID)
	if err != nil || list[0].Visits != 2 || list[0].State != StateUsedUp {
		t.Errorf("listed as %+v, %v", list[0], err)
	}
}

// D9: of fifty visits at once, a limit of one lets one through; the same ticket fifty times at once counts once.
func TestTheLimitHoldsUnderARace(t *testing.T) {
	r := newRig(t)
	for _, same := range []bool{false, true} {
		link, token := r.link(func(l *NewLink) { l.MaxVisits = 1 })
		var group sync.WaitGroup
		var counted, let atomic.Int64
		for i := range 50 {
			v := visit(link, token).with(ticket(i))
			if same {
				v.Ticket = ticket(0)
			}
			group.Go(func() {
				first, err := r.TakeTicket(t.Context(), v)
				if first {
					counted.Add(1)
				}
				if o := outcome(err); o == "ok" {
					let.Add(1)
				} else if o != "used_up" || same {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if want := map[bool]int64{false: 1, true: 50}[same]; counted.Load() != 1 || let.Load() != want {
			t.Errorf("same ticket %v: counted %d, let through %d", same, counted.Load(), let.Load())
		}
	}
}

// D11
func TestALinkExpiresAtItsSecond(t *testing.T) {
	r := newRig(t)
	expires := start.Add(time.Hour)
	link, token := r.link(func(l *NewLink) { l.Expires = expires })
	held := visit(link, token).with(ticket(1))
	if _, err := r.TakeTicket(t.Context(), held); err != nil {
		t.Fatal(err)
	}
	d, err := r.Content(t.Context(), held)
	if err != nil {
		t.Fatal(err)
	}
	all := [3]string{"expired", "expired", "expired"}
	fresh := visit(link, token).with(ticket(2))
	for _, c := range []struct {
		at    time.Duration
		v     Visit
		want  [3]string
		state State
	}{
		{-time.Second, held, [3]string{"ok", "ok", "ok"}, StateOpen},
		{0, fresh, all, StateExpired},
		{time.Second, fresh, all, StateExpired},
		{0, visit(link, nil), [3]string{"expired", "expired", "no ticket"}, StateExpired}, // asked before the token
		{time.Hour, held, [3]string{"ok", "ok", "ok"}, StateExpired},                      // a ticket outlives the link,
	} {
		r.clock.set(expires.Add(c.at))
		if got := r.fetch(c.v); got != c.want {
			t.Errorf("at %v: %v, want %v", c.at, got, c.want)
		}
		if list, err := r.Links(t.Context(), r.ann.ID); err != nil || list[0].State != c.state {
			t.Errorf("at %v: listed as %v, %v", c.at, list[0].State, err)
		}
	}
	if got := readAll(t, d, nil); len(got) != 1000 || d.Context.Err() == nil {
		t.Errorf("a download across the expiry brought %d bytes", len(got))
	}

	// ... but not itself: 7 days after it was first asked for, it has ended.
	r.clock.set(start.Add(ticketLife - time.Second))
	if got := r.fetch(held); got != [3]string{"ok", "ok", "ok"} {
		t.Errorf("a second before the ticket's end: %v", got)
	}
	r.clock.set(start.Add(ticketLife))
	if got := r.fetch(held); got != all {
		t.Errorf("at the ticket's end: %v", got)
	}
}

func TestATicketThatEndedCountsAnew(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	v := visit(link, token).with(ticket(1))
	if counted, err := r.TakeTicket(t.Context(), v); err != nil || !counted {
		t.Fatal(counted, err)
	}
	r.clock.advance(ticketLife)
	if _, err := r.Content(t.Context(), v); !errors.Is(err, ErrNoTicket) {
		t.Error(err)
	}
	for range 2 { // swept or not
		if counted, err := r.TakeTicket(t.Context(), v); err != nil || !counted {
			t.Error(counted, err)
		}
		r.clock.advance(ticketLife)
		if err := r.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheOperatorsStopComesBeforeTickets(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	v := visit(link, token).with(ticket(1))
	if _, err := r.TakeTicket(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	for _, reason := range []string{"paused", "removed"} {
		if _, err := r.db.Exec(`UPDATE links SET stopped = ?`, reason); err != nil {
			t.Fatal(err)
		}
		if _, err := r.db.Exec(`UPDATE link_ids SET message = 'asked to'`); err != nil {
			t.Fatal(err)
		}
		if got := r.fetch(v); got != [3]string{reason, reason, reason} {
			t.Errorf("%s: %v", reason, got)
		}
		var gone *GoneError
		if _, err := r.Manifest(t.Context(), v); !errors.As(err, &gone) || gone.Message != "asked to" {
			t.Errorf("%s: %+v", reason, gone)
		}
	}
}

func TestLastOpenedIsWhenTheManifestWasHandedOut(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	opened := func() time.Time {
		list, err := r.Links(t.Context(), r.ann.ID)
		if err != nil {
			t.Fatal(err)
		}
		return list[0].LastOpened
	}
	r.fetch(visit(link, nil)) // B9: what a bot can do counts nothing
	if !opened().IsZero() {
		t.Error("a wrong token opened it")
	}
	r.clock.advance(time.Hour)
	r.fetch(visit(link, token))
	if !opened().Equal(start.Add(time.Hour)) {
		t.Errorf("opened %v", opened())
	}
	list, err := r.Links(t.Context(), r.ann.ID)
	if err != nil || list[0].Visits != 0 {
		t.Errorf("looking at the manifest counted %d visits, %v", list[0].Visits, err)
	}
}
