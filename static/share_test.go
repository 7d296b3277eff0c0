package static_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thorpe/static/browsertest"
)

// contents opens a link in the page, and lists what it holds, or says why it does not open.
func contents(t *testing.T, b *browsertest.Browser, s *site, link string) (list []string) {
	t.Helper()
	var got readLink
	b.Eval(`import("`+s.tree.Path()+`/testdata/link.js").then(({ readLink }) => readLink(`+quoted(link)+`))`, &got)
	if got.Error != "" {
		t.Fatalf("the link does not open: %s", got.Error)
	}
	for _, entry := range got.Entries {
		list = append(list, entry.Path)
	}
	slices.Sort(list)
	return list
}

func quoted(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

// madeLink reads the link out of the dialog that shows it.
func madeLink(b *browsertest.Browser) (link string) {
	b.WaitText("Link is ready")
	b.Eval(`document.querySelector("[data-link]").dataset.link`, &link)
	return link
}

// One dialog takes files of the drive and of this computer, chosen and dropped; what is in the list can be looked at and taken out again. The link can be passed on in
// several ways.
func TestALinkOfFilesFromEverywhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	holdsFilesFromEverywhere(t, s, b)
	isPassedOn(t, s, b)
}

func holdsFilesFromEverywhere(t *testing.T, s *site, b *browsertest.Browser) {
	for _, name := range []string{"first.txt", "album/one.jpg", "album/two.jpg"} {
		write(t, filepath.Join(driveFolder(s), name), name)
	}
	here := t.TempDir()
	for _, name := range []string{"picked.txt", "other/first.txt", "Ferien/a.txt", "Ferien/innen/b.txt", "Ferien/c.txt"} {
		write(t, filepath.Join(here, name), name)
	}
	b.Open(s.URL + "/")
	b.Click("Share first.txt")
	b.WaitText("1 file · 9 bytes")
	b.WaitText("They also lie in your drive")
	b.Choose(func() { b.Click("Add files") }, filepath.Join(here, "picked.txt"), filepath.Join(here, "other/first.txt"))
	b.WaitText("3 files")
	b.WaitText("What comes from your drive also lies there")
	b.Drop(filepath.Join(here, "Ferien"))
	b.WaitText("6 files")
	b.Drop(filepath.Join(here, "Ferien")) // once more, which means the same
	b.WaitText("3 files were in the list already.")
	b.Click("From the drive")
	b.Click("Select album")
	b.Click("Add")
	b.WaitText("8 files")

	b.Click("8 files")
	b.Click("Take out picked.txt")
	b.WaitText("7 files")
	b.Click("Ferien")
	b.Click("Take out innen/b.txt")
	b.WaitText("6 files")
	picture(b, "share-files")
	b.Click("Create link")
	link := madeLink(b)
	want := []string{"Ferien/", "Ferien/a.txt", "Ferien/c.txt", "album/", "album/one.jpg", "album/two.jpg", "first (2).txt", "first.txt"}
	if diff := cmp.Diff(want, contents(t, b, s, link)); diff != "" {
		t.Error("(-want +got)", diff)
	}
}

// A finished link can be passed on by the device's own sheet, by mail, by a message and as a code; the password goes with none of them.
func isPassedOn(t *testing.T, s *site, b *browsertest.Browser) {
	write(t, filepath.Join(driveFolder(s), "passed.txt"), "a")
	b.Open(s.URL + "/")
	b.Eval(`Object.assign(navigator, { canShare: () => true, share: async (data) => { globalThis.shared = data; } }) && null`, nil)
	b.Click("Share passed.txt")
	b.Fill("Title", "Größe & Co? #1")
	b.Fill("Password", "sesam öffne dich")
	b.Click("Create link")
	link := madeLink(b)
	picture(b, "share-result")

	var hrefs []string
	b.Eval(`[...document.querySelectorAll("dialog a[href]")].map((a) => a.href)`, &hrefs)
	if len(hrefs) != 2 || strings.Contains(strings.Join(hrefs, " "), "sesam") {
		t.Fatalf("the dialog leads to %q", hrefs)
	}
	mail, err := url.Parse(hrefs[0])
	must(t, err)
	if mail.Scheme != "mailto" || strings.Contains(hrefs[0], "+") || mail.Query().Get("subject") != "Größe & Co? #1" || mail.Query().Get("body") != "Größe & Co? #1\r\n"+link {
		t.Errorf("the mail is %q", hrefs[0])
	}
	if body, err := url.PathUnescape(strings.TrimPrefix(hrefs[1], "sms:?&body=")); err != nil || body != "Größe & Co? #1\n"+link {
		t.Errorf("the message is %q", hrefs[1])
	}
	b.Click("Share…")
	var shared map[string]string
	b.Eval("globalThis.shared", &shared)
	if diff := cmp.Diff(map[string]string{"title": "Größe & Co? #1", "url": link}, shared); diff != "" {
		t.Error("the sheet got (-want +got)", diff)
	}

	b.Click("QR code")
	picture(b, "share-qr")
	var code struct {
		Size int
		Path string
	}
	b.Eval(`(svg => ({ size: svg.viewBox.baseVal.width, path: svg.querySelector("path").getAttribute("d") }))(document.querySelector(".qr svg"))`, &code)
	const quiet = 4
	read, err := readQR(code.Size-2*quiet, func(x, y int) bool {
		return strings.Contains(code.Path, "M"+strconv.Itoa(x+quiet)+" "+strconv.Itoa(y+quiet)+"h")
	})
	if err != nil || read != link {
		t.Errorf("the code says %q, %v; the link is %s", read, err, link)
	}
}

// picture keeps screenshots of what the browser shows, light, dark and as on a phone, in the folder that THORPE_TEST_PICTURES names, if it does.
func picture(b *browsertest.Browser, name string) {
	folder := os.Getenv("THORPE_TEST_PICTURES")
	if folder == "" {
		return
	}
	b.Screenshot(filepath.Join(folder, name+".png"))
	b.Dark(true)
	b.Size(360, 740)
	b.Screenshot(filepath.Join(folder, name+"-phone.png"))
	b.Dark(false)
	b.Size(1280, 800)
}
