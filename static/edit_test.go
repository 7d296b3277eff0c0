package static_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// editing opens a file of the drive's root and its editor.
func editing(t *testing.T, s *site, name, content string) *browsertest.Browser {
	t.Helper()
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), name), content)
	b.Open(s.URL + "/")
	b.Click(name)
	b.Click("Edit")
	b.Wait("the editor", `document.activeElement.matches(".edit-area")`)
	return b
}

// reads waits until a file of the drive's root holds what is wanted.
func reads(t *testing.T, s *site, name, want string) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(driveFolder(s), name))
	if string(got) != want {
		t.Errorf("%s holds %q (%v); want %q", name, got, err, want)
	}
}

const editorClosed = `document.querySelector("dialog.viewer") && !document.querySelector(".edit-area")`

// A text is edited and saved over what was read, with its byte order mark and its line ends; what is no text in UTF-8 is left alone.
func TestATextIsEdited(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := editing(t, s, "a.txt", "\ufeffone\r\ntwo\r\n")
	b.Press("n")
	b.Press("o")
	b.Press(kb.Enter)
	b.WaitText("Not saved")
	viewPicture(b, "edit")
	b.Press("s", chromedp.KeyModifiers(kb.ModifierCtrl))
	b.Wait("the text to be saved", `document.querySelector(".viewer-tools [role=status]").textContent === "Saved"`)
	reads(t, s, "a.txt", "\ufeffno\r\none\r\ntwo\r\n")
	b.Press("x")
	b.Click("Save")
	b.Wait("the text to be saved again", `document.querySelector(".viewer-tools [role=status]").textContent === "Saved"`)
	reads(t, s, "a.txt", "\ufeffno\r\nxone\r\ntwo\r\n")
	b.Click("Done")
	b.Wait("the text to be looked at again", editorClosed+` && document.querySelector(".view-lines")?.textContent.includes("xone")`)
	b.Press(kb.Escape)
	b.Wait("the list", `!document.querySelector("dialog")`)

	write(t, filepath.Join(driveFolder(s), "latin.txt"), "caf\xe9\n")
	write(t, filepath.Join(driveFolder(s), "notes.md"), "# Notes\n")
	b.Reload()
	b.Click("latin.txt")
	b.Click("Edit")
	b.WaitText("Only text in UTF-8 can be edited here")
	b.Click("The file after")
	b.Wait("the Markdown", `document.querySelector(".view-page h1")`)
	b.Click("Edit")
	b.Wait("the editor", `document.activeElement.matches(".edit-area")`)
	b.Press("+")
	b.Click("Save")
	b.Wait("the Markdown to be saved", `document.querySelector(".viewer-tools [role=status]").textContent === "Saved"`)
	reads(t, s, "notes.md", "+# Notes\n")
	reads(t, s, "latin.txt", "caf\xe9\n")
}

// A list is older than what lies there: what is opened is what lies there now.
func TestWhatChangedSinceTheListIsLookedAt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "a.txt"), "old\n")
	b.Open(s.URL + "/")
	shows(b, "a.txt")
	write(t, filepath.Join(driveFolder(s), "a.txt"), "newer and longer\n")
	b.Click("a.txt")
	b.Wait("what lies there now", `document.querySelector(".view-lines")?.textContent === "newer and longer\n"`)
	b.Press(kb.Escape)
	b.Click("More for a.txt")
	b.Click("Edit")
	b.Wait("the editor", `document.activeElement.matches(".edit-area") && document.activeElement.value === "newer and longer\n"`)
}

// What was written underneath is never written over without a word: each way out keeps both versions.
func TestAnEditMeetsAnotherOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := editing(t, s, "a.txt", "first\n")
	write(t, filepath.Join(driveFolder(s), "a (2).txt"), "somebody's\n")
	meet := func(theirs string) {
		write(t, filepath.Join(driveFolder(s), "a.txt"), theirs)
		b.Press("m")
		b.Click("Save")
		b.WaitText("“a.txt” was changed elsewhere")
		reads(t, s, "a.txt", theirs)
	}
	meet("theirs, looked at\n")
	b.Click("Look at it")
	b.Wait("the other version", `document.querySelector(".edit-theirs")?.textContent === "theirs, looked at\n"`)
	viewPicture(b, "edit-theirs")
	b.Press(kb.Escape)
	b.WaitText("was changed elsewhere")
	viewPicture(b, "edit-conflict")
	b.Click("Go on editing")
	b.Wait("what is edited, still there", `document.querySelector(".edit-area").value === "mfirst\n" && !document.querySelector("dialog.dlg")`)
	reads(t, s, "a.txt", "theirs, looked at\n")

	b.Click("Save")
	b.Click("Replace it")
	b.Wait("mine to be saved", `document.querySelector(".viewer-tools [role=status]").textContent === "Saved"`)
	reads(t, s, "a.txt", "mfirst\n")
	if kept := keptTexts(t, s); !strings.Contains(kept, "theirs, looked at\n") {
		t.Errorf("what was replaced is not kept: %q", kept)
	}

	b.Eval(`document.querySelector(".edit-area").focus()`, nil)
	meet("theirs once more\n")
	b.Click("Save mine beside it")
	b.WaitText("Yours is saved as “a (3).txt”.")
	b.Wait("their version", editorClosed+` && document.querySelector(".view-lines")?.textContent.includes("theirs once more")`)
	reads(t, s, "a.txt", "theirs once more\n")
	reads(t, s, "a (3).txt", "mmfirst\n")
	reads(t, s, "a (2).txt", "somebody's\n")

	b.Click("Edit")
	b.Wait("the editor", `document.activeElement.matches(".edit-area")`)
	must(t, os.Remove(filepath.Join(driveFolder(s), "a.txt")))
	b.Press("g")
	b.Click("Save")
	b.WaitText("“a.txt” is no longer there")
	b.Click("Save it here again")
	b.Wait("mine to be saved", `document.querySelector(".viewer-tools [role=status]").textContent === "Saved"`)
	reads(t, s, "a.txt", "gtheirs once more\n")
}

