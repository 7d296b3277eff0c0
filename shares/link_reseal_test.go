package shares

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"time"
)

const largerManifest = smallManifest + 4096

var otherToken = append([]byte("other"), noise(27)...)

// reseal changes the link's manifest and note; the token too where another one is given.
func (r *rig) reseal(l *Link, version int64, token []byte, note string) error {
	r.t.Helper()
	_, err := r.Reseal(r.t.Context(), r.ann, l.ID, Resealed{version, sha256.Sum256(token), []byte(note)}, bytes.NewReader(noise(largerManifest)))
	return err
}

// With another token the old one opens nothing, its tickets end, and its downloads are cut off and told why.
func TestAnotherTokenEndsWhatTheOldOneOpened(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	v := visit(link, token).with(ticket(1))
	_, err := r.TakeTicket(t.Context(), v)
	must(t, err)
	running, err := r.Content(t.Context(), v)
	must(t, err)
	defer running.Close()
	late := r.downloads.begin(t.Context(), link.ID)
	defer late.Close()
	l, _, err := r.admit(t.Context(), v)
	must(t, err)

	must(t, r.reseal(link, 1, otherToken, "another box"))
	if running.Context.Err() == nil {
		t.Error("a download goes on")
	}
	if err := r.openObject(late, l.content, l.contentSize); !errors.Is(err, ErrWrongToken) {
		t.Errorf("a fetch that had found it before: %v", err)
	}
	if _, err := r.Content(t.Context(), v); !errors.Is(err, ErrWrongToken) {
		t.Errorf("the old token: %v", err)
	}
	if _, err := r.Content(t.Context(), visit(link, otherToken).with(ticket(1))); !errors.Is(err, ErrNoTicket) {
		t.Errorf("the old ticket: %v", err)
	}
	d, err := r.Manifest(t.Context(), visit(link, otherToken))
	if got := readAll(t, d, err); !bytes.Equal(got, noise(largerManifest)) {
		t.Error("another manifest")
	}
	if row := r.row(link.ID); row.Version != 2 || string(row.Note) != "another box" || row.ManifestSize != largerManifest || row.Visits != 1 || row.Size != link.Size {
		t.Errorf("listed as %+v", row)
	}
	if n := len(r.files("sealed")); n != 2 {
		t.Errorf("%d objects", n)
	}
	r.wantNoSecret(string(otherToken), "another box")
}

// With the same token, as for another title, everyone goes on.
func TestTheSameTokenLetsEveryoneGoOn(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	v := visit(link, token).with(ticket(1))
	_, err := r.TakeTicket(t.Context(), v)
	must(t, err)
	content, err := r.Content(t.Context(), v)
	must(t, err)
	old, err := r.Manifest(t.Context(), v)
	must(t, err)
	defer old.Close()
	must(t, r.reseal(link, 1, token, "another title"))
	if got := readAll(t, content, nil); !bytes.Equal(got, noise(1000)) {
		t.Error("the content broke off")
	}
	if old.Context.Err() != nil {
		t.Error("the old manifest was cut off")
	}
	d, err := r.Manifest(t.Context(), v)
	if got := readAll(t, d, err); len(got) != largerManifest {
		t.Errorf("a manifest of %d bytes", len(got))
	} else if d.ETag == old.ETag {
		t.Error("two manifests with one ETag")
	}
	d, err = r.Content(t.Context(), v)
	readAll(t, d, err)
}

// A fetch finds the manifest, and its owner puts another in its place before it is opened: the other one comes.
func TestAManifestThatIsReplacedWhileItIsFetched(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	d := r.downloads.begin(t.Context(), link.ID)
	defer d.Close()
	found := 0
	must(t, r.openManifest(d, func() (objectName, int64, error) {
		l, _, err := r.admit(t.Context(), visit(link, token))
		must(t, err)
		if found++; found == 1 {
			must(t, r.reseal(link, 1, token, ""))
		}
		return l.manifest, l.manifestSize, nil
	}))
	if got, err := io.ReadAll(d); err != nil || len(got) != largerManifest || found != 2 {
		t.Errorf("%d bytes, %v, looked %d times", len(got), err, found)
	}
}

