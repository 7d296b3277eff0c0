package server

import (
	"strconv"
	"testing"
	"time"
)

// A flood of names is forgotten many at a time, and lets nobody guess sooner than before: what is among the latest stays counted.
func TestAFloodOfNamesIsForgottenManyAtATime(t *testing.T) {
	now := time.Now()
	g := newGuesses(func() time.Time { return now })
	once := bound{1, time.Hour}
	flood := func(n int) {
		for range n {
			now = now.Add(time.Microsecond)
			g.take(strconv.FormatInt(now.UnixNano(), 36), once)
		}
	}
	flood(maxBuckets)
	g.take("ann", once)
	if len(g.buckets) != keptBuckets+1 {
		t.Errorf("%d are kept, want %d: each new name walks all", len(g.buckets), keptBuckets+1)
	}
	flood(keptBuckets - 1)
	if _, _, ok := g.take("ann", once); ok {
		t.Error("a flood of names gives another guess")
	}
	flood(maxBuckets)
	if len(g.buckets) > maxBuckets {
		t.Errorf("%d are kept", len(g.buckets))
	}
}