// keptTexts is all that the server keeps of replaced and deleted files.
func keptTexts(t *testing.T, s *site) string {
	t.Helper()
	var all strings.Builder
	must(t, filepath.WalkDir(filepath.Join(s.Folder, "kept"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all.Write(content)
		return err
	}))
	return all.String()
}

// What is not saved is asked about, whichever way it is left.
func TestAnUnsavedEditIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := editing(t, s, "a.txt", "first\n")
	write(t, filepath.Join(driveFolder(s), "b.txt"), "another\n")
	b.Press("m")
	for way, leave := range map[string]func(){
		"Escape":    func() { b.Press(kb.Escape) },
		"the ×":     func() { b.Click("Close") },
		"Done":      func() { b.Click("Done") },
		"back":      func() { b.Eval("history.back()", nil) },
		"no asking": func() { b.Eval(`document.querySelector("dialog.viewer").close()`, nil) },
	} {
		leave()
		b.Wait("the question after "+way, `document.querySelector("dialog.dlg")?.textContent.includes("Save the changes to “a.txt”?")`)
		b.Click("Go on editing")
		b.Wait("what is edited after "+way, `!document.querySelector("dialog.dlg") && document.querySelector("dialog.viewer[open] .edit-area").value === "mfirst\n"`)
	}
	var warns bool
	b.Eval(`!dispatchEvent(new Event("beforeunload", {cancelable: true}))`, &warns)
	if !warns {
		t.Error("nothing is said when the page is left")
	}

	// What cannot be saved stays.
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut {
			return false
		}
		w.WriteHeader(http.StatusInsufficientStorage)
		return true
	})
	b.Press(kb.Escape)
	b.Wait("the question", `document.querySelector("dialog.dlg")`)
	b.Click("Save")
	b.WaitText("Not saved: ")
	s.breakWith(nil)
	reads(t, s, "a.txt", "first\n")
	b.Press(kb.Escape)
	b.Wait("the question", `document.querySelector("dialog.dlg")`)
	viewPicture(b, "edit-leave")
	b.Click("Save")
	b.Wait("the list", `!document.querySelector("dialog")`)
	reads(t, s, "a.txt", "mfirst\n")
	b.Eval(`!dispatchEvent(new Event("beforeunload", {cancelable: true}))`, &warns)
	if warns {
		t.Error("the page warns with nothing unsaved")
	}

	b.Reload()
	b.Click("a.txt")
	b.Click("Edit")
	b.Wait("the editor", `document.activeElement.matches(".edit-area")`)
	b.Press("x")
	b.Press(kb.Escape)
	b.Click("Discard")
	b.Wait("the list", `!document.querySelector("dialog")`)
	reads(t, s, "a.txt", "mfirst\n")
}

// A new text is made where one is, never over another, and edited at once.
func TestANewTextIsMade(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "Notes", "New text.txt"), "another\n")
	b.Open(s.URL + "/drive/Notes")
	shows(b, "New text.txt")
	b.Click("New")
	b.Click("New text file")
	b.Wait("a free name, but for its extension", `(i => i?.value === "New text (2).txt" && i.selectionEnd === 12)(document.activeElement)`)
	b.Do("typing a name", chromedp.KeyEvent("New text"))
	b.Press(kb.Enter)
	b.WaitText("There is already something called “New text.txt” here.")
	b.Fill("Name", "plan.weird")
	b.Click("Create and edit")
	b.Wait("the editor", `document.activeElement.matches(".edit-area")`)
	b.Do("typing", chromedp.KeyEvent("hello"))
	b.Click("Save")
	b.Wait("the text to be saved", `document.querySelector(".viewer-tools [role=status]").textContent === "Saved"`)
	reads(t, s, "Notes/plan.weird", "hello")
	b.Click("Done")
	b.Wait("the list", `!document.querySelector("dialog")`)
	shows(b, "New text.txt", "plan.weird")
	b.Wait("the keyboard on it", `document.activeElement.closest(".row")?.querySelector(".name").textContent === "plan.weird"`)
	reads(t, s, "Notes/New text.txt", "another\n")
}
