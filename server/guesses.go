package server

import (
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// guesses counts what may be tried only so often, a bucket a key. It counts before the trial is made, so that a hundred
// at once are a hundred, and gives back what was no wrong guess.
type guesses struct {
	now func() time.Time

	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	*rate.Limiter
	used time.Time
}

// bound is how many wrong guesses a key has: burst at once, and one more each interval.
type bound struct {
	burst    int
	interval time.Duration
}

// maxBuckets bounds the memory; past it, those that are full again go, and then the oldest but keptBuckets. Many go at a time: it takes a walk through all.
const (
	maxBuckets  = 11_000
	keptBuckets = 10_000
)

func newGuesses(now func() time.Time) *guesses {
	return &guesses{now: now, buckets: map[string]*bucket{}}
}

// take counts one trial under key. ok says that it may be made; else wait is when the next may. Call back when it turns
// out that it was no wrong guess.
func (g *guesses) take(key string, b bound) (back func(), wait time.Duration, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	found := g.buckets[key]
	if found == nil {
		if len(g.buckets) >= maxBuckets {
			g.sweep(now)
		}
		found = &bucket{Limiter: rate.NewLimiter(rate.Every(b.interval), b.burst)}
		g.buckets[key] = found
	}
	found.used = now
	r := found.ReserveN(now, 1)
	if delay := r.DelayFrom(now); delay > 0 {
		r.CancelAt(now)
		return nil, delay, false
	}
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		// Put the token back: a reservation of minus one, up to the burst, which the limiter sees to.
		found.ReserveN(g.now(), -1)
	}, 0, true
}

// left says how many trials the key has left now.
func (g *guesses) left(key string, b bound) float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	if found := g.buckets[key]; found != nil {
		return found.TokensAt(g.now())
	}
	return float64(b.burst)
}

func (g *guesses) sweep(now time.Time) {
	for key, b := range g.buckets {
		if b.TokensAt(now) >= float64(b.Burst()) {
			delete(g.buckets, key)
		}
	}
	keys := slices.SortedFunc(maps.Keys(g.buckets), func(a, b string) int { return g.buckets[a].used.Compare(g.buckets[b].used) })
	for _, key := range keys[:max(0, len(keys)-keptBuckets)] {
		delete(g.buckets, key)
	}
}
