package static_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// An image is looked at closely with wheel, mouse, keys, buttons and two fingers; only where all of it is seen do the arrow keys turn to the next.
func TestAnImageIsZoomed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	must(t, os.MkdirAll(driveFolder(s), 0o700))
	for name, content := range map[string][]byte{"a.jpg": jpegOf(t, 2400, 900), "b.png": pngOf(t, 40, 30)} {
		must(t, os.WriteFile(filepath.Join(driveFolder(s), name), content, 0o600))
	}
	b.Size(1280, 800)
	b.Open(s.URL + "/")
	b.Click("a.jpg")
	b.Wait("all of the photo", `((r, s) => r && s && r.height > 400 && r.top >= s.top && r.bottom <= s.bottom && !document.querySelector(".zoomed"))`+
		`(document.querySelector(".view-image")?.getBoundingClientRect(), document.querySelector(".viewer-stage")?.getBoundingClientRect())`)
	viewPicture(b, "zoom-whole")

	whole := imageAt(b)
	under := func(p shownAt) float64 { return (300 - p.Left) / p.Width } // what of the image is at 300 pixels from the left
	before := under(whole)
	b.Wheel(300, 400, -200)
	b.Wait("a larger photo", fmt.Sprintf(`document.querySelector(".view-image").getBoundingClientRect().width > %f`, whole.Width*1.2))
	if after := under(imageAt(b)); math.Abs(after-before) > 0.01 {
		t.Errorf("the wheel moved what is under the pointer from %.3f to %.3f", before, after)
	}
	b.Press("1")
	b.WaitText("100%")
	if got := imageAt(b).Width; math.Abs(got-2400) > 1 {
		t.Errorf("at 100%% the photo is %.0f pixels wide", got)
	}
	viewPicture(b, "zoom-actual")
	first := imageAt(b)
	b.Slide(600, 400, 500, 350)
	b.Wait("a moved photo", fmt.Sprintf(`Math.abs(document.querySelector(".view-image").getBoundingClientRect().left - %f) < 1`, first.Left-100))
	b.Slide(100, 400, 9000, 350)
	b.Wait("its edge, and no further", `Math.abs(document.querySelector(".view-image").getBoundingClientRect().left) < 1`)
	b.Press(kb.ArrowRight)
	b.Wait("a photo moved by a key", `document.querySelector(".view-image").getBoundingClientRect().left < -50 && document.querySelector("#viewer-name").textContent === "a.jpg"`)
	b.Click("Larger")
	b.WaitText("125%")
	for range 20 {
		b.Press("+")
	}
	b.WaitText("800%")
	b.Press("0")
	b.Wait("all of it again", fmt.Sprintf(`Math.abs(document.querySelector(".view-image").getBoundingClientRect().width - %f) < 1`, whole.Width))
	b.Pinch(600, 400, 100, 300)
	b.Wait("what two fingers did", fmt.Sprintf(`Math.abs(document.querySelector(".view-image").getBoundingClientRect().width / %f - 3) < 0.05`, whole.Width))
	b.Click("Actual size")
	b.Wait("all of it once more", `!document.querySelector(".zoomed")`)
	b.Press(kb.ArrowRight)
	b.Wait("the small image, no larger than it is", `Math.abs((document.querySelector(".view-image")?.naturalWidth === 40 ? document.querySelector(".view-image").getBoundingClientRect().width : 0) - 40) < 1`)
}

type shownAt struct{ Left, Top, Width, Height float64 }

func imageAt(b *browsertest.Browser) (at shownAt) {
	b.Eval(`(({left, top, width, height}) => ({left, top, width, height}))(document.querySelector(".view-image").getBoundingClientRect())`, &at)
	return at
}
