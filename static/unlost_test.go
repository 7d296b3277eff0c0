package static_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// cancelMeant is the button of the question before much is canceled.
const cancelMeant = `document.querySelector("dialog[open] .end .btn.danger")`

// Two pictures pasted within one second both arrive, also while the first is on its way; and nothing holds the page afterwards.
func TestPicturesPastedAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	held := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PUT" {
			<-held
		}
		return false
	})
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	b.Eval(`(() => { // time stands still
		const Then = Date;
		Date = class extends Then { constructor(...given) { super(...(given.length ? given : ["2026-03-04T18:36:30"])); } };
	})()`, nil)
	for n := range 2 {
		b.Eval(fmt.Sprintf(`(() => {
			const data = new DataTransfer();
			data.items.add(new File([new Uint8Array(%d)], "image.png", {type: "image/png"}));
			return document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
		})()`, 70_001+n), nil)
		b.WaitText([]string{"Uploading 1 file", "Uploading 2 files"}[n])
	}
	close(held)
	b.WaitText("2 files uploaded")
	onDisk(t, s, "both", "Picture 2026-03-04 18.36.30 (2).png 70002", "Picture 2026-03-04 18.36.30.png 70001")
	b.Wait("nothing to hold the page", `dispatchEvent(new Event("beforeunload", {cancelable: true}))`)
}

// A refused file that no other try can help does not hold the page.
func TestARefusedFileHoldsNoPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := filepath.Join(t.TempDir(), "a.txt")
	write(t, here, strings.Repeat("a", 70_000))
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PUT" {
			w.WriteHeader(http.StatusPreconditionFailed)
		}
		return r.Method == "PUT"
	})
	b.Drop(here)
	b.WaitText("is missing")
	b.Wait("nothing to hold the page", `dispatchEvent(new Event("beforeunload", {cancelable: true}))`)
}

// A long name leaves a dialog's buttons in sight on a phone, and can be read whole.
func TestLongNamesInDialogs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	long := strings.Repeat("annual report of the board ", 10)[:246] + ".txt"
	write(t, filepath.Join(driveFolder(s), long), "a")
	b.Look(false, 360, 740)
	b.Open(s.URL + "/")
	shows(b, long)
	fits := func(what string) {
		t.Helper()
		b.Wait(what+" to fit", `(() => {
			const dialog = document.querySelector("dialog[open]"), heading = dialog.querySelector("h2"), button = [...dialog.querySelectorAll(".end .btn")].at(-1).getBoundingClientRect();
			return heading.getBoundingClientRect().height < 130 && heading.textContent.includes(".txt") && heading.textContent.includes("…") &&
				heading.ariaLabel.includes(`+quoted(long)+`) && heading.title === heading.ariaLabel && button.bottom < innerHeight && dialog.scrollWidth <= dialog.clientWidth;
		})()`)
	}
	b.ClickAt("its menu", row(long)+`.querySelector("[data-action=menu]")`)
	b.Click("Move to…")
	fits("the move")
	b.Click("Cancel")
	b.ClickAt("its menu", row(long)+`.querySelector("[data-action=menu]")`)
	b.Click("Details")
	fits("the details")
	b.Wait("the whole name", `[...document.querySelectorAll("dialog dd")].some(e => e.innerText === `+quoted(long)+`)`)
	b.Axe("details of a long name")
}

// What is dropped while a file is looked at goes into the folder behind it, and that is said.
func TestADropOnAFileThatIsLookedAt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "Docs", "a.txt"), "a")
	here := filepath.Join(t.TempDir(), "new.txt")
	write(t, here, "new")
	b.Open(s.URL + "/drive/Docs")
	b.Click("a.txt")
	b.Wait("the viewer", `document.querySelector(".view-lines")`)
	b.Drop(here)
	b.WaitText("Uploading to “Docs”, behind this file")
	b.Wait("the file behind it", row("new.txt"))
	onDisk(t, s, "dropped", "Docs/", "Docs/a.txt 1", "Docs/new.txt 3")
}

// What is dropped after the session has ended goes on once the person has signed in again beside it.
func TestADropWithoutASession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "a.txt"), "a")
	here := filepath.Join(t.TempDir(), "new.txt")
	write(t, here, "new")
	b.Open(s.URL + "/")
	shows(b, "a.txt")
	b.SetCookie("thorpe", "over")
	b.Drop(here)
	b.WaitText("You are no longer signed in.")
	b.WaitText("1 file has not been uploaded.")
	var leaves bool
	b.Eval(`dispatchEvent(new Event("beforeunload", {cancelable: true}))`, &leaves)
	if leaves {
		t.Error("the page is left without a warning")
	}
	signsInBeside(s, b)
	b.WaitText("1 file uploaded")
	onDisk(t, s, "after signing in", "a.txt 1", "new.txt 3")
	b.Wait("no word of it any more", `!document.body.innerText.includes("has not been uploaded")`)
}

// Much that is still to be uploaded is not canceled by one click.
func TestCancelingMuchAsksFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	here := t.TempDir()
	held := make(chan struct{})
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PUT" {
			<-held
		}
		return false
	})
	for _, name := range []string{"a", "b"} {
		write(t, filepath.Join(here, name), strings.Repeat(name, 70_000))
	}
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	b.Drop(filepath.Join(here, "a"), filepath.Join(here, "b"))
	b.WaitText("Uploading 2 files")
	b.Click("Cancel uploads")
	b.WaitText("2 files (")
	b.Axe("the question")
	b.Click("Go on uploading")
	b.Wait("them to go on", `document.querySelector(".tray:not([hidden])").innerText.includes("Uploading 2 files")`)
	close(held)
	b.WaitText("2 files uploaded")
	onDisk(t, s, "all", "a 70000", "b 70000")
}
