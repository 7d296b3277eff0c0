// Package templates renders the pages: the frame that the browser's modules fill, and the few pages that are all text.
//
// Start from [New], which parses everything and fails on what could fail later; then [Set.Render] writes a [Page]. Every page is
// complete without script as far as it can be, says so where it cannot, names its source code and its notices in the footer,
// and holds no inline script or style: it runs under a policy of `default-src 'none'` with everything from 'self'. A page's data
// reaches its module through data attributes on <body>.
//
// Sentences stand in the catalogs texts/LANG.json of the static files, which the modules read too. What the package does not do:
// it sets no headers, and knows no sessions.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
)

//go:embed frame.html pages
var files embed.FS

// Page is one page to render.
type Page struct {
	Name      string            // one of [Names]
	Lang      string            // a language of [Set.Languages]; any other is taken as English
	Theme     string            // "light" or "dark"; any other is taken as the visitor's system has it
	Base      string            // what stands before every path here: empty, or such as "/cloud"
	Static    string            // path of the static files, "/static/HASH" below Base, without a slash at its end
	Version   string            // of this program
	SourceURL string            // where the source code of what runs here is (AGPL, section 13)
	Data      map[string]string // data-KEY attributes of <body>; keys of a-z and dashes
	List      string            // hash of the list of what this release gives its visitors, on the page "about"
	Error     *ErrorText        // what the page "error" says
}

// ErrorText is what a plain error page says, in sentences that are safe to show.
type ErrorText struct {
	Status  int    // shown small; 0 is not shown
	Code    string // of the failure, docs/api.md: finds the sentence "error.CODE" of the catalog
	Title   string // empty for one of the catalog's, by status
	Message string // empty for one of the catalog's, by status or code
}

// kinds says how each page is framed and which module it loads.
var kinds = map[string]struct {
	module bool   // loads static/pages/NAME.js
	also   string // another module that it shows itself by, which it imports when it is time
	light  bool   // has a catalog of its own, texts/LANG.NAME.js
	styles []string
	frame  string // template that stands in <body>
}{
	"setup":   {module: true, frame: "sheet"},
	"invite":  {module: true, frame: "sheet"},
	"recover": {module: true, frame: "sheet"},
	"signin":  {module: true, frame: "sheet"},
	"app":     {module: true, frame: "app", styles: []string{"link.css", "drive.css", "view.css"}, also: "pages/drive.js"},
	"link":    {module: true, light: true, frame: "link", styles: []string{"link.css", "view.css"}},
	"about":   {frame: "sheet"},
	"notices": {frame: "sheet"},
	"error":   {frame: "sheet"},
}

// Names are the pages there are, sorted.
func Names() []string { return slices.Sorted(maps.Keys(kinds)) }

// Set is every page in every language, parsed.
type Set struct {
	catalogs  map[string]catalog
	languages []Language
	pages     map[string]*template.Template // by language and name: "en/signin"
	preloads  map[string][]string           // of each page with a module, below the static path
	notices   []Notice
}

// New parses the pages. static is the tree of static files: texts/LANG.json are its catalogs, of which en.json must be there,
// and vendor/vendor.json with the licences beside it say what is vendored. It fails on a text that a page uses and English lacks.
func New(static fs.FS) (*Set, error) {
	catalogs, err := readCatalogs(static)
	if err != nil {
		return nil, err
	}
	notices, err := readNotices(static)
	if err != nil {
		return nil, err
	}
	set := &Set{catalogs: catalogs, pages: map[string]*template.Template{}, preloads: map[string][]string{}, languages: named(catalogs), notices: notices}
	for name, kind := range kinds {
		if kind.module {
			if set.preloads[name], err = preloads(static, "pages/"+name+".js", kind.also); err != nil {
				return nil, err
			}
		}
	}
	for lang, texts := range catalogs {
		for name := range kinds {
			page, err := parse(name, texts)
			if err != nil {
				return nil, fmt.Errorf("parsing page %s in %s: %w", name, lang, err)
			}
			set.pages[lang+"/"+name] = page
		}
	}
	// A template that parses can still fail at its first use, at the latest for a missing text.
	for lang := range catalogs {
		for name := range kinds {
			if err := set.Render(io.Discard, Page{Name: name, Lang: lang, Static: "/static/x"}); err != nil {
				return nil, err
			}
		}
	}
	return set, nil
}

func parse(name string, texts catalog) (*template.Template, error) {
	page := template.New("frame.html").Option("missingkey=error").Funcs(template.FuncMap{"t": texts.text, "icon": icon})
	return page.ParseFS(files, "frame.html", "pages/"+name+".html")
}

// view is what the templates see.
type view struct {
	Page
	Module  bool
	Texts   string
	Styles  []string
	Preload []string
	Frame   string
	Attrs   template.HTMLAttr
	Title   string
	Notices []Notice
	// What the footer's switch offers, each by its own name.
	Languages []Language
}

// Language is one that pages are there in.
type Language struct {
	Tag  string // BCP 47
	Name string // in itself: "Deutsch"
}

// Render writes a page. Nothing is written unless all of it could be rendered.
func (s *Set) Render(w io.Writer, page Page) error {
	kind, ok := kinds[page.Name]
	if !ok {
		return fmt.Errorf("rendering page %q: there is no such page", page.Name)
	}
	if _, ok := s.catalogs[page.Lang]; !ok {
		page.Lang = fallback
	}
	if page.Theme != "light" && page.Theme != "dark" {
		page.Theme = ""
	}
	texts := s.catalogs[page.Lang]
	attrs, err := dataAttributes(page.Data)
	if err != nil {
		return fmt.Errorf("rendering page %s: %w", page.Name, err)
	}
	if page.Name == "error" {
		page.Error = texts.errorText(page.Error)
	}
	title, err := texts.text("title." + page.Name)
	if err != nil {
		return fmt.Errorf("rendering page %s: %w", page.Name, err)
	}
	if page.Error != nil {
		title = page.Error.Title
	}
	catalogName := page.Lang
	if kind.light {
		catalogName += "." + page.Name
	}
	var out bytes.Buffer
	err = s.pages[page.Lang+"/"+page.Name].Execute(&out, view{
		Page: page, Module: kind.module, Texts: catalogName, Styles: kind.styles, Preload: s.preloads[page.Name], Frame: kind.frame, Attrs: attrs, Title: title, Notices: s.notices,
		Languages: s.languages,
	})
	if err != nil {
		return fmt.Errorf("rendering page %s in %s: %w", page.Name, page.Lang, err)
	}
	_, err = out.WriteTo(w)
	return err
}

var dataKey = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// dataAttributes writes a page's data as attributes. html/template takes no dynamic attribute names, so they are checked here.
func dataAttributes(data map[string]string) (template.HTMLAttr, error) {
	var out bytes.Buffer
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if !dataKey.MatchString(key) {
			return "", fmt.Errorf("data key %q is not lower-case words joined by dashes", key)
		}
		fmt.Fprintf(&out, ` data-%s="%s"`, key, template.HTMLEscapeString(data[key]))
	}
	return template.HTMLAttr(out.String()), nil
}

var iconName = regexp.MustCompile(`^[a-z0-9-]+$`)

// icon is an icon of the sprite icons.svg, as decoration.
func icon(static, name string) (template.HTML, error) {
	if !iconName.MatchString(name) {
		return "", fmt.Errorf("%q is no name of an icon", name)
	}
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + template.HTMLEscapeString(static) + `/icons.svg#` + name + `"></use></svg>`), nil
}
