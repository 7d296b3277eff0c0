package shares

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"
)

// faultyDisk takes so many bytes, and fails to sync when it is told to.
type faultyDisk struct {
	objects
	room int
	sync error
}

func (d *faultyDisk) append(ctx context.Context, name objectName, at int64) (appender, error) {
	a, err := d.objects.append(ctx, name, at)
	if err != nil {
		return nil, err
	}
	return &faultyFile{a, d}, nil
}

type faultyFile struct {
	appender
	disk *faultyDisk
}

func (f *faultyFile) Write(p []byte) (int, error) {
	n, err := f.appender.Write(p[:min(len(p), f.disk.room)])
	if f.disk.room -= n; err == nil && n < len(p) {
		err = diskError(fmt.Errorf("write: %w", syscall.ENOSPC))
	}
	return n, err
}

func (f *faultyFile) Sync() error {
	if f.disk.sync != nil {
		return f.disk.sync
	}
	return f.appender.Sync()
}

// I11, H10: a full disk loses nothing that was acknowledged, gives back what it took, and the upload goes on when there
// is room again.
func TestAFullDiskCostsNothingThatCounts(t *testing.T) {
	r := newRig(t)
	disk := &faultyDisk{objects: r.sealed, room: 2*sealedChunk + 1000}
	r.sealed = disk
	content := noise(4 * sealedChunk)
	u := r.upload(ForLink, int64(len(content)))
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, content[:sealedChunk])); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(sealedChunk, content[sealedChunk:])); !errors.Is(err, ErrNoSpace) {
		t.Errorf("a full disk: %v", err)
	}
	if got, size := r.offset(u), len(r.object(ForLink, u.object)); got != sealedChunk || size != sealedChunk {
		t.Errorf("offset %d, %d bytes on the disk; want %d", got, size, sealedChunk)
	}
	disk.room = 10 * sealedChunk
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(sealedChunk, content[sealedChunk:])); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(r.object(ForLink, u.object), content) {
		t.Error("other bytes lie on the disk")
	}
	disk.room = 1000
	l := NewLink{ID: newID(), Upload: u.ID}
	if _, err := r.Publish(t.Context(), r.ann, l, bytes.NewReader(noise(smallManifest))); !errors.Is(err, ErrNoSpace) {
		t.Errorf("publishing on a full disk: %v", err)
	}
	if n := len(r.files("sealed")); n != 1 {
		t.Errorf("%d objects, want the upload's", n)
	}
	disk.room = smallManifest
	if _, err := r.Publish(t.Context(), r.ann, l, bytes.NewReader(noise(smallManifest))); err != nil {
		t.Errorf("publishing when there is room again: %v", err)
	}
}

// What a disk could not sync was not acknowledged, and is written again: a later sync says nothing about it.
func TestWhatIsNotSyncedIsNotAcknowledged(t *testing.T) {
	r := newRig(t)
	disk := &faultyDisk{objects: r.sealed, room: 1 << 30, sync: syscall.EIO}
	r.sealed = disk
	u := r.upload(ForLink, sealedChunk)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(sealedChunk))); !errors.Is(err, syscall.EIO) {
		t.Errorf("a failed sync: %v", err)
	}
	if got, size := r.offset(u), len(r.object(ForLink, u.object)); got != 0 || size != 0 {
		t.Errorf("offset %d, %d bytes on the disk", got, size)
	}
	disk.sync = nil
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(sealedChunk))); err != nil {
		t.Fatal(err)
	}
	disk.sync = syscall.EIO
	l := NewLink{ID: newID(), Upload: u.ID}
	if _, err := r.Publish(t.Context(), r.ann, l, bytes.NewReader(noise(smallManifest))); !errors.Is(err, syscall.EIO) {
		t.Errorf("publishing with a failed sync: %v", err)
	}
	if n := len(r.files("sealed")); n != 1 {
		t.Errorf("%d objects, want the upload's", n)
	}
}
