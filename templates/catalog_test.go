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

func catalogOf(t *testing.T, lang string) map[string]string {
	t.Helper()
	content, err := os.ReadFile("../static/texts/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(content, &texts); err != nil {
		t.Fatalf("texts/%s.json: %v", lang, err)
	}
	return texts
}

// Keys stand in code as "area.name". A key may be put together from a fixed beginning and a code: `error.${code}` uses all that begin with "error.".
var (
	quotedKey = regexp.MustCompile("[\"'`]([a-z_]+(?:\\.[a-z0-9_]+)+)[\"'`]")
	builtKey  = regexp.MustCompile("`([a-z_]+\\.[a-z0-9_.]*)\\$\\{")
	askedKey  = regexp.MustCompile(`\bt\(\s*"([^"]+)"|\{\{t "([^"]+)"`)
	// Built in Go: the title of each page, and what the error page says.
	builtInGo = []string{"title.", "page.not_found_", "page.wrong_host_", "page.problem_"}
)

func TestEveryTextThatIsUsedIsThere(t *testing.T) {
	texts := catalogOf(t, "en")
	for _, source := range sources(t) {
		for _, found := range askedKey.FindAllStringSubmatch(source.text, -1) {
			key := found[1] + found[2]
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
			if _, ok := english[key]; !ok {
				t.Errorf("texts/%s.json: %q is no text of en.json", lang, key)
				continue
			}
			if got, want := values(text), values(english[key]); !slices.Equal(got, want) {
				t.Errorf("texts/%s.json: %q has the values %v, in English %v", lang, key, got, want)
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
