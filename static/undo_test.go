package static_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"thorpe/static/browsertest"
)

// Taking back much shows how far it is, and can be stopped; what is left then can be taken back too.
func TestALongUndoIsStopped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	var all []string
	for i := range 40 {
		name := fmt.Sprintf("f%02d.txt", i)
		all = append(all, name+" 1")
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	b.Open(s.URL + "/")
	b.ClickAt("a file", row("f00.txt")+`.querySelector(".m:not(.r)")`)
	b.Keys("Ctrl+a")
	b.Keys("Delete")
	b.WaitText("40 items deleted")
	held := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/restorations") {
			<-held
		}
		return false
	})
	b.Click("Undo")
	b.WaitText("Undoing: 40 items")
	b.WaitText("0 of 40")
	b.Click("Stop")
	b.WaitText("Stopping")
	close(held)
	b.WaitText("Stopped: 16 of 40 undone") // what was begun with one request
	onDisk(t, s, "a part", all[24:]...)
	b.Keys("Ctrl+z")
	b.WaitText("Undone")
	onDisk(t, s, "all", all...)
}

// What came out of the trash, or went for good, is not offered to be brought back.
func TestAnUndoThatTheTrashDid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	for _, name := range []string{"a.txt", "b.txt", "c.txt", "d.txt", "e.txt"} {
		write(t, filepath.Join(driveFolder(s), name), "a")
	}
	remove := func(b *browsertest.Browser, names ...string) {
		b.Click("Files")
		b.ClickAt("a file", row(names[0])+`.querySelector(".m:not(.r)")`)
		for _, name := range names[1:] {
			b.ClickWith(name, chromedp.ModifierCtrl)
		}
		b.Keys("Delete")
		b.Wait("the message", toastButton("Undo"))
		b.Click("Trash")
		b.Wait("it in the trash", row(names[0]))
	}
	b.Open(s.URL + "/")
	remove(b, "a.txt")
	b.Click("Restore a.txt")
	b.WaitText("“a.txt” is back in Files")
	noUndo(t, b)

	remove(b, "b.txt")
	b.ClickAt("the row", row("b.txt")+`.querySelector(".m")`)
	b.Keys("Delete")
	b.ClickAt("the button", `[...document.querySelectorAll("dialog .end .btn")].at(-1)`)
	b.WaitText("1 item deleted for good")
	noUndo(t, b)

	remove(b, "c.txt")
	b.Click("Empty trash")
	b.ClickAt("the button", `[...document.querySelectorAll("dialog .end .btn")].at(-1)`)
	b.WaitText("The trash is empty")
	noUndo(t, b)

	// Of two, the other comes back.
	remove(b, "d.txt", "e.txt")
	b.Click("Restore e.txt")
	b.WaitText("“e.txt” is back in Files")
	b.ClickAt("the way back", toastButton("Undo"))
	b.WaitText("Undone")
	onDisk(t, s, "afterwards", "a.txt 1", "d.txt 1", "e.txt 1")
}

func noUndo(t *testing.T, b *browsertest.Browser) {
	t.Helper()
	var offered bool
	b.Eval("!!"+toastButton("Undo"), &offered)
	if offered {
		t.Error("it is still offered to be brought back")
	}
}
