package static_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// sights are windows in which something stays where it is while the page scrolls: a phone with its bar at the bottom, and a low window.
var sights = []struct{ width, height int64 }{{360, 740}, {1280, 600}}

// mostStops is more than any screen has to go to by Tab.
const mostStops = 150

// What the keyboard stands on is never wholly behind something that stays where it is (WCAG 2.2, 2.4.11): on every screen, forwards and backwards.
func TestNoFocusIsHidden(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("testdata/seen.js")
	must(t, err)
	bare := strings.ReplaceAll(string(script), "\nexport ", "\n")
	tour(t, func(b *browsertest.Browser, screen string) {
		if screen == "menu" {
			return // Tab leaves it
		}
		b.Eval(`(() => {`+bare+`; globalThis.seen = {begin, covered, before: document.activeElement}})()`, nil)
		for _, window := range sights {
			b.Look(false, window.width, window.height)
			for _, keys := range []string{"Tab", "Shift+Tab"} {
				stops := tabThrough(t, b, keys, fmt.Sprintf("%s, %d×%d, %s", screen, window.width, window.height, keys))
				if stops == 0 {
					t.Errorf("%s: %s goes nowhere", screen, keys)
				}
			}
		}
		b.Eval(`(document.activeElement.blur(), seen.before.isConnected && seen.before.focus(), null)`, nil)
		b.Look(false, 1280, 800)
	})
}

// tabThrough goes once around, and tells how many stops there were.
func tabThrough(t *testing.T, b *browsertest.Browser, keys, where string) (stops int) {
	t.Helper()
	b.Eval(`seen.begin()`, nil)
	outside := false
	for ; stops < mostStops; stops++ {
		b.Keys(keys)
		var fault *string
		b.Eval(`new Promise(done => requestAnimationFrame(() => done(seen.covered())))`, &fault)
		if fault == nil && stops == 0 && !outside {
			outside, stops = true, -1 // it began at the far end, and came out of the page
			continue
		}
		if fault == nil {
			return stops
		}
		if *fault != "" {
			t.Errorf("%s: %s", where, *fault)
		}
	}
	t.Errorf("%s: no end after %d stops", where, stops)
	return stops
}
