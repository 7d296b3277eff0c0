package shares

import (
	"sync"
	"time"
)

const (
	maxWrongTokens  = 10 // in wrongTokensSpan, for one link from one network
	wrongTokensSpan = time.Minute

	// How many pairs of link and network are watched at once, of about 400 bytes. Only wrong tokens for links that exist
	// make one. Past it the one that was quiet longest is forgotten.
	maxThrottled = 16_384
)

// throttle counts wrong tokens. Whoever showed ten in a minute is not read at all until the first of the ten is a
// minute old.
type throttle struct {
	mu      sync.Mutex
	entries map[throttleKey]*[maxWrongTokens]time.Time // when the last ten came, newest first
}

type throttleKey struct {
	link    ID
	network string
}

// blocked returns how long nothing is read from there for this link; 0 if it is.
func (t *throttle) blocked(key throttleKey, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wait(key, now)
}

// judge lets isRight compare the token, and counts it if it is wrong; or returns how long to wait, and isRight does not
// run. Comparing under the lock, no crowd of requests at once has an eleventh guess.
func (t *throttle) judge(key throttleKey, now time.Time, isRight func() bool) (right bool, wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait := t.wait(key, now); wait > 0 {
		return false, wait
	}
	if isRight() {
		return true, 0
	}
	times := t.entries[key]
	if times == nil {
		if len(t.entries) >= maxThrottled {
			t.forget(now)
		}
		times = new([maxWrongTokens]time.Time)
		t.entries[key] = times
	}
	copy(times[1:], times[:])
	times[0] = now
	return false, 0
}

func (t *throttle) wait(key throttleKey, now time.Time) time.Duration {
	times := t.entries[key]
	if times == nil {
		return 0
	}
	return max(0, times[maxWrongTokens-1].Add(wrongTokensSpan).Sub(now))
}

// forget drops the entries that count no more, or else the one that was quiet longest.
func (t *throttle) forget(now time.Time) {
	var quietest throttleKey
	var last time.Time
	for key, times := range t.entries {
		if now.Sub(times[0]) >= wrongTokensSpan {
			delete(t.entries, key)
		} else if last.IsZero() || times[0].Before(last) {
			quietest, last = key, times[0]
		}
	}
	if len(t.entries) >= maxThrottled {
		delete(t.entries, quietest)
	}
}
