package static_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"thorpe/static"
	"thorpe/static/browsertest"
)

// others starts each browser that is not Chromium and can be driven here. docs/browsers.md says what was seen in them.
var others = []struct {
	name string
	new  func(testing.TB) *browsertest.Other
}{
	{"Firefox", func(t testing.TB) *browsertest.Other { return browsertest.NewFirefox(t, false) }},
	{"WebKitGTK", browsertest.NewWebKit},
}

// samples are files of this machine, and their bytes by name.
func samples(t *testing.T) (paths []string, content map[string][]byte) {
	t.Helper()
	folder := t.TempDir()
	content = map[string][]byte{"Größe.txt": []byte("Hello, lake"), "empty.bin": {}, "日本 1.bin": bytes.Repeat([]byte("0123456789abcdef"), 90_000)}
	for name, bytes := range content {
		paths = append(paths, filepath.Join(folder, name))
		must(t, os.WriteFile(paths[len(paths)-1], bytes, 0o600))
	}
	return paths, content
}

// No module awaits anything at its top: WebKit runs modules that are imported at once before what they import, where one of that graph does
// (https://bugs.webkit.org/show_bug.cgi?id=242740).
func TestNoModuleAwaitsAtItsTop(t *testing.T) {
	t.Parallel()
	await := regexp.MustCompile(`(?m)^(?:export )?(?:(?:const|let) [^=]+= )?await .*`)
	must(t, fs.WalkDir(static.Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".js" || strings.HasPrefix(name, "vendor/") {
			return err
		}
		text, err := fs.ReadFile(static.Files(), name)
		if found := await.Find(text); found != nil {
			t.Errorf("%s: %s", name, found)
		}
		return err
	}))
}

// In Firefox and in WebKitGTK, by the pages themselves: an account, a send of files from this computer with a password, the link opened, a wrong password and the right
// one, a file saved and all of them as a zip.
func TestSendAndOpenInTheOtherBrowsers(t *testing.T) {
	t.Parallel()
	for _, other := range others {
		t.Run(other.name, func(t *testing.T) {
			t.Parallel()
			b := other.new(t)
			s := newSite(t)
			paths, content := samples(t)
			b.Open(s.URL + "/setup#" + s.setupToken())
			b.Fill("Name", "ann")
			b.Fill("New password", "correct horse battery staple")
			b.Click("Make my account")
			b.WaitText("Keep your recovery key")
			b.Click("I have kept it in a safe place.")
			b.Click("Open my drive")
			b.WaitText("Nothing here yet")

			link := sendBy(b, s, paths, "Summer", "two words")
			b.Open("about:blank")
			b.Open(link)
			b.WaitText("This link has a password")
			b.Fill("Password", "three words")
			b.Click("Open")
			b.WaitText("That is not the password of this link.")
			b.Fill("Password", "two words")
			b.Click("Open")
			b.WaitText("Summer")
			b.WaitText("3 files")
			saveBy(t, b, "Download 日本 1.bin", "日本 1.bin", content["日本 1.bin"])
			b.Click("Download all")
			wantZip(t, b.SavedWhole("Summer.zip"), content)
			// What was saved came through the service worker, and not out of the page's memory.
			if len(s.asked("GET", "/s/worker.js")) == 0 {
				t.Errorf("%s asked for no service worker", b.Name)
			}
			if strings.Contains(s.heard(), "two words") || strings.Contains(s.heard(), link[strings.Index(link, "#")+1:]) {
				t.Error("the server heard a secret")
			}
		})
	}
}

