package dav

import (
	"errors"
	"sync"
	"time"
)

// syncs lets requests that change folders at the same time share what makes the changes durable. They go in rounds: whoever comes while one is running joins
// the next, which syncs each folder once, whoever asked for it. A file system with a journal writes it at the first, and has little left to do at the others.
type syncs struct {
	mu      sync.Mutex
	running *syncRound
}

// folderID tells open folders apart.
type folderID struct{ dev, inode uint64 }

type syncRound struct {
	folders []*folder // each held open by somebody who waits
	ids     []folderID
	failed  map[folderID]error

	begin chan struct{} // closed when the round before has ended
	ended chan struct{}
	next  *syncRound
}

// sync makes the entries durable that the folders have now, in this order.
func (s *syncs) sync(folders []*folder) error {
	ids := make([]folderID, len(folders))
	for i, f := range folders {
		id, ok := f.id()
		if !ok {
			return syncEach(folders) // the system does not tell them apart
		}
		ids[i] = id
	}
	s.mu.Lock()
	round, leads := s.running, false
	if round == nil {
		round = newRound()
		s.running = round
		close(round.begin)
		leads = true
	} else {
		if round.next == nil {
			round.next = newRound()
			leads = true
		}
		round = round.next
	}
	round.join(folders, ids)
	s.mu.Unlock()
	if leads {
		<-round.begin
		s.run(round)
	} else {
		<-round.ended
	}
	var err error
	for _, id := range ids {
		err = errors.Join(err, round.failed[id])
	}
	return err
}

func newRound() *syncRound {
	return &syncRound{failed: map[folderID]error{}, begin: make(chan struct{}), ended: make(chan struct{})}
}

func (r *syncRound) join(folders []*folder, ids []folderID) {
	for i, id := range ids {
		known := false
		for _, other := range r.ids {
			known = known || other == id
		}
		if !known {
			r.folders, r.ids = append(r.folders, folders[i]), append(r.ids, id)
		}
	}
}

// run syncs what has joined by now; nobody joins a round that is running.
func (s *syncs) run(r *syncRound) {
	errs := make([]error, len(r.folders))
	var others sync.WaitGroup
	for i, f := range r.folders[1:] {
		others.Go(func() { errs[i+1] = f.sync() })
	}
	errs[0] = r.folders[0].sync()
	others.Wait()
	for i, err := range errs {
		if err != nil {
			r.failed[r.ids[i]] = err
		}
	}
	s.mu.Lock()
	s.running = r.next
	if r.next != nil {
		close(r.next.begin)
	}
	s.mu.Unlock()
	close(r.ended)
}

func syncEach(folders []*folder) error {
	var err error
	for _, f := range folders {
		err = errors.Join(err, f.sync())
	}
	return err
}

// lazySync makes a folder durable soon, however often it changes. What is kept needs no more: on a file system with a journal a rename is there at both its ends or
// at none, so that the sync that the request waits for has made the copy in kept/ durable too; on others a power cut may take what was deleted right before.
type lazySync struct {
	mu               sync.Mutex
	running, changed bool
}

// syncDelay is how long a lazySync waits for more changes.
const syncDelay = 100 * time.Millisecond

// soon has the folder, which stays open, synced after this change.
func (l *lazySync) soon(h *Handler, dir *folder) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed = true
	if l.running {
		return
	}
	l.running = true
	go func() {
		for l.more() {
			time.Sleep(syncDelay)
			l.begin()
			if err := h.syncs.sync([]*folder{dir}); err != nil {
				h.log.Error("syncing what is kept", "cause", ForLog(err))
			}
		}
	}()
}

func (l *lazySync) begin() {
	l.mu.Lock()
	l.changed = false
	l.mu.Unlock()
}

func (l *lazySync) more() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running = l.changed
	return l.running
}
