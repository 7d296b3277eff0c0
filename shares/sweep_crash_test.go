package shares

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/server/database"
)

const (
	sweptLinks   = 1200 // more than two transactions' worth
	sweptUploads = 60
	stoppedLinks = 60
	orphans      = 60
	livingLinks  = 20
)

// I9: the process is killed at random points of a sweep and of take-downs. What it had said is so; what lives is whole; and once the next has
// begun, the disk holds what the database says and nothing else.
func TestASweepIsKilledAnywhere(t *testing.T) {
	if dir := os.Getenv("THORPE_TEST_SWEEP_UNTIL_KILLED"); dir != "" {
		sweepUntilKilled(t, dir)
	}
	r := newRig(t)
	living := r.fill()
	r.Close()
	for round := range 6 {
		swept := 0
		for _, line := range r.sweepAndKill(1 + rand.IntN(220)) {
			verb, text, _ := strings.Cut(line, " ")
			id, err := ParseID(text)
			if err != nil {
				t.Fatalf("the sweeper said %q", line)
			}
			l, err := findFetchable(t.Context(), r.db, id)
			gone, _ := errors.AsType[*GoneError](err)
			if err == nil {
				gone = l.gone(start)
			}
			want := GoneError{Reason: StateExpired}
			if verb == "took" {
				want = GoneError{StateRemoved, "a reason"}
			}
			if gone == nil || *gone != want {
				t.Errorf("%s: %v", line, err)
			}
			swept++
		}
		r.wantLiving(living)
		r.reopen()
		uploads, links := count(t, r.db, "uploads"), r.countLiving()
		if n := len(r.files("sealed")); n != uploads+2*links {
			t.Fatalf("round %d: %d objects for %d uploads and %d links", round, n, uploads, links)
		}
		r.wantLiving(living)
		r.Close()
		t.Logf("round %d: %d said to be gone; %d uploads and %d links are there", round, swept, uploads, links)
	}
	r.clock.set(start.Add(400 * 24 * time.Hour))
	r.reopen()
	if n := r.countLiving(); n != livingLinks {
		t.Errorf("%d links in the end, want the %d that live", n, livingLinks)
	}
	if n := len(r.files("sealed")); n != 2*livingLinks {
		t.Errorf("%d objects in the end", n)
	}
	var stopped int
	must(t, r.db.QueryRow(`SELECT count(*) FROM link_ids WHERE gone = 'removed' AND message = 'a reason'`).Scan(&stopped))
	if stopped == 0 {
		t.Error("no take-down outlasted the kills: the test shows nothing")
	}
}

// fill makes links that live, that have expired, and that are to be taken down, uploads that were abandoned, and objects that nothing names.
func (r *rig) fill() (living []ID) {
	r.t.Helper()
	must(r.t, transact(r.t.Context(), r.db, func(tx *sql.Tx) error {
		for i := range livingLinks + sweptLinks + stoppedLinks {
			l := &Link{ID: newID(), Created: start, Expires: start.Add(time.Hour)}
			switch {
			case i < livingLinks:
				l.Expires = time.Time{}
				living = append(living, l.ID)
			case i >= livingLinks+sweptLinks: // the sweeper takes it down first
				l.Expires = start.Add(300 * 24 * time.Hour)
			}
			if err := insertLink(r.t.Context(), tx, r.ann.ID, l, sha256.Sum256(nil), r.plain(), r.plain()); err != nil {
				return err
			}
		}
		for range sweptUploads {
			u := &Upload{ID: newID(), Use: ForLink, Length: -1, object: r.plain(), Created: start, Expires: start.Add(uploadLife)}
			if err := insertUpload(r.t.Context(), tx, r.ann.ID, u); err != nil {
				return err
			}
		}
		return nil
	}))
	return living
}

// plain makes an object without waiting for the disk.
func (r *rig) plain() objectName {
	r.t.Helper()
	name := newObjectName()
	folder := filepath.Join(r.dir, "sealed", name.String()[:2])
	must(r.t, os.MkdirAll(folder, 0o700))
	must(r.t, os.WriteFile(filepath.Join(folder, name.String()), nil, 0o600))
	return name
}

func (r *rig) wantLiving(living []ID) {
	r.t.Helper()
	for _, id := range living {
		l, err := findFetchable(r.t.Context(), r.db, id)
		if err != nil {
			r.t.Fatalf("a link that lives: %v", err)
		}
		r.object(ForLink, l.manifest)
		r.object(ForLink, l.content)
	}
}

// countLiving counts the links that have objects.
func (r *rig) countLiving() (n int) {
	r.t.Helper()
	must(r.t, r.db.QueryRow(`SELECT count(*) FROM links WHERE stopped IS NULL`).Scan(&n))
	return n
}

// sweepAndKill lets another process sweep, kills it after it has said some lines, and returns them.
func (r *rig) sweepAndKill(lines int) (said []string) {
	r.t.Helper()
	for range orphans {
		r.plain()
	}
	work := exec.Command(os.Args[0], "-test.run=^TestASweepIsKilledAnywhere$")
	work.Env = append(os.Environ(), "THORPE_TEST_SWEEP_UNTIL_KILLED="+r.dir)
	out, err := work.StdoutPipe()
	must(r.t, err)
	must(r.t, work.Start())
	defer work.Wait()
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		if line := scanner.Text(); strings.HasPrefix(line, "swept ") || strings.HasPrefix(line, "took ") {
			said = append(said, line)
		}
		if len(said) == lines {
			time.Sleep(rand.N(3 * time.Millisecond)) // anywhere in what it does next
			work.Process.Kill()
		}
	}
	return said
}

// sweepUntilKilled takes a link down and sweeps, and says what is done.
func sweepUntilKilled(t *testing.T, dir string) {
	data, err := os.OpenRoot(dir)
	must(t, err)
	db, err := database.Open(t.Context(), filepath.Join(dir, "thorpe.db"))
	must(t, err)
	now := &clock{now: start}
	s, err := Open(Config{DB: db, Data: data, Log: slog.New(sayer{}), Now: now.Now})
	must(t, err)
	<-s.swept
	list, err := s.AllLinks(t.Context(), LinkFilter{})
	must(t, err)
	taken := 0
	for _, l := range list {
		if l.State == StateOpen && l.Expires.After(start.Add(100*24*time.Hour)) && taken < 10 {
			must(t, s.TakeDown(t.Context(), l.ID, "a reason"))
			fmt.Println("took", l.ID)
			taken++
		}
	}
	now.advance(30 * 24 * time.Hour)
	must(t, s.Sweep(t.Context()))
	os.Exit(0) // all is swept before the kill came
}

// sayer says on standard output which links were swept.
type sayer struct{ slog.Handler }

func (sayer) Enabled(context.Context, slog.Level) bool { return true }

func (sayer) Handle(_ context.Context, record slog.Record) error {
	if record.Message == "swept an expired link" {
		record.Attrs(func(a slog.Attr) bool {
			fmt.Println("swept", a.Value)
			return true
		})
	}
	return nil
}