// In Firefox and in WebKitGTK, the files of a link are looked at: a photo, text, Markdown, a PDF in its frame, and a sound that is played and moved within.
func TestLookingInTheOtherBrowsers(t *testing.T) {
	t.Parallel()
	_, link := linkOf(t, []content{
		{"lease.pdf", pdfOf(3, 600_000), ""}, {"notes.txt", []byte("Bread, milk, <b>eggs</b>"), ""}, {"photo.jpg", jpegOf(t, 640, 480), ""},
		{"read me.md", []byte("# The lake\n\n*Cold* <script>alert(1)</script>"), ""}, {"sound.wav", sound(20), ""},
	}, map[string]any{"title": "Summer"})
	for _, other := range others {
		t.Run(other.name, func(t *testing.T) {
			t.Parallel()
			b := other.new(t)
			b.Open(link)
			b.WaitText("Summer")
			b.Click("photo.jpg")
			b.Wait("the photo", shownImage+"?.naturalWidth === 640")
			b.Click("Close")
			b.Click("notes.txt")
			b.WaitText("Bread, milk, <b>eggs</b>")
			b.Click("Close")
			b.Click("read me.md")
			b.WaitText("The lake")
			var markup string
			b.Eval(`[...document.querySelectorAll("dialog em, dialog script")].map(e => e.localName).join()`, &markup)
			if markup != "em" {
				t.Errorf("%s: the Markdown became %q", b.Name, markup)
			}
			b.Click("Close")
			b.Click("lease.pdf")
			b.WaitText("Page 1 of 3")
			for end := time.Now().Add(patience); red(t, b) < 50_000; {
				if time.Now().After(end) {
					t.Fatalf("%s: the red page was not drawn", b.Name)
				}
			}
			b.Click("Close")
			b.Click("sound.wav")
			b.Wait("the length of the sound", `document.querySelector("audio")?.duration > 19`)
			b.Eval(`(audio => new Promise((found, lost) => { audio.onerror = () => lost(new Error(audio.error.message)); audio.onseeked = () => found(); audio.currentTime = 15; }))(document.querySelector("audio"))`, nil)
		})
	}
}

// A private window of Firefox, where nothing may be kept.
func TestAPrivateWindowOfFirefoxOpensALink(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, map[string]any{"title": "Summer"})
	b := browsertest.NewFirefox(t, true)
	b.Open(link)
	b.WaitText("Summer")
	b.Click("Download c.txt")
	b.Saved("c.txt", 7)
	if len(s.asked("GET", "/s/worker.js")) == 0 {
		t.Errorf("%s asked for no service worker in a private window: docs/browsers.md says that it does", b.Name)
	}
}

// wantZip checks that an archive holds exactly these files.
func wantZip(t *testing.T, path string, want map[string][]byte) {
	t.Helper()
	archive, err := zip.OpenReader(path)
	must(t, err)
	defer archive.Close()
	got := map[string][]byte{}
	for _, file := range archive.File {
		content, err := file.Open()
		must(t, err)
		got[file.Name], err = io.ReadAll(content)
		must(t, err)
	}
	if !maps.EqualFunc(want, got, bytes.Equal) { // cmp.Diff goes byte by byte: half a minute for a megabyte under -race
		t.Errorf("%s holds %q, want %q of the same names and bytes", path, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

// sendBy sends files of this computer from the page of links, and returns the link.
func sendBy(b *browsertest.Other, s *site, paths []string, title, password string) (link string) {
	b.Open(s.URL + "/links")
	b.WaitText("No links yet")
	b.Eval(`(click => { HTMLInputElement.prototype.click = function () { if (this.type !== "file") click.call(this); }; })(HTMLInputElement.prototype.click)`, nil) // nobody can answer the system's own dialog
	b.Click("New link")
	b.Click("Share files from this computer")
	const field = "document.querySelector('input[type=file]:not([webkitdirectory])')"
	b.Wait("the field for files", field)
	b.Choose(field, paths...)
	b.Fill("Title", title)
	b.Click("Password")
	b.Fill("Password", password)
	b.Click("Create link")
	b.WaitText("Link is ready")
	b.Eval(`document.querySelector("[data-link]").dataset.link`, &link)
	return link
}

// saveBy clicks what saves a file, and compares what was saved.
func saveBy(t *testing.T, b *browsertest.Other, control, name string, want []byte) {
	t.Helper()
	b.Click(control)
	got, err := os.ReadFile(b.Saved(name, int64(len(want))))
	if err != nil || sha256.Sum256(got) != sha256.Sum256(want) {
		t.Errorf("%s: %s was saved with other bytes (%v)", b.Name, name, err)
	}
}
