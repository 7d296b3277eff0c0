package static_test

import (
	"path/filepath"
	"testing"
)

// Who clicks a folder's name twice opens it, and not what lies under the mouse by then.
func TestADoubleClickOnANameOpensOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"1.txt", "2.txt"} {
		write(t, filepath.Join(driveFolder(s), "Photos", name), "a")
		write(t, filepath.Join(driveFolder(s), "Photos", "Lake", name), "a")
	}
	b.Open(s.URL + "/")
	shows(b, "Photos")
	b.FirstOfTwo("a folder's name", nameIn("Photos"))
	shows(b, "Lake", "1.txt", "2.txt")
	b.SecondOfTwo()
	b.Click("1.txt")
	b.Wait("the file that was clicked", looksAt+` === "1.txt"`)
	b.Click("Close")
	b.Wait("the folder", `!document.querySelector("dialog") && location.pathname === "/drive/Photos"`)
	shows(b, "Lake", "1.txt", "2.txt")

	// Another click elsewhere is meant.
	b.Click("Lake")
	shows(b, "1.txt", "2.txt")
}
