package templates_test

import (
	"slices"
	"strings"
	"testing"

	"thorpe/templates"
	"thorpe/templates/modules/list"
)

// The licences of nearly all of what the program is made of ask to be shown with it.
func TestNoticesNameEveryModule(t *testing.T) {
	content, err := templates.ModulesText()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(content) {
		if head, ok := strings.CutPrefix(line, templates.ModuleSeparator); ok {
			got = append(got, strings.TrimSpace(head))
		}
	}
	modules, err := list.Modules()
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range modules {
		if module.Path == "Go" {
			continue // of whichever version builds
		}
		if want := module.Path + " " + module.Version; !slices.Contains(got, want) {
			t.Errorf("modules.txt.gz lacks %s: run go generate ./templates", want)
		}
	}
	if len(got) != len(modules) {
		t.Errorf("modules.txt.gz has %d modules, the program %d: run go generate ./templates", len(got), len(modules))
	}
}

func TestNoticesPageShowsLicences(t *testing.T) {
	page := render(t, templates.Page{Name: "notices"})
	for _, want := range []string{
		"golang.org/x/net", "Copyright 2009 The Go Authors", // a module
		"tus-js-client", "hash-wasm", // vendored in static/
		"Lucide", "Copyright (c) 2026 Lucide Icons and Contributors", // the icons
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the notices page does not hold %q", want)
		}
	}
}
