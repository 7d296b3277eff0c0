package shares

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestALinkIsSweptSevenDaysAfterItExpired(t *testing.T) {
	r := newRig(t)
	expires := start.Add(time.Hour)
	link, token := r.link(func(l *NewLink) { l.Expires = expires })
	r.link(nil) // stays
	r.clock.set(expires.Add(-time.Second))
	v := visit(link, token).with(ticket(1))
	if _, err := r.TakeTicket(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	r.clock.set(expires.Add(7*24*time.Hour - 2*time.Second)) // a second before the ticket's end
	if err := r.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	d, err := r.Content(t.Context(), v)
	readAll(t, d, err)
	r.clock.set(expires.Add(7 * 24 * time.Hour))
	if err := r.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(r.files("sealed")); n != 2 {
		t.Errorf("%d objects, want the other link's two", n)
	}
	if got := r.fetch(v); got != [3]string{"expired", "expired", "expired"} {
		t.Errorf("swept: %v", got)
	}
	var tickets int
	if err := r.db.QueryRow(`SELECT count(*) FROM tickets`).Scan(&tickets); err != nil || tickets != 0 {
		t.Errorf("%d tickets, %v", tickets, err)
	}
}

// A kill leaves objects that no row names: between creating one and recording it, or between forgetting and removing it.
func TestOpenRemovesObjectsWithoutRows(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	sealed, drive := r.upload(ForLink, -1), r.upload(ForDrive, 10)
	for _, o := range []objects{r.sealed, r.incoming} {
		if err := o.create(t.Context(), newObjectName()); err != nil {
			t.Fatal(err)
		}
	}
	foreign := filepath.Join(r.dir, "incoming", "uploads", "README")
	if err := os.WriteFile(foreign, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r.reopen()
	if n := len(r.files("sealed")); n != 3 { // manifest, content, upload
		t.Errorf("%d objects in sealed", n)
	}
	if n := len(r.files("incoming")); n != 2 { // upload, README
		t.Errorf("%d files in incoming", n)
	}
	r.offset(sealed)
	r.offset(drive)
	d, err := r.Manifest(t.Context(), visit(link, token))
	readAll(t, d, err)
}

// A kill between placing a file and recording it, or a disk that forgot what it had: nobody may be told that all is there.
func TestOpenForgetsUploadsWithoutTheirBytes(t *testing.T) {
	r := newRig(t)
	gone, short, whole := r.upload(ForDrive, 10), r.upload(ForLink, -1), r.upload(ForLink, -1)
	for _, u := range []*Upload{short, whole} {
		if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(sealedChunk))); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.incoming.delete(t.Context(), gone.object); err != nil {
		t.Fatal(err)
	}
	if o, err := r.sealed.append(t.Context(), short.object, sealedChunk-1); err != nil {
		t.Fatal(err)
	} else {
		o.Close()
	}
	r.reopen()
	for name, u := range map[string]*Upload{"gone": gone, "short": short} {
		if _, err := r.FindUpload(t.Context(), r.ann.ID, u.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := r.offset(whole); got != sealedChunk {
		t.Errorf("the whole one stands at %d", got)
	}
	if n := len(r.files("sealed")); n != 1 {
		t.Errorf("%d objects", n)
	}
}

func TestAnUploadThatLosesItsBytesHasToStartAgain(t *testing.T) {
	r := newRig(t)
	for _, whole := range []bool{false, true} {
		u := r.upload(ForDrive, 10)
		r.refuse = ErrNoParent
		n := map[bool]int{false: 9, true: 10}[whole]
		r.Append(t.Context(), r.ann, u.ID, patch(0, noise(n)))
		r.refuse = nil
		if err := r.incoming.delete(t.Context(), u.object); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Append(t.Context(), r.ann, u.ID, patch(int64(n), noise(10-n))); !errors.Is(err, ErrNotFound) {
			t.Errorf("whole %v: %v", whole, err)
		}
		if _, err := r.FindUpload(t.Context(), r.ann.ID, u.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("whole %v: %v", whole, err)
		}
	}
	if len(r.placed) > 0 {
		t.Errorf("placed %v", r.placed)
	}
}

// A link whose object is missing keeps its row: the folder may be restored.
func TestOpenKeepsLinksWhoseObjectsAreMissing(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	if err := os.Rename(filepath.Join(r.dir, "sealed"), filepath.Join(r.dir, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	r.reopen()
	if !strings.Contains(r.log.String(), link.ID.String()) {
		t.Error("the log does not name the link")
	}
	if _, err := r.Manifest(t.Context(), visit(link, token)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("fetched: %v", err)
	}
	if err := os.RemoveAll(filepath.Join(r.dir, "sealed")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(r.dir, "elsewhere"), filepath.Join(r.dir, "sealed")); err != nil {
		t.Fatal(err)
	}
	r.reopen()
	d, err := r.Manifest(t.Context(), visit(link, token))
	readAll(t, d, err)
}

// I9: at each step of the way to a link the process is killed, and the next finds either all of it or nothing.
func TestAKillAtAnyStepOfPublishing(t *testing.T) {
	r := newRig(t)
	content := noise(2*sealedChunk + 50)
	u := r.upload(ForLink, int64(len(content)))
	for at := 0; at < len(content); {
		end := min(at+sealedChunk, len(content))
		if _, err := r.Append(t.Context(), r.ann, u.ID, patch(int64(at), content[at:end])); err != nil {
			t.Fatal(err)
		}
		r.reopen()
		if got := r.offset(u); got != int64(end) {
			t.Fatalf("after %d bytes: offset %d", end, got)
		}
		at = end
	}
	// The manifest is there, the rows are not.
	if _, _, err := r.storeManifest(t.Context(), bytes.NewReader(noise(smallManifest)), r.claim(r.ann)); err != nil {
		t.Fatal(err)
	}
	r.reopen()
	if n := len(r.files("sealed")); n != 1 {
		t.Errorf("%d objects after a kill before the rows", n)
	}
	l := NewLink{ID: newID(), Upload: u.ID}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Publish(canceled, r.ann, l, bytes.NewReader(noise(smallManifest))); err == nil {
		t.Fatal("published for nobody")
	}
	if _, err := r.Publish(t.Context(), r.ann, l, bytes.NewReader(noise(smallManifest))); err != nil {
		t.Fatal(err)
	}
	r.reopen()
	if n := len(r.files("sealed")); n != 2 {
		t.Errorf("%d objects of a published link", n)
	}
	// The rows are gone, the objects are not.
	if _, err := deleteLink(t.Context(), r.db, r.ann.ID, l.ID); err != nil {
		t.Fatal(err)
	}
	r.reopen()
	if left := r.files("sealed"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// What a crash left leaves the disk without a restart; what a request is just making stays, however long that takes.
func TestASweepRemovesOrphansAndLeavesWhatIsBeingMade(t *testing.T) {
	r := newRig(t)
	for _, o := range []objects{r.sealed, r.incoming} {
		if err := o.create(t.Context(), newObjectName()); err != nil {
			t.Fatal(err)
		}
	}
	u := r.upload(ForLink, 1000)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(1000))); err != nil {
		t.Fatal(err)
	}
	drive := r.upload(ForDrive, 10)
	manifest := bytes.NewReader(noise(smallManifest))
	slow := readerFunc(func(p []byte) (int, error) {
		if err := r.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
		return manifest.Read(p[:min(len(p), 1000)])
	})
	link, err := r.Publish(t.Context(), r.ann, NewLink{ID: newID(), Upload: u.ID}, slow)
	if err != nil {
		t.Fatal(err)
	}
	if n, m := len(r.files("sealed")), len(r.files("incoming")); n != 2 || m != 1 {
		t.Errorf("%d sealed objects and %d into the drive, want the link's two and the upload's one", n, m)
	}
	l, err := findFetchable(t.Context(), r.db, link.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.object(ForLink, l.manifest); len(got) != smallManifest {
		t.Errorf("a manifest of %d bytes", len(got))
	}
	r.offset(drive)
	if len(r.made.names) != 0 {
		t.Errorf("%d objects are still being made", len(r.made.names))
	}
	if err := r.DeleteLink(t.Context(), r.ann.ID, link.ID); err != nil {
		t.Fatal(err)
	}
}
