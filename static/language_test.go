package static_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

// The browser's language is taken, on every page, until the visitor chooses another; that holds on all pages then, also those without an account.
func TestTheLanguageIsChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Languages("de-CH,de")
	b.Open(s.URL + "/")
	b.WaitText("Noch nichts hier")
	b.WaitText("Einstellungen")
	b.Axe("an empty drive, in German")
	b.Option("Sprache", "E")
	b.WaitText("Nothing here yet")
	b.Open(s.URL + "/about")
	b.WaitText("A cloud drive that anyone can run")
	b.Option("Language", "D")
	b.WaitText("Ein Cloud-Laufwerk")
	b.Open(s.URL + "/settings")
	b.WaitText("Sie gelten für diesen Browser.")
	b.Option("Sprache", "E")
	b.WaitText("They hold for this browser.")
	b.Option("Language", "As the browser")
	b.WaitText("Sie gelten für diesen Browser.")

	recipient := browsertest.New(t)
	recipient.Languages("de")
	recipient.Open(s.URL + "/s/")
	recipient.WaitText("In dieser Adresse steht kein Schlüssel")
	recipient.Option("Sprache", "E")
	recipient.WaitText("There is no key in this address")
	recipient.Open(s.URL + "/nowhere")
	recipient.WaitText("There is nothing here")
	recipient.Option("Language", "D")
	recipient.WaitText("Hier ist nichts")

	// What the server refuses is told in the page's language, too.
	recipient.Open(s.URL + "/")
	recipient.WaitText("Wiederherstellungsschlüssel verwenden")
	recipient.Fill("Name", "ann")
	recipient.Fill("Passwort", "not the right one")
	recipient.Click("Anmelden")
	recipient.WaitText("Der Name oder das Passwort ist falsch.")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/session" || r.Method != "POST" {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		w.Write([]byte(`{"code": "unavailable", "message": "The server can't store anything just now."}`))
		return true
	})
	recipient.Click("Anmelden")
	recipient.WaitText("Der Server kann gerade nichts speichern.")
}

// Times and sizes are written as where the visitor lives, not as where the page's language was born.
func TestTimesAndSizesAreInTheVisitorsForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	file := filepath.Join(driveFolder(s), "film.bin")
	must(t, os.WriteFile(file, make([]byte, 1_530_000), 0o600))
	must(t, os.Chtimes(file, time.Time{}, time.Date(2021, 7, 2, 16, 7, 0, 0, time.Local)))
	for languages, want := range map[string][2]string{
		"en-US,en": {"1.5 MB", "Jul 2, 2021"}, "en-GB,en": {"1.5 MB", "2 Jul 2021"}, "de-DE,de": {"1,5 MB", "2. Juli 2021"}, "de-CH,de": {"1.5 MB", "2. Juli 2021"},
		"fr-FR,en": {"1.5 MB", "Jul 2, 2021"},
	} {
		b.Languages(languages)
		b.Open(s.URL + "/")
		b.WaitText("film.bin")
		var row string
		b.Eval(`document.querySelector(".list-body .name").closest("[role=row], .row").innerText`, &row)
		row = strings.Join(strings.Fields(row), " ")
		if !strings.Contains(row, want[0]) || !strings.Contains(row, want[1]) {
			t.Errorf("to a visitor with %s the file is %q, want %q", languages, row, want)
		}
	}
}

// The theme stands in the page before anything of it is shown, so nothing flashes.
func TestTheThemeIsChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	light, dark := "rgb(251, 251, 250)", "rgb(22, 24, 26)"
	ground := func(what, want string) {
		t.Helper()
		b.Wait(what, `getComputedStyle(document.body).backgroundColor === "`+want+`"`)
	}
	html := func(want string) {
		t.Helper()
		var sent string
		b.Eval(`fetch(location.href).then(answer => answer.text())`, &sent)
		if !strings.Contains(sent, want) {
			t.Errorf("no %s in the page: %.600s", want, sent)
		}
	}
	ground("a light page", light)
	b.Option("Theme", "D")
	ground("a dark page", dark)
	b.Eval(`window.old = true`, nil)
	b.Reload()
	b.Wait("the page again", `!window.old && document.querySelector("#choices:not([hidden])")`)
	ground("a dark page still", dark)
	html(`<html lang="en" data-theme="dark">`)
	html(`<meta name="color-scheme" content="dark">`)
	b.Open(s.URL + "/s/")
	ground("a dark link page", dark)
	b.Open(s.URL + "/settings")
	b.WaitText("They hold for this browser.") // and the switches in the footer are gone
	b.Option("Theme", "L")
	ground("a light page", light)
	b.Dark(true)
	ground("a light page on a dark system", light)
	b.Option("Theme", "A")
	ground("a page as the system", dark)
	b.Open(s.URL + "/")
	html(`<html lang="en">`)
	b.Dark(false)
	ground("a page as the system", light)
}
