package shares

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// C2
func TestTenWrongTokensInAMinuteShutOutANetwork(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	other, otherToken := r.link(nil)
	guess := Visit{Link: link.ID, Token: ticket(0), Network: "192.0.2.1"}
	for i := range maxWrongTokens {
		r.clock.advance(time.Second)
		if _, err := r.Manifest(t.Context(), guess); !errors.Is(err, ErrWrongToken) {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	var slow *SlowDownError
	right := visit(link, token)
	for name, fetch := range map[string]func() error{
		"manifest": func() error { _, err := r.Manifest(t.Context(), right); return err },
		"content":  func() error { _, err := r.Content(t.Context(), right); return err },
		"ticket":   func() error { _, err := r.TakeTicket(t.Context(), right.with(ticket(1))); return err },
	} {
		if err := fetch(); !errors.As(err, &slow) || slow.Wait != 51*time.Second {
			t.Errorf("the right token, for the %s: %v, wait %v", name, err, slow)
		}
	}
	elsewhere := right
	elsewhere.Network = "192.0.2.2"
	if got := r.fetch(elsewhere.with(ticket(1))); got != [3]string{"ok", "no ticket", "ok"} {
		t.Errorf("from another network: %v", got)
	}
	if _, err := r.Manifest(t.Context(), visit(other, otherToken)); err != nil {
		t.Errorf("for another link: %v", err)
	}

	// The first of the ten is a minute old: one is read again.
	r.clock.advance(51 * time.Second)
	if _, err := r.Manifest(t.Context(), guess); !errors.Is(err, ErrWrongToken) {
		t.Errorf("a minute later: %v", err)
	}
	if _, err := r.Manifest(t.Context(), right); !errors.As(err, &slow) || slow.Wait != time.Second {
		t.Errorf("and then: %v", err)
	}
	r.clock.advance(time.Second)
	if _, err := r.Manifest(t.Context(), right); err != nil {
		t.Errorf("and then the right one: %v", err)
	}
	var wrong int
	if err := r.db.QueryRow(`SELECT wrong_tokens FROM links WHERE id = ?`, link.ID[:]).Scan(&wrong); err != nil || wrong != 11 {
		t.Errorf("%d wrong tokens on record, %v", wrong, err)
	}
	r.wantNoSecret(string(token))
}

// C2: a crowd at once has ten guesses like one after the other.
func TestACrowdHasTenGuesses(t *testing.T) {
	r := newRig(t)
	link, _ := r.link(nil)
	var group sync.WaitGroup
	var read atomic.Int64
	for range 100 {
		group.Go(func() {
			if _, err := r.Manifest(t.Context(), Visit{Link: link.ID, Token: ticket(0), Network: "n"}); errors.Is(err, ErrWrongToken) {
				read.Add(1)
			}
		})
	}
	group.Wait()
	if read.Load() != maxWrongTokens {
		t.Errorf("%d guesses were read", read.Load())
	}
}

func TestTheThrottleForgets(t *testing.T) {
	th := throttle{entries: map[throttleKey]*[maxWrongTokens]time.Time{}}
	wrong := func() bool { return false }
	for i := range maxThrottled {
		th.judge(throttleKey{network: fmt.Sprint(i)}, start.Add(time.Duration(i)*time.Microsecond), wrong)
	}
	th.judge(throttleKey{network: "one more"}, start.Add(time.Second), wrong)
	if len(th.entries) != maxThrottled || th.entries[throttleKey{network: "0"}] != nil {
		t.Errorf("%d entries; is the quietest there: %v", len(th.entries), th.entries[throttleKey{network: "0"}] != nil)
	}
	th.judge(throttleKey{network: "later"}, start.Add(2*time.Minute), wrong)
	if len(th.entries) != 1 {
		t.Errorf("%d entries a minute later", len(th.entries))
	}
	for i := range 1000 { // links that do not exist, and right tokens, make none
		th.judge(throttleKey{network: fmt.Sprint(i)}, start, func() bool { return true })
		th.blocked(throttleKey{network: fmt.Sprint(i)}, start)
	}
	if len(th.entries) != 1 {
		t.Errorf("%d entries", len(th.entries))
	}
}
