package shares

import (
	"context"
	"testing"
	"time"
)

// A clock that has leapt ahead deletes nothing, however long ago all would have expired by it: what it made expire lives again when it is set right.
func TestAClockThatLeaptDeletesNothing(t *testing.T) {
	r := newRig(t)
	steady := false
	r.Store.steady = func(context.Context) bool { return steady }
	link, token := r.link(func(l *NewLink) { l.Expires = start.Add(time.Hour) })
	upload := r.upload(ForLink, -1)
	v := visit(link, token).with(ticket(1))
	if _, err := r.TakeTicket(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	r.clock.advance(10 * 365 * 24 * time.Hour)
	must(t, r.Sweep(t.Context()))
	if got := r.fetch(v); got != [3]string{"expired", "expired", "expired"} {
		t.Errorf("by the wrong clock: %v", got)
	}
	r.clock.set(start)
	d, err := r.Content(t.Context(), v)
	readAll(t, d, err)
	r.offset(upload)

	r.clock.advance(10 * 365 * 24 * time.Hour)
	steady = true
	must(t, r.Sweep(t.Context()))
	if n := len(r.files("sealed")); n != 0 {
		t.Errorf("%d objects are left once the clock is believed", n)
	}
}

// A clock that was set back keeps nothing from being used, and ends nothing.
func TestAClockThatWasSetBack(t *testing.T) {
	r := newRig(t)
	link, token := r.link(func(l *NewLink) { l.Expires = start.Add(time.Hour) })
	v := visit(link, token).with(ticket(1))
	if _, err := r.TakeTicket(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	d, err := r.Manifest(t.Context(), v)
	readAll(t, d, err)
	r.clock.advance(-5 * 365 * 24 * time.Hour)
	must(t, r.Sweep(t.Context()))
	d, err = r.Manifest(t.Context(), v)
	readAll(t, d, err)
	links, err := r.Links(t.Context(), r.ann.ID)
	if err != nil || len(links) != 1 || !links[0].LastOpened.Equal(r.clock.Now()) {
		t.Errorf("last opened %v, %v; want when it was, by the clock as it is: %v", links[0].LastOpened, err, r.clock.Now())
	}
	later, token := r.link(func(l *NewLink) { l.Expires = r.clock.Now().Add(time.Hour) })
	r.clock.advance(time.Hour)
	if got := r.fetch(visit(later, token).with(ticket(2))); got[0] != "expired" {
		t.Errorf("a link that was made after it: %v", got)
	}
}
