package static

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"thorpe/static/modulegraph"
)

// lightPages have a catalog of their own, texts/LANG.PAGE.js, made from the language's, and a sprite of their own, icons.PAGE.svg: with the texts and icons that the page's
// modules can ask for and no others. A person who opens one of them sees little else of Thorpe.
var lightPages = []string{"link"}

var plural = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)

// catalogModules says how to make the modules that give a page its texts, by name: one for each language, and one for each of its light pages. They are made when they
// are asked for.
func catalogModules(files fs.FS) (map[string]func() ([]byte, error), error) {
	catalogs, err := fs.Glob(files, "texts/*.json")
	if err != nil {
		return nil, fmt.Errorf("listing the texts: %w", err)
	}
	made := map[string]func() ([]byte, error){}
	for _, name := range catalogs {
		bare := strings.TrimSuffix(name, "json")
		made[bare+"js"] = func() ([]byte, error) {
			all, err := askedTexts(files, name, func(string) bool { return true })
			return catalogModule(all), err
		}
		for _, page := range lightPages {
			made[bare+page+".js"] = func() ([]byte, error) {
				asks, err := asked(files, "pages/"+page+".js", "foot.js")
				if err != nil {
					return nil, err
				}
				short, err := askedTexts(files, name, asks)
				return catalogModule(short), err
			}
		}
	}
	return made, nil
}

// sprites says how to make the sprites of light pages, by name.
func sprites(files fs.FS) map[string]func() ([]byte, error) {
	made := map[string]func() ([]byte, error){}
	for _, page := range lightPages {
		made["icons."+page+".svg"] = func() ([]byte, error) { return shortSprite(files, "pages/"+page+".js", "foot.js") }
	}
	return made
}

var (
	quoted = regexp.MustCompile(`"([a-z0-9-]+)"`)
	symbol = regexp.MustCompile(`^<symbol id="([a-z0-9-]+)"`)
)

// shortSprite is icons.svg, which has a line for each symbol, without those that no module names that can come to run.
func shortSprite(files fs.FS, roots ...string) ([]byte, error) {
	named := map[string]bool{}
	err := modulegraph.Walk(files, true, func(name, text string) {
		if !strings.HasPrefix(name, "vendor/") {
			for _, found := range quoted.FindAllStringSubmatch(text, -1) {
				named[found[1]] = true
			}
		}
	}, roots...)
	if err != nil {
		return nil, err
	}
	whole, err := fs.ReadFile(files, "icons.svg")
	if err != nil {
		return nil, fmt.Errorf("reading the icons: %w", err)
	}
	var short strings.Builder
	for line := range strings.Lines(string(whole)) {
		if found := symbol.FindStringSubmatch(line); found == nil || named[found[1]] {
			short.WriteString(line)
		}
	}
	return []byte(short.String()), nil
}

// catalogModule is the module that hands a catalog, as JSON, to texts.js. It is no JSON module, since not every browser has those.
func catalogModule(catalog []byte) []byte {
	return fmt.Appendf(nil, "import { take } from \"../texts.js\";\ntake(%s);\n", catalog)
}

// askedTexts is a catalog without the texts that are not asked for.
func askedTexts(files fs.FS, name string, asks func(key string) bool) ([]byte, error) {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("reading the texts: %w", err)
	}
	var texts map[string]string
	if err := json.Unmarshal(content, &texts); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	for key := range texts {
		if !asks(key) {
			delete(texts, key)
		}
	}
	short, err := json.Marshal(texts)
	if err != nil {
		return nil, fmt.Errorf("writing the texts of %s: %w", name, err)
	}
	return short, nil
}

// asked reads the modules that can come to run on a page, those included that are loaded later, and says which keys stand in them: whole in quotes, or as the
// beginning of one that is put together, `error.${code}`.
func asked(files fs.FS, roots ...string) (func(key string) bool, error) {
	keys := map[string]bool{}
	var beginnings []string
	err := modulegraph.Walk(files, true, func(name, text string) {
		if strings.HasPrefix(name, "vendor/") {
			return
		}
		for rest := text; ; {
			open := strings.IndexAny(rest, "\"`")
			if open < 0 {
				return
			}
			quote := rest[open]
			rest = rest[open+1:]
			key := rest[:keyLength(rest)]
			switch after := rest[len(key):]; {
			case !strings.Contains(key, "."):
			case strings.HasPrefix(after, string(quote)):
				keys[key] = true
			case quote == '`' && strings.HasPrefix(after, "${"):
				beginnings = append(beginnings, key)
			}
		}
	}, roots...)
	return func(key string) bool {
		return keys[key] || keys[plural.ReplaceAllString(key, "")] ||
			slices.ContainsFunc(beginnings, func(beginning string) bool { return strings.HasPrefix(key, beginning) })
	}, err
}

// keyLength says how much at the beginning of text can be a key, or the beginning of one.
func keyLength(text string) int {
	for at := range len(text) {
		if c := text[at]; c != '.' && c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return at
		}
	}
	return len(text)
}
