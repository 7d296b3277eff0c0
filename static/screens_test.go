package static_test

import (
	"os"
	"path/filepath"
	"testing"

	"thorpe/static/browsertest"
)

// ScreensVariable, set to 1, has the pictures of docs/screens taken anew.
const screensVariable = "THORPE_SCREENS"

const (
	mostOfAPicture  = 40 << 10
	mostOfAllOfThem = 1_500_000
)

// looks are how every screen is seen.
var looks = []struct {
	name          string
	dark          bool
	width, height int64
}{{"light", false, 1280, 800}, {"dark", true, 1280, 800}, {"phone", false, 360, 740}}

func TestScreens(t *testing.T) {
	folder := os.Getenv("THORPE_SCREENS_IN")
	if os.Getenv(screensVariable) == "" {
		t.Skipf("%s is not set", screensVariable)
	}
	if folder == "" {
		folder = "../docs/screens"
	}
	must(t, os.MkdirAll(folder, 0o755))
	old, err := filepath.Glob(filepath.Join(folder, "*.webp"))
	must(t, err)
	for _, name := range old {
		must(t, os.Remove(name))
	}
	tour(t, func(b *browsertest.Browser, screen string) {
		for _, look := range looks {
			b.Look(look.dark, look.width, look.height)
			b.WebP(filepath.Join(folder, screen+"-"+look.name+".webp"), 55)
		}
		b.Look(false, 1280, 800)
	})
}
