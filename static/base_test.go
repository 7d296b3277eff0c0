package static_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"thorpe/static"
)

// An address of this server is written by base.js alone, which knows below which path of its host it lives; a path is given to at(), or to what gives it there.
func TestNoModuleWritesAnAddressByItself(t *testing.T) {
	t.Parallel()
	comment := regexp.MustCompile(`(?s)/\*.*?\*/|(?m:^|\s)//[^\n]*`)
	address := regexp.MustCompile("[\"'`]/(?:(?:api|about|connect|dav|drive|files|frames|healthz|invite|links|notices|operator|people|readyz|recent|recover|s|search|settings|setup|share|source\\.tar\\.gz|static|trash)\\b|[\"'`])|location\\.origin\\}/")
	// A path is given to at() or to what does so, or compared with what base.js took from an address.
	given := regexp.MustCompile("\\bat\\([^)]*$|\\b(?:api|ask|jsonLines|tus|sendForm)\\((?:\"[A-Z]+\", )?$|\\b(?:path|place)(?: === |\\??\\.startsWith\\(|\\.slice\\()$")
	moves := regexp.MustCompile(`(?:\b(?:navigate|renameAddress|assign|fetch|register|getRegistration|pushState|replaceState|open|Worker|URL)\([^)]*|\b(?:href|src|action|location): |\b(?:href|src|action|location) = )$`)
	err := fs.WalkDir(static.Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(static.Files(), name)
		if err != nil {
			return err
		}
		text := string(content)
		switch {
		case strings.HasPrefix(name, "vendor/"), name == "base.js":
		case strings.HasSuffix(name, ".css") && regexp.MustCompile(`url\(["']?/`).MatchString(text):
			t.Errorf("%s loads from an address that is only right without a base path", name)
		case strings.HasSuffix(name, ".webmanifest") && regexp.MustCompile(`: *"/`).MatchString(text):
			t.Errorf("%s has an address that is only right without a base path: it can be relative", name)
		case strings.HasSuffix(name, ".js"):
			for line := range strings.SplitSeq(comment.ReplaceAllString(text, ""), "\n") {
				for _, found := range address.FindAllStringIndex(line, -1) {
					if before := line[:found[0]]; moves.MatchString(before) && !strings.Contains(before, "at(") || !given.MatchString(before) && len(line[found[0]:found[1]]) > 3 {
						t.Errorf("%s: %s\n\tgive the path to at() of base.js", name, strings.TrimSpace(line))
					}
				}
			}
		}
		return nil
	})
	must(t, err)
	pages, err := filepath.Glob("../templates/*.html")
	must(t, err)
	more, err := filepath.Glob("../templates/pages/*.html")
	must(t, err)
	if len(pages) == 0 || len(more) == 0 {
		t.Fatal("the templates are not where they were")
	}
	for _, name := range append(pages, more...) {
		content, err := os.ReadFile(name)
		must(t, err)
		for _, found := range regexp.MustCompile(`(?:href|src|action)="/[^"]*"`).FindAllString(string(content), -1) {
			t.Errorf(`%s: %s: begin it with {{$.Base}}`, name, found)
		}
	}
}
