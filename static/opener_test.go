package static_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"thorpe/static"
	"thorpe/static/browsertest"
)

// openerFile is the opener on this machine's disk, as an address.
func openerFile(t *testing.T) string {
	t.Helper()
	page, err := static.Opener("test")
	must(t, err)
	path := filepath.Join(t.TempDir(), "thorpe-opener.html")
	must(t, os.WriteFile(path, page, 0o600))
	return "file://" + path
}

// noPicker takes the system's dialog away, which nobody answers here: files then go through memory, as in browsers without it.
const noPicker = "showSaveFilePicker = undefined"

// count is how many requests there were.
func (s *site) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// onlyLinks fails the test if anything was asked for but sealed bytes since there were this many requests.
func (s *site) onlyLinks(t *testing.T, since int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == since {
		t.Error("the server was asked for nothing")
	}
	for _, r := range s.requests[since:] {
		if !strings.HasPrefix(r.URL.Path, "/api/links/") || r.Header.Get("Cookie") != "" {
			t.Errorf("%s %s was asked for, with the cookie %q", r.Method, r.URL, r.Header.Get("Cookie"))
		}
	}
}

// From somebody's own disk, the opener opens a link that is pasted: it lists, shows and saves files, and asks the server for nothing but sealed bytes.
func TestTheOpenerOpensALinkFromADisk(t *testing.T) {
	t.Parallel()
	files := []content{
		{"lake/notes.txt", []byte("Bread, milk, <b>eggs</b>"), ""}, {"lake/photo.jpg", jpegOf(t, 640, 480), ""}, {"large.bin", bytes.Repeat([]byte("0123456789abcdef"), 90_000), ""},
		{"lease.pdf", pdfOf(1, 600_000), ""}, {"read me.md", []byte("# The lake\n\n*Cold* <script>alert(1)</script>"), ""}, {"sound.wav", sound(2), ""},
	}
	s, link := linkOf(t, files, map[string]any{"title": "Summer"})
	begun := s.count()
	b := browsertest.New(t)
	b.Open(openerFile(t))
	b.WaitText("Open a link")
	picture(b, "opener")
	b.Axe("opener")
	b.Fill("Paste the whole link", "https://example.org/s/")
	b.Click("Open")
	b.WaitText("This is not a whole link")
	b.Fill("Paste the whole link", link)
	b.Click("Open")
	b.WaitText("6 files")
	b.WaitText("From " + s.URL)
	picture(b, "opener-link")
	b.Axe("opener-link")
	b.Size(1280, 1200) // the whole page: going back from a dialog may scroll under a click

	b.Click("photo.jpg")
	b.Wait("the photo", shownImage+"?.naturalWidth === 640")
	b.Click("Close")
	b.Click("notes.txt")
	b.WaitText("Bread, milk, <b>eggs</b>")
	b.Click("Close")
	b.Click("read me.md")
	b.Wait("the Markdown", `document.querySelector("dialog em")?.textContent === "Cold" && !document.querySelector("dialog script")`)
	b.Click("Close")
	b.Click("sound.wav")
	b.Wait("the length of the sound", `document.querySelector("audio")?.duration > 1`)
	b.Click("Close")
	b.Click("lease.pdf")
	b.WaitText("PDFs cannot be looked at in this file")
	b.Click("Close")

	b.Eval(noPicker, nil)
	path, state := b.Download(func() { b.Click("Download large.bin") })
	got, err := os.ReadFile(path)
	if err != nil || state != "completed" || filepath.Base(path) != "large.bin" || !bytes.Equal(got, files[2].Bytes) {
		t.Errorf("one file: %s %s, %d bytes, %v", path, state, len(got), err)
	}
	path, state = b.Download(func() { b.Click("Download all") })
	if state != "completed" || filepath.Base(path) != "Summer.zip" {
		t.Errorf("all: %s %s", path, state)
	}
	all := map[string][]byte{"lake/": {}}
	for _, file := range files {
		all[file.Path] = file.Bytes
	}
	wantZip(t, path, all)
	s.onlyLinks(t, begun)
	if _, key, _ := strings.Cut(link, "#"); strings.Contains(s.heard(), key) {
		t.Error("the server heard the key")
	}

	// What is open can ask no other server, and not this one for anything else.
	for _, other := range []string{"http://127.0.0.1:9/", s.URL + "/about"} {
		var said string
		b.Eval(`fetch(`+quoted(other)+`).then(() => "fetched", () => "refused")`, &said)
		if faults := b.Faults(); said != "refused" || len(faults) == 0 || !strings.Contains(faults[0], "connect-src") {
			t.Errorf("fetching %s was %s: %v", other, said, faults)
		}
	}
	// Nor can anything be run that it did not bring.
	b.Eval(`(script => { script.append("document.body.dataset.ran = 1"); document.head.append(script); })(document.createElement("script"))`, nil)
	var ran bool
	b.Eval(`"ran" in document.body.dataset`, &ran)
	if faults := b.Faults(); ran || len(faults) == 0 {
		t.Errorf("a script that was added ran: %v, %v", ran, faults)
	}
}

