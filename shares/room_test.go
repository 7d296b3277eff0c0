package shares

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func (r *rig) wantTaken(what string, want int64) {
	r.t.Helper()
	if got := r.taken(r.ann); got != want {
		r.t.Errorf("%s: %d bytes count, want %d", what, got, want)
	}
}

func TestWhatLinksAndUploadsTakeIsCounted(t *testing.T) {
	r := newRig(t)
	r.wantTaken("nothing", 0)
	const one = 1000 + smallManifest
	first, _ := r.link(nil)
	r.wantTaken("a link", one)
	expiring, _ := r.link(func(l *NewLink) { l.Expires = start.Add(time.Hour) })
	r.wantTaken("two links", 2*one)
	sealed := r.upload(ForLink, -1)
	drive := r.upload(ForDrive, 100)
	r.wantTaken("and two empty uploads", 2*one)
	if _, err := r.Append(t.Context(), r.ann, sealed.ID, broken(0, noise(sealedChunk+1000))); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	if _, err := r.Append(t.Context(), r.ann, drive.ID, patch(0, noise(99))); err != nil {
		t.Fatal(err)
	}
	r.wantTaken("and what of them was acknowledged", 2*one+sealedChunk+99)
	if got := r.taken(r.bob); got != 0 {
		t.Errorf("%d bytes of somebody else count", got)
	}
	if _, err := r.Append(t.Context(), r.ann, drive.ID, patch(99, noise(1))); err != nil {
		t.Fatal(err)
	}
	r.wantTaken("a file that came into the drive counts there", 2*one+sealedChunk)
	r.clock.advance(2 * time.Hour)
	r.wantTaken("an expired link is still on the disk", 2*one+sealedChunk)
	if _, err := r.db.Exec(`UPDATE links SET stopped = 'removed' WHERE id = ?`, expiring.ID[:]); err != nil {
		t.Fatal(err)
	}
	r.wantTaken("one that the operator removed is not", one+sealedChunk)
	if err := r.DeleteLink(t.Context(), r.ann.ID, first.ID); err != nil {
		t.Fatal(err)
	}
	r.wantTaken("nor one that its owner deleted", sealedChunk)
	r.reopen()
	r.wantTaken("after a restart", sealedChunk)
	r.clock.advance(uploadLife)
	r.wantTaken("an expired upload", 0)
}

func TestAnUploadThatDoesNotFitIsRefusedAtOnce(t *testing.T) {
	r := newRig(t)
	r.quota.Store(1000)
	for _, use := range []Use{ForLink, ForDrive} {
		file := DriveFile{}
		if use == ForDrive {
			file.Path = "a"
		}
		if _, err := r.CreateUpload(t.Context(), r.ann, use, 1001, file); !errors.Is(err, ErrNoSpace) {
			t.Errorf("%s: a byte too many: %v", use, err)
		}
		if left := append(r.files("sealed"), r.files("incoming")...); len(left) > 0 {
			t.Errorf("%s: left over: %v", use, left)
		}
		u, err := r.CreateUpload(t.Context(), r.ann, use, 1000, file)
		if err != nil {
			t.Fatalf("%s: what just fits: %v", use, err)
		}
		if err := r.DeleteUpload(t.Context(), r.ann.ID, u.ID); err != nil {
			t.Fatal(err)
		}
	}
	u := r.upload(ForDrive, -1)
	unread := Patch{Length: -1, Size: 1001, Body: readerFunc(func([]byte) (int, error) {
		t.Error("read, though it is refused already")
		return 0, io.EOF
	})}
	if _, err := r.Append(t.Context(), r.ann, u.ID, unread); !errors.Is(err, ErrNoSpace) {
		t.Errorf("a request that says that it does not fit: %v", err)
	}
	r.upload(ForDrive, 0)
	if len(r.placed) != 1 {
		t.Error("an empty file found no room")
	}
}

