package static_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"thorpe/static/browsertest"
)

// content is a file of a link that a test makes.
type content struct {
	Path  string `json:"path"`
	Bytes []byte `json:"bytes"`
	Type  string `json:"type,omitempty"`
}

// linkOf is a site with a link on it that holds these files.
func linkOf(t *testing.T, files []content, choices map[string]any) (*site, string) {
	t.Helper()
	sender := newSender(t)
	var made sent
	sender.run(&made, "looking.js", "sendBytes", files, choices)
	return sender.site, made.Link
}

func photo(width, height int) image.Image {
	made := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			made.Set(x, y, color.RGBA{uint8(255 * x / width), uint8(255 * y / height), 120, 255})
		}
	}
	return made
}

func jpegOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, photo(width, height), nil))
	return b.Bytes()
}

func pngOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, photo(width, height)))
	return b.Bytes()
}

func gifOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, gif.Encode(&b, photo(width, height), nil))
	return b.Bytes()
}

// pngThatSays is a PNG whose header says another size than it has, with a checksum that fits.
func pngThatSays(t *testing.T, width, height uint32) []byte {
	t.Helper()
	b := pngOf(t, 8, 8)
	binary.BigEndian.PutUint32(b[16:], width)
	binary.BigEndian.PutUint32(b[20:], height)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// readOf is how many bytes of a link's content were asked for.
func (s *site) readOf(t *testing.T) (total int) {
	t.Helper()
	for _, r := range s.asked("GET", "/api/links/") {
		if !strings.HasSuffix(r.URL.Path, "/content") {
			continue
		}
		from, to, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Range"), "bytes="), "-")
		if !ok {
			t.Errorf("a whole content was asked for")
			return 1 << 62
		}
		first, err := strconv.Atoi(from)
		must(t, err)
		last, err := strconv.Atoi(to)
		must(t, err)
		total += last + 1 - first
	}
	return total
}

const shownImage = `document.querySelector(".viewer .view-image")`

// F2, H11: files are looked at one after the other without the rest being read. What a file claims to be gives it no power: an image is measured before it is
// decoded, what only has an image's name is not shown, and markup is text.
func TestLookingAtTheFilesOfALink(t *testing.T) {
	t.Parallel()
	s, link := linkOf(t, []content{
		{"bomb.png", pngThatSays(t, 50_000, 50_000), "image/png"},
		{"drawing.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>`), "image/svg+xml"},
		{"long.txt", bytes.Repeat([]byte("one line of many\n"), 7000), ""},
		{"noise.bin", bytes.Repeat([]byte("\x00\x01noise"), 2_000_000), ""},
		{"not.jpg", []byte("<!doctype html><script>alert(3)</script>"), "image/jpeg"},
		{"not.txt", []byte("\x7fELF\x00\x00\x00"), "text/plain"},
		{"photo.jpg", jpegOf(t, 640, 480), ""},
		{"wide.gif", gifOf(t, 40, 20), ""},
	}, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("Summer")
	b.Click("photo.jpg")
	b.Wait("the photo", shownImage+"?.naturalWidth === 640")
	b.WaitText("6 of 7")
	viewPicture(b, "photo")
	b.Press(kb.ArrowRight)
	b.Wait("the GIF", shownImage+"?.naturalWidth === 40")
	b.Press(kb.ArrowLeft)
	b.Press(kb.ArrowLeft)
	b.WaitText("This file holds no text that could be shown.")
	b.Click("The file before")
	b.WaitText("What is in this file is not what its name says")
	viewPicture(b, "fault")
	b.Press(kb.ArrowLeft)
	b.WaitText("This is not all of it yet.")
	viewPicture(b, "text")
	var lines int
	b.Eval(`document.querySelectorAll(".view-line").length`, &lines)
	if lines != 5000 {
		t.Errorf("%d lines at first", lines)
	}
	b.Click("Show the next part")
	b.Wait("the rest", `document.querySelectorAll(".view-line").length === 7000 && document.querySelector(".view-more").hidden`)
	b.Press(kb.ArrowLeft)
	b.WaitText(`onload="alert(1)"`)
	b.Press(kb.ArrowLeft)
	b.WaitText("50,000 × 50,000 pixels")
	var markup int
	b.Eval(`document.querySelectorAll("dialog img, dialog script, dialog iframe, dialog svg:not(.icon)").length`, &markup)
	if markup != 0 {
		t.Error("the bomb or the drawing is in the page")
	}
	saved, state := b.Download(func() { b.Click("Download") })
	if filepath.Base(saved) != "bomb.png" || state != "completed" {
		t.Errorf("saved %s, %s", saved, state)
	}
	b.Press(kb.Escape)
	b.Wait("the list", `!document.querySelector("dialog")`)
	if got := s.readOf(t); got > 4_000_000 {
		t.Errorf("%d bytes were read for a few small files", got)
	}
	if n := len(s.asked("POST", "/api/links/")); n != 1 {
		t.Errorf("%d tickets for one visit", n)
	}
	b.Click("photo.jpg")
	b.Wait("the photo", shownImage)
	b.Eval(`(history.back(), 0)`, nil) // as phones have it
	b.Wait("the list", `!document.querySelector("dialog") && document.activeElement.closest(".tree-row")`)
	if b.URL() != link {
		t.Errorf("the way back led to %s", b.URL())
	}
	saved, _ = b.Download(func() { b.Click("noise.bin") })
	if filepath.Base(saved) != "noise.bin" {
		t.Errorf("what cannot be looked at became %s", saved)
	}
}

// A3: what was changed on its way is not shown, and the page says so.
func TestAChangedFileIsNotShown(t *testing.T) {
	t.Parallel()
	s, link := linkOf(t, []content{{"photo.jpg", jpegOf(t, 64, 48), ""}}, map[string]any{"title": "Summer"})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/content") {
			return false
		}
		honest := s.answer(r)
		maps.Copy(w.Header(), honest.Header())
		w.WriteHeader(honest.Code)
		body := honest.Body.Bytes()
		body[len(body)/2] ^= 1
		w.Write(body)
		return true
	})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("Summer")
	b.Click("photo.jpg")
	b.WaitText("This is not what was sealed")
	var images int
	b.Eval(`document.querySelectorAll("dialog img").length`, &images)
	if images != 0 {
		t.Error("something of it is shown")
	}
	s.breakWith(nil)
	b.Click("Try again")
	b.Wait("the photo", shownImage+"?.naturalWidth === 64")
}