// A link with a password, behind the opener's own #; then another server's, in the language that was chosen.
func TestTheOpenerTakesALinkBehindItsOwnHash(t *testing.T) {
	t.Parallel()
	s, link, _ := linkSite(t, map[string]any{"title": "Summer", "password": "two words"})
	other, second := linkOf(t, []content{{"a.txt", []byte("a"), ""}}, map[string]any{"title": "Winter"})
	b := browsertest.New(t)
	b.Open("about:blank")
	b.Languages("de-CH,de")
	b.Open(openerFile(t) + "#" + strings.Replace(link, "#", "%23", 1))
	b.WaitText("Dieser Link hat ein Passwort")
	b.Fill("Passwort", "three words")
	b.Click("Öffnen")
	b.WaitText("Das ist nicht das Passwort dieses Links.")
	b.Fill("Passwort", "two words")
	b.Click("Öffnen")
	b.WaitText("3 Dateien")
	b.Faults() // a wrong password is answered with 403, which Chromium tells
	b.Eval(noPicker, nil)
	path, state := b.Download(func() { b.Click("c.txt herunterladen") })
	if info, err := os.Stat(path); err != nil || state != "completed" || info.Size() != 7 {
		t.Errorf("c.txt: %s %s %v", path, state, err)
	}
	b.Click("Anderen Link öffnen")
	b.Fill("Den ganzen Link einfügen", second)
	b.Click("Öffnen")
	b.WaitText("Winter")
	b.WaitText("Von " + other.URL)
	b.Option("Sprache", "English")
	b.WaitText("From " + other.URL)
	b.WaitText("Winter")
	if strings.Contains(s.heard(), "two words") {
		t.Error("the server heard the password")
	}
}

// In Firefox and in WebKitGTK too.
func TestTheOpenerInTheOtherBrowsers(t *testing.T) {
	t.Parallel()
	large := bytes.Repeat([]byte("0123456789abcdef"), 90_000)
	s, link := linkOf(t, []content{{"c.txt", []byte("Bread"), ""}, {"lake/large.bin", large, ""}}, map[string]any{"title": "Summer", "password": "two words"})
	for _, other := range others {
		t.Run(other.name, func(t *testing.T) {
			begun := s.count()
			b := other.new(t)
			b.Open(openerFile(t))
			b.WaitText("Open a link")
			b.Fill("Paste the whole link", link)
			b.Click("Open")
			b.WaitText("This link has a password")
			b.Fill("Password", "two words")
			b.Click("Open")
			b.WaitText("Summer")
			saveBy(t, b, "Download c.txt", "c.txt", []byte("Bread"))
			b.Click("Download all")
			wantZip(t, b.SavedWhole("Summer.zip"), map[string][]byte{"c.txt": []byte("Bread"), "lake/": {}, "lake/large.bin": large})
			s.onlyLinks(t, begun)
		})
	}
}

// Where a page has no service worker, but may write a file that the person chooses, what is saved goes straight there; what does not authenticate leaves nothing in it.
func TestDownloadIntoAChosenFile(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{{"a.bin", 5_000_000}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files)
	reader := newTab(t, sender.site)
	reader.run(nil, "link.js", "withoutServiceWorker")
	reader.run(nil, "folder.js", "chooseAFileForThePerson")
	var got saved
	reader.run(&got, "link.js", "save", made.Link, []string{"a.bin"})
	if found := reader.inFolder(); !got.OK || found["a.bin"].SHA256 != sender.expect(files)[0].SHA256 {
		t.Errorf("download told %+v, and there is %+v", got, found)
	}
	reader.site.breakWith(changedContent(reader.site, 3_000_000))
	defer reader.site.breakWith(nil)
	reader.run(nil, "folder.js", "forgetChosen")
	reader.run(&got, "link.js", "save", made.Link, []string{"a.bin"})
	if found := reader.inFolder(); got.Error != "bad_tag" || found["a.bin"].Size != 0 {
		t.Errorf("of changed content, download told %+v, and there is %+v", got, found)
	}
}
