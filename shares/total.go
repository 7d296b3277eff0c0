package shares

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// total bounds what the links of all accounts and their uploads take together.
type total struct {
	db    *sql.DB
	now   func() time.Time
	limit int64 // bytes; 0: none

	asking sync.Mutex // one at a time takes room
	taken  int64      // bytes, since the store was opened; only grows
	upTo   int64      // what taken may come to before the rows are added up again

	moving  sync.RWMutex // held by each that moves bytes from pending into rows, so that they are counted once; locked to count
	pending atomic.Int64 // bytes that no row tells of
}

// room is how many bytes there is room for. The rows are added up.
func (t *total) room(ctx context.Context) (int64, error) {
	if t.limit == 0 {
		return math.MaxInt64, nil
	}
	t.moving.Lock()
	defer t.moving.Unlock()
	n, err := sumAllBytes(ctx, t.db, t.now())
	if err != nil {
		return 0, err
	}
	return max(0, t.limit-n-t.pending.Load()), nil
}

// expect returns ErrNoSpace if there is no room for n bytes, and takes none.
func (t *total) expect(ctx context.Context, n int64) error {
	t.asking.Lock()
	defer t.asking.Unlock()
	return t.ask(ctx, n)
}

// take takes n bytes, or returns ErrNoSpace.
func (t *total) take(ctx context.Context, n int64) error {
	t.asking.Lock()
	defer t.asking.Unlock()
	if err := t.ask(ctx, n); err != nil {
		return err
	}
	t.taken += n
	t.pending.Add(n)
	return nil
}

// ask returns nil if n bytes more are allowed. asking is locked. All that grows goes through here, so what there was room for once stays
// allowed until it is taken.
func (t *total) ask(ctx context.Context, n int64) error {
	if t.limit == 0 || n <= t.upTo-t.taken {
		return nil
	}
	room, err := t.room(ctx)
	if err != nil {
		return fmt.Errorf("asking for room: %w", err)
	}
	t.upTo = t.taken + room
	if n > room {
		return errLinksFull
	}
	return nil
}

// LinksTaken adds up what the links of all accounts and their unfinished uploads take, and gives [Config.Limit] beside.
func (s *Store) LinksTaken(ctx context.Context) (taken, limit int64, err error) {
	taken, err = sumAllBytes(ctx, s.db, s.now())
	return taken, s.total.limit, err
}

// sumAllBytes adds up what the rows say that all links and their unfinished uploads take.
func sumAllBytes(ctx context.Context, q querier, now time.Time) (n int64, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT (SELECT coalesce(sum(content_size + manifest_size), 0) FROM links WHERE coalesce(stopped, '') <> 'removed')
		     + (SELECT coalesce(sum(offset + state_size), 0) FROM uploads WHERE use = 'sealed' AND expires > ?)`, now.Unix()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("adding up all links and uploads: %w", err)
	}
	return n, nil
}
