package dav

import (
	"errors"
	"sync"
)

// rounds lets requests that come at the same time share a call that costs as much for many as for one: whoever comes while as many run as may joins the next. So
// a call begins after all that it is for has come.
type rounds[T any] struct {
	run    func(items []T) []error // an error an item, or nil if all went well
	beside int                     // how many may run beside the first

	mu      sync.Mutex
	running int
	next    *round[T] // what waits for its turn; nil if nobody does
}

type round[T any] struct {
	items []T
	errs  []error
	begin chan struct{} // closed when it may begin
	ended chan struct{}
}

// do answers what went wrong with these items.
func (r *rounds[T]) do(items ...T) error {
	r.mu.Lock()
	if r.running <= r.beside {
		r.running++
		r.mu.Unlock()
		alone := &round[T]{items: items}
		r.finish(alone)
		return errors.Join(alone.errs...)
	}
	leads := r.next == nil
	if leads {
		r.next = &round[T]{begin: make(chan struct{}), ended: make(chan struct{})}
	}
	mine := r.next
	first := len(mine.items)
	mine.items = append(mine.items, items...)
	r.mu.Unlock()
	if leads {
		<-mine.begin // nobody joins it any more
		r.finish(mine)
	} else {
		<-mine.ended
	}
	if mine.errs == nil {
		return nil
	}
	return errors.Join(mine.errs[first : first+len(items)]...)
}

// finish runs a round, and lets the next begin.
func (r *rounds[T]) finish(mine *round[T]) {
	panicked := true
	defer func() { // also where run panics: nobody may wait for ever
		if panicked {
			mine.errs = make([]error, len(mine.items))
			for i := range mine.errs {
				mine.errs[i] = errRoundPanicked
			}
		}
		r.mu.Lock()
		if r.next != nil {
			close(r.next.begin)
			r.next = nil
		} else {
			r.running--
		}
		r.mu.Unlock()
		if mine.ended != nil {
			close(mine.ended)
		}
	}()
	mine.errs = r.run(mine.items)
	panicked = false
}

var errRoundPanicked = errors.New("what was done for many at once panicked")
