package shares

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestAnUploadArrivesWholeInPieces(t *testing.T) {
	r := newRig(t)
	content := noise(3*sealedChunk + 100)
	u := r.upload(ForLink, int64(len(content)))
	for at := 0; at < len(content); {
		end := min(at+2*sealedChunk, len(content))
		got, err := r.Append(t.Context(), r.ann, u.ID, patch(int64(at), content[at:end]))
		if err != nil || got.Offset != int64(end) {
			t.Fatalf("after %d bytes: %+v, %v", end, got, err)
		}
		at = end
	}
	if !bytes.Equal(r.object(ForLink, u.object), content) {
		t.Error("other bytes lie on the disk")
	}
}

func TestABrokenUploadKeepsWholeUnits(t *testing.T) {
	const chunk = sealedChunk
	for _, c := range []struct {
		name   string
		use    Use
		length int64
		sent   int
		want   int64
		breaks bool
	}{
		{"inside the first chunk", ForLink, 3 * chunk, chunk - 1, 0, true},
		{"at a chunk's end", ForLink, 3 * chunk, chunk, chunk, true},
		{"inside a chunk", ForLink, 3 * chunk, 2*chunk + 5, 2 * chunk, true},
		{"inside the last chunk", ForLink, 2*chunk + 100, 2*chunk + 99, 2 * chunk, true},
		{"at the very end", ForLink, 2*chunk + 100, 2*chunk + 100, 2*chunk + 100, true},
		{"length unknown", ForLink, -1, 2*chunk + 100, 2 * chunk, true},
		{"length unknown, body whole", ForLink, -1, 2*chunk + 100, 2 * chunk, false},
		{"body whole inside a chunk", ForLink, 3 * chunk, chunk + 7, chunk, false},
		{"into the drive", ForDrive, 3 * chunk, chunk + 7, chunk + 7, true},
		{"into the drive, length unknown", ForDrive, -1, 7, 7, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			content := noise(c.sent)
			u := r.upload(c.use, c.length)
			p := patch(0, content)
			if c.breaks {
				p = broken(0, content)
			}
			if _, err := r.Append(t.Context(), r.ann, u.ID, p); errors.Is(err, ErrInterrupted) != c.breaks {
				t.Fatal(err)
			}
			if got := r.offset(u); got != c.want {
				t.Errorf("offset %d, want %d", got, c.want)
			}
			if got := r.object(c.use, u.object); !bytes.Equal(got, content[:c.want]) {
				t.Errorf("%d bytes on the disk, or others; want the first %d", len(got), c.want)
			}
			r.reopen()
			if got := r.offset(u); got != c.want {
				t.Errorf("offset %d after a restart, want %d", got, c.want)
			}
		})
	}
}

func TestALongRequestIsAcknowledgedOnTheWay(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForLink, -1)
	reader, writer := io.Pipe()
	done := make(chan error)
	go func() {
		_, err := r.Append(t.Context(), r.ann, u.ID, Patch{Length: -1, Size: -1, Body: reader})
		done <- err
	}()
	block := noise(1 << 20)
	for range checkpoint>>20 + 2 {
		if _, err := writer.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	// A kill now: another store finds what was acknowledged, and cuts off the rest.
	found, err := findUpload(t.Context(), r.db, r.ann.ID, u.ID, r.clock.Now())
	if err != nil || found.Offset < wholeChunks(checkpoint) || found.Offset%sealedChunk != 0 {
		t.Errorf("during the request: offset %d, %v", found.Offset, err)
	}
	if size := len(r.object(ForLink, u.object)); int64(size) <= found.Offset {
		t.Errorf("%d bytes on the disk: the test does not show that a rest is cut off", size)
	}
	other := *r
	other.Store = nil
	other.reopen()
	defer other.Close()
	if _, err := other.Append(t.Context(), r.ann, u.ID, patch(found.Offset, []byte("x"))); err != nil {
		t.Fatal(err)
	}
	if size := len(r.object(ForLink, u.object)); int64(size) != found.Offset {
		t.Errorf("%d bytes on the disk after the next request, want %d", size, found.Offset)
	}
	writer.Close()
	<-done
}

