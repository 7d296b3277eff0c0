package static_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// fillTrash deletes files in folders by a mount, and answers how many.
func (s *site) fillTrash(t *testing.T, password string, count int) {
	t.Helper()
	for i := range count {
		write(t, filepath.Join(driveFolder(s), fmt.Sprintf("Work/Clients/Miller and Sons/2026/Quarter 1/file %03d.txt", i)), strings.Repeat("x", 1000-i))
	}
	for i := range count {
		s.deleteBy(t, nil, password, fmt.Sprintf("Work/Clients/Miller%%20and%%20Sons/2026/Quarter%%201/file%%20%03d.txt", i))
	}
}

// On a phone too, the trash is sorted and all of it chosen; however long the folder is, by what something was deleted is seen; what is read of a name is no id.
func TestTheTrashOnAPhone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Open(s.URL + "/")
	s.fillTrash(t, mountPassword(b, "Ann's laptop"), 3)
	for _, width := range []int64{320, 360, 1280} {
		b.Look(false, width, 740)
		b.Open(s.URL + "/trash")
		b.WaitText("3 items")
		b.Wait("the device to be seen whole", `[...document.querySelectorAll(".list-body .row .by")].filter(e => e.textContent === " · Ann's laptop" && e.scrollWidth <= e.clientWidth &&
			e.getBoundingClientRect().right <= e.closest(".n").getBoundingClientRect().right + 1).length === 3`)
		b.Wait("names without ids", `document.querySelector(".list-body .row .name").title === "file 002.txt" || document.querySelector(".list-body .row .name").title.startsWith("file ")`)
		if width == 1280 {
			b.Wait("the head that sorts, alone", `document.querySelector(".sort-menu").offsetParent === null && document.querySelector("[data-column=size]").offsetParent !== null`)
			continue
		}
		b.Click("Sort")
		b.WaitText("Deleted")
		b.Click("Name")
		shows(b, "file 000.txt", "file 001.txt", "file 002.txt")
		b.Click("Sort")
		b.Click("Size")
		b.Click("Sort")
		b.Axe(fmt.Sprintf("the menu, %d", width))
		b.Click("Select all")
		b.WaitText("3 selected")
	}
}

// Restoring many shows how far it is and stops; what came back is told, the rest is still chosen in the trash, and the keyboard is where it was, so that the rest comes back
// by one key.
func TestRestoringManyIsStopped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Open(s.URL + "/")
	s.fillTrash(t, mountPassword(b, "Ann's laptop"), 60)
	b.Click("Trash")
	b.WaitText("60 items")
	held := make(chan struct{})
	defer func() { // however it ends
		select {
		case <-held:
		default:
			close(held)
		}
	}()
	var requests atomic.Int64
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/trash/restorations" {
			return false
		}
		if requests.Add(1) == 2 { // the first part came back; this one takes long
			select {
			case <-held:
			case <-r.Context().Done():
			}
		}
		return false
	})
	b.ClickAt("a row", `document.querySelector(".list-body .row .m")`)
	b.Keys("Ctrl+a")
	b.WaitText("60 selected")
	b.Click("Restore")
	b.WaitText("Restoring 60 items")
	b.WaitText("16 of 60")
	b.Axe("while it restores")
	b.Eval(`[...document.querySelectorAll(".tray button")].find(e => e.ariaLabel === "Stop").focus()`, nil)
	b.Keys("Enter")
	b.WaitText("Stopping")
	close(held)
	b.WaitText("items are back")
	b.Wait("the rest", `!document.querySelector(".finding-note").innerText.startsWith("60 items")`)
	var back, left int
	b.Eval(`Number(/(\d+) items are back/.exec(document.body.innerText)[1])`, &back)
	b.Eval(`Number(/(\d+) items,/.exec(document.querySelector(".finding-note").innerText)[1])`, &left)
	if back+left != 60 || left == 0 || requests.Load() != 2 {
		t.Errorf("%d came back, %d are left, after %d requests", back, left, requests.Load())
	}
	b.Wait("the rest still chosen", fmt.Sprintf(`document.querySelector(".chosen-count").innerText === "%d selected"`, left))
	b.Wait("the keyboard where it was", `document.activeElement.ariaLabel === "Restore"`)
	b.Keys("Enter")
	b.WaitText("The trash is empty")
	if n := len(found(t, driveFolder(s))); n != 65 {
		t.Errorf("%d in the drive, want 60 files and 5 folders", n)
	}
}
