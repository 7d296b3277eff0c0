package shares

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"runtime/debug"
	"time"
)

const sweepInterval = time.Hour

func (s *Store) sweepHourly(ctx context.Context) {
	s.every(ctx, sweepInterval, "sweeping uploads and links", s.Sweep)
}

// every calls do at each interval until ctx is done; what names it in the log where it fails.
func (s *Store) every(ctx context.Context, interval time.Duration, what string, do func(context.Context) error) {
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			s.try(ctx, what, do)
		}
	}
}

func (s *Store) try(ctx context.Context, what string, do func(context.Context) error) {
	if err := do(ctx); err != nil && ctx.Err() == nil {
		s.log.Error(what, "error", err)
	}
}

// sweepBatch is how many rows one transaction of a sweep deletes: others who write wait no longer than for that.
const sweepBatch = 500

// Sweep removes what has had its time: uploads 7 days after their last byte, links 7 days after they expired (their ids
// stay), and tickets after 7 days; and objects that no row names, which a kill may have left. It runs by itself when the store opens and every
// hour. A kill at any point of it leaves nothing that the next one does not remove.
func (s *Store) Sweep(ctx context.Context) error {
	began := time.Now()
	err := s.sweep(ctx)
	s.sweeps.note(began, err)
	return err
}

func (s *Store) sweep(ctx context.Context) error {
	if s.steady == nil || s.steady(ctx) {
		if err := s.sweepExpired(ctx); err != nil {
			return err
		}
	}
	return s.sweepOrphans(ctx)
}

// sweepExpired removes what has had its time by the clock.
func (s *Store) sweepExpired(ctx context.Context) error {
	now := s.now()
	if err := s.sweepTickets(ctx, now); err != nil {
		return err
	}
	if err := s.sweepLinks(ctx, now); err != nil {
		return err
	}
	uploads, err := findExpiredUploads(ctx, s.db, now)
	if err != nil {
		return err
	}
	for _, u := range uploads {
		if err := s.sweepUpload(ctx, u.ID, now); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) sweepTickets(ctx context.Context, now time.Time) error {
	for {
		n, err := deleteExpiredTickets(ctx, s.db, now, sweepBatch)
		if err != nil || n < sweepBatch {
			return err
		}
	}
}

func (s *Store) sweepLinks(ctx context.Context, now time.Time) error {
	for {
		n, err := s.sweepSomeLinks(ctx, now)
		if err != nil || n < sweepBatch {
			return err
		}
	}
}

// sweepSomeLinks sweeps sweepBatch links at most, and returns how many those were.
func (s *Store) sweepSomeLinks(ctx context.Context, now time.Time) (int, error) {
	var ids []ID
	var left []objectName
	err := s.transact(ctx, func(tx *sql.Tx) (err error) {
		ids, left, err = deleteExpiredLinks(ctx, tx, now.Add(-keepExpired), sweepBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		s.downloads.cut(id, &GoneError{Reason: StateExpired})
		s.log.Info("swept an expired link", "link", id)
	}
	for _, name := range left {
		s.discard(ForLink, name)
	}
	return len(ids), nil
}

// sweepUpload removes an upload that has expired, unless a request is writing to it.
func (s *Store) sweepUpload(ctx context.Context, id ID, now time.Time) error {
	turn, err := s.turns.take(ctx, id, nil, func(*turn) bool { return false })
	if errors.Is(err, ErrUploadBusy) {
		return nil
	} else if err != nil {
		return err
	}
	defer turn.end()
	u, err := deleteExpiredUpload(ctx, s.db, id, now)
	if errors.Is(err, ErrNotFound) {
		return nil // a last byte came in between
	} else if err != nil {
		return err
	}
	s.discard(u.Use, u.object)
	return nil
}

// sweepFirst is what waits for nobody at the start, and nobody waits for: it looks at every object there is.
func (s *Store) sweepFirst(ctx context.Context) {
	s.try(ctx, "looking for the links' objects", s.warnOfMissing)
	s.try(ctx, "sweeping uploads and links", s.Sweep)
	debug.FreeOSMemory() // an idle server would keep what the start took for minutes
}

// settle makes the disk and the database agree on uploads, when nothing else runs: it forgets those whose objects lost bytes that were
// acknowledged.
func (s *Store) settle(ctx context.Context) error {
	uploads, err := findAllUploads(ctx, s.db)
	if err != nil {
		return err
	}
	for _, u := range uploads {
		size, err := s.objectsOf(u.Use).size(ctx, u.object)
		switch {
		case u.placed:
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		case err != nil || size < u.Offset:
			// Either a disk that forgot, or a kill between placing a file in the drive and recording it. In neither case can
			// this say that all bytes are safe: the sender has to start again.
			s.log.Warn("an upload has lost its bytes", "upload", u.ID, "use", u.Use)
			if err := deleteUpload(ctx, s.db, u.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// warnOfMissing says which links have lost an object. Their rows stay: whoever restores the folder gets the links back.
func (s *Store) warnOfMissing(ctx context.Context) error {
	var failed error
	err := findLinkObjects(ctx, s.db, func(link ID, manifest, content objectName) {
		for _, name := range []objectName{manifest, content} {
			if _, err := s.sealed.size(ctx, name); errors.Is(err, fs.ErrNotExist) {
				s.log.Error("a link's object is not on the disk", "link", link, "object", name.String())
			} else if err != nil {
				failed = err
			}
		}
	})
	return errors.Join(err, failed)
}
