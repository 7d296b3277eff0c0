package modulegraph

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestWalk(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"pages/app.js":   {Data: []byte("import \"../first.js\";\nimport { a,\n\tb } from \"../ui/second.js\";\nexport * from \"./third.js\";\nconst \"quoted.js\";\nawait import(\"../later.js\");\n")},
		"first.js":       {Data: []byte("import \"./gone.js\";")},
		"ui/second.js":   {Data: []byte("import { x } from \"../first.js\"; // again\nconst name = \"./no-module.js\";")},
		"pages/third.js": {Data: []byte("/** @typedef {import(\"../typed.js\").T} T */")},
		"later.js":       {Data: []byte("import \"./pages/app.js\";")},
		"typed.js":       {},
	}
	for _, c := range []struct {
		name   string
		lazily bool
		roots  []string
		want   []string
	}{
		{"before it runs", false, []string{"pages/app.js"}, []string{"pages/app.js", "first.js", "ui/second.js", "pages/third.js"}},
		{"whatever can come", true, []string{"pages/app.js"}, []string{"pages/app.js", "first.js", "ui/second.js", "pages/third.js", "later.js", "typed.js"}},
		{"from a module that is there and some that are not", false, []string{"", "nowhere.js", "first.js"}, []string{"first.js"}},
	} {
		var got []string
		err := Walk(files, c.lazily, func(name, text string) { got = append(got, name) }, c.roots...)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
}