// viewPicture keeps a screenshot where THORPE_TEST_PICTURES names a folder.
func viewPicture(b *browsertest.Browser, name string) {
	folder := os.Getenv("THORPE_TEST_PICTURES")
	if folder == "" {
		return
	}
	b.Screenshot(filepath.Join(folder, "view-"+name+".png"))
	b.Dark(true)
	b.Size(360, 740)
	b.Screenshot(filepath.Join(folder, "view-"+name+"-phone.png"))
	b.Size(1280, 800)
	b.Dark(false)
}

func equal[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// Which view a file gets follows from its name, else from a type out of a fixed list; what it is given to the browser as follows from how it begins.
func TestWhichViewAFileGets(t *testing.T) {
	t.Parallel()
	type entry struct {
		Name   string `json:"name"`
		Type   string `json:"type"`
		Folder bool   `json:"folder"`
	}
	b := newTab(t, newSite(t))
	var got []string
	b.run(&got, "looking.js", "kinds", []entry{
		{"a.JPG", "", false}, {"a.svg", "image/svg+xml", false}, {"a.html", "text/html", false}, {"README", "", false}, {"photo", "image/png", false}, {"page", "text/html", false},
		{"x", "application/x-sh", false}, {"a.exe", "text/plain", false}, {"a.heic", "", false}, {"a.pdf", "image/png", false}, {"a.md", "", false}, {"a.jpg", "", true}, {".jpg", "", false}, {"a.", "text/plain", false},
	})
	equal(t, "views", []string{"image", "text", "text", "text", "image", "text", "", "text", "", "pdf", "markdown", "", "image", ""}, got)
	var types []string
	b.run(&types, "looking.js", "mediaTypes", [][2]any{
		{[]byte("\x00\x00\x00\x18ftypmp42"), "video"}, {[]byte("\x00\x00\x00\x18ftypM4A "), "audio"}, {[]byte("\x1aE\xdf\xa3"), "video"}, {[]byte("OggS"), "audio"}, {[]byte("fLaC"), "audio"},
		{[]byte("RIFF\x00\x00\x00\x00WAVE"), "audio"}, {[]byte("ID3\x04"), "audio"}, {[]byte{0xff, 0xfb, 0x90}, "audio"}, {[]byte{0xff, 0xf1, 0x50}, "audio"},
		{[]byte("<svg xmlns"), "video"}, {[]byte("%PDF-1.7"), "audio"}, {[]byte("ID3\x04"), "video"}, {[]byte{}, "video"}, {[]byte("\xff"), "audio"},
	})
	equal(t, "types", []string{"video/mp4", "audio/mp4", "video/webm", "audio/ogg", "audio/flac", "audio/wav", "audio/mpeg", "audio/mpeg", "audio/aac", "", "", "", "", ""}, types)
}
