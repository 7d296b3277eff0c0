package dav

import (
	"testing"
	"time"
)

// A round that panics fails for all that it was for, and the next goes on.
func TestRoundsGoOnAfterAPanic(t *testing.T) {
	entered, leave := make(chan bool, 1), make(chan bool)
	r := rounds[int]{}
	r.run = func(items []int) []error {
		if items[0] == 1 {
			entered <- true
			<-leave
			panic("a leader's")
		}
		return nil
	}
	go func() {
		defer func() { recover() }()
		r.do(1)
	}()
	<-entered
	ended := make(chan error, 2)
	go func() { ended <- r.do(2) }()
	for { // until it waits for the next round
		r.mu.Lock()
		waits := r.next != nil
		r.mu.Unlock()
		if waits {
			break
		}
		time.Sleep(time.Millisecond)
	}
	close(leave)
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the next round never began")
	}
}
