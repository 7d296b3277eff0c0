// Package modulegraph follows the imports of ES modules, as a browser does that loads a page.
//
// Start from [Walk]. It reads source text for the forms that this project writes: `from "./x.js"` and `import "./x.js"`, which a browser follows before a
// module runs, and `import("./x.js")`, which it follows when the module asks. A form in a comment counts too, so that a walk finds too much rather than too little.
// Vendored libraries, below vendor/, are one file each and are not searched.
package modulegraph

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Walk visits the modules that roots lead to, themselves included: each once, nearest first, with its text. With lazily, those count too that a module imports
// only when it comes to it. Names are paths in files; the empty one, and what is not there, is passed over.
func Walk(files fs.FS, lazily bool, visit func(name, text string), roots ...string) error {
	seen := map[string]bool{"": true}
	for queue := roots; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if seen[name] {
			continue
		}
		seen[name] = true
		content, err := fs.ReadFile(files, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("following the imports of modules: %w", err)
		}
		text := string(content)
		visit(name, text)
		if strings.HasPrefix(name, "vendor/") {
			continue
		}
		for _, imported := range imports(text, lazily) {
			queue = append(queue, path.Join(path.Dir(name), imported))
		}
	}
	return nil
}

// imports returns the relative paths that a module imports, in their order.
func imports(text string, lazily bool) (paths []string) {
	for before, rest, found := strings.Cut(text, `"`); found; before, rest, found = strings.Cut(rest, `"`) {
		if !strings.HasPrefix(rest, ".") {
			continue
		}
		static := strings.HasSuffix(before, "from ") || strings.HasSuffix(before, "\nimport ") || before == "import "
		if static || lazily && strings.HasSuffix(before, "import(") {
			name, _, _ := strings.Cut(rest, `"`)
			paths = append(paths, name)
		}
	}
	return paths
}
