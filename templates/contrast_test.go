package templates_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// colours reads the custom properties of style.css that are light-dark(), as sRGB: [light, dark].
func colours(t *testing.T) map[string][2][3]float64 {
	t.Helper()
	css, err := os.ReadFile("../static/style.css")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][2][3]float64{}
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)`).FindAllStringSubmatch(string(css), -1) {
		var both [2][3]float64
		for i, hex := range m[2:] {
			n, err := strconv.ParseUint(hex, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			both[i] = [3]float64{float64(n >> 16 & 255), float64(n >> 8 & 255), float64(n & 255)}
		}
		found[m[1]] = both
	}
	return found
}

// luminance and contrast are as in WCAG 2.2, "relative luminance" and "contrast ratio".
func luminance(c [3]float64) float64 {
	var linear [3]float64
	for i, v := range c {
		if v /= 255; v <= 0.04045 {
			linear[i] = v / 12.92
		} else {
			linear[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*linear[0] + 0.7152*linear[1] + 0.0722*linear[2]
}

func contrast(a, b [3]float64) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// WCAG 2.2: 4.5 for text (1.4.3), 3 for the edges and states of controls (1.4.11).
func TestColoursHoldTheirContrast(t *testing.T) {
	all := colours(t)
	for _, test := range []struct {
		front, back []string
		least       float64
	}{
		{[]string{"ink", "ink-2", "ink-3"}, []string{"bg", "panel", "raised", "hover", "accent-soft"}, 4.5},
		{[]string{"accent"}, []string{"bg", "panel", "raised", "hover", "accent-soft"}, 4.5},
		{[]string{"danger"}, []string{"bg", "panel", "raised", "danger-soft"}, 4.5},
		{[]string{"ink", "ink-2"}, []string{"danger-soft", "warm-soft"}, 4.5},
		{[]string{"warm"}, []string{"bg", "panel", "raised", "warm-soft"}, 4.5},
		{[]string{"accent-ink"}, []string{"accent"}, 4.5},
		{[]string{"danger-ink"}, []string{"danger"}, 4.5},
		{[]string{"bg"}, []string{"ink"}, 4.5},
		{[]string{"edge"}, []string{"bg", "panel", "raised"}, 3},
	} {
		for _, front := range test.front {
			for _, back := range test.back {
				for i, scheme := range []string{"light", "dark"} {
					if _, ok := all[front]; !ok {
						t.Fatalf("style.css has no colour --%s", front)
					}
					if got := contrast(all[front][i], all[back][i]); got < test.least {
						t.Errorf("%s on %s, %s: %s, want %.1f", front, back, scheme, fmt.Sprintf("%.2f", got), test.least)
					}
				}
			}
		}
	}
}
