package shares

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

// limited opens the store once more, with a bound on what all links take.
func (r *rig) limited(limit int64) {
	r.t.Helper()
	r.limit = limit
	r.reopen()
}

// All links together have a bound, whoever's they are; what comes into drives does not count against it.
func TestAllLinksTogetherAreBounded(t *testing.T) {
	r := newRig(t)
	const one = 1000 + smallManifest
	r.limited(2*one + 1000)
	first, _ := r.link(nil)
	r.link(nil)
	if free, err := r.total.room(t.Context()); err != nil || free != 1000 {
		t.Errorf("%d bytes free, %v", free, err)
	}
	if _, err := r.CreateUpload(t.Context(), r.bob, ForLink, 1001, DriveFile{}); !errors.Is(err, ErrNoSpace) {
		t.Errorf("a byte too many, of somebody else: %v", err)
	}
	u, err := r.CreateUpload(t.Context(), r.bob, ForLink, 1000, DriveFile{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Append(t.Context(), r.bob, u.ID, patch(0, noise(1000))); err != nil {
		t.Fatal(err)
	}
	l := NewLink{ID: newID(), Upload: u.ID}
	if _, err := r.Publish(t.Context(), r.bob, l, bytes.NewReader(noise(smallManifest))); !errors.Is(err, ErrNoSpace) {
		t.Errorf("a manifest without room: %v", err)
	}
	drive := r.upload(ForDrive, 5000)
	if _, err := r.Append(t.Context(), r.ann, drive.ID, patch(0, noise(5000))); err != nil {
		t.Errorf("into the drive: %v", err)
	}
	// What is deleted or taken down makes room at once.
	if err := r.TakeDown(t.Context(), first.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Publish(t.Context(), r.bob, l, bytes.NewReader(noise(smallManifest))); err != nil {
		t.Errorf("after a take-down: %v", err)
	}
	taken, limit, err := r.LinksTaken(t.Context())
	if err != nil || taken != 2*one || limit != 2*one+1000 {
		t.Errorf("%d of %d bytes are taken, %v", taken, limit, err)
	}
}

// However many send at once, of however many accounts, the links never take more than the bound, and all of it can be used.
func TestTheBoundOfAllLinksHoldsUnderARace(t *testing.T) {
	r := newRig(t)
	r.limited(10 * sealedChunk)
	var running sync.WaitGroup
	var fit atomic.Int64
	for i := range 30 {
		owner := []Owner{r.ann, r.bob}[i%2]
		u, err := r.CreateUpload(t.Context(), owner, ForLink, -1, DriveFile{})
		if err != nil {
			t.Fatal(err)
		}
		running.Go(func() {
			body := Patch{Length: -1, Size: -1, Body: bytes.NewReader(noise(sealedChunk))}
			switch _, err := r.Append(t.Context(), owner, u.ID, body); {
			case err == nil:
				fit.Add(1)
			case !errors.Is(err, ErrNoSpace):
				t.Error(err)
			}
		})
	}
	running.Wait()
	taken, limit, err := r.LinksTaken(t.Context())
	if err != nil || taken > limit || taken != fit.Load()*sealedChunk {
		t.Errorf("%d of %d bytes are taken by %d uploads, %v", taken, limit, fit.Load(), err)
	}
	if free, err := r.total.room(t.Context()); err != nil || free != limit-taken {
		t.Errorf("%d bytes free, %v: what was refused is not given back", free, err)
	}
	for fit.Load() < 10 { // those that were in each other's way
		u := r.upload(ForLink, -1)
		if _, err := r.Append(t.Context(), r.ann, u.ID, Patch{Length: -1, Size: -1, Body: bytes.NewReader(noise(sealedChunk))}); err != nil {
			t.Fatalf("upload %d has no room: %v", fit.Load()+1, err)
		}
		fit.Add(1)
	}
}
