package shares

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"
)

// Patch is the bytes of one request for an upload.
type Patch struct {
	Offset    int64     // where the sender believes the upload stands
	Length    int64     // the upload's length, where it is told now; -1: it is not
	Size      int64     // how many bytes Body has; -1: unknown
	Body      io.Reader // ends with io.EOF only if it ended whole
	Interrupt func()    // makes a Read of Body that waits return an error, and all later ones; may come from any goroutine
}

const (
	bufferSize = 512 << 10
	// After so many bytes of a long request, or so long on a slow line, they are synced and acknowledged, so that a crash costs no more.
	checkpoint      = 32 << 20
	checkpointAfter = 10 * time.Second
)

var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}

// Append takes the bytes of one request, and returns how the upload stands after it. If the body breaks off, what came
// counts up to the last whole unit (262,172 bytes for a link, 1 for the drive; the last chunk of an upload whose length is
// known is whole at its end), and the error is ErrInterrupted. The last byte of an upload into the drive places it; if
// that is refused, all bytes stay, and the last byte once more, or an empty request at the end, tries again.
//
// It returns ErrNotFound, ErrUploadBusy, ErrWrongOffset, ErrBadLength, ErrTooLong, ErrInterrupted, ErrNoSpace, or what
// Config.Place returns. Of a body for which there is no space, no more than was acknowledged on the way is kept; when there is, the upload
// goes on from there. All of a body that turns out too long is refused, down to the last acknowledged byte.
func (s *Store) Append(ctx context.Context, owner Owner, id ID, p Patch) (*Upload, error) {
	if _, err := findUpload(ctx, s.db, owner.ID, id, s.now()); err != nil {
		return nil, err
	}
	turn, err := s.turns.take(ctx, id, p.Interrupt, s.turns.stale)
	if err != nil {
		return nil, err
	}
	defer turn.end()
	u, err := findUpload(ctx, s.db, owner.ID, id, s.now())
	if err != nil {
		return nil, err
	}
	// What has been read is kept also if the client is gone by now.
	ctx = context.WithoutCancel(ctx)
	if u.waits() && p.Offset == u.Offset-1 {
		if err := setUploadOffset(ctx, s.db, id, p.Offset, u.Expires); err != nil {
			return nil, err
		}
		u.Offset = p.Offset
	}
	if p.Offset != u.Offset {
		return nil, ErrWrongOffset
	}
	if err := s.learnLength(ctx, u, p.Length); err != nil {
		return nil, err
	}
	if p.Size > u.room() {
		return nil, ErrTooLong
	}
	claim := s.claimFor(owner, u.Use)
	defer claim.end()
	if err := claim.expect(ctx, p.Size); err != nil {
		return nil, err
	}
	if err := s.receive(ctx, u, p.Body, turn, claim); err != nil {
		return nil, err
	}
	if u.Use == ForDrive && u.complete() && !u.placed {
		if err := s.putInPlace(ctx, u, claim); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// room is how many bytes the upload can still take.
func (u *Upload) room() int64 {
	if u.Length == -1 {
		return MaxUpload - u.Offset
	}
	return u.Length - u.Offset
}

// learnLength sets the length of an upload; -1 says nothing. It can be said again, but not changed.
func (s *Store) learnLength(ctx context.Context, u *Upload, length int64) error {
	if length == -1 || length == u.Length {
		return nil
	}
	if u.Length != -1 {
		return ErrBadLength
	}
	if err := u.checkLength(length); err != nil {
		return err
	}
	if err := setUploadLength(ctx, s.db, u.ID, length); err != nil {
		return err
	}
	u.Length = length
	return nil
}

// receive appends body to the upload and acknowledges what is to be kept of it.
func (s *Store) receive(ctx context.Context, u *Upload, body io.Reader, turn *turn, claim *claim) error {
	if u.room() == 0 {
		return expectEnd(body)
	}
	object, err := s.objectsOf(u.Use).append(ctx, u.object, u.Offset)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errObjectTruncated) {
		return s.giveUp(ctx, u, err)
	} else if err != nil {
		return err
	}
	end, err := s.copyBody(ctx, u, object, body, turn, claim)
	if err == nil || errors.Is(err, ErrInterrupted) {
		if failed := s.acknowledge(ctx, u, object, end, claim); failed != nil {
			err = failed
		}
	}
	if failed := object.Close(); failed != nil && err == nil {
		err = fmt.Errorf("closing an upload: %w", failed)
	}
	if u.Offset < end {
		// A broken chunk, or what was refused. The next request would cut it off too.
		if object, failed := s.objectsOf(u.Use).append(ctx, u.object, u.Offset); failed != nil {
			s.log.WarnContext(ctx, "cutting off the rest of an upload", "upload", u.ID, "error", failed)
		} else {
			object.Close() // wrote nothing
		}
	}
	return err
}

// copyBody writes body to the end of the object, and returns where that is now. It acknowledges on the way what is far
// enough, but not the rest.
func (s *Store) copyBody(ctx context.Context, u *Upload, object appender, body io.Reader, turn *turn, claim *claim) (end int64, err error) {
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	end, limit := u.Offset, u.Offset+u.room()
	acknowledged := s.now()
	for {
		n, err := body.Read(buffer[:])
		if n > 0 {
			turn.progress()
			if int64(n) > limit-end {
				return end, ErrTooLong
			}
			if err := claim.take(ctx, int64(n)); err != nil {
				return end, err
			}
			written, err := object.Write(buffer[:n])
			end += int64(written)
			if err != nil {
				return end, fmt.Errorf("writing an upload: %w", err)
			}
			if end-u.Offset >= checkpoint || s.now().Sub(acknowledged) >= checkpointAfter {
				acknowledged = s.now()
				if err := s.acknowledge(ctx, u, object, end, claim); err != nil {
					return end, err
				}
			}
		}
		if err == io.EOF {
			return end, nil
		} else if err != nil {
			return end, fmt.Errorf("%w: %w", ErrInterrupted, err)
		}
	}
}

// acknowledge makes the object outlast a power cut, and then records how much of its first end bytes counts.
func (s *Store) acknowledge(ctx context.Context, u *Upload, object appender, end int64, claim *claim) error {
	if err := object.Sync(); err != nil {
		return fmt.Errorf("syncing an upload: %w", err)
	}
	offset := end
	if u.Use == ForLink && end != u.Length {
		offset = wholeChunks(end)
	}
	expires := s.now().Add(uploadLife).Truncate(time.Second)
	err := claim.record(offset-u.Offset, func() error { return setUploadOffset(ctx, s.db, u.ID, offset, expires) })
	if err != nil {
		return err
	}
	u.Offset, u.Expires = offset, expires
	return nil
}

// expectEnd reads a body that must be empty, since the upload is complete.
func expectEnd(body io.Reader) error {
	switch n, err := io.ReadFull(body, make([]byte, 1)); {
	case n > 0:
		return ErrTooLong
	case err == io.EOF:
		return nil
	default:
		return fmt.Errorf("%w: %w", ErrInterrupted, err)
	}
}

// giveUp forgets an upload whose bytes are not on the disk any more: its sender has to start again.
func (s *Store) giveUp(ctx context.Context, u *Upload, cause error) error {
	s.log.ErrorContext(ctx, "an upload lost its bytes", "upload", u.ID, "error", cause)
	if err := deleteUpload(ctx, s.db, u.ID); err != nil {
		return err
	}
	s.discard(u.Use, u.object)
	return fmt.Errorf("%w: %w", ErrNotFound, cause)
}
