package shares

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"thorpe/server/database/databasetest"
)

// rig is a store on a folder and a database of its own, with a clock that stands still.
type rig struct {
	*Store
	t      *testing.T
	dir    string
	data   *os.Root
	db     *sql.DB
	log    *lockedBuffer
	ann    Owner
	bob    Owner
	placed []Placement   // what came to Place
	refuse error         // what Place answers
	quota  *atomic.Int64 // what Room allows, to all that lies here; 0: all there is
	asked  *atomic.Int64 // how often Room was asked
	limit  int64         // Config.Limit
	clock  *clock
}

var start = time.Date(2026, 8, 1, 10, 0, 0, 0, time.UTC)

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), clock: &clock{now: start}, log: &lockedBuffer{}, quota: &atomic.Int64{}, asked: &atomic.Int64{}}
	var err error
	if r.data, err = os.OpenRoot(r.dir); err != nil {
		t.Fatal(err)
	}
	r.db = databasetest.Open(t, filepath.Join(r.dir, "thorpe.db"))
	r.ann, r.bob = r.account("ann"), r.account("bob")
	r.reopen()
	t.Cleanup(func() {
		r.Close()
		r.db.Close()
		r.data.Close()
	})
	return r
}

// reopen opens another store on the same folder and database, as after a kill: nothing of the first is told.
func (r *rig) reopen() {
	r.t.Helper()
	if r.Store != nil {
		r.Close()
	}
	store, err := Open(Config{
		DB: r.db, Data: r.data, Log: slog.New(slog.NewTextHandler(r.log, nil)), Now: r.clock.Now, Place: r.putInPlace, Room: r.room, Limit: r.limit,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	<-store.swept
	r.Store = store
}

// putInPlace does what the drive does, in one folder for all.
func (r *rig) putInPlace(_ context.Context, p Placement) error {
	if r.refuse != nil {
		return r.refuse
	}
	r.placed = append(r.placed, p)
	from := filepath.Join(p.From.Name(), p.File)
	return os.Rename(from, filepath.Join(r.dir, "placed"))
}

// room is what the drive answers, if nothing is in it.
func (r *rig) room(ctx context.Context, o Owner) (Room, error) {
	r.asked.Add(1)
	quota := r.quota.Load()
	if quota == 0 {
		return Room{math.MaxInt64, math.MaxInt64}, nil
	}
	taken, err := r.Taken(ctx, o.ID)
	return Room{max(0, quota-taken), math.MaxInt64}, err
}

func (r *rig) taken(o Owner) int64 {
	r.t.Helper()
	n, err := r.Taken(r.t.Context(), o.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *rig) account(name string) Owner {
	r.t.Helper()
	o := Owner{Name: name}
	copy(o.ID[:], name)
	_, err := r.db.Exec(`INSERT INTO accounts (id, name, operator, created, salt, auth_hash, wrap_box, recovery_hash, recovery_box)
		VALUES (?, ?, 0, 0, zeroblob(16), zeroblob(32), zeroblob(60), zeroblob(32), zeroblob(60))`, o.ID[:], name)
	if err != nil {
		r.t.Fatal(err)
	}
	return o
}

// noise is n bytes that no compression and no coincidence makes.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func (r *rig) upload(use Use, length int64) *Upload {
	r.t.Helper()
	file := DriveFile{}
	if use == ForDrive {
		file.Path = "a/b.txt"
	}
	u, err := r.CreateUpload(r.t.Context(), r.ann, use, length, file)
	if err != nil {
		r.t.Fatal(err)
	}
	return u
}

// patch is a whole request with these bytes.
func patch(offset int64, b []byte) Patch {
	return Patch{Offset: offset, Length: -1, Size: int64(len(b)), Body: bytes.NewReader(b)}
}

// broken is a request that breaks off after these bytes.
func broken(offset int64, b []byte) Patch {
	return Patch{Offset: offset, Length: -1, Size: -1, Body: io.MultiReader(bytes.NewReader(b), failing{})}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func (r *rig) offset(u *Upload) int64 {
	r.t.Helper()
	found, err := r.FindUpload(r.t.Context(), r.ann.ID, u.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return found.Offset
}

// link publishes a link with a small content, and returns the token that opens it.
func (r *rig) link(change func(*NewLink)) (*Link, []byte) {
	r.t.Helper()
	content := noise(1000)
	u := r.upload(ForLink, int64(len(content)))
	if _, err := r.Append(r.t.Context(), r.ann, u.ID, patch(0, content)); err != nil {
		r.t.Fatal(err)
	}
	token := append([]byte("token"), noise(27)...)
	l := NewLink{ID: newID(), TokenHash: sha256.Sum256(token), Upload: u.ID, Note: []byte("a box")}
	if change != nil {
		change(&l)
	}
	link, err := r.Publish(r.t.Context(), r.ann, l, bytes.NewReader(noise(smallManifest)))
	if err != nil {
		r.t.Fatal(err)
	}
	return link, token
}

const smallManifest = 32 + 4096 + 28

// files lists all that lies below a folder of the data folder.
func (r *rig) files(dir string) []string {
	r.t.Helper()
	found := []string{}
	err := fs.WalkDir(r.data.FS(), dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return found
}

// object is the bytes of an upload or of a link's content on the disk.
func (r *rig) object(use Use, name objectName) []byte {
	r.t.Helper()
	where := filepath.Join(r.dir, "sealed", name.String()[:2], name.String())
	if use == ForDrive {
		where = filepath.Join(r.dir, "incoming", "uploads", name.String())
	}
	b, err := os.ReadFile(where)
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func visit(l *Link, token []byte) Visit {
	return Visit{Link: l.ID, Token: token, Network: "192.0.2.1"}
}

func ticket(n int) []byte {
	b := sha256.Sum256(fmt.Append(nil, "ticket", n))
	return b[:]
}

// with returns the visit with a ticket.
func (v Visit) with(ticket []byte) Visit {
	v.Ticket = ticket
	return v
}

func readAll(t *testing.T, d *Download, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	b, err := io.ReadAll(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (r *rig) wantNoSecret(secrets ...string) {
	r.t.Helper()
	for _, secret := range secrets {
		if strings.Contains(r.log.String(), secret) {
			r.t.Errorf("the log holds %q", secret)
		}
	}
}