// H10: an upload whose length nobody told stops when the quota is full, loses nothing that was acknowledged, gives back the rest, and goes on when there
// is room again.
func TestAnUploadStopsAtTheQuotaAndGoesOn(t *testing.T) {
	for _, use := range []Use{ForLink, ForDrive} {
		t.Run(string(use), func(t *testing.T) {
			r := newRig(t)
			defer r.claim(r.ann).end() // another request of the account, which runs all the while
			r.quota.Store(3*sealedChunk + 1000)
			content := noise(5 * sealedChunk)
			u := r.upload(use, -1)
			if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, content[:2*sealedChunk])); err != nil {
				t.Fatal(err)
			}
			rest := bytes.NewReader(content[2*sealedChunk:])
			trickle := readerFunc(func(p []byte) (int, error) { return rest.Read(p[:min(len(p), 10_000)]) })
			chunked := Patch{Offset: 2 * sealedChunk, Length: -1, Size: -1, Body: trickle}
			if _, err := r.Append(t.Context(), r.ann, u.ID, chunked); !errors.Is(err, ErrNoSpace) {
				t.Fatalf("beyond the quota: %v", err)
			}
			if left := rest.Len(); left < 2*sealedChunk-1000-10_000 || left == 3*sealedChunk {
				t.Errorf("it stopped with %d bytes to come", left)
			}
			if got, size := r.offset(u), len(r.object(use, u.object)); got != 2*sealedChunk || size != 2*sealedChunk {
				t.Errorf("offset %d, %d bytes on the disk; want %d", got, size, 2*sealedChunk)
			}
			r.wantTaken("what was given back", 2*sealedChunk)
			r.quota.Store(5 * sealedChunk)
			again := patch(2*sealedChunk, content[2*sealedChunk:])
			again.Length = 5 * sealedChunk
			if got, err := r.Append(t.Context(), r.ann, u.ID, again); err != nil || got.Offset != 5*sealedChunk {
				t.Errorf("when there is room: %+v, %v", got, err)
			}
			if use == ForLink && !bytes.Equal(r.object(use, u.object), content) {
				t.Error("other bytes lie on the disk")
			}
		})
	}
}

// The quota is cut below what is there: all of it stays, and nothing comes in.
func TestAQuotaBelowWhatIsThereTakesNothingAway(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	u := r.upload(ForLink, 2*sealedChunk)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(sealedChunk))); err != nil {
		t.Fatal(err)
	}
	r.quota.Store(1)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(sealedChunk, noise(sealedChunk))); !errors.Is(err, ErrNoSpace) {
		t.Errorf("more bytes: %v", err)
	}
	if got := r.offset(u); got != sealedChunk {
		t.Errorf("offset %d", got)
	}
	m, err := r.Manifest(t.Context(), visit(link, token))
	readAll(t, m, err)
}

// meteredDisk knows the most bytes that ever lay on it.
type meteredDisk struct {
	objects
	used, most atomic.Int64
}

func (d *meteredDisk) append(ctx context.Context, name objectName, at int64) (appender, error) {
	before, err := d.objects.size(ctx, name)
	if err != nil {
		return nil, err
	}
	a, err := d.objects.append(ctx, name, at)
	if err == nil {
		d.used.Add(at - before) // the rest was cut off
	}
	return meteredFile{a, d}, err
}

type meteredFile struct {
	appender
	disk *meteredDisk
}

func (f meteredFile) Write(p []byte) (int, error) {
	n, err := f.appender.Write(p)
	used := f.disk.used.Add(int64(n))
	for most := f.disk.most.Load(); used > most && !f.disk.most.CompareAndSwap(most, used); most = f.disk.most.Load() {
	}
	return n, err
}

