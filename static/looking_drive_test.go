package static_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// Files of the drive are looked at by the same viewer, in the order of the list; sound is played from the server's own address.
func TestLookingAtFilesOfTheDrive(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	folder := driveFolder(s)
	must(t, os.MkdirAll(folder, 0o700))
	for name, content := range map[string][]byte{
		"a.jpg": jpegOf(t, 640, 480), "b.pdf": pdfOf(2, 10), "c.bin": {0, 1, 2}, "d.html": []byte("<script>alert(1)</script>"), "e.wav": sound(2),
	} {
		must(t, os.WriteFile(filepath.Join(folder, name), content, 0o600))
	}
	b.Open(s.URL + "/")
	shows(b, "a.jpg", "b.pdf", "c.bin", "d.html", "e.wav")
	b.Eval(`(name => { name.click(); name.click(); })(document.querySelector(".list-body .name"))`, nil) // as many people open things
	b.Wait("the photo", shownImage+"?.naturalWidth === 640")
	var dialogs int
	b.Eval(`document.querySelectorAll("dialog").length`, &dialogs)
	if dialogs != 1 {
		t.Errorf("%d viewers for a double click", dialogs)
	}
	viewPicture(b, "drive")
	b.Press(kb.ArrowRight)
	b.WaitText("Page 1 of 2")
	b.Click("The file after")
	b.WaitText("<script>alert(1)</script>")
	b.Press(kb.ArrowRight)
	b.Wait("the sound", `document.querySelector("audio")?.duration === 2 && new URL(document.querySelector("audio").src).pathname === "/files/e.wav"`)
	b.Press(kb.Escape)
	b.Wait("the keyboard on what was looked at last", `document.activeElement.closest(".row")?.querySelector(".name").textContent === "e.wav"`)
	saved, state := b.Download(func() { b.Click("c.bin") })
	if filepath.Base(saved) != "c.bin" || state != "completed" {
		t.Errorf("what cannot be looked at became %s, %s", saved, state)
	}
}
