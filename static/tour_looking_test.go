package static_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// clip is a film of two seconds, as long as one of a phone: ffmpeg -f lavfi -i gradients=size=480x270:rate=12:c0=0x3d5a80:c1=0xf4a261:c2=0x264653:nb_colors=3:speed=0.02:seed=7
// -t 2 -c:v libvpx-vp9 -crf 50 -b:v 0 film.webm, and after it nothing (an EBML Void).
func clip(t *testing.T) []byte {
	t.Helper()
	film, err := os.ReadFile("testdata/film.webm")
	must(t, err)
	const size = 1_800_000
	return append(append(film, 0xec, 0x01, 0, 0, 0, 0, size>>16&0xff, size>>8&0xff, size&0xff), make([]byte, size)...)
}

// contract is a document of three pages of words.
func contract() []byte {
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
		"<< /Type /Pages /Kids [4 0 R 6 0 R 8 0 R] /Count 3 >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	for page := range 3 {
		var drawn strings.Builder
		fmt.Fprintf(&drawn, "BT /F1 24 Tf 60 720 Td (Rental contract, page %d of 3) Tj /F1 13 Tf 0 -24 Td 20 TL", page+1)
		for line := range 12 {
			fmt.Fprintf(&drawn, " T* (%d.%d The boat is brought back dry, swept and before the evening.) Tj", page+1, line+1)
		}
		drawn.WriteString(" ET")
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", len(objects)+2),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", drawn.Len(), drawn.String()))
	}
	return pdfOfObjects(append(objects, fmt.Sprintf("<< /Length 300000 >>\nstream\n%s\nendstream", strings.Repeat("x", 300_000))))
}

// tourLooking looks at a file of each kind that has a viewer of its own, but for those that tourDrive looks at.
func tourLooking(_ *testing.T, s *site, b *browsertest.Browser, at at) {
	closed := func() { b.Wait("the list", `!document.querySelector("dialog[open]") && location.search === ""`) }
	b.Open(s.URL + "/drive/Family/Summer%20at%20the%20lake")
	b.Click("Rental contract 2025.pdf")
	b.WaitText("Page 1 of 3")
	b.WaitFrame("a page", `document.querySelector("canvas") && document.querySelector(".textLayer").textContent.includes("1.12")`)
	at(b, "pdf")
	b.Click("Close")
	closed()
	b.Click("Jumping in.webm")
	b.Wait("the film", `document.querySelector("video")?.readyState >= 2`)
	b.Eval(`(video => new Promise((done) => { video.pause(); video.onseeked = () => done(null); video.currentTime = 1; }))(document.querySelector("video"))`, nil)
	at(b, "video")
	b.Press(kb.Escape)
	closed()
	b.Click("route.go")
	b.WaitText("Where the lake is.")
	at(b, "text")
	b.Press(kb.Escape)
	closed()
	b.Open(s.URL + "/drive/Music")
	b.Click("Frogs at night.wav")
	b.Wait("the sound", `document.querySelector("audio")?.duration > 0`)
	at(b, "audio")
	b.Press(kb.Escape)
	closed()
}
