package static_test

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A link that is being put together does not go by a click beside its dialog or by Escape without a question, once something was typed or added.
func TestALinkThatIsPutTogetherIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	write(t, filepath.Join(driveFolder(s), "a.txt"), "a")
	more := filepath.Join(t.TempDir(), "more.txt")
	write(t, more, "more")
	b.Open(s.URL + "/")
	gone := `!document.querySelector("dialog")`

	// As it was opened: it goes without a word.
	b.Click("Share a.txt")
	b.WaitText("1 file · 1 byte")
	b.Press(kb.Escape)
	b.Wait("the list", gone)
	b.Click("Share a.txt")
	b.WaitText("1 file · 1 byte")
	b.Do("clicking beside it", chromedp.MouseClickXY(5, 5))
	b.Wait("the list", gone)

	for what, change := range map[string]func(){
		"Title":  func() { b.Fill("Title", "Lake") },
		"a file": func() { b.Choose(func() { b.Click("Add files") }, more); b.WaitText("2 files") },
		"secret": func() { b.Click("Make one") },
	} {
		b.Click("Share a.txt")
		b.WaitText("1 file · 1 byte")
		change()
		b.Do("clicking beside it", chromedp.MouseClickXY(5, 5))
		b.Press(kb.Escape)
		b.Wait("the question after "+what, `document.querySelectorAll("dialog[open]").length === 2 && document.body.innerText.includes("Discard this link?")`)
		picture(b, "share-leave")
		b.Press(kb.Escape)
		b.Wait("what was typed, after "+what, `document.querySelectorAll("dialog[open]").length === 1 && document.body.innerText.includes("Share by link")`)
		b.Press(kb.Escape)
		b.Click("Discard")
		b.Wait("the list after "+what, gone)
	}
}
