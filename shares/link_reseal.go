package shares

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// Resealed is what an owner puts in place of a link's manifest, besides the manifest: the content stays.
type Resealed struct {
	Version   int64    // of the link, as the owner read it
	TokenHash [32]byte // SHA-256 of the access token; another one where the password is another
	Note      []byte   // at most 16 KiB
}

// OwnManifest opens the sealed manifest of a link of the owner's, in every state but StateRemoved, and counts nothing. It returns ErrNotFound or GoneError. Close
// the download.
func (s *Store) OwnManifest(ctx context.Context, owner [16]byte, id ID) (*Download, error) {
	d := s.downloads.begin(ctx, id)
	err := s.openManifest(d, func() (objectName, int64, error) {
		l, err := findOwnLink(ctx, s.db, owner, id, s.now())
		if err != nil {
			return objectName{}, 0, err
		} else if l.State == StateRemoved {
			return objectName{}, 0, &GoneError{StateRemoved, l.Message}
		}
		return l.manifest, l.ManifestSize, nil
	})
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// openManifest opens the manifest that find names. Its owner may put another in its place just then: find is asked again.
func (s *Store) openManifest(d *Download, find func() (objectName, int64, error)) error {
	for last := (objectName{}); ; {
		name, size, err := find()
		if err != nil {
			return err
		}
		if err = s.openObject(d, name, size); !errors.Is(err, fs.ErrNotExist) || name == last {
			return err
		}
		last = name
	}
}

// Reseal puts another manifest, which is read to its end, and another note in place of a link's, and counts its version up. Another token ends the tickets and cuts off the
// downloads that are under way. The same note once more, as where an answer was lost, changes nothing and is no error.
//
// It returns ErrNotFound, ErrLinkChanged (the version is another one), ErrLinkStopped, ErrBadLink, ErrBadManifest, ErrTooLong, ErrInterrupted or ErrNoSpace; nothing has changed then.
func (s *Store) Reseal(ctx context.Context, owner Owner, id ID, r Resealed, manifest io.Reader) (*Link, error) {
	if len(r.Note) > maxNote {
		return nil, ErrBadLink
	}
	now := s.now()
	before, done, err := checkResealable(ctx, s.db, owner.ID, id, &r, now)
	if err != nil {
		return nil, err
	}
	if done {
		_, err := io.Copy(io.Discard, io.LimitReader(manifest, MaxManifest)) // so that the sender comes to read the answer
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInterrupted, err)
		}
		return &before.Link, nil
	}
	claim := s.claim(owner)
	defer claim.end()
	name, size, err := s.storeManifest(ctx, manifest, claim)
	if err != nil {
		return nil, err
	}
	var after *ownLink
	// The old one stays on the disk for a moment: it is still the claim's.
	err = claim.record(size-before.ManifestSize, func() error {
		return s.transact(ctx, func(tx *sql.Tx) (err error) {
			if after, done, err = checkResealable(ctx, tx, owner.ID, id, &r, now); err != nil {
				return err
			} else if done {
				return ErrLinkChanged // the same request, twice at once
			}
			after.manifest, after.ManifestSize, after.tokenHash, after.Note, after.Version = name, size, r.TokenHash, r.note(), r.Version+1
			return updateManifest(ctx, tx, after)
		})
	})
	if err != nil {
		s.discard(ForLink, name)
		return nil, err
	}
	if before.tokenHash != r.TokenHash {
		s.downloads.cut(id, ErrWrongToken)
	}
	s.discard(ForLink, before.manifest)
	return &after.Link, nil
}

func (r *Resealed) note() []byte {
	if r.Note == nil {
		return []byte{} // NULL to the driver otherwise
	}
	return r.Note
}

// checkResealable returns the link as it is; done says that this very change was made before.
func checkResealable(ctx context.Context, q querier, owner [16]byte, id ID, r *Resealed, now time.Time) (l *ownLink, done bool, err error) {
	l, err = findOwnLink(ctx, q, owner, id, now)
	switch {
	case err != nil:
		return nil, false, err
	case l.stopped.Valid:
		return nil, false, ErrLinkStopped
	case l.Version == r.Version+1 && l.tokenHash == r.TokenHash && bytes.Equal(l.Note, r.Note):
		return l, true, nil
	case l.Version != r.Version:
		return nil, false, ErrLinkChanged
	}
	return l, false, nil
}
