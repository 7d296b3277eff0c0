package templates

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
)

// importedStatically finds what a module imports before it runs: `import … from "./x.js"`, `export … from` and `import "./x.js"`, each at the beginning of a line.
var importedStatically = regexp.MustCompile(`(?m)^(?:import|export)\b[^;]*?from "(\.[^"]+)"|^import "(\.[^"]+)"`)

// preloads lists the modules that a page needs before it can show itself, the page's own left out: without that list a browser would learn of each only from the one
// that imports it, a round trip for each link of the chain. A static tree without the page's module, as in tests, gives none.
func preloads(static fs.FS, roots ...string) ([]string, error) {
	seen := map[string]bool{}
	var names []string
	for queue := roots; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		text, err := fs.ReadFile(static, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("listing the modules of a page: %w", err)
		}
		if name != roots[0] {
			names = append(names, name)
		}
		for _, found := range importedStatically.FindAllStringSubmatch(string(text), -1) {
			queue = append(queue, path.Join(path.Dir(name), found[1]+found[2]))
		}
	}
	return names, nil
}
