package static_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// pdfOf is a document whose first page is all red and whose others have words; with a script that runs when it is opened, a link, and bytes that nothing names.
func pdfOf(pages, ballast int) []byte {
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\); app.launchURL\\('https://evil.example/'\\)) >> >>",
		"", // the pages
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		"<< /Type /Annot /Subtype /Link /Rect [0 0 600 800] /Border [0 0 0] /A << /S /URI /URI (https://evil.example/) >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", ballast, strings.Repeat("x", ballast)),
	}
	var kids []string
	for i := range pages {
		drawn := fmt.Sprintf("BT /F1 48 Tf 60 700 Td (Page number %d) Tj ET", i+1)
		if i == 0 {
			drawn = "1 0 0 rg 0 0 600 800 re f"
		}
		kids = append(kids, fmt.Sprintf("%d 0 R", len(objects)+1))
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Annots [4 0 R] /Contents %d 0 R >>", len(objects)+2),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(drawn), drawn))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), pages)
	return pdfOfObjects(objects)
}

// pdfOfObjects puts a document together, with a table of where each object begins; the first is its catalog.
func pdfOfObjects(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var places []int
	for i, object := range objects {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, place := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

// scan is a red square as a scanner would hand it out: JPEG 2000, made with ffmpeg -f lavfi -i color=red:size=64x64 -frames:v 1 -c:v jpeg2000 -pix_fmt rgb24 scan.jp2
const scan = "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAQAAAAEAAAwgHAAAAAAAPY29scgEAAAAAABAAAAC+anAyY/9P/1EALwAAAAAAQAAAAEAAAAAAAAAAAAAAAQ" +
	"AAAAEAAAAAAAAAAAAAAwcBAQcBAQcBAf9SAAwAAAABAAYCAgAA/1wAKSJ/IH7gfuB+oHbwdvB2wG8AbwBu4GdQZ1BnaFAFUAVQR1fTV9NXYv9kABEAAUxhdmM1OS4zNy4xMDD/kAAKAAAAAAA1AAH/" +
	"k9/4MBgEmj/f+DAYBziP3/gwGAc4jwAAAAAAAAAAAAAAAAAAAAAAAP/Z"

// pdfOfScan is a document of one page that is all scan.
func pdfOfScan(t *testing.T) []byte {
	t.Helper()
	image, err := base64.StdEncoding.DecodeString(scan)
	must(t, err)
	const drawn = "600 0 0 800 0 0 cm /I Do"
	return pdfOfObjects([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /XObject << /I 5 0 R >> >> /Contents 4 0 R >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(drawn), drawn),
		fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width 64 /Height 64 /Filter /JPXDecode /Length %d >>\nstream\n%s\nendstream", len(image), image),
	})
}

// red is how many of the pixels that a browser shows are red.
func red(t *testing.T, b interface{ Screenshot(path string) }) (count int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shown.png")
	b.Screenshot(path)
	file, err := os.Open(path)
	must(t, err)
	defer file.Close()
	shown, err := png.Decode(file)
	must(t, err)
	for y := shown.Bounds().Min.Y; y < shown.Bounds().Max.Y; y++ {
		for x := shown.Bounds().Min.X; x < shown.Bounds().Max.X; x++ {
			if r, g, b, _ := shown.At(x, y).RGBA(); r > 0xf000 && g < 0x1000 && b < 0x1000 {
				count++
			}
		}
	}
	return count
}

// waitRed waits until so many of the pixels are red: what a frame without origin draws can only be seen.
func waitRed(t *testing.T, b *browsertest.Browser, want int) {
	t.Helper()
	count := 0
	for began := time.Now(); time.Since(began) < browsertest.Patience; {
		if count = red(t, b); count >= want {
			return
		}
	}
	t.Errorf("%d red pixels, want %d", count, want)
}

// F2: a PDF is drawn page by page, without the rest of it being read; what it would have run is not run.
func TestAPDFOfALinkIsDrawn(t *testing.T) {
	t.Parallel()
	document := pdfOf(5, 6_000_000)
	s, link := linkOf(t, []content{{"lease.pdf", document, ""}, {"not.pdf", []byte("<script>alert(1)</script>"), "application/pdf"}, {"scan.pdf", pdfOfScan(t), ""}}, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("Summer")
	b.Click("lease.pdf")
	b.WaitText("Page 1 of 5")
	waitRed(t, b, 100_000)
	viewPicture(b, "pdf")
	for another := false; !another; { // a key that comes while the frame still scrolls may count for nothing
		b.Press(kb.PageDown)
		b.Eval(`/Page [2-5] of 5/.test(document.querySelector(".viewer-page").textContent)`, &another)
	}
	b.Wait("another page", `/Page [2-5] of 5/.test(document.querySelector(".viewer-page").textContent)`)
	viewPicture(b, "pdf-2")
	if got := s.readOf(t); got > 2_000_000 {
		t.Errorf("%d of %d bytes were read", got, len(document))
	}
	b.ClickAt("the middle of a page", `document.querySelector(".view-frame")`) // where the link lies
	if url := b.URL(); url != link {
		t.Errorf("the page went to %s", url)
	}
	b.PressLast(kb.Escape) // heard inside the frame
	b.Wait("the list", `!document.querySelector("dialog, iframe.view-frame")`)
	b.Click("not.pdf")
	b.WaitText("What is in this file is not what its name says")
	b.Click("The file after")
	b.WaitText("Page 1 of 1")
	waitRed(t, b, 100_000) // decoded without WebAssembly
}

// B5, B8, B10, F2: code that took over the frame reaches neither the page around it, nor cookies, storage or the network, and gets no byte that is not the file's.
func TestTheFrameOfAPDFIsACage(t *testing.T) {
	t.Parallel()
	s, link := linkOf(t, []content{{"lease.pdf", pdfOf(1, 10), ""}, {"other.txt", []byte("not for you"), ""}}, map[string]any{"title": "Summer"})
	frames := 0
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/frames/pdf.js") {
			return false
		}
		w.Header().Set("Content-Type", "text/javascript")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		frames++
		w.Write([]byte([]string{tryEverything, `location.href = "https://evil.example/"`}[min(frames, 2)-1]))
		return true
	})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("Summer")
	b.Eval(`(addEventListener("message", (event) => { if (event.data.reached) globalThis.report = {...event.data, from: event.origin}; }),
		document.addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) => { globalThis.blocked = violatedDirective + " " + blockedURI; }), 0)`, nil)
	b.Click("lease.pdf")
	b.Wait("what it reached", "globalThis.report")
	var report struct {
		Reached      []string
		Origin, From string
		Ports        int
	}
	b.Eval("globalThis.report", &report)
	if len(report.Reached) > 0 || report.Origin != "null" || report.From != "null" || report.Ports > 1 {
		t.Errorf("the frame: %+v", report)
	}
	b.WaitText("This document could not be drawn here")
	b.Click("Try again") // and now it goes elsewhere by itself
	b.Wait("the way out", `globalThis.blocked?.startsWith("frame-src https://evil.example")`)
	b.Faults() // its tries
	if b.URL() != link {
		t.Errorf("the page went to %s", b.URL())
	}
}

