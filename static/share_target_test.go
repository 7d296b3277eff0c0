package static_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// shareInto does what a device's share sheet does: it posts a form to /share/, with these files by name.
func shareInto(b *browsertest.Browser, fields, files map[string]string) {
	var script strings.Builder
	script.WriteString(`(() => { const f = document.createElement("form"); f.method = "post"; f.action = "/share/"; f.enctype = "multipart/form-data";`)
	for name, value := range fields {
		fmt.Fprintf(&script, `{ const i = document.createElement("textarea"); i.name = %q; i.value = %q; f.append(i); }`, name, value)
	}
	script.WriteString(`const i = document.createElement("input"), d = new DataTransfer(); i.type = "file"; i.name = "files"; i.multiple = true;`)
	for name, content := range files {
		fmt.Fprintf(&script, `d.items.add(new File([%q], %q));`, content, name)
	}
	script.WriteString(`i.files = d.files; f.append(i); f.hidden = true; document.body.append(f); f.submit(); })()`)
	b.Eval(script.String(), nil)
}

const shareWorkerRuns = `navigator.serviceWorker.getRegistration("/share/").then(r => Boolean(r?.active))`

// runningShareWorker waits until what takes what is shared is registered.
func runningShareWorker(b *browsertest.Browser) {
	b.Wait("the worker of /share/", `(globalThis.shareRuns ??= false) || (`+shareWorkerRuns+`.then(on => { globalThis.shareRuns = on }), false)`)
}

// installed tells the page what the browser tells it once it is installed as an app.
func installed(b *browsertest.Browser) {
	b.Eval(`dispatchEvent(new Event("appinstalled"))`, nil)
	runningShareWorker(b)
}

// What is shared into the app stands in the browser until somebody says where to: into the drive, into a link, or away.
func TestSomethingIsSharedIntoTheDrive(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "Photos", "old.txt"), "old")
	b.Open(s.URL + "/")
	shows(b, "Photos")
	installed(b)

	shareInto(b, map[string]string{"title": "", "text": "", "url": ""}, map[string]string{"a.jpg": "picture", "<img src=x>.txt": "text"})
	b.WaitText("2 files")
	b.WaitText("<img src=x>.txt")
	if len(s.asked(http.MethodPost, "/share/")) > 0 || len(s.asked(http.MethodPut, "/files/")) > 0 {
		t.Error("what was shared reached the server before anybody said where to")
	}
	picture(b, "share-target")
	b.Reload()
	b.WaitText("2 files")
	b.Click("Upload to a folder")
	b.Click("Photos")
	b.WaitText("Into: Photos")
	b.Click("Upload here")
	shows(b, "<img src=x>.txt", "a.jpg", "old.txt")
	b.WaitText("2 files uploaded")
	reads(t, s, "Photos/a.jpg", "picture")

	shareInto(b, map[string]string{"title": "A / page", "text": "Look at this", "url": "https://example.org/"}, nil)
	b.WaitText("A page.txt")
	b.Click("Upload to Files")
	b.WaitText("1 file uploaded")
	reads(t, s, "A page.txt", "Look at this\nhttps://example.org/\n")

	shareInto(b, nil, map[string]string{"sealed.txt": "for a link"})
	b.WaitText("sealed.txt")
	at := b.URL()
	b.Click("Make a link")
	b.WaitText("The files are sealed on this computer")
	b.Click("Cancel")
	b.WaitText("sealed.txt") // still there, for another thought
	b.Click("Make a link")
	b.WaitText("The files are sealed on this computer")
	b.Click("Create link")
	b.WaitText("Link is ready")
	var link string
	b.Eval(`document.querySelector("[data-link]").dataset.link`, &link)
	friend := browsertest.New(t)
	friend.Open(link)
	friend.WaitText("sealed.txt")
	saved, state := friend.Download(func() { friend.Click("Download") })
	if got, err := os.ReadFile(saved); err != nil || state != "completed" || string(got) != "for a link" {
		t.Errorf("out of the link came %s: %s, %q, %v", saved, state, got, err)
	}
	b.Keys("Escape")
	b.Wait("the dialog to go", `!document.querySelector("dialog[open]")`)
	shows(b, "Photos", "A page.txt")
	b.Open(at)
	b.WaitText("no longer here")
	b.Open(s.URL + "/share/")
	b.WaitText("Nothing was shared")
	if _, err := os.Stat(filepath.Join(driveFolder(s), "sealed.txt")); err == nil {
		t.Error("what was thrown away lies in the drive")
	}
}

// Before its worker is there, what is shared is lost, and the page says so; the server reads none of it.
func TestWhatIsSharedTooEarlyIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	installed(b)
	b.Eval(`navigator.serviceWorker.getRegistration("/share/").then(r => r.unregister())`, nil)
	shareInto(b, nil, map[string]string{"a.txt": "nobody-reads-this"})
	b.WaitText("did not arrive")
	if got := b.URL(); got != s.URL+"/share/?lost" {
		t.Errorf("the page is %s", got)
	}
	if strings.Contains(s.heard(), "nobody-reads-this") {
		t.Error("the server read it")
	}
}

// The worker of /share/ answers nothing but what is shared, and is nobody's else: a link beside it opens and plays through its own (B8).
func TestTheShareWorkerLeavesLinksAlone(t *testing.T) {
	t.Parallel()
	s, link := linkOf(t, []content{{Path: "a.wav", Bytes: sound(2)}}, nil)
	b := browsertest.New(t)
	b.Open(s.URL + "/about")
	b.Eval(`import("`+s.tree.Path()+`/share-store.js").then(m => m.registerShareTarget())`, nil)
	runningShareWorker(b)
	b.Open(s.URL + "/share/")
	b.Wait("a page that it answers", `navigator.serviceWorker.controller?.scriptURL.endsWith("/share/worker.js")`)
	var status []int
	b.Eval(`Promise.all(["/share/?id=x", "/share/worker.js", "/share/get/x", "/api/session", "/healthz"].map(async (path) => (await fetch(path)).status))`, &status)
	equal(t, "what a page of /share/ is answered", []int{200, 200, 404, 401, 200}, status)
	b.Eval(`Promise.all([fetch("/share/x", {method: "POST"}), fetch("/api/session", {method: "POST"})]).then(all => all.map(({status}) => status))`, &status)
	equal(t, "what is posted elsewhere", []int{404, 400}, status)

	b.Open(link)
	b.Click("Look at it")
	b.Wait("the sound, played through the worker of /s/", `document.querySelector("audio")?.duration === 2 && navigator.serviceWorker.controller?.scriptURL.endsWith("/s/worker.js")`)
}

// The browser itself says that the drive can be installed as an app, with the icons and the share target of its manifest.
func TestTheDriveCanBeInstalled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	if faults := b.Installable(); len(faults) > 0 {
		t.Errorf("what keeps it from being installed: %v", faults)
	}
	var sizes [][]int
	b.Eval(`fetch(document.querySelector("link[rel=manifest]").href).then(a => a.json()).then(m => Promise.all(m.icons.filter(i => i.type === "image/png").map(async (icon) => {
		const image = new Image();
		image.src = new URL(icon.src, document.querySelector("link[rel=manifest]").href).href;
		await image.decode();
		return [image.naturalWidth, image.naturalHeight, Number(icon.sizes.split("x")[0])];
	})))`, &sizes)
	equal(t, "the icons", [][]int{{192, 192, 192}, {512, 512, 512}, {512, 512, 512}}, sizes)
}
