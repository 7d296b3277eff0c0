package dav_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"thorpe/dav"
)

// deleted deletes files, and answers their ids.
func (s *server) deleted(n int) (ids []string) {
	s.t.Helper()
	for i := range n {
		name := fmt.Sprintf("d/%03d", i)
		s.write(name, "x")
		ids = append(ids, s.remove(name))
	}
	return ids
}

// Once nobody waits for it, many ends after the one under way: what came back is told, the rest stays in the trash and comes back later.
func TestManyEndWithTheirRequest(t *testing.T) {
	for _, discard := range []bool{false, true} {
		s := newServer(t)
		ids := s.deleted(200)
		ctx, stop := context.WithCancel(t.Context())
		told := 0
		tell := func(_ string, err error) error {
			if err != nil {
				t.Error(err)
			}
			stop()
			told++
			return nil
		}
		var err error
		if discard {
			err = s.handler.DiscardAll(ctx, *s.drive, ids, tell)
		} else {
			err = s.handler.RestoreAll(ctx, *s.drive, ids, nil, func(id, _ string, err error) error { return tell(id, err) })
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("discard %v: %v", discard, err)
		}
		if _, left := s.trash(); told == 0 || told == 200 || len(left) != 200-told {
			t.Errorf("discard %v: %d told, %d left", discard, told, len(left))
		}
		for _, id := range ids[told:] {
			if _, err := s.handler.Restore(t.Context(), *s.drive, id, nil); err != nil {
				t.Error(err)
			}
		}
	}
}

// ending is a context that ends as it is asked for the nth time whether it has.
type ending struct {
	context.Context
	asks atomic.Int64
	end  func()
}

func (c *ending) ask() {
	if c.asks.Add(-1) == 0 {
		c.end()
	}
}

func (c *ending) Done() <-chan struct{} { c.ask(); return c.Context.Done() }
func (c *ending) Err() error            { c.ask(); return c.Context.Err() }

// Wherever it is in its work as nobody waits any more: at most the one under way fails by it, and what is not told of as done is in the trash.
func TestManyEndAnywhere(t *testing.T) {
	s := newServer(t)
	for n := int64(1); n < 120; n += 7 {
		for _, discard := range []bool{false, true} {
			ids := s.deleted(5)
			inner, end := context.WithCancel(t.Context())
			ctx := &ending{Context: inner, end: end}
			ctx.asks.Store(n)
			done, cut := 0, 0
			tell := func(err error) error {
				switch {
				case err == nil:
					done++
				case errors.Is(err, context.Canceled):
					cut++
				default:
					t.Errorf("%d, discard %v: %v", n, discard, err)
				}
				return nil
			}
			var err error
			if discard {
				err = s.handler.DiscardAll(ctx, *s.drive, ids, func(_ string, err error) error { return tell(err) })
			} else {
				err = s.handler.RestoreAll(ctx, *s.drive, ids, nil, func(_, _ string, err error) error { return tell(err) })
			}
			_, left := s.trash()
			if (err == nil) != (inner.Err() == nil) || cut > 1 || len(left) != 5-done || err == nil && done != 5 {
				t.Errorf("%d, discard %v: %v, %v; %d done, %d cut, %d left", n, discard, err, inner.Err(), done, cut, len(left))
			}
			end()
			for _, id := range left {
				if err := s.handler.Discard(t.Context(), *s.drive, id); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// A told that fails ends it too.
func TestManyEndWhereNobodyListens(t *testing.T) {
	s := newServer(t)
	ids := s.deleted(200)
	deaf := errors.New("deaf")
	if err := s.handler.RestoreAll(t.Context(), *s.drive, ids, nil, func(string, string, error) error { return deaf }); !errors.Is(err, deaf) {
		t.Error(err)
	}
	if _, left := s.trash(); len(left) == 0 || len(left) == 200 {
		t.Errorf("%d are left", len(left))
	}
}

// What macOS keeps beside files comes back, or goes, with each of many.
func TestManyTakeTheirTwinsAlong(t *testing.T) {
	s := newServer(t)
	var ids []string
	for i := range 80 {
		s.write(fmt.Sprintf("d/%03d", i), "x")
		s.write(fmt.Sprintf("d/._%03d", i), "about it")
		ids = append(ids, s.remove(fmt.Sprintf("d/%03d", i)))
		s.remove(fmt.Sprintf("d/._%03d", i))
	}
	err := s.handler.RestoreAll(t.Context(), *s.drive, ids[:70], nil, func(_, _ string, err error) error { return err })
	if err != nil {
		t.Error(err)
	}
	for i := range 70 {
		s.wantContent(fmt.Sprintf("d/._%03d", i), "about it")
	}
	if err := s.handler.DiscardAll(t.Context(), *s.drive, ids[70:], func(_ string, err error) error { return err }); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(s.file("../../kept/ann")); err != nil || len(entries) != 0 {
		t.Errorf("kept: %d, %v", len(entries), err)
	}
	for _, id := range ids {
		if _, err := s.handler.Restore(t.Context(), *s.drive, id, nil); !errors.Is(err, dav.ErrNotKept) {
			t.Errorf("once more: %v", err)
		}
	}
}

// An id is looked up among those of its own drive: where two drives hold the same, as after somebody copied a folder of kept/, each gets its own back, and the other's stays.
func TestAnIDIsOneOfItsDrive(t *testing.T) {
	s := newServer(t)
	bob := dav.Drive{ID: [16]byte{2}, Name: "bob"}
	var ids, entries []string
	for i := range 4 {
		ids = append(ids, s.deletedAs(fmt.Sprintf("ann %d", i)))
	}
	s.writeKept()
	kept := func(name string) string { return filepath.Join(s.data, "kept", name) }
	list, err := os.ReadDir(kept("ann"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range list {
		entries = append(entries, strings.Replace(entry.Name(), "ann", "bob", 1))
	}
	if err := os.CopyFS(kept("bob"), os.DirFS(kept("ann"))); err != nil {
		t.Fatal(err)
	}
	for i, entry := range list {
		if err := os.Rename(filepath.Join(kept("bob"), entry.Name()), filepath.Join(kept("bob"), entries[i])); err != nil {
			t.Fatal(err)
		}
	}
	s.restart() // which makes the rows
	for i, d := range []dav.Drive{bob, ann} {
		other := []dav.Drive{ann, bob}[i]
		if at, err := s.handler.Restore(t.Context(), d, ids[0], nil); at != d.Name+" 0" || err != nil {
			t.Errorf("%s restored %q, %v", d.Name, at, err)
		}
		err := s.handler.RestoreAll(t.Context(), d, ids[1:2], nil, func(_, at string, err error) error {
			if at != d.Name+" 1" || err != nil {
				t.Errorf("%s restored %q, %v", d.Name, at, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if err := s.handler.DiscardAll(t.Context(), d, ids[2:3], func(_ string, err error) error { return err }); err != nil {
			t.Error(err)
		}
		left := func(d dav.Drive) (n int) {
			list, err := s.handler.Trash(t.Context(), d, "", 10)
			if err != nil {
				t.Error(err)
			}
			return len(list.Items)
		}
		if mine, others := left(d), left(other); mine != 1 || others != []int{4, 1}[i] {
			t.Errorf("after %s: %d and %d are left", d.Name, mine, others)
		}
	}
}

func (s *server) deletedAs(name string) string {
	s.t.Helper()
	s.write(name, "x")
	return s.remove(name)
}