// tryEverything tells what it reached, and then asks for more than the file has.
const tryEverything = `
	const tries = {
		"the fragment": () => parent.location.href,
		"the page": () => parent.document.body,
		"cookies": () => document.cookie,
		"storage": () => localStorage.length,
		"a database": () => new Promise((found, lost) => { const r = indexedDB.open("x"); r.onsuccess = found; r.onerror = lost; }),
		"the server": () => fetch("/api/session"),
		"another server": () => fetch("https://evil.example/"),
		"a window": () => { if (!open("https://evil.example/")) throw new Error("none"); },
		"the top": () => { top.location = "https://evil.example/"; },
		"markup": () => { document.body.innerHTML = "<img src=x>"; },
		"code": () => (0, eval)("1"),
		"a worker": () => new Promise((found, lost) => { const w = new Worker("/s/worker.js"); w.onmessage = found; w.onerror = lost; }),
	};
	const reached = [];
	for (const [name, attempt] of Object.entries(tries)) await Promise.resolve().then(attempt).then(() => reached.push(name), () => {});
	let ports = 0;
	addEventListener("message", ({data, ports: [port]}) => {
		if (data.type !== "open") return;
		if (++ports > 1) return;
		setTimeout(() => {
			parent.postMessage({reached, origin: self.origin, ports}, "*");
			port.postMessage({type: "read", id: 1, start: 0, end: data.size + 10});
		}, 200);
	});
	parent.postMessage({type: "ready"}, "*");
	parent.postMessage({type: "ready"}, "*");
`
