package templates_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// source is a file that texts and icons are used in.
type source struct {
	name, text string
}

// sources reads the templates and the modules.
func sources(t *testing.T) []source {
	t.Helper()
	var found []source
	for _, root := range []string{".", "../static"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && (name == "vendor" || name == "testdata" || name == "modules") {
				return fs.SkipDir
			}
			if ext := path.Ext(name); ext == ".html" || ext == ".js" {
				text, err := os.ReadFile(path.Join(root, name))
				if err != nil {
					return err
				}
				found = append(found, source{path.Join(root, name), string(text)})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// entriesOf reads texts/LANG.json as it is written: in its order, with a key that stands twice there twice.
func entriesOf(t *testing.T, lang string) (keys []string, texts map[string]string) {
	t.Helper()
	file, err := os.Open("../static/texts/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	next := func() json.Token {
		token, err := decoder.Token()
		if err != nil {
			t.Fatalf("texts/%s.json: %v", lang, err)
		}
		return token
	}
	texts = map[string]string{}
	if next() != json.Delim('{') {
		t.Fatalf("texts/%s.json is not an object", lang)
	}
	for decoder.More() {
		key := next().(string)
		text, ok := next().(string)
		if !ok {
			t.Fatalf("texts/%s.json: %q is not a string", lang, key)
		}
		keys = append(keys, key)
		texts[key] = text
	}
	return keys, texts
}

func catalogOf(t *testing.T, lang string) map[string]string {
	t.Helper()
	_, texts := entriesOf(t, lang)
	return texts
}

// Keys stand in code as "area.name". A key may be put together from a fixed beginning and a code: `error.${code}` uses all that begin with "error.".
var (
	quotedKey = regexp.MustCompile("[\"'`]([a-z_]+(?:\\.[a-z0-9_]+)+)[\"'`]")
	builtKey  = regexp.MustCompile("`([a-z_]+\\.[a-z0-9_.]*)\\$\\{")
	askedKey  = regexp.MustCompile(`\bt\(\s*"([^"]+)"|\{\{t "([^"]+)"`)
	// Built in Go: the title of each page, what the error page says, and what a language calls itself.
	builtInGo = []string{"title.", "page.not_found_", "page.wrong_host_", "page.problem_", "language.name"}
)

// comment is a line of a module that says nothing but to its readers.
var comment = regexp.MustCompile(`(?m)^\s*(?:\*|//|/\*).*$`)

// notKeys are file names that look like keys.
var notKeys = regexp.MustCompile(`\.(js|css|json|html|svg|webmanifest)$`)

// Keys also stand in conditionals and tables, t(open ? "a.b" : "a.c"), so whatever is quoted and begins like a key has to be one.
func TestEveryTextThatIsUsedIsThere(t *testing.T) {
	texts := catalogOf(t, "en")
	areas := map[string]bool{}
	for key := range texts {
		areas[strings.SplitN(key, ".", 2)[0]] = true
	}
	for _, source := range sources(t) {
		var asked []string
		for _, found := range askedKey.FindAllStringSubmatch(source.text, -1) {
			asked = append(asked, found[1]+found[2])
		}
		for _, found := range quotedKey.FindAllStringSubmatch(comment.ReplaceAllString(source.text, ""), -1) {
			if areas[strings.SplitN(found[1], ".", 2)[0]] && !notKeys.MatchString(found[1]) {
				asked = append(asked, found[1])
			}
		}
		slices.Sort(asked)
		for _, key := range slices.Compact(asked) {
			_, plain := texts[key]
			_, plural := texts[key+".other"]
			if !plain && !plural {
				t.Errorf("%s uses the text %q, which static/texts/en.json lacks", source.name, key)
			}
		}
	}
}

func TestEveryTextIsUsed(t *testing.T) {
	used := map[string]bool{}
	built := slices.Clone(builtInGo)
	for _, source := range sources(t) {
		for _, found := range quotedKey.FindAllStringSubmatch(source.text, -1) {
			used[found[1]] = true
		}
		for _, found := range builtKey.FindAllStringSubmatch(source.text, -1) {
			built = append(built, found[1])
		}
	}
	for key := range catalogOf(t, "en") {
		plain := key
		for _, form := range []string{".zero", ".one", ".two", ".few", ".many", ".other"} {
			plain = strings.TrimSuffix(plain, form)
		}
		if used[key] || used[plain] || slices.ContainsFunc(built, func(begin string) bool { return strings.HasPrefix(key, begin) }) {
			continue
		}
		t.Errorf("nothing uses the text %q of static/texts/en.json: remove it", key)
	}
}

// Every language has the texts of English, each once, in the same order: so that one reads like the other, and a merge that doubled or
// lost a line is seen. The plural forms are those of English, too; a language with others needs a rule here first.
func TestEveryCatalogIsWhole(t *testing.T) {
	wanted, english := entriesOf(t, "en")
	for _, lang := range newSet(t).Languages() {
		keys, texts := entriesOf(t, lang)
		seen := map[string]bool{}
		for _, key := range keys {
			if seen[key] {
				t.Errorf("texts/%s.json has %q twice", lang, key)
			}
			seen[key] = true
			if _, ok := english[key]; !ok {
				t.Errorf("texts/%s.json has %q, which en.json lacks", lang, key)
			}
			if strings.TrimSpace(texts[key]) == "" {
				t.Errorf("texts/%s.json: %q is empty", lang, key)
			}
		}
		for i, key := range wanted {
			if !seen[key] {
				t.Errorf("texts/%s.json lacks %q, in English: %q", lang, key, english[key])
			} else if !t.Failed() && keys[i] != key {
				t.Errorf("texts/%s.json, text %d is %q, in en.json %q: keep the order", lang, i+1, keys[i], key)
			}
		}
	}
}

// A translation that lost a {value}, or misspelled it, would show that in braces.
func TestTranslationsHoldTheSameValues(t *testing.T) {
	value := regexp.MustCompile(`\{\w+\}`)
	values := func(text string) []string {
		found := value.FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	english := catalogOf(t, "en")
	for _, lang := range newSet(t).Languages()[1:] {
		for key, text := range catalogOf(t, lang) {
			if got, want := values(text), values(english[key]); !slices.Equal(got, want) {
				t.Errorf("texts/%s.json: %q has the values %v, in English %v", lang, key, got, want)
			}
		}
	}
}

// Each language quotes as it is printed in it.
func TestTextsAreQuotedAsInPrint(t *testing.T) {
	wrong := map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`["'` + "`" + `„]|\.\.\.`),
		"de": regexp.MustCompile(`["'` + "`" + `”]|\.\.\.|“\pL|\pL…`),
	}
	for _, lang := range newSet(t).Languages() {
		if wrong[lang] == nil {
			t.Errorf("say here how %s quotes", lang)
			continue
		}
		for key, text := range catalogOf(t, lang) {
			if found := wrong[lang].FindString(text); found != "" {
				t.Errorf("texts/%s.json: %q has %s: %q", lang, key, found, text)
			}
		}
	}
}

func TestEveryIconThatIsUsedIsInTheSprite(t *testing.T) {
	sprite, err := os.ReadFile("../static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, found := range regexp.MustCompile(`<symbol id="([^"]+)"`).FindAllStringSubmatch(string(sprite), -1) {
		there[found[1]] = true
	}
	if len(there) < 20 {
		t.Fatalf("only %d symbols found in icons.svg", len(there))
	}
	asked := regexp.MustCompile(`\bicon\("([^"]+)"|\bicon(?:Button)?\("([^"]+)"|\bicon: "([^"]+)"|\{\{icon \.Static "([^"]+)"`)
	for _, source := range sources(t) {
		for _, found := range asked.FindAllStringSubmatch(source.text, -1) {
			if name := strings.Join(found[1:], ""); !there[name] {
				t.Errorf("%s shows the icon %q, which static/icons.svg lacks", source.name, name)
			}
		}
	}
}

// A module that imports what is not there leaves a blank page.
func TestEveryImportIsThere(t *testing.T) {
	imported := regexp.MustCompile(`(?m)^(?:import|export)\b[^;]*?from "(\.[^"]+)"|\bimport\("(\.[^"]+)"\)|^import "(\.[^"]+)"`)
	for _, source := range sources(t) {
		for _, found := range imported.FindAllStringSubmatch(source.text, -1) {
			name := path.Join(path.Dir(source.name), strings.Join(found[1:], ""))
			if _, err := os.Stat(name); err != nil {
				t.Errorf("%s imports %s, which is not there", source.name, name)
			}
		}
	}
}
