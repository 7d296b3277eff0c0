package static_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Files of this computer go into the folder whose row or crumb they are dropped on, else into the one that is shown, wherever on the page they fall; folders that hold nothing but
// folders arrive too. A link of another page that is dropped leaves the page as it is.
func TestDropsGoWhereTheyFall(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	file := func(name string) string {
		write(t, filepath.Join(here, name), "a")
		return filepath.Join(here, name)
	}
	must(t, os.MkdirAll(filepath.Join(driveFolder(s), "Holiday", "Videos"), 0o700))
	b.Open(s.URL + "/drive/Holiday")
	shows(b, "Videos")
	b.DropOn("a folder's row", `document.querySelector('.list-body [data-drop="Holiday/Videos"]')`, file("row.txt"))
	b.WaitText("1 file uploaded")
	b.DropOn("the tray", `document.querySelector(".tray:not([hidden])")`, file("tray.txt"))
	shows(b, "Videos", "tray.txt")
	b.DropOn("a link beside", `document.querySelector('.nav-item[data-route="trash"]')`, file("beside.txt"))
	shows(b, "Videos", "beside.txt", "tray.txt")
	b.DropOn("a crumb", `document.querySelector('.crumbs [data-drop=""]')`, file("crumb.txt"))
	must(t, os.MkdirAll(filepath.Join(here, "hollow", "in", "side"), 0o700))
	b.Drop(filepath.Join(here, "hollow"))
	shows(b, "hollow", "Videos", "beside.txt", "tray.txt")
	onDisk(t, s, "after the drops", "Holiday/", "Holiday/Videos/", "Holiday/Videos/row.txt 1", "Holiday/beside.txt 1", "Holiday/hollow/", "Holiday/hollow/in/", "Holiday/hollow/in/side/",
		"Holiday/tray.txt 1", "crumb.txt 1")
	b.Eval("globalThis.same = true", nil)
	b.DropLink(s.URL + "/about")
	b.Drop(file("last.txt"))
	shows(b, "hollow", "Videos", "beside.txt", "last.txt", "tray.txt")
	b.Wait("the same page", fmt.Sprintf(`globalThis.same === true && location.href === %q`, s.URL+"/drive/Holiday"))
}

// Another language does not end what is being uploaded: the page stays until the visitor has it loaded.
func TestAnotherLanguageEndsNoUpload(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := filepath.Join(t.TempDir(), "a.txt")
	write(t, here, strings.Repeat("a", 70_000))
	held := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PUT" {
			<-held
		}
		return false
	})
	b.Drop(here)
	b.WaitText("Uploading 1 file")
	b.Option("Language", "D")
	b.WaitText("The language changes the next time the page is loaded.")
	close(held)
	b.WaitText("1 file uploaded")
	b.Click("Load it now")
	b.WaitText("Einstellungen")
}