func TestTwoDevicesDoNotOverwriteEachOther(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	must(t, r.reseal(link, 1, token, "first"))
	if err := r.reseal(link, 1, token, "second"); !errors.Is(err, ErrLinkChanged) {
		t.Errorf("the second, who read the link before: %v", err)
	}
	must(t, r.reseal(link, 1, token, "first")) // its answer was lost
	if row := r.row(link.ID); row.Version != 2 || string(row.Note) != "first" {
		t.Errorf("listed as %+v", row)
	}
	if err := r.reseal(link, 1, otherToken, "first"); !errors.Is(err, ErrLinkChanged) {
		t.Errorf("the same note with another token: %v", err)
	}
	must(t, r.reseal(link, 2, token, "second"))
	if n := len(r.files("sealed")); n != 2 {
		t.Errorf("%d objects", n)
	}
}

func TestResealRefuses(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	manifest := noise(smallManifest)
	good := Resealed{Version: 1, TokenHash: sha256.Sum256(token)}
	long := good
	long.Note = make([]byte, maxNote+1)
	early := good
	early.Version = 2
	for _, c := range []struct {
		name     string
		id       ID
		r        Resealed
		manifest io.Reader
		want     error
	}{
		{"an unknown link", newID(), good, nil, ErrNotFound},
		{"a version that is not there yet", link.ID, early, nil, ErrLinkChanged},
		{"a note that is too long", link.ID, long, nil, ErrBadLink},
		{"a manifest cut by a byte", link.ID, good, bytes.NewReader(manifest[1:]), ErrBadManifest},
		{"a manifest without an end", link.ID, good, endless{}, ErrTooLong},
		{"a manifest that breaks off", link.ID, good, io.MultiReader(bytes.NewReader(manifest), iotest.ErrReader(io.ErrUnexpectedEOF)), ErrInterrupted},
	} {
		if c.manifest == nil {
			c.manifest = iotest.ErrReader(errors.New("read, though it is refused already"))
		}
		if _, err := r.Reseal(t.Context(), r.ann, c.id, c.r, c.manifest); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	r.quota.Store(r.taken(r.ann) + 10)
	if err := r.reseal(link, 1, token, ""); !errors.Is(err, ErrNoSpace) {
		t.Errorf("without room: %v", err)
	}
	r.quota.Store(0)
	r.wantOpens("after all this", visit(link, token))
	if n := len(r.files("sealed")); n != 2 {
		t.Errorf("%d objects", n)
	}
	must(t, r.stopOne("removed"))
	if err := r.reseal(link, 1, token, ""); !errors.Is(err, ErrLinkStopped) {
		t.Errorf("a link that the operator removed: %v", err)
	}
}

// What an account takes is what lies on the disk, before and after.
func TestAChangedManifestCountsOnce(t *testing.T) {
	r := newRig(t)
	link, token := r.link(nil)
	before := r.taken(r.ann)
	must(t, r.reseal(link, 1, token, ""))
	if got := r.taken(r.ann); got != before+largerManifest-smallManifest {
		t.Errorf("taken: %d, before %d", got, before)
	}
	_, err := r.Renew(t.Context(), r.ann, link.ID, 2, NewLink{ID: newID()}, bytes.NewReader(noise(smallManifest)))
	must(t, err)
	if got := r.taken(r.ann); got != before {
		t.Errorf("taken after a renewal: %d, before %d", got, before)
	}
}

func TestTheOwnersManifest(t *testing.T) {
	r := newRig(t)
	link, token := r.link(func(l *NewLink) { l.Expires, l.MaxVisits = start.Add(time.Hour), 1 })
	_, err := r.TakeTicket(t.Context(), visit(link, token).with(ticket(1)))
	must(t, err)
	opened := r.row(link.ID).LastOpened
	r.clock.advance(2 * time.Hour)
	must(t, r.change(link, Change{Paused: new(true)}))
	d, err := r.OwnManifest(t.Context(), r.ann.ID, link.ID)
	if got := readAll(t, d, err); !bytes.Equal(got, noise(smallManifest)) {
		t.Error("another manifest")
	}
	if row := r.row(link.ID); row.Visits != 1 || !row.LastOpened.Equal(opened) {
		t.Errorf("it counts: %+v", row)
	}
	_, err = r.db.Exec(`UPDATE links SET stopped = 'removed'; UPDATE link_ids SET message = 'Against the rules.'`)
	must(t, err)
	var gone *GoneError
	if _, err := r.OwnManifest(t.Context(), r.ann.ID, link.ID); !errors.As(err, &gone) || gone.Message != "Against the rules." {
		t.Errorf("removed: %v", err)
	}
	if row := r.row(link.ID); row.State != StateRemoved || row.Message != "Against the rules." {
		t.Errorf("listed as %+v", row)
	}
}
