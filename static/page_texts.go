package static

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"thorpe/static/modulegraph"
)

// lightPages have a catalog of their own, texts/LANG.PAGE.json, made from the language's: with the texts that the page's modules can ask for and no others. A person
// who opens one of them sees little else of Thorpe.
var lightPages = []string{"link"}

var plural = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)

// pageTexts makes the catalogs of the light pages, by name.
func pageTexts(files fs.FS) (map[string][]byte, error) {
	catalogs, err := fs.Glob(files, "texts/*.json")
	if err != nil {
		return nil, fmt.Errorf("listing the texts: %w", err)
	}
	made := map[string][]byte{}
	for _, page := range lightPages {
		asks, err := asked(files, "pages/"+page+".js", "foot.js")
		if err != nil {
			return nil, err
		}
		for _, name := range catalogs {
			short, err := askedTexts(files, name, asks)
			if err != nil {
				return nil, err
			}
			made[strings.TrimSuffix(name, "json")+page+".json"] = short
		}
	}
	return made, nil
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