// H10: many uploads at once, each of which would fit alone, never take more together than there is, though nothing of them is acknowledged
// yet.
func TestUploadsAtOnceShareTheRoom(t *testing.T) {
	r := newRig(t)
	disk := &meteredDisk{objects: r.sealed}
	r.sealed = disk
	const quota, each, many = 20 << 20, 15 * 4 * sealedChunk, 6
	r.quota.Store(quota)
	content := noise(each)
	uploads := make([]*Upload, many)
	for i := range uploads {
		uploads[i] = r.upload(ForLink, each)
	}
	var ready, done sync.WaitGroup
	ready.Add(many)
	var full atomic.Int64
	for _, u := range uploads {
		done.Go(func() {
			begun := sync.OnceFunc(func() { ready.Done(); ready.Wait() })
			body := bytes.NewReader(content)
			reader := readerFunc(func(p []byte) (int, error) {
				begun() // all have begun, and each has heard that it fits
				return body.Read(p[:min(len(p), 64<<10)])
			})
			_, err := r.Append(t.Context(), r.ann, u.ID, Patch{Length: -1, Size: each, Body: reader})
			begun()
			if errors.Is(err, ErrNoSpace) {
				full.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if most := disk.most.Load(); most > quota || most < quota-1<<20 {
		t.Errorf("%d bytes lay on the disk, %d are allowed", most, quota)
	}
	if n := full.Load(); n < many-1 {
		t.Errorf("%d of %d were refused; one fits", n, many)
	}
	r.wantTaken("what is left", disk.used.Load())
	if n := len(r.rooms.accounts); n != 0 {
		t.Errorf("%d accounts are remembered when nobody sends", n)
	}
	// Nothing is lost: with more room, each goes on where it stands.
	r.quota.Store(many * each)
	for _, u := range uploads {
		at := r.offset(u)
		if got, err := r.Append(t.Context(), r.ann, u.ID, patch(at, content[at:])); err != nil || got.Offset != each {
			t.Errorf("with more room: %+v, %v", got, err)
		}
	}
}

// While bytes that came become bytes that were acknowledged, they count exactly once.
func TestNothingIsCountedTwiceOrNotAtAll(t *testing.T) {
	r := newRig(t)
	const pieces, size = 100, 1000
	u := r.upload(ForDrive, pieces*size+1)
	var written atomic.Int64 // by requests that have ended
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	for range 2 {
		watching.Go(func() {
			for ctx.Err() == nil {
				least := written.Load()
				n, err := r.Taken(t.Context(), r.ann.ID)
				if most := written.Load() + size; err != nil || n < least || n > most {
					t.Errorf("%d bytes count, %v; want between %d and %d", n, err, least, most)
					return
				}
			}
		})
	}
	for i := range int64(pieces) {
		if _, err := r.Append(t.Context(), r.ann, u.ID, patch(i*size, noise(size))); err != nil {
			t.Error(err)
		}
		written.Add(size)
	}
	stop()
	watching.Wait()
}

// The drive counts a file from when it is handed over. Whoever asks then must not find it here too, or a file that fits would be refused.
func TestAFileOnItsWayIntoTheDriveCountsOnce(t *testing.T) {
	r := newRig(t)
	inPlace := r.place
	r.place = func(ctx context.Context, p Placement) error {
		r.wantTaken("while it is placed", 0)
		return inPlace(ctx, p)
	}
	r.refuse = fmt.Errorf("refused: %w", ErrNoSpace)
	u := r.upload(ForDrive, 100)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(100))); !errors.Is(err, ErrNoSpace) {
		t.Fatal(err)
	}
	r.wantTaken("when that was refused", 100)
	r.refuse = nil
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(99, noise(1))); err != nil {
		t.Fatal(err)
	}
	r.wantTaken("when it is in the drive", 0)
}

func TestAManifestNeedsRoom(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForLink, 1000)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(1000))); err != nil {
		t.Fatal(err)
	}
	r.quota.Store(1000 + smallManifest - 1)
	l := NewLink{ID: newID(), Upload: u.ID}
	if _, err := r.Publish(t.Context(), r.ann, l, bytes.NewReader(noise(smallManifest))); !errors.Is(err, ErrNoSpace) {
		t.Errorf("a manifest that does not fit: %v", err)
	}
	if n := len(r.files("sealed")); n != 1 {
		t.Errorf("%d objects, want the upload's", n)
	}
	r.wantTaken("a refused link", 1000)
	r.quota.Add(1)
	if _, err := r.Publish(t.Context(), r.ann, l, bytes.NewReader(noise(smallManifest))); err != nil {
		t.Errorf("a manifest that fits: %v", err)
	}
	r.wantTaken("the link", 1000+smallManifest)
}

// Room costs queries: it is not asked for every buffer.
func TestRoomIsAskedForEightMebibytesAtATime(t *testing.T) {
	r := newRig(t)
	r.quota.Store(1 << 40)
	u := r.upload(ForDrive, 20<<20)
	r.asked.Store(0)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(20<<20))); err != nil {
		t.Fatal(err)
	}
	if n := r.asked.Load(); n < 2 || n > 4 {
		t.Errorf("asked %d times for 20 MiB", n)
	}
}

func TestWithoutAnAnswerAboutRoomNothingIsTaken(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForDrive, 10)
	broken := errors.New("no answer")
	r.Store.room = func(context.Context, Owner) (Room, error) { return Room{}, broken }
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(10))); !errors.Is(err, broken) || errors.Is(err, ErrNoSpace) {
		t.Error(err)
	}
	if got := r.offset(u); got != 0 {
		t.Errorf("offset %d", got)
	}
}
