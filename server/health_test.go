package server

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// However many ask at once, the disk is asked once: also while it does not answer.
func TestManyWhoAskWhetherTheServerIsReadyAskTheDiskOnce(t *testing.T) {
	var asked atomic.Int32
	answer := make(chan error)
	r := &readiness{checks: []Check{{"the disk", func(context.Context) error { asked.Add(1); return <-answer }}}}
	var all sync.WaitGroup
	var failed, news atomic.Int32
	for range 50 {
		all.Go(func() {
			name, _, isNew := r.now(context.Background())
			if name == "the disk" {
				failed.Add(1)
			}
			if isNew {
				news.Add(1)
			}
		})
	}
	answer <- errors.New("it is gone")
	all.Wait()
	if asked.Load() != 1 || failed.Load() != 50 {
		t.Errorf("the disk was asked %d times, and %d of 50 were told that it fails", asked.Load(), failed.Load())
	}
	if name, _, _ := r.now(context.Background()); name != "the disk" || asked.Load() != 1 {
		t.Errorf("right after it: %q, asked %d times", name, asked.Load())
	}
}

// While the disk hangs, each who asks is told, and the log once.
func TestADiskThatHangsIsNewsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		r := &readiness{checks: []Check{{"the disk", func(context.Context) error { <-hang; return nil }}}}
		for i := range 3 {
			if failed, _, news := r.now(t.Context()); failed == "" || news != (i == 0) {
				t.Errorf("look %d: %q, news: %v", i, failed, news)
			}
		}
		close(hang)
		synctest.Wait()
		time.Sleep(readyFor)
		hang = make(chan struct{})
		if _, _, news := r.now(t.Context()); !news {
			t.Error("the next time that it hangs is no news")
		}
		close(hang)
	})
}
