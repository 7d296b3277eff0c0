package shares

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	maxNote   = 16 << 10 // bytes
	maxVisits = 1_000_000
	maxLinks  = 10_000 // of an account, without those that have expired or that the operator removed
	// How long a link that has expired keeps its content: tickets given just before hold so long.
	keepExpired = ticketLife
)

// State is what a link is to those who open it.
type State string

const (
	StateOpen    State = "open"
	StateExpired State = "expired"
	StateUsedUp  State = "used_up" // as many visits were counted as are allowed
	StatePaused  State = "paused"  // by its owner, or by the operator
	StateRemoved State = "removed" // by its owner, or by the operator
)

// Link is a published link as its owner sees it.
type Link struct {
	ID           ID
	Note         []byte // a box that only the owner's browsers can open
	Version      int64  // counts the changes of manifest and note, from 1 on
	Created      time.Time
	Expires      time.Time // zero: never
	MaxVisits    int64     // 0: no limit
	Visits       int64
	LastOpened   time.Time // when its manifest or a new ticket was last handed out, to the minute; zero: never
	Size         int64     // bytes of the sealed content
	ManifestSize int64     // bytes of the sealed manifest
	State        State
	Message      string // the operator's plain text about it, at most 500 characters; often empty
}

// NewLink is what a sender publishes, besides the manifest.
type NewLink struct {
	ID        ID
	TokenHash [32]byte  // SHA-256 of the access token
	Upload    ID        // becomes the content
	Note      []byte    // at most 16 KiB
	Expires   time.Time // in the future; zero: never
	MaxVisits int64     // 1 to 1,000,000; 0: no limit
}

// Publish makes a link of a finished sealed upload of the owner's and a sealed manifest, which is read to its end. The
// upload is used up. Once it has returned, all of the link outlasts a power cut.
//
// It returns ErrBadLink, ErrIDTaken (also for an id whose link is long gone), ErrNoUpload, ErrUploadUnfinished,
// ErrTooManyLinks, ErrBadManifest, ErrTooLong, ErrInterrupted (the manifest could not be read to its end) or ErrNoSpace; nothing has changed then.
func (s *Store) Publish(ctx context.Context, owner Owner, l NewLink, manifest io.Reader) (*Link, error) {
	now := s.now()
	if err := l.check(now); err != nil {
		return nil, err
	}
	// Refuse before taking up to 64 MiB. The transaction below looks again.
	if _, err := checkPublishable(ctx, s.db, owner.ID, &l, now); err != nil {
		return nil, err
	}
	claim := s.claim(owner)
	defer claim.end()
	name, size, err := s.storeManifest(ctx, manifest, claim)
	if err != nil {
		return nil, err
	}
	link := &Link{
		ID: l.ID, Note: l.Note, Version: 1, Created: now.Truncate(time.Second), Expires: l.Expires, MaxVisits: l.MaxVisits,
		ManifestSize: size, State: StateOpen,
	}
	err = claim.record(size, func() error { return s.publish(ctx, owner.ID, &l, link, name, now) })
	if err != nil {
		s.discard(ForLink, name)
		return nil, err
	}
	return link, nil
}

// publish makes the upload a link, whose manifest is there.
func (s *Store) publish(ctx context.Context, owner [16]byte, l *NewLink, link *Link, manifest objectName, now time.Time) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		content, err := checkPublishable(ctx, tx, owner, l, now)
		if err != nil {
			return err
		}
		link.Size = content.Length
		if err := insertLink(ctx, tx, owner, link, l.TokenHash, manifest, content.object); err != nil {
			return err
		}
		return deleteUpload(ctx, tx, content.ID)
	})
}

// Links returns the owner's links, newest first.
func (s *Store) Links(ctx context.Context, owner [16]byte) ([]*Link, error) {
	return findLinks(ctx, s.db, owner, s.now())
}

// DeleteLink removes a link of the owner's. When it returns, the manifest and the content are gone from the disk, and
// downloads that were under way have been cut off; the id stays on record. It returns ErrNotFound.
func (s *Store) DeleteLink(ctx context.Context, owner [16]byte, id ID) error {
	var left []objectName
	err := s.transact(ctx, func(tx *sql.Tx) (err error) {
		left, err = deleteLink(ctx, tx, owner, id)
		return err
	})
	if err != nil {
		return err
	}
	s.downloads.cut(id, &GoneError{Reason: StateRemoved})
	return deleteObjects(ctx, s.sealed, left)
}

func (l *NewLink) check(now time.Time) error {
	switch {
	case len(l.Note) > maxNote,
		l.MaxVisits < 0 || l.MaxVisits > maxVisits,
		!l.Expires.IsZero() && (!l.Expires.After(now) || l.Expires.Year() > 9999):
		return ErrBadLink
	}
	l.Expires = l.Expires.Truncate(time.Second)
	return nil
}

// checkPublishable returns the upload that becomes the link's content.
func checkPublishable(ctx context.Context, q querier, owner [16]byte, l *NewLink, now time.Time) (*Upload, error) {
	if taken, err := isLinkID(ctx, q, l.ID); err != nil {
		return nil, err
	} else if taken {
		return nil, ErrIDTaken
	}
	u, err := findUpload(ctx, q, owner, l.Upload, now)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, ErrNoUpload
	case err != nil:
		return nil, err
	case u.Use != ForLink:
		return nil, ErrNoUpload
	case !u.complete():
		return nil, ErrUploadUnfinished
	}
	if n, err := countLinks(ctx, q, owner, now); err != nil {
		return nil, err
	} else if n >= maxLinks {
		return nil, ErrTooManyLinks
	}
	return u, nil
}

// storeManifest makes an object of a sealed manifest, synced, and returns its length.
func (s *Store) storeManifest(ctx context.Context, manifest io.Reader, claim *claim) (objectName, int64, error) {
	name := newObjectName()
	claim.makes(name)
	if err := s.sealed.create(ctx, name); err != nil {
		return name, 0, err
	}
	size, err := s.writeManifest(ctx, name, manifest, claim)
	if err != nil {
		s.discard(ForLink, name)
	}
	return name, size, err
}

func (s *Store) writeManifest(ctx context.Context, name objectName, manifest io.Reader, claim *claim) (int64, error) {
	object, err := s.sealed.append(ctx, name, 0)
	if err != nil {
		return 0, err
	}
	// Closed twice where all goes well, which does no harm.
	defer object.Close()
	source := &readFailure{Reader: io.LimitReader(manifest, MaxManifest+1)}
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	size, err := io.CopyBuffer(claim.writer(ctx, object), source, buffer[:])
	switch {
	case source.err != nil:
		return 0, fmt.Errorf("%w: %w", ErrInterrupted, source.err)
	case err != nil:
		return 0, fmt.Errorf("writing a manifest: %w", err)
	case size > MaxManifest:
		return 0, ErrTooLong
	case !isManifestLength(size):
		return 0, ErrBadManifest
	}
	if err := object.Sync(); err != nil {
		return 0, fmt.Errorf("syncing a manifest: %w", err)
	}
	if err := object.Close(); err != nil {
		return 0, fmt.Errorf("closing a manifest: %w", err)
	}
	return size, nil
}

// readFailure tells an error of the reader from one of the writer it is copied to.
type readFailure struct {
	io.Reader
	err error
}

func (r *readFailure) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}
