package static_test

import (
	"testing"

	"thorpe/static/browsertest"
)

// No screen violates what axe-core can see of WCAG and good practice: names, roles, contrast, order; in light and dark and on a phone.
func TestNoScreenViolatesAxe(t *testing.T) {
	t.Parallel()
	tour(t, func(b *browsertest.Browser, screen string) {
		for _, look := range looks {
			b.Look(look.dark, look.width, look.height)
			b.Axe(screen + ", " + look.name)
		}
		b.Look(false, 1280, 800)
	})
}
