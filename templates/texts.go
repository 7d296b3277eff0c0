package templates

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// fallback is the language that has every text.
const fallback = "en"

// catalog is the texts of one language by flat key, "area.name". A key that it lacks is English.
type catalog map[string]string

func (c catalog) text(key string) (string, error) {
	text, ok := c[key]
	if !ok {
		return "", fmt.Errorf("the catalog has no text %q", key)
	}
	return text, nil
}

// errorText completes what an error page says by the catalog's sentences for its status.
func (c catalog) errorText(said *ErrorText) *ErrorText {
	text := ErrorText{}
	if said != nil {
		text = *said
	}
	name := "page.problem"
	switch text.Status {
	case http.StatusNotFound:
		name = "page.not_found"
	case http.StatusMisdirectedRequest:
		name = "page.wrong_host"
	}
	text.Title = cmp.Or(text.Title, c[name+"_title"])
	if name == "page.problem" {
		text.Message = cmp.Or(text.Message, c["error."+text.Code])
	}
	text.Message = cmp.Or(text.Message, c[name+"_text"])
	return &text
}

// readCatalogs reads texts/LANG.json, each a JSON object of strings. LANG is a BCP 47 tag.
func readCatalogs(static fs.FS) (map[string]catalog, error) {
	names, err := fs.Glob(static, "texts/*.json")
	if err != nil {
		return nil, fmt.Errorf("listing the texts: %w", err)
	}
	catalogs := map[string]catalog{}
	for _, name := range names {
		content, err := fs.ReadFile(static, name)
		if err != nil {
			return nil, fmt.Errorf("reading the texts: %w", err)
		}
		lang := strings.TrimSuffix(path.Base(name), ".json")
		if _, err := language.Parse(lang); err != nil {
			return nil, fmt.Errorf("reading the texts: %s is not named by a language: %w", name, err)
		}
		var texts catalog
		if err := json.Unmarshal(content, &texts); err != nil {
			return nil, fmt.Errorf("reading the texts of %s: %w", name, err)
		}
		catalogs[lang] = texts
	}
	english, ok := catalogs[fallback]
	if !ok {
		return nil, fmt.Errorf("reading the texts: there is no texts/%s.json", fallback)
	}
	for lang, texts := range catalogs {
		full := maps.Clone(english)
		maps.Copy(full, texts)
		catalogs[lang] = full
	}
	return catalogs, nil
}

// Languages are those that pages can be rendered in, English first.
func (s *Set) Languages() []string {
	langs := make([]string, len(s.languages))
	for i, lang := range s.languages {
		langs[i] = lang.Tag
	}
	return langs
}

// named is every language with its own name for itself, English first.
func named(catalogs map[string]catalog) []Language {
	all := []Language{{Tag: fallback, Name: catalogs[fallback]["language.name"]}}
	for _, lang := range slices.Sorted(maps.Keys(catalogs)) {
		if lang != fallback {
			all = append(all, Language{Tag: lang, Name: catalogs[lang]["language.name"]})
		}
	}
	return all
}

// Language chooses among [Set.Languages] by a request's Accept-Language (RFC 9110, section 12.5.4). An empty or broken header
// means English.
func (s *Set) Language(accept string) string {
	langs := s.Languages()
	tags := make([]language.Tag, len(langs))
	for i, lang := range langs {
		tags[i] = language.Make(lang)
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(wanted) == 0 {
		return fallback
	}
	_, i, _ := language.NewMatcher(tags).Match(wanted...)
	return langs[i]
}

// StatusLine is the status as the error page shows it: "404".
func (e *ErrorText) StatusLine() string {
	if e.Status == 0 {
		return ""
	}
	return strconv.Itoa(e.Status)
}
