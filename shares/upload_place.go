package shares

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"
)

// Placement is a finished upload on its way into its owner's drive. Whoever places it renames From's File, which is
// complete and synced, to Path in one step, as a PUT with these conditions would; or returns an error and leaves the file where it is.
// Its bytes do not count as [Store.Taken] meanwhile.
// The errors it may return, as they are or wrapped, are ErrPrecondition, ErrNoParent, ErrBadPath, ErrLocked and ErrNoSpace; any other is a fault
// of the server.
type Placement struct {
	Owner       Owner
	Path        string // below the drive, see [DriveFile]
	IfMatch     string
	IfNoneMatch string
	Modified    time.Time // zero: now
	From        *os.Root
	File        string
}

// putInPlace brings a complete upload into the drive. Its row stays for a day, so that a client whose answer was lost
// learns that nothing is missing.
func (s *Store) putInPlace(ctx context.Context, u *Upload, claim *claim) error {
	if _, err := s.incoming.size(ctx, u.object); errors.Is(err, fs.ErrNotExist) {
		return s.giveUp(ctx, u, err)
	} else if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	claim.move(-u.Length) // the drive counts it from here on; if it is refused, the claim's end takes that back
	err := s.place(ctx, Placement{
		Owner: claim.owner, Path: u.Path, IfMatch: u.IfMatch, IfNoneMatch: u.IfNoneMatch, Modified: u.Modified,
		From: s.incoming.root, File: s.incoming.path(u.object),
	})
	if err != nil {
		return err
	}
	expires := s.now().Add(placedLife).Truncate(time.Second)
	if err := claim.record(-u.Length, func() error { return setUploadPlaced(ctx, s.db, u.ID, expires) }); err != nil {
		return err
	}
	u.placed, u.Expires = true, expires
	return nil
}
