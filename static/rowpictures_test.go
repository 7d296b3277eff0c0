package static_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// halves is a picture of two colours.
func halves(t *testing.T, width, height int, left, right color.Color) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(left), image.Point{}, draw.Src)
	draw.Draw(picture, image.Rect(width/2, 0, width, height), image.NewUniform(right), image.Point{}, draw.Src)
	var out bytes.Buffer
	must(t, jpeg.Encode(&out, picture, nil))
	return out.Bytes()
}

// withExif puts an Exif segment with an orientation and a small picture into a JPEG.
func withExif(whole []byte, orientation uint16, small []byte) []byte {
	order := binary.BigEndian
	tiff := []byte("MM\x00*\x00\x00\x00\x08")
	entry := func(tag, kind uint16, value uint32) {
		tiff = order.AppendUint16(tiff, tag)
		tiff = order.AppendUint16(tiff, kind)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint32(tiff, value)
	}
	tiff = order.AppendUint16(tiff, 1)
	entry(0x0112, 3, uint32(orientation)<<16)
	tiff = order.AppendUint32(tiff, 26) // the second IFD
	tiff = order.AppendUint16(tiff, 2)
	entry(0x0201, 4, 56)
	entry(0x0202, 4, uint32(len(small)))
	tiff = order.AppendUint32(tiff, 0)
	tiff = append(tiff, small...)
	segment := order.AppendUint16([]byte{0xff, 0xe1}, uint16(2+6+len(tiff)))
	segment = append(append(segment, "Exif\x00\x00"...), tiff...)
	return append(append(bytes.Clone(whole[:2]), segment...), whole[2:]...)
}

// Rows in sight have small pictures of what costs little to read: small images, and the camera's own picture in a large JPEG, of which no more than its beginning is read. All
// of them stand upright.
func TestRowsHaveSmallPictures(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	red, green, blue := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}
	small, whole := halves(t, 160, 120, blue, green), halves(t, 640, 480, red, green)
	for name, content := range map[string][]byte{
		"1 small.jpg":  whole,
		"2 turned.jpg": withExif(whole, 6, small),
		"3 large.jpg":  append(withExif(whole, 1, small), make([]byte, 5<<20)...),
		"4 wide.jpg":   withExif(halves(t, 640, 240, red, green), 3, small),
		"5 plain.jpg":  append(bytes.Clone(whole), make([]byte, 5<<20)...),
		"6 broken.jpg": withExif(whole, 8, []byte("no picture")),
		"7 film.webm":  film(t),
	} {
		must(t, os.WriteFile(filepath.Join(driveFolder(s), name), content, 0o600))
	}
	for i := range 60 {
		write(t, filepath.Join(driveFolder(s), fmt.Sprintf("8 file %d.txt", i)), "text")
	}
	must(t, os.WriteFile(filepath.Join(driveFolder(s), "9 below.jpg"), whole, 0o600))

	// Of each its size, and the colours to the right above and to the left below of its middle.
	const told = `(rows => [...document.querySelectorAll(rows)].slice(0, 7).map(row => {
		const c = row.querySelector("canvas");
		const at = (x, y) => "RGB"[c.getContext("2d").getImageData(c.width * x, c.height * y, 1, 1).data.slice(0, 3).findIndex(v => v > 128)];
		return c ? c.width + "x" + c.height + at(0.75, 0.25) + at(0.25, 0.75) : "-";
	}).join(" "))`
	b.Open(s.URL + "/")
	b.Wait("pictures in rows", told+`(".list-body > .row") === "320x240GR 120x160BG 160x120GB 160x60BG - 320x240GR -"`)
	for _, r := range s.asked("GET", "/files/") {
		if name := r.URL.Path; strings.Contains(name, "film") || strings.Contains(name, "below") {
			t.Errorf("%s was read", name)
		} else if (strings.Contains(name, "large") || strings.Contains(name, "plain")) && r.Header.Get("Range") != "bytes=0-65535" {
			t.Errorf("of %s, %q was read", name, r.Header.Get("Range"))
		}
	}
	picture(b, "row-pictures")

	// The grid makes pictures of the files themselves; rows then have these.
	b.Click("Show as a grid")
	b.Wait("pictures in tiles", told+`(".tile").startsWith("320x240GR 320x240RG 320x240GR 320x240RG 320x240GR 320x240GR")`)
	b.Click("Show as a list")
	b.Wait("a row's picture of the large file", told+`(".list-body > .row").startsWith("320x240GR 320x240RG 320x240GR 320x240RG 320x240GR")`)
	b.Eval(`scrollTo(0, document.documentElement.scrollHeight)`, nil)
	b.Wait("the picture of what came into sight", `document.querySelector(".list-body > .row:last-child canvas") !== null`)
}
