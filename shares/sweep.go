package shares

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

const sweepInterval = time.Hour

func (s *Store) sweepHourly(ctx context.Context) {
	ticks := time.NewTicker(sweepInterval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("sweeping uploads and links", "error", err)
			}
		}
	}
}

// Sweep removes what has had its time: uploads 7 days after their last byte, links 7 days after they expired (their ids
// stay), and tickets after 7 days. It runs by itself when the store opens and every hour.
func (s *Store) Sweep(ctx context.Context) error {
	now := s.now()
	if _, err := s.db.ExecContext(ctx, `DELETE FROM tickets WHERE expires <= ?`, now.Unix()); err != nil {
		return fmt.Errorf("deleting tickets: %w", err)
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

func (s *Store) sweepLinks(ctx context.Context, now time.Time) error {
	var ids []ID
	var left []objectName
	err := s.transact(ctx, func(tx *sql.Tx) (err error) {
		ids, left, err = deleteExpiredLinks(ctx, tx, now.Add(-keepExpired))
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		s.downloads.cut(id, &GoneError{Reason: StateExpired})
		s.log.Info("swept an expired link", "link", id)
	}
	for _, name := range left {
		s.discard(ForLink, name)
	}
	return nil
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

// settle makes the disk and the database agree, when nothing else runs: it removes objects that no row names, and
// uploads whose objects lost bytes that were acknowledged; then it sweeps.
func (s *Store) settle(ctx context.Context) error {
	named := map[objectName]bool{}
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
		default:
			named[u.object] = true
		}
	}
	err = findLinkObjects(ctx, s.db, func(_ ID, manifest, content objectName) {
		named[manifest], named[content] = true, true
	})
	if err != nil {
		return err
	}
	for _, use := range []Use{ForLink, ForDrive} {
		for name, err := range s.objectsOf(use).all(ctx) {
			if err != nil {
				return err
			}
			if !named[name] {
				s.discard(use, name)
			}
		}
	}
	if err := s.warnOfMissing(ctx); err != nil {
		return err
	}
	return s.Sweep(ctx)
}

// warnOfMissing says which links have lost an object. Their rows stay: whoever restores the folder gets the links back.
func (s *Store) warnOfMissing(ctx context.Context) error {
	var failed error
	err := findLinkObjects(ctx, s.db, func(link ID, manifest, content objectName) {
		for _, name := range []objectName{manifest, content} {
			if _, err := s.sealed.size(ctx, name); errors.Is(err, fs.ErrNotExist) {
				s.log.Error("a link's object is not on the disk", "link", link, "object", name)
			} else if err != nil {
				failed = err
			}
		}
	})
	return errors.Join(err, failed)
}