// A client that goes away ends its request's context too.
func TestWhatArrivedCountsThoughNobodyWaits(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForDrive, 100)
	ctx, cancel := context.WithCancel(t.Context())
	leaving := readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, ctx.Err()
	})
	_, err := r.Append(ctx, r.ann, u.ID, Patch{Length: -1, Size: -1, Body: io.MultiReader(bytes.NewReader(noise(60)), leaving)})
	if !errors.Is(err, ErrInterrupted) {
		t.Error(err)
	}
	if got := r.offset(u); got != 60 {
		t.Errorf("offset %d", got)
	}
	ctx, leave := context.WithCancel(t.Context())
	last := io.MultiReader(bytes.NewReader(noise(40)), readerFunc(func([]byte) (int, error) {
		leave()
		return 0, io.EOF
	}))
	if _, err := r.Append(ctx, r.ann, u.ID, Patch{Offset: 60, Length: -1, Size: -1, Body: last}); err != nil || len(r.placed) != 1 {
		t.Errorf("the last byte: %v, placed %v", err, r.placed)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestABodyBeyondTheLengthIsRefused(t *testing.T) {
	r := newRig(t)
	for _, size := range []int64{-1, 200} { // chunked; with its length
		u := r.upload(ForDrive, 100)
		p := Patch{Length: -1, Size: size, Body: bytes.NewReader(noise(200))}
		if _, err := r.Append(t.Context(), r.ann, u.ID, p); !errors.Is(err, ErrTooLong) {
			t.Errorf("Size %d: %v", size, err)
		}
		if got := r.offset(u); got != 0 {
			t.Errorf("Size %d: offset %d", size, got)
		}
	}
	u := r.upload(ForLink, 100)
	unread := Patch{Length: -1, Size: 101, Body: iotest.ErrReader(errors.New("read, though it is refused already"))}
	if _, err := r.Append(t.Context(), r.ann, u.ID, unread); !errors.Is(err, ErrTooLong) {
		t.Errorf("a length that says so: %v", err)
	}
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(100))); err != nil {
		t.Fatal(err)
	}
	p := Patch{Offset: 100, Length: -1, Size: -1, Body: bytes.NewReader([]byte("x"))}
	if _, err := r.Append(t.Context(), r.ann, u.ID, p); !errors.Is(err, ErrTooLong) {
		t.Errorf("behind a complete upload: %v", err)
	}
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(100, nil)); err != nil {
		t.Errorf("an empty request at the end: %v", err)
	}
}

func TestAppendRefusesAnotherOffset(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForDrive, 100)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(50))); err != nil {
		t.Fatal(err)
	}
	for _, offset := range []int64{0, 49, 51, 100, -1} {
		if _, err := r.Append(t.Context(), r.ann, u.ID, patch(offset, noise(1))); !errors.Is(err, ErrWrongOffset) {
			t.Errorf("offset %d: %v", offset, err)
		}
	}
}

func TestALengthIsToldOnce(t *testing.T) {
	r := newRig(t)
	tell := func(u *Upload, offset, length int64, b []byte) error {
		p := patch(offset, b)
		p.Length = length
		_, err := r.Append(t.Context(), r.ann, u.ID, p)
		return err
	}
	u := r.upload(ForLink, -1)
	content := noise(sealedChunk + 100)
	if err := tell(u, 0, -1, content[:sealedChunk]); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []int64{sealedChunk - 1, sealedChunk + 1, sealedChunk + 28, 0, -2} {
		if err := tell(u, sealedChunk, bad, nil); !errors.Is(err, ErrBadLength) {
			t.Errorf("length %d: %v", bad, err)
		}
	}
	if err := tell(u, sealedChunk, MaxUpload+1, nil); !errors.Is(err, ErrTooLong) {
		t.Errorf("too long: %v", err)
	}
	if err := tell(u, sealedChunk, sealedChunk+100, nil); err != nil {
		t.Fatal(err)
	}
	if err := tell(u, sealedChunk, sealedChunk+101, nil); !errors.Is(err, ErrBadLength) {
		t.Errorf("another length: %v", err)
	}
	if err := tell(u, sealedChunk, sealedChunk+100, content[sealedChunk:]); err != nil {
		t.Errorf("the same length again: %v", err)
	}
	if got := r.offset(u); got != sealedChunk+100 {
		t.Errorf("offset %d", got)
	}
}

// On a slow line it is time that counts: a crash costs seconds of sending, not megabytes.
func TestASlowRequestIsAcknowledgedOnTheWay(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForDrive, 1<<20)
	reader, writer := io.Pipe()
	done := make(chan error)
	go func() {
		_, err := r.Append(t.Context(), r.ann, u.ID, Patch{Length: -1, Size: -1, Body: reader})
		done <- err
	}()
	for range 3 { // a write returns when its bytes are taken; what the one before brought is on the disk by then
		if _, err := writer.Write([]byte("some bytes")); err != nil {
			t.Fatal(err)
		}
		r.clock.advance(checkpointAfter)
	}
	found, err := findUpload(t.Context(), r.db, r.ann.ID, u.ID, r.clock.Now())
	if err != nil || found.Offset < 10 {
		t.Errorf("during the request: offset %d, %v", found.Offset, err)
	}
	writer.CloseWithError(io.ErrUnexpectedEOF)
	<-done
}
