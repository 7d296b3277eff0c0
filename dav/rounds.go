package dav

import (
	"errors"
	"slices"
	"sync"
)

// rounds lets requests that come at the same time share a call that costs as much for many as for one: whoever comes while one is running joins the next. So
// a call begins after all that it is for has come.
type rounds[T any] struct {
	run func(items []T) []error // an error an item, or nil if all went well

	mu      sync.Mutex
	running *round[T]
}

type round[T any] struct {
	items []T
	errs  []error
	begin chan struct{} // closed when the round before has ended
	ended chan struct{}
	next  *round[T]
}

func newRound[T any]() *round[T] {
	return &round[T]{begin: make(chan struct{}), ended: make(chan struct{})}
}

// do answers what went wrong with these items.
func (r *rounds[T]) do(items ...T) error {
	r.mu.Lock()
	mine, leads := r.running, false
	switch {
	case mine == nil:
		mine, leads = newRound[T](), true
		close(mine.begin)
		r.running = mine
	case mine.next == nil:
		mine.next, leads = newRound[T](), true
		mine = mine.next
	default:
		mine = mine.next
	}
	first := len(mine.items)
	mine.items = append(mine.items, items...)
	r.mu.Unlock()
	if leads {
		<-mine.begin
		r.finish(mine)
	} else {
		<-mine.ended
	}
	if mine.errs == nil {
		return nil
	}
	return errors.Join(mine.errs[first : first+len(items)]...)
}

// finish runs a round, which nobody joins any more, and lets the next begin.
func (r *rounds[T]) finish(mine *round[T]) {
	mine.errs = slices.Repeat([]error{errRoundPanicked}, len(mine.items))
	defer func() { // also where run panics: nobody may wait for ever
		r.mu.Lock()
		r.running = mine.next
		if mine.next != nil {
			close(mine.next.begin)
		}
		r.mu.Unlock()
		close(mine.ended)
	}()
	mine.errs = r.run(mine.items)
}

var errRoundPanicked = errors.New("what was done for many at once panicked")
