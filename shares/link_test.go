package shares

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

func TestPublishMakesALinkOfAnUpload(t *testing.T) {
	r := newRig(t)
	expires := start.Add(time.Hour)
	link, token := r.link(func(l *NewLink) { l.Expires, l.MaxVisits = expires, 3 })
	if link.State != StateOpen || link.Size != 1000 || link.ManifestSize != smallManifest || !link.Created.Equal(start) {
		t.Errorf("published %+v", link)
	}
	r.reopen()
	list, err := r.Links(t.Context(), r.ann.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	l := list[0]
	if l.ID != link.ID || string(l.Note) != "a box" || !l.Created.Equal(start) || !l.Expires.Equal(expires) || l.MaxVisits != 3 ||
		l.Visits != 0 || !l.LastOpened.IsZero() || l.Size != 1000 || l.ManifestSize != smallManifest || l.State != StateOpen {
		t.Errorf("listed as %+v", l)
	}
	if uploads, err := r.Uploads(t.Context(), r.ann.ID); err != nil || len(uploads) != 0 {
		t.Errorf("the upload is not used up: %v, %v", uploads, err)
	}
	d, err := r.Manifest(t.Context(), visit(link, token))
	if got := readAll(t, d, err); !bytes.Equal(got, noise(smallManifest)) {
		t.Error("another manifest comes back")
	}
	r.wantNoSecret(string(token), "a box")
}

func TestLinksAreListedNewestFirst(t *testing.T) {
	r := newRig(t)
	first, _ := r.link(nil)
	second, _ := r.link(nil) // in the same second
	r.clock.advance(time.Second)
	third, _ := r.link(nil)
	list, err := r.Links(t.Context(), r.ann.ID)
	if err != nil || len(list) != 3 || list[0].ID != third.ID || list[1].ID != second.ID || list[2].ID != first.ID {
		t.Errorf("%v, %v", list, err)
	}
}

// D8: an id is published once: not by its owner, not by others, not after it expired, was deleted or swept.
func TestAnIDIsPublishedOnce(t *testing.T) {
	r := newRig(t)
	publish := func(owner Owner, id ID) error {
		u, err := r.CreateUpload(t.Context(), owner, ForLink, 28, DriveFile{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Append(t.Context(), owner, u.ID, patch(0, noise(28))); err != nil {
			t.Fatal(err)
		}
		_, err = r.Publish(t.Context(), owner, NewLink{ID: id, Upload: u.ID}, bytes.NewReader(noise(smallManifest)))
		if _, kept := r.FindUpload(t.Context(), owner.ID, u.ID); err != nil && kept != nil {
			t.Errorf("a refused link used up its upload: %v", kept)
		}
		return err
	}
	deleted, _ := r.link(nil)
	swept, _ := r.link(func(l *NewLink) { l.Expires = start.Add(time.Second) })
	for _, owner := range []Owner{r.ann, r.bob} {
		if err := publish(owner, deleted.ID); !errors.Is(err, ErrIDTaken) {
			t.Errorf("%s, while it is there: %v", owner.Name, err)
		}
	}
	if err := r.DeleteLink(t.Context(), r.ann.ID, deleted.ID); err != nil {
		t.Fatal(err)
	}
	r.clock.advance(keepExpired + time.Minute)
	r.reopen()
	if list, err := r.Links(t.Context(), r.ann.ID); err != nil || len(list) != 0 {
		t.Fatalf("the links are still there: %v, %v", list, err)
	}
	for _, id := range []ID{deleted.ID, swept.ID} {
		for _, owner := range []Owner{r.ann, r.bob} {
			if err := publish(owner, id); !errors.Is(err, ErrIDTaken) {
				t.Errorf("%s, afterwards: %v", owner.Name, err)
			}
		}
	}
	if n := len(r.files("sealed")); n != 4 {
		t.Errorf("%d objects, want the four later uploads: refused links left manifests", n)
	}
}

func TestOneOfManyPublishesAnID(t *testing.T) {
	r := newRig(t)
	id := newID()
	var group sync.WaitGroup
	results := make([]error, 10)
	for i := range results {
		u := r.upload(ForLink, 28)
		if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(28))); err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			_, results[i] = r.Publish(t.Context(), r.ann, NewLink{ID: id, Upload: u.ID}, bytes.NewReader(noise(smallManifest)))
		})
	}
	group.Wait()
	published := 0
	for _, err := range results {
		if err == nil {
			published++
		} else if !errors.Is(err, ErrIDTaken) {
			t.Error(err)
		}
	}
	if published != 1 {
		t.Errorf("published %d times", published)
	}
	if n := len(r.files("sealed")); n != 11 { // ten contents, one manifest
		t.Errorf("%d objects, want 11", n)
	}
}

