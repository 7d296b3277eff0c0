package templates_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"thorpe/static"
	"thorpe/templates"
)

// newSet parses the pages over the static files as they lie in the repository.
func newSet(t *testing.T) *templates.Set {
	t.Helper()
	set, err := templates.New(os.DirFS("../static"))
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return set
}

func render(t *testing.T, page templates.Page) string {
	t.Helper()
	page.Static, page.Version, page.SourceURL = "/static/abc", "v0-test", "https://code.example/thorpe"
	var out bytes.Buffer
	if err := newSet(t).Render(&out, page); err != nil {
		t.Fatalf("Render %s: %v", page.Name, err)
	}
	return out.String()
}

// Script and style in a page would be refused by the policy it runs under, silently for whoever does not read the console.
func TestPagesHoldNothingInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script(?:[^>]*)>[^<]|<form[^>]*action=|<base`)
	for _, name := range templates.Names() {
		if found := inline.FindString(render(t, templates.Page{Name: name, Lang: "en"})); found != "" {
			t.Errorf("page %s holds %q: script, style and listeners belong into files below static/", name, found)
		}
	}
}

// AGPL, section 13: who uses the program over a network is offered its source.
func TestEveryPageOffersItsSource(t *testing.T) {
	for _, name := range templates.Names() {
		page := render(t, templates.Page{Name: name, Lang: "en"})
		for _, want := range []string{
			`<a href="https://code.example/thorpe" rel="noopener">Source</a>`,
			`<a href="/notices">`, `<html lang="en">`, `name="viewport"`, `rel="icon"`, `<main `, `id="main"`, `<title>`,
		} {
			if !strings.Contains(page, want) {
				t.Errorf("page %s lacks %s", name, want)
			}
		}
		if n := strings.Count(page, "<main "); n != 1 {
			t.Errorf("page %s has %d main elements", name, n)
		}
	}
}

// Every address in a page is this origin's, but for the source.
func TestPagesLoadFromTheirOriginOnly(t *testing.T) {
	address := regexp.MustCompile(`(?:src|href)="([^"]*)"`)
	tree, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range templates.Names() {
		for _, found := range address.FindAllStringSubmatch(render(t, templates.Page{Name: name, Lang: "en"}), -1) {
			to := found[1]
			if to == "https://code.example/thorpe" || strings.HasPrefix(to, "#") {
				continue
			}
			if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
				t.Errorf("page %s refers to %s", name, to)
			}
			if file, ok := strings.CutPrefix(to, "/static/abc/"); ok {
				file, _, _ = strings.Cut(file, "#")
				if !tree.Has(file) {
					t.Errorf("page %s refers to static/%s, which is not there", name, file)
				}
			}
		}
	}
}

func TestPagesThatNeedScriptSaySo(t *testing.T) {
	for _, name := range templates.Names() {
		page := render(t, templates.Page{Name: name, Lang: "en"})
		if strings.Contains(page, "/pages/"+name+".js") != strings.Contains(page, "<noscript>") {
			t.Errorf("page %s: a page with a module, and no other, has a sentence for those without script", name)
		}
	}
}

func TestDataIsWrittenAsAttributes(t *testing.T) {
	page := render(t, templates.Page{Name: "app", Data: map[string]string{"account-name": `a"><script>x`, "id": "7"}})
	if want := `data-account-name="a&#34;&gt;&lt;script&gt;x" data-id="7"`; !strings.Contains(page, want) {
		t.Errorf("no %s in the page", want)
	}
	err := newSet(t).Render(&bytes.Buffer{}, templates.Page{Name: "app", Data: map[string]string{`x" onload="`: "y"}})
	if err == nil {
		t.Error("a key that is no attribute name was written")
	}
}

func TestErrorPageSaysWhatItIsTold(t *testing.T) {
	page := render(t, templates.Page{Name: "error", Error: &templates.ErrorText{Status: 404}})
	for _, want := range []string{"404", "There is nothing here"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the error page", want)
		}
	}
	page = render(t, templates.Page{Name: "error", Error: &templates.ErrorText{Status: 500, Title: "Full", Message: "<b>disk</b>"}})
	for _, want := range []string{"500", "<h1>Full</h1>", "&lt;b&gt;disk"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the error page", want)
		}
	}
}

func TestUnknownPageAndLanguage(t *testing.T) {
	var out bytes.Buffer
	if err := newSet(t).Render(&out, templates.Page{Name: "nothing"}); err == nil || out.Len() > 0 {
		t.Errorf("an unknown page was rendered: %v, %d bytes", err, out.Len())
	}
	if page := render(t, templates.Page{Name: "signin", Lang: "xx"}); !strings.Contains(page, `<html lang="en">`) {
		t.Error("an unknown language is not rendered in English")
	}
}

func TestLanguageFollowsTheBrowser(t *testing.T) {
	english, err := os.ReadFile("../static/texts/en.json")
	if err != nil {
		t.Fatal(err)
	}
	set, err := templates.New(fstest.MapFS{
		"texts/en.json": {Data: english},
		"texts/de.json": {Data: []byte(`{"page.source": "Quelltext"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for accept, want := range map[string]string{
		"": "en", "de": "de", "de-AT,en;q=0.5": "de", "fr,de;q=0.3": "de", "en-GB,de;q=0.9": "en", "ja": "en", ";;;": "en",
	} {
		if got := set.Language(accept); got != want {
			t.Errorf("Accept-Language %q gives %s, want %s", accept, got, want)
		}
	}
	var out bytes.Buffer
	if err := set.Render(&out, templates.Page{Name: "about", Lang: "de"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<html lang="de">`, ">Quelltext</a>", ">Notices</a>"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in the page: a text that a language lacks is English", want)
		}
	}
}

func TestMissingTextFailsAtStart(t *testing.T) {
	for name, texts := range map[string]string{"no English": "", "no text": `{}`, "broken": `{"a"`} {
		static := fstest.MapFS{}
		if texts != "" {
			static["texts/en.json"] = &fstest.MapFile{Data: []byte(texts)}
		}
		if _, err := templates.New(static); err == nil {
			t.Errorf("%s: New succeeded", name)
		}
	}
}
