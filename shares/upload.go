package shares

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// Use is what becomes of an upload.
type Use string

const (
	ForLink  Use = "sealed" // the content of a link; kept and acknowledged in whole sealed chunks of 262,172 bytes
	ForDrive Use = "drive"  // a file in the owner's drive
)

const (
	uploadLife = 7 * 24 * time.Hour // from its last byte
	placedLife = 24 * time.Hour     // how long a finished drive upload can still be asked for
	maxUploads = 100                // unfinished ones of an account
	maxPath    = 4096               // bytes
	// The longest Upload-Metadata: a path and two conditions in base64, and their names.
	maxMetadata = 16 << 10
)

// Upload is one resumable upload.
type Upload struct {
	ID      ID
	Use     Use
	Length  int64 // -1 until it is told
	Offset  int64 // bytes acknowledged: on the disk, and not asked for again; see [Store.FindUpload]
	Created time.Time
	Expires time.Time
	// How many bytes are kept of what its sender needs to go on with it at a later visit; 0: nothing. See [Store.SetUploadState].
	StateSize int64
	DriveFile

	object objectName
	placed bool
}

// DriveFile says where an upload into the drive goes. It is empty for other uploads.
type DriveFile struct {
	Path        string // below the drive, "/" between its parts, not at its ends
	IfMatch     string // as the headers of a PUT; empty: none
	IfNoneMatch string
	Modified    time.Time // zero: when it is placed
	Metadata    string    // the Upload-Metadata header all this came from, at most 16 KiB, to be given back
}

// complete says whether the last byte has been acknowledged.
func (u *Upload) complete() bool { return u.Offset == u.Length }

// CreateUpload makes an empty upload for owner; length is -1 if it will be told later. An upload into the drive of length
// 0 is placed at once, and does not stay if that is refused.
//
// It returns ErrBadLength, ErrTooLong, ErrBadMetadata, ErrTooManyUploads, ErrNoSpace, or what Config.Place returns.
func (s *Store) CreateUpload(ctx context.Context, owner Owner, use Use, length int64, file DriveFile) (*Upload, error) {
	now := s.now()
	u := &Upload{
		ID: newID(), Use: use, Length: length, DriveFile: file, object: newObjectName(),
		Created: now.Truncate(time.Second), Expires: now.Add(uploadLife).Truncate(time.Second),
	}
	if err := u.checkFile(); err != nil {
		return nil, err
	}
	if length != -1 {
		if err := u.checkLength(length); err != nil {
			return nil, err
		}
	}
	claim := s.claimFor(owner, use)
	defer claim.end()
	if err := claim.expect(ctx, length); err != nil {
		return nil, err
	}
	// The object is there before its row; without one, the next sweep removes it.
	claim.makes(u.object)
	if err := s.objectsOf(use).create(ctx, u.object); err != nil {
		return nil, err
	}
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if n, err := countUploads(ctx, tx, owner.ID, now); err != nil {
			return err
		} else if n >= maxUploads {
			return ErrTooManyUploads
		}
		return insertUpload(ctx, tx, owner.ID, u)
	})
	if err != nil {
		s.discard(use, u.object)
		return nil, err
	}
	if u.Use == ForDrive && u.complete() {
		if err := s.putInPlace(ctx, u, claim); err != nil {
			return nil, errors.Join(err, s.DeleteUpload(context.WithoutCancel(ctx), owner.ID, u.ID))
		}
	}
	return u, nil
}

// waits says whether the upload has all its bytes, but is not in the drive, because that was refused or something broke.
func (u *Upload) waits() bool { return u.Use == ForDrive && u.complete() && !u.placed && u.Length > 0 }

// asTold is the upload as its sender is told of it: of one that waits to be placed the last byte is asked for once more.
// A client takes an upload without missing bytes for done, and would never know that there is no file.
func (u *Upload) asTold() *Upload {
	if u.waits() {
		u.Offset--
	}
	return u
}

// FindUpload returns an upload of the owner's, or ErrNotFound. If a request that writes to it has made no progress for
// some seconds, its connection is taken for dead: it is ended first, and what it brought counts.
//
// An upload into the drive stands at its end only when it is placed; until then its last byte counts as missing.
func (s *Store) FindUpload(ctx context.Context, owner [16]byte, id ID) (*Upload, error) {
	if _, err := findUpload(ctx, s.db, owner, id, s.now()); err != nil {
		return nil, err
	}
	s.turns.endStale(ctx, id)
	u, err := findUpload(ctx, s.db, owner, id, s.now())
	if err != nil {
		return nil, err
	}
	return u.asTold(), nil
}

// Uploads returns the owner's unfinished uploads, oldest first. One that waits to be published, or whose last step was
// refused, is among them.
func (s *Store) Uploads(ctx context.Context, owner [16]byte) ([]*Upload, error) {
	uploads, err := findUploads(ctx, s.db, owner, s.now())
	for _, u := range uploads {
		u.asTold()
	}
	return uploads, err
}

// DeleteUpload ends an upload of the owner's, and removes its bytes; a file that was placed in the drive stays. It
// returns ErrNotFound, or ErrUploadBusy if a request that writes to it does not end.
func (s *Store) DeleteUpload(ctx context.Context, owner [16]byte, id ID) error {
	if _, err := findUpload(ctx, s.db, owner, id, s.now()); err != nil {
		return err
	}
	turn, err := s.turns.take(ctx, id, nil, always)
	if err != nil {
		return err
	}
	defer turn.end()
	var u *Upload
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if u, err = findUpload(ctx, tx, owner, id, s.now()); err != nil {
			return err
		}
		return deleteUpload(ctx, tx, id)
	})
	if err != nil {
		return err
	}
	return s.objectsOf(u.Use).delete(ctx, u.object)
}

func (s *Store) objectsOf(use Use) objects {
	if use == ForDrive {
		return s.incoming
	}
	return s.sealed
}

// discard removes an object that no row names. If that fails, the next start does it.
func (s *Store) discard(use Use, name objectName) {
	if err := s.objectsOf(use).delete(context.Background(), name); err != nil {
		s.log.Error("deleting an object", "use", use, "object", name, "error", err)
	}
}

// checkLength says whether the upload can have n bytes: ErrBadLength or ErrTooLong if not.
func (u *Upload) checkLength(n int64) error {
	switch {
	case n > MaxUpload:
		return ErrTooLong
	case n < u.Offset, u.Use == ForLink && !isSealedLength(n):
		return ErrBadLength
	}
	return nil
}

// checkFile refuses early what Config.Place would refuse in the end, where no drive could have such a path; and any word
// at all about a sealed upload.
func (u *Upload) checkFile() error {
	if u.Use == ForLink {
		if u.DriveFile != (DriveFile{}) {
			return ErrBadMetadata
		}
		return nil
	}
	if len(u.Metadata) > maxMetadata || !u.Modified.IsZero() && (u.Modified.Year() < 1 || u.Modified.Year() > 9999) {
		return ErrBadMetadata
	}
	if len(u.Path) > maxPath || !utf8.ValidString(u.Path) || strings.ContainsRune(u.Path, 0) {
		return ErrBadPath
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		if part == "" || part == "." || part == ".." {
			return ErrBadPath
		}
	}
	return nil
}
