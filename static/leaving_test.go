package static_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Whoever leaves the page during an upload is asked by the browser itself. Who stays loses nothing; who leaves after all, leaves; once all has arrived nothing is asked.
func TestLeavingThePageDuringAnUploadIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := filepath.Join(t.TempDir(), "note.bin")
	must(t, os.WriteFile(here, make([]byte, 2<<20), 0o600))
	upload := func() (release func()) {
		t.Helper()
		held := make(chan struct{})
		s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != "PUT" {
				return false
			}
			select {
			case <-held:
			case <-r.Context().Done():
			}
			return false
		})
		b.Drop(here)
		b.WaitText("Uploading 1 file")
		return func() { close(held) }
	}
	reload := func() { b.Eval(`void setTimeout(() => location.reload())`, nil) }

	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	b.ClickAt("the page", nothingYet) // a browser asks only for somebody who has done something on the page
	b.Eval(`globalThis.samePage = true`, nil)
	release := upload()
	b.AskedAtLeaving(reload, false)
	b.WaitText("Uploading 1 file")
	release()
	b.WaitText("1 file uploaded")
	b.Wait("the same page", `globalThis.samePage`)
	onDisk(t, s, "who stayed", fmt.Sprintf("note.bin %d", 2<<20))

	reload() // nothing is asked, else the page would not go
	b.Wait("another page", `!globalThis.samePage`)
	shows(b, "note.bin")

	must(t, os.Remove(filepath.Join(driveFolder(s), "note.bin")))
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	b.ClickAt("the page", nothingYet)
	release = upload()
	defer release()
	b.AskedAtLeaving(func() { b.Eval(`void setTimeout(() => { location.href = "/about"; })`, nil) }, true)
	b.Wait("the page that was asked for", `location.pathname === "/about"`)
	onDisk(t, s, "who left")
}

// nothingYet is the JavaScript of what an empty drive says.
const nothingYet = `[...document.querySelectorAll("#main *")].find(e => e.children.length === 0 && e.textContent === "Nothing here yet")`
