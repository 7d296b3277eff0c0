package templates_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What moves once takes at most 150 ms; only what says that work goes on moves for longer. Nothing moves for a visitor who asks for none.
func TestMotionIsShortAndCanBeSwitchedOff(t *testing.T) {
	sheets, err := filepath.Glob("../static/*.css")
	if err != nil {
		t.Fatal(err)
	}
	frames, err := filepath.Glob("../static/frames/*.css")
	if err != nil {
		t.Fatal(err)
	}
	const asked = "@media (prefers-reduced-motion: no-preference) {"
	found := 0
	for _, name := range append(sheets, frames...) {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		css := string(content)
		for _, moves := range regexp.MustCompile(`[\s;{](?:transition|animation|scroll-behavior)[a-z-]*: *([^;}]+)`).FindAllStringSubmatchIndex(css, -1) {
			found++
			said, value := css[moves[0]:moves[1]], css[moves[2]:moves[3]]
			// The media query that is open at this place: the last one that began in the first column, if nothing closed it there.
			before := css[:moves[0]]
			opened := strings.LastIndex(before, "\n@media")
			if opened < 0 || !strings.HasPrefix(before[opened+1:], asked) || strings.Contains(before[opened+1:], "\n}") {
				t.Errorf("%s: %q stands outside of %s", name, said, asked)
			}
			if strings.Contains(value, "infinite") {
				continue
			}
			for _, time := range regexp.MustCompile(`([\d.]+)(ms|s)\b`).FindAllStringSubmatch(value, -1) {
				n, err := strconv.ParseFloat(time[1], 64)
				if err != nil {
					t.Fatal(err)
				}
				if time[2] == "s" {
					n *= 1000
				}
				if n > 150 {
					t.Errorf("%s: %q takes %.0f ms", name, said, n)
				}
			}
		}
	}
	if found < 5 {
		t.Fatalf("only %d motions found", found)
	}
}
