package shares

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"sync"
	"time"
)

// roomStep is how many bytes an account takes, in all its requests together, on one word of Config.Room.
const roomStep = 8 << 20

// rooms holds together what the requests of one account take at the same time. The rows of the database tell what was
// acknowledged; what is on the disk beyond that is told here, so that it counts before it is recorded.
type rooms struct {
	mu       sync.Mutex
	accounts map[[16]byte]*accountRoom
}

// accountRoom is kept for as long as somebody uses it.
type accountRoom struct {
	users int // guarded by rooms.mu

	asking sync.Mutex // one at a time asks for room and takes it
	taken  int64      // bytes, since the first of the requests that are here; only grows

	recording sync.Mutex // held while bytes move from pending into rows, so that they are counted once
	pending   int64      // bytes that no row tells of, less those that a row tells of and that are somewhere else by now
}

func (r *rooms) enter(owner [16]byte) *accountRoom {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.accounts[owner]
	if a == nil {
		a = &accountRoom{}
		r.accounts[owner] = a
	}
	a.users++
	return a
}

func (r *rooms) leave(owner [16]byte, a *accountRoom) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a.users--; a.users == 0 {
		delete(r.accounts, owner)
	}
}

// Taken returns the bytes that an account's links and unfinished uploads take, with what requests have written that are
// still running. A file that came into the drive counts there, from when it is handed to Config.Place. Links that have
// expired count until they are swept: so long they are on the disk.
//
// It waits for a write to the database that is under way. Do not call it inside a transaction.
func (s *Store) Taken(ctx context.Context, owner [16]byte) (int64, error) {
	a := s.rooms.enter(owner)
	defer s.rooms.leave(owner, a)
	a.recording.Lock()
	defer a.recording.Unlock()
	n, err := sumBytes(ctx, s.db, owner, s.now())
	if err != nil {
		return 0, err
	}
	return n + a.pending, nil
}

// Recorded returns what Taken does but for the requests that are still running, of which it knows nothing: it needs no
// [Store], and so answers also beside another process that has one over the same database.
func Recorded(ctx context.Context, db *sql.DB, owner [16]byte, now time.Time) (int64, error) {
	return sumBytes(ctx, db, owner, now)
}

// claim is what one request takes of its account's room.
type claim struct {
	store   *Store
	owner   Owner
	account *accountRoom
	total   *total // nil for what comes into the drive
	limit   int64  // what the account's taken may come to before Config.Room is asked again
	pending int64  // the claim's part of the account's

	objects []objectName // that the request makes, and that no row may name yet
}

// claim begins to take room for a link of owner's. End it when the bytes are recorded, or gone from the disk.
func (s *Store) claim(owner Owner) *claim { return s.claimFor(owner, ForLink) }

// claimFor is claim for an upload.
func (s *Store) claimFor(owner Owner, use Use) *claim {
	c := &claim{store: s, owner: owner, account: s.rooms.enter(owner.ID)}
	if use == ForLink {
		c.total = &s.total
	}
	return c
}

func (c *claim) end() {
	if c.total != nil {
		c.total.pending.Add(-c.pending)
	}
	c.move(-c.pending)
	c.store.made.remove(c.objects)
	c.store.rooms.leave(c.owner.ID, c.account)
}

// makes says that the request is about to make an object: until the claim ends no sweep takes it for one that was left over.
func (c *claim) makes(name objectName) {
	c.objects = append(c.objects, name)
	c.store.made.add(name)
}

// expect fails with ErrOverQuota, or another ErrNoSpace, if there is no room for n bytes, and takes none.
func (c *claim) expect(ctx context.Context, n int64) error {
	if n <= 0 {
		return nil
	}
	c.account.asking.Lock()
	defer c.account.asking.Unlock()
	if c.store.room != nil {
		if err := c.ask(ctx, n); err != nil {
			return err
		}
	}
	if c.total != nil {
		return c.total.expect(ctx, n)
	}
	return nil
}

// take takes n bytes, at most roomStep, before they are written, or fails as expect does. Whatever others of the account
// take meanwhile, all together never take more than there is.
func (c *claim) take(ctx context.Context, n int64) error {
	c.account.asking.Lock()
	defer c.account.asking.Unlock()
	if c.store.room != nil && c.account.taken+n > c.limit {
		if err := c.ask(ctx, n); err != nil {
			return err
		}
	}
	if c.total != nil {
		if err := c.total.take(ctx, n); err != nil {
			return err
		}
	}
	c.account.taken += n
	c.move(n)
	return nil
}

// ask asks whether there is room for n bytes more, and allows the first roomStep of what there is. The account's asking is
// locked: what is taken already is in what Config.Room knows, through [Store.Taken].
func (c *claim) ask(ctx context.Context, n int64) error {
	room, err := c.store.room(ctx, c.owner)
	if err != nil {
		return fmt.Errorf("asking for room: %w", err)
	}
	switch {
	case n > room.Quota:
		return ErrOverQuota
	case n > room.Disk:
		return errDiskFull
	}
	c.limit = c.account.taken + min(room.Quota, room.Disk, roomStep)
	return nil
}

// move makes n bytes more pending, or less.
func (c *claim) move(n int64) {
	c.account.recording.Lock()
	defer c.account.recording.Unlock()
	c.account.pending += n
	c.pending += n
}

// record runs do, which makes rows tell of n bytes more: nobody counts them twice, or not at all, meanwhile.
func (c *claim) record(n int64, do func() error) error {
	c.account.recording.Lock()
	defer c.account.recording.Unlock()
	if c.total != nil {
		c.total.moving.RLock()
		defer c.total.moving.RUnlock()
	}
	if err := do(); err != nil {
		return err
	}
	if c.total != nil {
		c.total.pending.Add(-n)
	}
	c.account.pending -= n
	c.pending -= n
	return nil
}

// writer is a writer to w that takes the room for what it writes.
func (c *claim) writer(ctx context.Context, w io.Writer) io.Writer { return claimWriter{ctx, c, w} }

type claimWriter struct {
	ctx   context.Context
	claim *claim
	io.Writer
}

func (w claimWriter) Write(p []byte) (int, error) {
	if err := w.claim.take(w.ctx, int64(len(p))); err != nil {
		return 0, err
	}
	return w.Writer.Write(p)
}
