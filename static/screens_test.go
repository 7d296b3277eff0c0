package static_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"thorpe/static/browsertest"
)

// screensVariable, set to 1, has the pictures of docs/screens taken anew.
const screensVariable = "THORPE_SCREENS"

const screensFolder = "../docs/screens"

// What the pictures may weigh, in bytes: whoever clones the repository fetches them.
const (
	mostOfAPicture  = 40_000
	mostOfAllOfThem = 1_500_000
)

// unpictured are screens that look so much like another one that no picture of them is kept.
var unpictured = []string{"connect-password", "edit-theirs", "operator-links", "operator-reports", "recover", "error",
	"grid-touched", "pdf", "new-text", "upload-failed", "text", "audio", "trash-details", "link-change", "link-list", "link-gallery", "link-report"}

// looks are how every screen is seen.
var looks = []struct {
	name          string
	dark          bool
	width, height int64
}{{"light", false, 1120, 720}, {"dark", true, 1120, 720}, {"phone", false, 360, 740}}

// look shows the page in each of the looks, and takes a picture if they are taken anew.
// at is told where only the colours are others than in the look before.
func look(t *testing.T, b *browsertest.Browser, screen string, at func(seen string, recoloured bool)) {
	t.Helper()
	for _, one := range looks {
		b.Look(one.dark, one.width, one.height)
		if screen == "menu" && one.name == "phone" {
			b.Click("More for IMG_2041.jpg") // a menu closes where the window changes
		}
		if os.Getenv(screensVariable) == "1" && !slices.Contains(unpictured, screen) {
			b.WebP(filepath.Join(screensFolder, screen+"-"+one.name+".webp"), 26)
		}
		at(screen+", "+one.name, one.dark)
	}
	b.Look(false, 1280, 800)
}

// No screen violates what axe-core can see of WCAG and good practice: names, roles, contrast, order; in light and dark and on a phone.
func TestNoScreenViolatesAxe(t *testing.T) {
	t.Parallel()
	if os.Getenv(screensVariable) == "1" {
		must(t, os.RemoveAll(screensFolder))
		must(t, os.MkdirAll(screensFolder, 0o755))
	}
	tour(t, func(b *browsertest.Browser, screen string) {
		look(t, b, screen, func(seen string, recoloured bool) {
			if recoloured {
				b.Axe(seen, browsertest.Colours...)
			} else {
				b.Axe(seen)
			}
			if screen == "pdf" {
				b.AxeFrame(seen)
			}
		})
	})
}

// The pictures show every screen in each of its looks, and are small.
func TestScreensAreKept(t *testing.T) {
	pictures, err := filepath.Glob(filepath.Join(screensFolder, "*"))
	must(t, err)
	there := map[string]bool{}
	sum := int64(0)
	for _, path := range pictures {
		info, err := os.Stat(path)
		must(t, err)
		there[filepath.Base(path)] = true
		sum += info.Size()
		if info.Size() > mostOfAPicture {
			t.Errorf("%s has %d bytes", path, info.Size())
		}
	}
	if sum > mostOfAllOfThem {
		t.Errorf("the pictures have %d bytes together", sum)
	}
	for _, screen := range screens {
		if slices.Contains(unpictured, screen) {
			continue
		}
		for _, one := range looks {
			name := screen + "-" + one.name + ".webp"
			if !there[name] {
				t.Errorf("there is no %s in docs/screens: %s=1 takes the pictures anew", name, screensVariable)
			}
			delete(there, name)
		}
	}
	for name := range there {
		t.Errorf("docs/screens/%s is of no screen", name)
	}
}
