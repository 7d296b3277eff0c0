package static_test

import (
	"bytes"
	"encoding/binary"
	"os/exec"
	"path/filepath"
	"testing"

	"os"

	"thorpe/static/browsertest"
)

// encoded is an image of 64 by 48 pixels as ffmpeg writes it.
func encoded(t *testing.T, args ...string) []byte {
	t.Helper()
	ffmpeg := browsertest.Need(t, "ffmpeg")
	path := filepath.Join(t.TempDir(), args[len(args)-1])
	args = append([]string{"-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5", "-frames:v", "3"}, append(args[:len(args)-1], path)...)
	if out, err := exec.Command(ffmpeg, args...).CombinedOutput(); err != nil {
		t.Fatalf("making %s: %v\n%s", path, err, out)
	}
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

// H11: the size of an image is known before it is decoded, also where its parts say different ones, and what is no image has none.
func TestImagesAreMeasuredBeforeTheyAreDecoded(t *testing.T) {
	t.Parallel()
	gifOfTwo := gifOf(t, 40, 30)
	binary.LittleEndian.PutUint16(gifOfTwo[6:], 4) // the screen is smaller than the frame
	binary.LittleEndian.PutUint16(gifOfTwo[8:], 3)
	jpegThatSays := bytes.Clone(jpegOf(t, 40, 30))
	frame := bytes.Index(jpegThatSays, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(jpegThatSays[frame+5:], 65000)
	bmp := make([]byte, 60)
	copy(bmp, "BM")
	binary.LittleEndian.PutUint32(bmp[14:], 40)
	binary.LittleEndian.PutUint32(bmp[18:], 70000)
	binary.LittleEndian.PutUint32(bmp[22:], ^uint32(0)-9) // -10: from top to bottom
	cases := []struct {
		name  string
		image []byte
		want  string
	}{
		{"PNG", pngOf(t, 64, 48), "image/png 64x48"},
		{"a PNG that says more", pngThatSays(t, 50_000, 50_000), "image/png 50000x50000"},
		{"JPEG", jpegOf(t, 64, 48), "image/jpeg 64x48"},
		{"a JPEG that says more", jpegThatSays, "image/jpeg 40x65000"},
		{"GIF", gifOf(t, 64, 48), "image/gif 64x48"},
		{"a GIF whose frame is beyond its screen", gifOfTwo, "image/gif 40x30"},
		{"lossy WebP", encoded(t, "-frames:v", "1", "-c:v", "libwebp", "a.webp"), "image/webp 64x48"},
		{"lossless WebP", encoded(t, "-frames:v", "1", "-c:v", "libwebp", "-lossless", "1", "a.webp"), "image/webp 64x48"},
		{"animated WebP", encoded(t, "-c:v", "libwebp_anim", "a.webp"), "image/webp 64x48"},
		{"AVIF", encoded(t, "-frames:v", "1", "-c:v", "libaom-av1", "-cpu-used", "8", "-still-picture", "1", "a.avif"), "image/avif 64x48"},
		{"BMP", encoded(t, "-frames:v", "1", "a.bmp"), "image/bmp 64x48"},
		{"a BMP from top to bottom", bmp, "image/bmp 70000x10"},
		{"MP4", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), ""},
		{"a cut PNG", pngOf(t, 64, 48)[:20], ""},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"/>`), ""},
		{"nothing", nil, ""},
	}
	var images [][]byte
	for _, c := range cases {
		images = append(images, append([]byte{}, c.image...))
	}
	var got []string
	newTab(t, newSite(t)).run(&got, "imagesize.js", "measure", images)
	for i, c := range cases {
		if got[i] != c.want {
			t.Errorf("%s: %q; want %q", c.name, got[i], c.want)
		}
	}
}
