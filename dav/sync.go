package dav

import (
	"sync"
	"time"
)

// folderID tells open folders apart; the zero is of one that the system does not tell.
type folderID struct{ dev, inode uint64 }

// syncsBeside is how many syncs run beside the first: while one waits for the disk, the file system can already gather what the next will write.
const syncsBeside = 1

// syncFolders makes the entries durable that the folders have now.
func (h *Handler) syncFolders(folders []*folder) error { return h.syncs.do(folders...) }

// syncEach syncs each folder once, however many ask for it, and all side by side: a file system with a journal writes it once for all of them.
func syncEach(folders []*folder) []error {
	if len(folders) == 1 {
		return []error{folders[0].sync()}
	}
	first := map[folderID]int{} // the place where a folder stands first
	errs := make([]error, len(folders))
	same := make([]int, len(folders))
	var others sync.WaitGroup
	for i, f := range folders {
		same[i] = i
		id := f.id()
		if at, found := first[id]; found && id != (folderID{}) {
			same[i] = at
			continue
		}
		first[id] = i
		if i > 0 {
			others.Go(func() { errs[i] = f.sync() })
		}
	}
	errs[0] = folders[0].sync()
	others.Wait()
	for i, at := range same {
		errs[i] = errs[at]
	}
	return errs
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
			if err := h.syncFolders([]*folder{dir}); err != nil {
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
