package static_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// narrow are windows with little room: a small phone, usual ones, where what is said of 400 pixels and less holds as well, one that lies (as 1280×800 enlarged to 400 %: WCAG 2.2, 1.4.10), and 1280×800 with everything twice as large.
var narrow = []struct{ width, height int64 }{{320, 640}, {320, 200}, {360, 740}, {390, 844}, {640, 400}}

// In a narrow window no screen scrolls sideways, no control's text is cut, and where there is little height nothing keeps it for itself; in both languages.
func TestNoScreenIsCutWhereThereIsLittleRoom(t *testing.T) {
	t.Parallel()
	tour(t, func(b *browsertest.Browser, screen string) {
		for _, window := range narrow {
			b.Look(false, window.width, window.height)
			if screen == "menu" {
				b.Eval(`document.querySelector(".menu")?.hidePopover()`, nil) // a wider window has closed it
				b.Wait("no menu", `!document.querySelector(".menu")`)
				b.Click("More for IMG_2041.jpg")
			}
			still(t, b, screen)
			roomFor(t, b, screen, fmt.Sprintf("%d×%d", window.width, window.height))
		}
		b.Look(false, 1280, 800)
	})
}

// narrowScript is what testdata/narrow.js has, to be run in any page.
func narrowScript(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile("testdata/narrow.js")
	must(t, err)
	return strings.ReplaceAll(string(script), "\nexport ", "\n")
}

// roomFor has what the page shows measured, in English and in German.
func roomFor(t *testing.T, b *browsertest.Browser, screen, window string) {
	t.Helper()
	bare := narrowScript(t)
	english, err := os.ReadFile("texts/en.json")
	must(t, err)
	german, err := os.ReadFile("texts/de.json")
	must(t, err)
	for language, catalogs := range map[string]string{"en": "", "de": string(english) + "," + string(german)} {
		var faults []string
		b.Eval(`(() => {`+bare+`; return cutOff(`+catalogs+`)})()`, &faults)
		for _, fault := range faults {
			t.Errorf("%s, %s, %s: %s", screen, window, language, fault)
		}
		folder := os.Getenv("THORPE_TEST_PICTURES")
		if folder == "" {
			continue
		}
		if language == "de" {
			b.Eval(`(() => {`+bare+`; globalThis.back = retold(`+catalogs+`)})()`, nil)
		}
		b.Screenshot(filepath.Join(folder, fmt.Sprintf("%s-%s-%s.png", screen, window, language)))
		if language == "de" {
			b.Eval(`void globalThis.back()`, nil)
		}
	}
}

// still has nothing move, nor begin to, for a visitor who asked for that; Look asks.
func still(t *testing.T, b *browsertest.Browser, screen string) {
	t.Helper()
	var found []string
	b.Eval(`(() => {`+narrowScript(t)+`; return moving()})()`, &found)
	for _, one := range found {
		t.Errorf("%s: %s", screen, one)
	}
}
