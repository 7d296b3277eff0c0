package templates

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// importedStatically finds what a module imports before it runs: `import … from "./x.js"`, `export … from` and `import "./x.js"`, each at the beginning of a line.
var importedStatically = regexp.MustCompile(`^(?:import|export)\b[^;]*?from "(\.[^"]+)"|^import "(\.[^"]+)"`)

// preloads lists the modules that a page needs before it can show itself, the page's own left out: without that list a browser would learn of each only from the one
// that imports it, a round trip for each link of the chain. A static tree without the page's module, as in tests, gives none.
//
// Known has what was found of modules before, and takes what is found.
func preloads(static fs.FS, known map[string][]string, roots ...string) ([]string, error) {
	seen := map[string]bool{}
	var names []string
	for queue := roots; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		imports, ok := known[name]
		if !ok {
			text, err := fs.ReadFile(static, name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("listing the modules of a page: %w", err)
			}
			imports = importsOf(name, string(text))
			known[name] = imports
		}
		if name != roots[0] {
			names = append(names, name)
		}
		queue = append(queue, imports...)
	}
	return names, nil
}

// importsOf lists what a module imports before it runs. Only lines that can begin an import are looked at closely: a start takes all modules of all pages.
func importsOf(name, text string) (all []string) {
	for line := 0; line < len(text); {
		end := strings.IndexByte(text[line:], '\n')
		if end == -1 {
			end = len(text) - line
		}
		if rest := text[line:]; strings.HasPrefix(rest, "import") || strings.HasPrefix(rest, "export") {
			statement, _, _ := strings.Cut(rest, ";")
			if found := importedStatically.FindStringSubmatch(statement); found != nil {
				all = append(all, path.Join(path.Dir(name), found[1]+found[2]))
			}
		}
		line += end + 1
	}
	return all
}
