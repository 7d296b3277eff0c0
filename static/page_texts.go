package static

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// lightPages have a catalog of their own, texts/LANG.PAGE.json, made from the language's: with the texts that the page's modules can ask for and no others. A person
// who opens one of them sees little else of Thorpe.
var lightPages = []string{"link"}

var (
	imported = regexp.MustCompile(`(?m)^(?:import|export)\b[^;]*?from "(\.[^"]+)"|^import "(\.[^"]+)"|\bimport\("(\.[^"]+)"\)`)
	askedKey = regexp.MustCompile("[\"`]([a-z][a-z0-9_]*(?:\\.[a-z0-9_]+)+)[\"`]")
	builtKey = regexp.MustCompile("`([a-z][a-z0-9_]*\\.[a-z0-9_.]*)\\$\\{") // `error.${code}`
	plural   = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)
)

// pageTexts makes the catalogs of the light pages, by name, each when it is first asked for: that reads all modules of its page. What is in the program
// can be read, or else it panics.
func pageTexts(files fs.FS) (map[string]func() []byte, error) {
	catalogs, err := fs.Glob(files, "texts/*.json")
	if err != nil {
		return nil, fmt.Errorf("listing the texts: %w", err)
	}
	made := map[string]func() []byte{}
	for _, page := range lightPages {
		asks := sync.OnceValues(func() (func(string) bool, error) { return asked(files, "pages/"+page+".js", "foot.js") })
		for _, name := range catalogs {
			made[strings.TrimSuffix(name, "json")+page+".json"] = sync.OnceValue(func() []byte {
				short, err := textsFor(files, name, asks)
				if err != nil {
					panic(fmt.Errorf("making the texts of page %s: %w", page, err))
				}
				return short
			})
		}
	}
	return made, nil
}

// textsFor is what a page can ask for of a catalog.
func textsFor(files fs.FS, catalog string, asks func() (func(key string) bool, error)) ([]byte, error) {
	asked, err := asks()
	if err != nil {
		return nil, err
	}
	content, err := fs.ReadFile(files, catalog)
	if err != nil {
		return nil, err
	}
	var texts map[string]string
	if err := json.Unmarshal(content, &texts); err != nil {
		return nil, err
	}
	for key := range texts {
		if !asked(key) {
			delete(texts, key)
		}
	}
	return json.Marshal(texts)
}

// asked reads the modules that can come to run on a page, those included that are loaded later, and says which keys stand in them.
func asked(files fs.FS, roots ...string) (func(key string) bool, error) {
	seen, keys := map[string]bool{}, map[string]bool{}
	var beginnings []string
	for queue := slices.Clone(roots); len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if seen[name] || strings.HasPrefix(name, "vendor/") {
			continue
		}
		seen[name] = true
		text, err := fs.ReadFile(files, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking for texts: %w", err)
		}
		for _, found := range imported.FindAllStringSubmatch(string(text), -1) {
			queue = append(queue, path.Join(path.Dir(name), found[1]+found[2]+found[3]))
		}
		for _, found := range askedKey.FindAllStringSubmatch(string(text), -1) {
			keys[found[1]] = true
		}
		for _, found := range builtKey.FindAllStringSubmatch(string(text), -1) {
			beginnings = append(beginnings, found[1])
		}
	}
	return func(key string) bool {
		return keys[key] || keys[plural.ReplaceAllString(key, "")] ||
			slices.ContainsFunc(beginnings, func(beginning string) bool { return strings.HasPrefix(key, beginning) })
	}, nil
}
