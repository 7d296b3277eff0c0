package shares

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func (r *rig) change(l *Link, c Change) error {
	r.t.Helper()
	_, err := r.ChangeLink(r.t.Context(), r.ann.ID, l.ID, c)
	return err
}

// row is the link as its owner's list has it.
func (r *rig) row(id ID) *Link {
	r.t.Helper()
	list, err := r.Links(r.t.Context(), r.ann.ID)
	must(r.t, err)
	for _, l := range list {
		if l.ID == id {
			return l
		}
	}
	r.t.Fatal("the link is not in the list")
	return nil
}

// wantGone fetches a manifest that must not be there, for this reason.
func (r *rig) wantGone(what string, v Visit, reason State) {
	r.t.Helper()
	var gone *GoneError
	if _, err := r.Manifest(r.t.Context(), v); !errors.As(err, &gone) || gone.Reason != reason {
		r.t.Errorf("%s: %v, want %s", what, err, reason)
	}
}

func (r *rig) wantOpens(what string, v Visit) {
	r.t.Helper()
	d, err := r.Manifest(r.t.Context(), v)
	if err != nil {
		r.t.Errorf("%s: %v", what, err)
		return
	}
	d.Close()
}

func TestChangesOfALink(t *testing.T) {
	r := newRig(t)
	link, _ := r.link(func(l *NewLink) { l.Expires, l.MaxVisits = start.Add(time.Hour), 3 })
	later := start.Add(48*time.Hour + time.Millisecond)
	must(t, r.change(link, Change{Expires: &later}))
	if l := r.row(link.ID); !l.Expires.Equal(start.Add(48*time.Hour)) || l.MaxVisits != 3 || l.Version != 1 {
		t.Errorf("after a new date: %+v", l)
	}
	must(t, r.change(link, Change{MaxVisits: new(int64(7))}))
	must(t, r.change(link, Change{Expires: &time.Time{}}))
	if l := r.row(link.ID); !l.Expires.IsZero() || l.MaxVisits != 7 {
		t.Errorf("without a date: %+v", l)
	}
	must(t, r.change(link, Change{MaxVisits: new(int64(0))}))
	if l := r.row(link.ID); l.MaxVisits != 0 || l.State != StateOpen {
		t.Errorf("without a limit: %+v", l)
	}
}

