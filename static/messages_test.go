package static_test

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// A message over a dialog can be used, is not lost with the dialog, and goes into one that opens after it.
func TestMessagesOverADialog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "a.txt"), "one\n")
	write(t, filepath.Join(driveFolder(s), "b.txt"), "two\n")
	b.Open(s.URL + "/")
	shows(b, "a.txt", "b.txt")
	b.Eval(`import("`+s.tree.Path()+`/ui/toast.js").then(({toast}) => { globalThis.toast = toast; })`, nil)
	b.Click("a.txt")
	b.Wait("the viewer", `document.querySelector(".view-lines")`)
	b.Eval(`toast("Over it", {kind: "problem", action: "Do it", act: () => { globalThis.did = true; }})`, nil)
	b.ClickAt("the message's button", toastButton("Do it"))
	b.Wait("what it does, with the dialog still open", `globalThis.did && document.querySelector("dialog.viewer[open]") && !document.querySelector(".toast")`)

	b.Eval(`toast("It stays", {kind: "problem", action: "Do it", act: () => { globalThis.did = "again"; }})`, nil)
	viewPicture(b, "message")
	b.Wait("it to stand still", `document.getAnimations().length === 0`)
	b.Axe("a message over a dialog")
	b.Press(kb.Escape)
	b.Wait("the list", `!document.querySelector("dialog")`)
	b.WaitText("It stays")
	b.Wait("it to stand still", `document.getAnimations().length === 0`)
	b.Axe("a message in the page")
	b.Click("b.txt")
	b.Wait("the viewer", `document.querySelector(".view-lines")`)
	b.ClickAt("the message's button", toastButton("Do it"))
	b.Wait("what it does", `globalThis.did === "again" && document.querySelector("dialog.viewer[open]")`)
}

func toastButton(words string) string {
	return `[...document.querySelectorAll(".toast .btn")].find(e => e.textContent === ` + quoted(words) + `)`
}

// Whose session ends with an unsaved text signs in beside it, and saves it.
func TestSigningInBesideAnUnsavedText(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := editing(t, s, "a.txt", "first\n")
	b.Eval(`globalThis.open = (...how) => { globalThis.opened = how; }`, nil)
	b.Press("m")
	b.SetCookie("thorpe", "over")
	b.Click("Save")
	b.WaitText("You are no longer signed in.")
	b.ClickAt("the message's button", toastButton("Sign in"))
	b.WaitText("Sign in in the new tab")
	b.Wait("a new tab, that has no hold on this one", `globalThis.opened?.join(" ") === location.href + " _blank noopener" && document.querySelector(".edit-area").value === "mfirst\n"`)
	signsInBeside(s, b)
	b.WaitText("Signed in again.")
	b.Click("Save")
	b.Wait("the text to be saved", `document.querySelector(".viewer-tools [role=status]").textContent === "Saved"`)
	reads(t, s, "a.txt", "mfirst\n")
}

// signsInBeside signs ann in, in another tab.
func signsInBeside(s *site, b *browsertest.Browser) {
	tab := b.Tab()
	tab.Open(s.URL + "/")
	tab.WaitText("Forgotten your password?")
	tab.Fill("Password", goodPassword)
	tab.Click("Sign in")
	tab.WaitText("a.txt")
	tab.Close()
}
