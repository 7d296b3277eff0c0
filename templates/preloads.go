package templates

import (
	"io/fs"

	"thorpe/static/modulegraph"
)

// preloads lists the modules that a page needs before it can show itself, the page's own left out: without that list a browser would learn of each only from the one
// that imports it, a round trip for each link of the chain. A static tree without the page's module, as in tests, gives none.
func preloads(static fs.FS, roots ...string) ([]string, error) {
	var names []string
	err := modulegraph.Walk(static, false, func(name, _ string) {
		if name != roots[0] {
			names = append(names, name)
		}
	}, roots...)
	return names, err
}
