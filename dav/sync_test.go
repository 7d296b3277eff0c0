package dav

import (
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// A round that is under way is not enough for who comes then: all of them share the next, which begins when it has ended.
func TestRounds(t *testing.T) {
	began, end := make(chan []int), make(chan bool)
	odd := errors.New("odd")
	r := &rounds[int]{run: func(items []int) []error {
		began <- slices.Clone(items)
		<-end
		errs := make([]error, len(items))
		for i, n := range items {
			if n%2 == 1 {
				errs[i] = odd
			}
		}
		return errs
	}}
	var asked sync.WaitGroup
	ask := func(n ...int) {
		asked.Go(func() {
			want := slices.ContainsFunc(n, func(n int) bool { return n%2 == 1 })
			if err := r.do(n...); errors.Is(err, odd) != want {
				t.Errorf("%v: %v", n, err)
			}
		})
	}
	ask(0)
	if got := <-began; !slices.Equal(got, []int{0}) {
		t.Fatalf("the first round is of %v", got)
	}
	ask(1)
	ask(2, 3)
	ask(4)
	for waiting := 0; waiting < 4; {
		r.mu.Lock()
		if r.next != nil {
			waiting = len(r.next.items)
		}
		r.mu.Unlock()
	}
	select {
	case got := <-began:
		t.Fatalf("a round of %v began beside another", got)
	default:
	}
	end <- true
	got := <-began
	if slices.Sort(got); !slices.Equal(got, []int{1, 2, 3, 4}) {
		t.Errorf("the next round is of %v", got)
	}
	end <- true
	asked.Wait()
	if r.running != 0 || r.next != nil {
		t.Error("a round goes on running")
	}
}

// A folder that several ask for is synced; a failure is theirs alone who asked for that folder.
func TestSyncEach(t *testing.T) {
	_, tr, _, dir := newInside(t)
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
	closed.close() // its sync fails, as on a broken disk
	for i, err := range syncEach([]*folder{d, again, closed, other, closed}) {
		if (err != nil) != (i == 2 || i == 4) {
			t.Errorf("folder %d: %v", i, err)
		}
	}
}
