// Package bundle puts ES modules together into one classic script, for a page that can load nothing.
//
// Start from [Script]. Each module becomes a function that runs once, when it is first needed, in the order that a browser would have. It knows the forms of import and
// export that the modules here have, at the beginning of a line, and fails on any other. Modules must not import each other in a circle, nor change what they have
// exported. It does not shorten anything: what is in the script can be read.
package bundle

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Script is the modules that roots can come to import, themselves included, and a function $load(name), which runs one and gives a promise of what it exports. For the
// names in instead, the modules that they lead to are taken; names are paths in files.
func Script(files fs.FS, instead map[string]string, roots ...string) ([]byte, error) {
	b := bundler{files: files, instead: instead, modules: map[string]module{}}
	for _, root := range roots {
		if err := b.add(root); err != nil {
			return nil, err
		}
	}
	return b.script(), nil
}

type bundler struct {
	files   fs.FS
	instead map[string]string
	modules map[string]module
	order   []string
	under   []string // being added
}

// module is one that was read.
type module struct {
	needs []string // what it imports before it runs
	later []string // what it may import when it runs
	body  string   // of an async function ($from, $load), which returns what is exported
}

var (
	importStatement = regexp.MustCompile(`(?m)^import (?:([\w$]+|\{[^}]*\}|\* as [\w$]+) from )?"(\.[^"]+)";(?: //.*)?$`)
	exportFrom      = regexp.MustCompile(`(?m)^export (\{[^}]*\}|\*) from "(\.[^"]+)";$`)
	exportList      = regexp.MustCompile(`(?m)^export \{([^}]*)\};$`)
	exportDeclared  = regexp.MustCompile(`(?m)^export ((?:async function\*?|function\*?|class|const) ([\w$]+))`)
	importLater     = regexp.MustCompile(`\bimport\("(\.[^"]+)"\)([^.])`) // what a dot follows is a type in a comment
	importOrExport  = regexp.MustCompile(`(?m)^(?:import|export)\b.*$`)
	leftLater       = regexp.MustCompile(`(?m)^(?:[^/*\n]|/[^/*\n])*\bimport\(".*$`) // no comment begins before it
	sourceMap       = regexp.MustCompile(`(?m)^//# sourceMappingURL=.*$`)
	tag             = regexp.MustCompile(`(?i)</?script`)

	errUnknownForm   = errors.New("a form of import or export that the bundler does not know")
	errModulesCircle = errors.New("modules import each other in a circle")
)

// add reads a module, and all that it can come to import.
func (b *bundler) add(name string) error {
	if slices.Contains(b.under, name) {
		return fmt.Errorf("bundling %s: %w", name, errModulesCircle)
	}
	if _, known := b.modules[name]; known {
		return nil
	}
	source := name
	if other, has := b.instead[name]; has {
		source = other
	}
	text, err := fs.ReadFile(b.files, source)
	if err != nil {
		return fmt.Errorf("bundling %s: %w", name, err)
	}
	read, err := readModule(source, string(text))
	if err != nil {
		return fmt.Errorf("bundling %s: %w", source, err)
	}
	b.under = append(b.under, name)
	for _, needed := range read.needs {
		if err := b.add(needed); err != nil {
			return err
		}
	}
	b.under = b.under[:len(b.under)-1]
	b.modules[name] = read
	b.order = append(b.order, name)
	for _, wanted := range read.later {
		if err := b.add(wanted); err != nil {
			return err
		}
	}
	return nil
}

// readModule makes a function's body of a module.
func readModule(name, text string) (module, error) {
	var m module
	var exports []string
	at := func(relative string) string { return path.Join(path.Dir(name), relative) }
	from := func(relative string) string {
		if at := at(relative); !slices.Contains(m.needs, at) {
			m.needs = append(m.needs, at)
		}
		return fmt.Sprintf("$from[%q]", at(relative))
	}
	text = replaceGroups(importStatement, text, func(g []string) string {
		switch names, given := g[1], from(g[2]); {
		case names == "":
			return ""
		case strings.HasPrefix(names, "* as "):
			return "const " + names[len("* as "):] + " = " + given + ";"
		case strings.HasPrefix(names, "{"):
			return "const " + strings.ReplaceAll(names, " as ", ": ") + " = " + given + ";"
		default:
			return "const { default: " + names + " } = " + given + ";"
		}
	})
	text = replaceGroups(exportFrom, text, func(g []string) string {
		if given := from(g[2]); g[1] == "*" {
			exports = append(exports, "..."+given)
		} else {
			for one := range strings.SplitSeq(strings.Trim(g[1], "{} \n,"), ",") {
				name, as := renamed(one)
				exports = append(exports, as+": "+given+"."+name)
			}
		}
		return ""
	})
	text = replaceGroups(exportList, text, func(g []string) string {
		for one := range strings.SplitSeq(strings.Trim(g[1], " \n,"), ",") {
			name, as := renamed(one)
			exports = append(exports, as+": "+name)
		}
		return ""
	})
	text = replaceGroups(exportDeclared, text, func(g []string) string {
		exports = append(exports, g[2])
		return g[1]
	})
	text = replaceGroups(importLater, text, func(g []string) string {
		m.later = append(m.later, at(g[1]))
		return fmt.Sprintf("$load(%q)%s", at(g[1]), g[2])
	})
	if left := cmp.Or(importOrExport.FindString(text), leftLater.FindString(text)); left != "" && !strings.HasPrefix(name, "vendor/") {
		return m, fmt.Errorf("%w: %s", errUnknownForm, left)
	}
	text = strings.ReplaceAll(text, "import.meta.url", fmt.Sprintf("%q", "https://thorpe.invalid/"+name))
	text = sourceMap.ReplaceAllString(text, "")
	if found := tag.FindString(text); found != "" {
		return m, fmt.Errorf("%q would end the script that it stands in", found)
	}
	m.body = text + "\nreturn { " + strings.Join(exports, ", ") + " };\n"
	return m, nil
}

// renamed is the name of what is exported, and the one that it is exported as.
func renamed(one string) (name, as string) {
	name, as, found := strings.Cut(strings.TrimSpace(one), " as ")
	if !found {
		as = name
	}
	return name, as
}

func replaceGroups(pattern *regexp.Regexp, text string, with func(groups []string) string) string {
	return pattern.ReplaceAllStringFunc(text, func(found string) string { return with(pattern.FindStringSubmatch(found)) })
}

// script is all that was added, with what runs it. Each module runs when it is first needed, once.
func (b *bundler) script() []byte {
	var out bytes.Buffer
	out.WriteString("\"use strict\";\nconst $modules = {};\n")
	for _, name := range b.order {
		needs, _ := json.Marshal(b.modules[name].needs) // strings can be encoded
		fmt.Fprintf(&out, "\n// %s\n$modules[%q] = { needs: %s, async run($from, $load) {\n%s} };\n", name, name, needs, b.modules[name].body)
	}
	out.WriteString(`
const $running = {};
function $load(name) {
  return ($running[name] ??= (async () => {
    const $from = {};
    for (const need of $modules[name].needs ?? []) $from[need] = await $load(need);
    return $modules[name].run($from, $load);
  })());
}
`)
	return out.Bytes()
}
