package dav

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

// A sync that is under way is not enough for who comes then: all of them wait for the next, which begins when that has ended.
func TestSyncsGoInRounds(t *testing.T) {
	h, tr, _, dir := newInside(t)
	open := func(name string) *folder {
		t.Helper()
		put(t, filepath.Join(dir, name, "f"), "x")
		d, err := tr.root.sub(name)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d, again, other, closed := open("d"), open("d"), open("e"), open("c")
	defer d.close()
	defer again.close()
	defer other.close()

	running := newRound()
	id, _ := tr.root.id()
	running.join([]*folder{tr.root}, []folderID{id})
	h.syncs.running = running
	type answer struct {
		who string
		err error
	}
	done := make(chan answer, 4)
	for who, folders := range map[string][]*folder{"d": {d}, "d again": {again}, "d and e": {d, other}, "c": {closed}} {
		go func() { done <- answer{who, h.syncs.sync(folders)} }()
	}
	for waiting := 0; waiting < 3; { // each folder once
		h.syncs.mu.Lock()
		if running.next != nil {
			waiting = len(running.next.folders)
		}
		h.syncs.mu.Unlock()
	}
	closed.close() // its sync fails, as on a broken disk
	select {
	case a := <-done:
		t.Fatalf("%s was told of a sync that began before it asked", a.who)
	default:
	}
	h.syncs.run(running)
	for range 4 {
		a := <-done
		if (a.err != nil) != (a.who == "c") { // a failure is theirs who asked for that folder
			t.Errorf("%s: %v", a.who, a.err)
		}
	}
	if h.syncs.running != nil {
		t.Error("a round goes on running")
	}
}

func TestManySyncsAtOnce(t *testing.T) {
	h, tr, _, dir := newInside(t)
	var wg sync.WaitGroup
	for i := range 16 {
		name := fmt.Sprint(i % 3)
		put(t, filepath.Join(dir, name, "f"), "x")
		wg.Go(func() {
			d, err := tr.root.sub(name)
			if err != nil {
				t.Error(err)
				return
			}
			defer d.close()
			for range 50 {
				if err := h.syncs.sync([]*folder{d, tr.root}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if h.syncs.running != nil {
		t.Error("a round goes on running")
	}
}
