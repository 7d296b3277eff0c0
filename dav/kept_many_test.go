package dav_test

import (
	"context"
	"errors"
	"fmt"
	"os"
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
