package static_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"testing"
	"unicode"

	"github.com/chromedp/chromedp/kb"
	"golang.org/x/text/unicode/norm"

	"thorpe/static/browsertest"
)

// pattern is the bytes that testdata/link.js gives the file of that place in the list.
func pattern(size, place int) []byte {
	made := make([]byte, size)
	for i := range made {
		made[i] = byte(31*i + i>>8 + place)
	}
	return made
}

// everyScript gives a name in each script that Unicode has, out of its first letters, in NFC.
func everyScript() (names []string) {
	for _, script := range slices.Sorted(maps.Keys(unicode.Scripts)) {
		var letters []rune
		take := func(low, high, stride rune) {
			for r := low; r <= high && len(letters) < 6; r += stride {
				if unicode.IsLetter(r) {
					letters = append(letters, r)
				}
			}
		}
		for _, r := range unicode.Scripts[script].R16 {
			take(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range unicode.Scripts[script].R32 {
			take(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		if len(letters) > 0 {
			names = append(names, norm.NFC.String(string(letters)+" "+script+".txt"))
		}
	}
	return names
}

// Ten thousand files in one link, among them a name in every script: sent, shown with no more rows than fit, and each of them whole in the zip.
func TestALinkOfTenThousandFiles(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	scripts := everyScript()
	if len(scripts) < 150 {
		t.Fatalf("only %d scripts", len(scripts))
	}
	var files []wanted
	for _, name := range scripts {
		files = append(files, wanted{"Every script/" + name, 100})
	}
	for i := len(files); i < 10_000; i++ {
		files = append(files, wanted{fmt.Sprintf("Folder %02d/file %d.txt", i%40, i), int64(i % 500)})
	}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files, map[string]any{"title": "Many"})
	if len(made.Renamed) != 0 {
		t.Errorf("names were changed: %v", made.Renamed)
	}

	b := browsertest.New(t)
	b.Open(made.Link)
	b.WaitText("10,000 files")
	b.Click("Every script")
	b.Wait("its files", `/ [A-Z]\w+\.txt/.test(document.querySelector("main").innerText)`)
	bounded := func() {
		t.Helper()
		var rows int
		b.Eval(`document.querySelectorAll("main [role=row]").length`, &rows)
		if rows == 0 || rows > 200 {
			t.Errorf("%d rows stand in the document", rows)
		}
	}
	bounded()
	b.Press(kb.End)
	b.WaitText("Folder 39")
	bounded()
	zipped, state := b.Download(func() { b.Click("Download all") })
	if state != "completed" {
		t.Fatalf("all as a zip: %s", state)
	}
	archive, err := zip.OpenReader(zipped)
	must(t, err)
	defer archive.Close()
	got := map[string]*zip.File{}
	for _, file := range archive.File {
		got[file.Name] = file
	}
	for i, file := range files {
		entry := got[file.Path]
		if entry == nil {
			t.Errorf("%s is missing in the zip", file.Path)
			continue
		}
		content, err := entry.Open()
		must(t, err)
		whole, err := io.ReadAll(content) // checks the CRC too
		if err != nil || !bytes.Equal(whole, pattern(int(file.Size), i)) {
			t.Errorf("%s has other bytes (%v)", file.Path, err)
		}
	}
}