func TestPublishRefuses(t *testing.T) {
	r := newRig(t)
	finished := func(owner Owner, use Use) ID {
		u, err := r.CreateUpload(t.Context(), owner, use, 28, map[Use]DriveFile{ForDrive: {Path: "a"}}[use])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Append(t.Context(), owner, u.ID, patch(0, noise(28))); err != nil {
			t.Fatal(err)
		}
		return u.ID
	}
	good := NewLink{ID: newID(), Upload: finished(r.ann, ForLink)}
	with := func(change func(*NewLink)) NewLink {
		l := good
		change(&l)
		return l
	}
	manifest := noise(smallManifest)
	for _, c := range []struct {
		name     string
		link     NewLink
		manifest io.Reader
		want     error
	}{
		{"an unknown upload", with(func(l *NewLink) { l.Upload = newID() }), nil, ErrNoUpload},
		{"another account's upload", with(func(l *NewLink) { l.Upload = finished(r.bob, ForLink) }), nil, ErrNoUpload},
		{"a drive upload", with(func(l *NewLink) { l.Upload = finished(r.ann, ForDrive) }), nil, ErrNoUpload},
		{"an unfinished upload", with(func(l *NewLink) { l.Upload = r.upload(ForLink, 28).ID }), nil, ErrUploadUnfinished},
		{"an upload of unknown length", with(func(l *NewLink) { l.Upload = r.upload(ForLink, -1).ID }), nil, ErrUploadUnfinished},
		{"a note that is too long", with(func(l *NewLink) { l.Note = make([]byte, 16<<10+1) }), nil, ErrBadLink},
		{"an expiry that has passed", with(func(l *NewLink) { l.Expires = start }), nil, ErrBadLink}, // D11
		{"an expiry long ago", with(func(l *NewLink) { l.Expires = time.Unix(-1, 0) }), nil, ErrBadLink},
		{"an expiry no calendar has", with(func(l *NewLink) { l.Expires = time.Unix(1<<50, 0) }), nil, ErrBadLink},
		{"less than no visits", with(func(l *NewLink) { l.MaxVisits = -1 }), nil, ErrBadLink},
		{"too many visits", with(func(l *NewLink) { l.MaxVisits = 1_000_001 }), nil, ErrBadLink},
		{"an empty manifest", good, bytes.NewReader(nil), ErrBadManifest},
		{"a manifest cut by a byte", good, bytes.NewReader(manifest[1:]), ErrBadManifest},
		{"a manifest a byte too long", good, io.MultiReader(bytes.NewReader(manifest), bytes.NewReader([]byte{0})), ErrBadManifest},
		{"a manifest without an end", good, endless{}, ErrTooLong},
		{"a manifest that breaks off", good, io.MultiReader(bytes.NewReader(manifest), iotest.ErrReader(io.ErrUnexpectedEOF)), ErrInterrupted},
	} {
		if c.manifest == nil {
			c.manifest = iotest.ErrReader(errors.New("read, though the link is refused already"))
		}
		if _, err := r.Publish(t.Context(), r.ann, c.link, c.manifest); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if n := len(r.files("sealed")); n != 4 {
		t.Errorf("%d objects, want those of the four sealed uploads", n)
	}
	good.Note, good.MaxVisits = make([]byte, 16<<10), 1_000_000
	if _, err := r.Publish(t.Context(), r.ann, good, bytes.NewReader(manifest)); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func TestAnAccountHasSoManyLinks(t *testing.T) {
	r := newRig(t)
	one, _ := r.link(nil)
	soon, _ := r.link(func(l *NewLink) { l.Expires = start.Add(time.Hour) })
	if _, err := r.db.Exec(`
		INSERT INTO link_ids (id) WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT randomblob(16) FROM n`, maxLinks-2); err != nil {
		t.Fatal(err)
	}
	if _, err := r.db.Exec(`
		INSERT INTO links (id, account, token_hash, manifest, manifest_size, content, content_size, note, created)
			SELECT id, ?, zeroblob(32), randomblob(16), 1, randomblob(16), 1, x'', 0 FROM link_ids WHERE id NOT IN (SELECT id FROM links)`, r.ann.ID[:]); err != nil {
		t.Fatal(err)
	}
	publish := func(owner Owner) error {
		u, err := r.CreateUpload(t.Context(), owner, ForLink, 28, DriveFile{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Append(t.Context(), owner, u.ID, patch(0, noise(28))); err != nil {
			t.Fatal(err)
		}
		_, err = r.Publish(t.Context(), owner, NewLink{ID: newID(), Upload: u.ID}, bytes.NewReader(noise(smallManifest)))
		return err
	}
	full := func() {
		t.Helper()
		if err := publish(r.ann); !errors.Is(err, ErrTooManyLinks) {
			t.Errorf("one too many: %v", err)
		}
	}
	full()
	if err := publish(r.bob); err != nil {
		t.Errorf("another account: %v", err)
	}
	for what, free := range map[string]func() error{
		"after deleting one":             func() error { return r.DeleteLink(t.Context(), r.ann.ID, one.ID) },
		"after one expired":              func() error { r.clock.set(soon.Expires); return nil },
		"after the operator removed one": func() error { return r.stopOne("removed") },
	} {
		if err := free(); err != nil {
			t.Fatal(err)
		}
		if err := publish(r.ann); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		full()
	}
	if err := r.stopOne("paused"); err != nil {
		t.Fatal(err)
	}
	full() // it can go on, and takes room
}

// stopOne does what the operator does to some link of ann's that does not expire.
func (r *rig) stopOne(how string) error {
	_, err := r.db.Exec(`UPDATE links SET stopped = ? WHERE serial = (SELECT max(serial) FROM links WHERE account = ? AND expires IS NULL AND stopped IS NULL)`,
		how, r.ann.ID[:])
	return err
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// D6
func TestALinkIsItsOwnersAlone(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	if err := r.DeleteLink(t.Context(), r.bob.ID, link.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("DeleteLink: %v", err)
	}
	if list, err := r.Links(t.Context(), r.bob.ID); err != nil || len(list) != 0 {
		t.Errorf("Links: %v, %v", list, err)
	}
	if _, err := r.ChangeLink(t.Context(), r.bob.ID, link.ID, Change{Paused: new(true)}); !errors.Is(err, ErrNotFound) {
		t.Errorf("ChangeLink: %v", err)
	}
	if _, err := r.OwnManifest(t.Context(), r.bob.ID, link.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("OwnManifest: %v", err)
	}
	if _, err := r.Reseal(t.Context(), r.bob, link.ID, Resealed{Version: 1}, bytes.NewReader(noise(smallManifest))); !errors.Is(err, ErrNotFound) {
		t.Errorf("Reseal: %v", err)
	}
	if _, err := r.Renew(t.Context(), r.bob, link.ID, 1, NewLink{ID: newID()}, bytes.NewReader(noise(smallManifest))); !errors.Is(err, ErrNotFound) {
		t.Errorf("Renew: %v", err)
	}
	d, err := r.Manifest(t.Context(), visit(link, token))
	readAll(t, d, err)
}

func TestDeleteLinkRemovesItFromTheDisk(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	kept, keptToken := r.link(nil)
	v := visit(link, token).with(ticket(1))
	if _, err := r.TakeTicket(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	d, err := r.Content(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := r.DeleteLink(t.Context(), r.ann.ID, link.ID); err != nil {
		t.Fatal(err)
	}
	if n := len(r.files("sealed")); n != 2 {
		t.Errorf("%d objects, want the other link's two", n)
	}
	if d.Context.Err() == nil { // C7: open streams end too
		t.Error("a download goes on")
	}
	var gone *GoneError
	for name, fetch := range map[string]func() error{
		"manifest": func() error { _, err := r.Manifest(t.Context(), v); return err },
		"content":  func() error { _, err := r.Content(t.Context(), v); return err }, // a ticket holds not past removal
		"ticket":   func() error { _, err := r.TakeTicket(t.Context(), v); return err },
	} {
		if err := fetch(); !errors.As(err, &gone) || gone.Reason != StateRemoved {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := r.DeleteLink(t.Context(), r.ann.ID, link.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("again: %v", err)
	}
	d, err = r.Manifest(t.Context(), visit(kept, keptToken))
	readAll(t, d, err)
}

// A fetch that had found the link just before it was deleted, and not opened it yet.
func TestNoFetchSlipsPastADeletion(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	d := r.downloads.begin(t.Context(), link.ID)
	defer d.Close()
	l, _, err := r.admit(t.Context(), visit(link, token))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteLink(t.Context(), r.ann.ID, link.ID); err != nil {
		t.Fatal(err)
	}
	var gone *GoneError
	if err := r.openObject(d, l.manifest, l.manifestSize); !errors.As(err, &gone) || gone.Reason != StateRemoved {
		t.Errorf("opened: %v", err)
	}
}

// D7
func TestALinkEndsWithItsAccount(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	r.upload(ForLink, -1)
	if _, err := r.db.Exec(`DELETE FROM accounts WHERE id = ?`, r.ann.ID[:]); err != nil {
		t.Fatal(err)
	}
	var gone *GoneError
	if _, err := r.Manifest(t.Context(), visit(link, token)); !errors.As(err, &gone) || gone.Reason != StateRemoved {
		t.Error(err)
	}
	r.reopen()
	if left := r.files("sealed"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestTheServerStoresNoTokenAndNoTicket(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	if _, err := r.TakeTicket(t.Context(), visit(link, token).with(ticket(1))); err != nil {
		t.Fatal(err)
	}
	if _, err := r.db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	disk := []byte{}
	for _, file := range r.files(".") {
		b, err := r.data.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		disk = slices.Concat(disk, b)
	}
	if hash := sha256.Sum256(token); !bytes.Contains(disk, hash[:]) {
		t.Error("the token's hash is not found: the test looks at the wrong place")
	}
	if bytes.Contains(disk, token) {
		t.Error("the token lies on the disk")
	}
	if bytes.Contains(disk, ticket(1)) {
		t.Error("the ticket lies on the disk")
	}
}
