package shares

import (
	"context"
	"database/sql"
	"io"
	"time"
)

// Renew makes a new link of the content of one of the owner's, which is removed in the same step: its id, its tickets and its manifest are gone, its downloads
// are cut off. version is the old link's, as the owner read it; the new one's Upload is not looked at.
//
// It returns ErrNotFound, ErrLinkChanged, ErrLinkStopped, and what Publish returns about the new link's values and its manifest; nothing has changed then.
func (s *Store) Renew(ctx context.Context, owner Owner, id ID, version int64, l NewLink, manifest io.Reader) (*Link, error) {
	now := s.now()
	if err := l.check(now); err != nil {
		return nil, err
	}
	before, err := checkRenewable(ctx, s.db, owner.ID, id, version, &l, now)
	if err != nil {
		return nil, err
	}
	claim := s.claim(owner)
	defer claim.end()
	name, size, err := s.storeManifest(ctx, manifest, claim)
	if err != nil {
		return nil, err
	}
	link := &Link{
		ID: l.ID, Note: l.Note, Version: 1, Created: now.Truncate(time.Second), Expires: l.Expires, MaxVisits: l.MaxVisits, Size: before.Size,
		ManifestSize: size, State: StateOpen,
	}
	// The old manifest stays on the disk for a moment: it is still the claim's.
	err = claim.record(size-before.ManifestSize, func() error {
		return s.transact(ctx, func(tx *sql.Tx) error {
			if _, err := checkRenewable(ctx, tx, owner.ID, id, version, &l, now); err != nil {
				return err
			}
			if _, err := deleteLink(ctx, tx, owner.ID, id); err != nil {
				return err
			}
			if n, err := countLinks(ctx, tx, owner.ID, now); err != nil {
				return err
			} else if n >= maxLinks {
				return ErrTooManyLinks // the old one had expired, and did not count
			}
			return insertLink(ctx, tx, owner.ID, link, l.TokenHash, name, before.content)
		})
	})
	if err != nil {
		s.discard(ForLink, name)
		return nil, err
	}
	s.downloads.cut(id, &GoneError{Reason: StateRemoved})
	s.discard(ForLink, before.manifest)
	return link, nil
}

// checkRenewable returns the link that is to be replaced.
func checkRenewable(ctx context.Context, q querier, owner [16]byte, id ID, version int64, l *NewLink, now time.Time) (*ownLink, error) {
	if taken, err := isLinkID(ctx, q, l.ID); err != nil {
		return nil, err
	} else if taken {
		return nil, ErrIDTaken
	}
	before, err := findOwnLink(ctx, q, owner, id, now)
	switch {
	case err != nil:
		return nil, err
	case before.stopped.Valid:
		return nil, ErrLinkStopped
	case before.Version != version:
		return nil, ErrLinkChanged
	}
	return before, nil
}
