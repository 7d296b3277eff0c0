package static_test

import (
	"os"
	"regexp"
	"testing"

	"thorpe/static"
	"thorpe/static/modulegraph"
)

// The link page's own sprite has every icon that its modules can come to draw, symbol for symbol.
func TestALightPageHasItsIcons(t *testing.T) {
	t.Parallel()
	tree, err := static.New()
	must(t, err)
	symbols := func(name string) map[string]string { // by their ids
		content, ok := tree.File(name)
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		found := map[string]string{}
		for _, symbol := range regexp.MustCompile(`<symbol id="([^"]*)".*</symbol>`).FindAllStringSubmatch(string(content), -1) {
			found[symbol[1]] = symbol[0]
		}
		return found
	}
	whole, own := symbols("icons.svg"), symbols("icons.link.svg")
	for id, symbol := range own {
		if whole[id] != symbol {
			t.Errorf("icons.svg has no %s", symbol)
		}
	}
	drawn := regexp.MustCompile(`\bicon(?:Button)?\("([a-z0-9-]+)"|\bicon: "([a-z0-9-]+)"`)
	err = modulegraph.Walk(os.DirFS("."), true, func(name, text string) {
		for _, found := range drawn.FindAllStringSubmatch(text, -1) {
			if id := found[1] + found[2]; own[id] == "" {
				t.Errorf("%s draws %q, which icons.link.svg lacks", name, id)
			}
		}
	}, "pages/link.js")
	must(t, err)
	for _, kind := range []string{"folder", "file", "file-text", "file-archive", "image", "film", "music"} { // drive/picture.js names them without saying that they are icons
		if own[kind] == "" {
			t.Errorf("icons.link.svg lacks %q", kind)
		}
	}
	if len(own)*2 > len(whole) {
		t.Errorf("the link page has %d of %d icons", len(own), len(whole))
	}
}