func TestAChangeRefuses(t *testing.T) {
	r := newRig(t)
	link, token := r.link(func(l *NewLink) { l.MaxVisits = 3 })
	for i := range 2 {
		_, err := r.TakeTicket(t.Context(), visit(link, token).with(ticket(i)))
		must(t, err)
	}
	now, before, never := start, start.Add(-time.Hour), time.Unix(1<<50, 0)
	for _, c := range []struct {
		name   string
		change Change
		want   error
	}{
		{"nothing", Change{}, ErrBadLink},
		{"a time that has come", Change{Expires: &now}, ErrBadLink}, // D11
		{"a time before now", Change{Expires: &before}, ErrBadLink},
		{"a time no calendar has", Change{Expires: &never}, ErrBadLink},
		{"less than no visits", Change{MaxVisits: new(int64(-1))}, ErrBadLink},
		{"too many visits", Change{MaxVisits: new(int64(1_000_001))}, ErrBadLink},
		{"fewer visits than were counted", Change{MaxVisits: new(int64(1)), Paused: new(true)}, ErrLimitPassed},
	} {
		if err := r.change(link, c.change); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if l := r.row(link.ID); l.MaxVisits != 3 || !l.Expires.IsZero() || l.State != StateOpen {
		t.Errorf("a refused change changed it: %+v", l)
	}
	must(t, r.change(link, Change{MaxVisits: new(int64(2))}))
	r.wantGone("as many as were counted", visit(link, token), StateUsedUp)
	must(t, r.stopOne("removed"))
	if err := r.change(link, Change{Paused: new(false)}); !errors.Is(err, ErrLinkStopped) {
		t.Errorf("a link that the operator removed: %v", err)
	}
}

// Nobody gets in while a link is paused, with a ticket or without, also past its date; afterwards all is as it was.
func TestPauseStopsEveryone(t *testing.T) {
	r := newRig(t)
	link, token := r.link(func(l *NewLink) { l.Expires = start.Add(time.Hour) })
	v := visit(link, token).with(ticket(1))
	_, err := r.TakeTicket(t.Context(), v)
	must(t, err)
	d, err := r.Content(t.Context(), v)
	must(t, err)
	defer d.Close()
	must(t, r.change(link, Change{Paused: new(true)}))
	if d.Context.Err() == nil {
		t.Error("a download goes on")
	}
	r.wantGone("paused", visit(link, token), StatePaused)
	r.clock.advance(2 * time.Hour)
	r.wantGone("paused, with a ticket, past its date", v, StatePaused)
	if l := r.row(link.ID); l.State != StatePaused {
		t.Errorf("listed as %s", l.State)
	}
	must(t, r.change(link, Change{Paused: new(false)}))
	r.wantGone("past its date", visit(link, token), StateExpired)
	r.wantOpens("with a ticket, past its date", v)
	d, err = r.Content(t.Context(), v)
	readAll(t, d, err)
	if l := r.row(link.ID); l.Visits != 1 {
		t.Errorf("%d visits", l.Visits)
	}
}

// A fetch that had found the link just before it was paused, and not opened it yet.
func TestNoFetchSlipsPastAPause(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	d := r.downloads.begin(t.Context(), link.ID)
	defer d.Close()
	l, _, err := r.admit(t.Context(), visit(link, token))
	must(t, err)
	must(t, r.change(link, Change{Paused: new(true)}))
	var gone *GoneError
	if err := r.openObject(d, l.manifest, l.manifestSize); !errors.As(err, &gone) || gone.Reason != StatePaused {
		t.Errorf("opened: %v", err)
	}
}

func TestAnExpiredLinkIsRevivedUntilItIsSwept(t *testing.T) {
	r := newRig(t)
	link, token := r.link(func(l *NewLink) { l.Expires = start.Add(time.Hour) })
	r.clock.set(start.Add(time.Hour + keepExpired - time.Second))
	must(t, r.Sweep(t.Context()))
	r.wantGone("expired", visit(link, token), StateExpired)
	again := r.clock.Now().Add(time.Hour)
	must(t, r.change(link, Change{Expires: &again}))
	r.wantOpens("revived", visit(link, token))
	r.clock.set(again.Add(keepExpired))
	must(t, r.Sweep(t.Context()))
	again = r.clock.Now().Add(time.Hour)
	if err := r.change(link, Change{Expires: &again}); !errors.Is(err, ErrNotFound) {
		t.Errorf("after the sweep: %v", err)
	}
	if left := r.files("sealed"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// Expired links do not count among an account's; one that lives again does.
func TestRevivingCountsAmongTheLinks(t *testing.T) {
	r := newRig(t)
	link, _ := r.link(func(l *NewLink) { l.Expires = start.Add(time.Second) })
	r.clock.advance(time.Minute)
	for _, query := range []string{
		`INSERT INTO link_ids (id) WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT randomblob(16) FROM n`,
		`INSERT INTO links (id, account, token_hash, manifest, manifest_size, content, content_size, note, created)
			SELECT id, (SELECT account FROM links), zeroblob(32), randomblob(16), 1, randomblob(16), 1, x'', 0 FROM link_ids WHERE id NOT IN (SELECT id FROM links)`,
	} {
		_, err := r.db.Exec(query)
		must(t, err)
	}
	never := time.Time{}
	if err := r.change(link, Change{Expires: &never}); !errors.Is(err, ErrTooManyLinks) {
		t.Errorf("one too many: %v", err)
	}
	must(t, r.change(link, Change{MaxVisits: new(int64(9))})) // it stays expired
}

// D9: while the limit is raised and lowered under fifty openers, never one visit more is counted than the highest limit allows.
func TestTheLimitHoldsWhileItIsChanged(t *testing.T) {
	r := newRig(t)
	link, token := r.link(func(l *NewLink) { l.MaxVisits = 1 })
	var group sync.WaitGroup
	var let atomic.Int64
	for i := range 50 {
		group.Go(func() {
			v := visit(link, token).with(ticket(i))
			var gone *GoneError
			switch _, err := r.TakeTicket(t.Context(), v); {
			case err == nil:
				let.Add(1)
			case !errors.As(err, &gone) || gone.Reason != StateUsedUp:
				t.Error(err)
			}
		})
		if i%10 == 0 {
			group.Go(func() {
				if err := r.change(link, Change{MaxVisits: new(int64(5))}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	if l := r.row(link.ID); l.Visits != let.Load() || l.Visits < 1 || l.Visits > 5 {
		t.Errorf("%d visits are counted, %d were let in, the limit is 5", l.Visits, let.Load())
	}
	if err := r.change(link, Change{MaxVisits: new(r.row(link.ID).Visits)}); err != nil {
		t.Fatal(err)
	}
	r.wantGone("afterwards", visit(link, token), StateUsedUp)
}
