package static_test

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// tourAround calls at on the screens around the drive: connecting a computer, editing a text, what was shared into the app.
func tourAround(t *testing.T, s *site, b *browsertest.Browser, at at) {
	b.Open(s.URL + "/connect?on=windows")
	b.WaitText("Map network drive")
	at(b, "connect")
	b.Click("GNOME")
	b.Click("Make an app password")
	b.WaitText("has not signed in yet")
	at(b, "connect-password")
	b.Click("Test the connection")
	b.WaitText("The connection is not encrypted")
	at(b, "connect-tested")

	list := filepath.Join(driveFolder(s), "Recipes", "Plum cake.md")
	write(t, list, "# Plum cake\n\n1 kg of plums\n500 g of flour\n")
	b.Open(s.URL + "/drive/Recipes")
	b.Click("Plum cake.md")
	b.Click("Edit")
	b.Wait("the editor", `document.activeElement.matches(".edit-area")`)
	b.Press("!")
	at(b, "edit")
	write(t, list, "# Plum cake\n\nGrandma’s, with yeast\n")
	b.Click("Save")
	b.WaitText("was changed elsewhere")
	at(b, "edit-conflict")
	b.Click("Look at it")
	b.WaitText("Grandma’s, with yeast")
	at(b, "edit-theirs")
	b.Press(kb.Escape)
	b.Click("Save mine beside it")
	b.WaitText("Yours is saved as")
	b.Press(kb.Escape)
	b.Wait("the list", `!document.querySelector("dialog")`)

	installed(b)
	shareInto(b, map[string]string{"title": "A recipe", "text": "Plum cake, as Grandma made it", "url": "https://example.org/cake"}, map[string]string{"cake.jpg": "picture", "plums.jpg": "picture"})
	b.WaitText("3 files")
	at(b, "shared")
	b.Click("Discard")
	shows(b, "Family", "Music", "Recipes", "Work")
}
