package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// attackGroups are the groups of docs/threat-model.md that are about links, and how many attacks each has.
var attackGroups = map[string]int{"A": 20, "B": 10, "D": 12}

// TestEveryAttackOnLinksIsTried holds the table of docs/threat-model.md to the tests: each attack of the groups about links stands in it, and either a test that its row
// names carries its id, or the row says why it cannot be tried: n/a, or a limit that the document states.
func TestEveryAttackOnLinksIsTried(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("docs/threat-model.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([A-Z]\d+) \| [^|]+ \| (.+) \|$`).FindAllStringSubmatch(string(document), -1) {
		rows[row[1]] = row[2]
	}
	tests := testsByName(t)
	for group, count := range attackGroups {
		for i := 1; i <= count; i++ {
			id := group + strconv.Itoa(i)
			row, ok := rows[id]
			if !ok {
				t.Errorf("%s stands nowhere in docs/threat-model.md", id)
				continue
			}
			if why := regexp.MustCompile(`^(?:n/a|a stated limit): (.*)`).FindStringSubmatch(row); why != nil {
				if len(why[1]) < 20 {
					t.Errorf("%s is not tried, but why? %q", id, row)
				}
				continue
			}
			tried := false
			for _, name := range regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(row, -1) {
				tried = tried || namesAttack(tests[name], id)
			}
			if !tried {
				t.Errorf("no test that the row of %s names carries its id: %s", id, row)
			}
		}
	}
}

// testsByName gives the source of each test, with its comment; of tests of one name in several packages all together.
func testsByName(t *testing.T) map[string]string {
	t.Helper()
	tests := map[string]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, source, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(function.Name.Name, "Test") {
				continue
			}
			from := function.Pos()
			if function.Doc != nil {
				from = function.Doc.Pos()
			}
			tests[function.Name.Name] += string(source[files.Position(from).Offset:files.Position(function.End()).Offset])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tests
}

var (
	attackID    = regexp.MustCompile(`\b[A-Z]\d+\b`)
	attackRange = regexp.MustCompile(`\b([A-Z])(\d+)-([A-Z])?(\d+)\b`)
)

// namesAttack says whether a text has the id, by itself or within a range such as A5-A8.
func namesAttack(text, id string) bool {
	for _, found := range attackID.FindAllString(text, -1) {
		if found == id {
			return true
		}
	}
	for _, found := range attackRange.FindAllStringSubmatch(text, -1) {
		first, _ := strconv.Atoi(found[2])
		last, _ := strconv.Atoi(found[4])
		for i := first; i <= last; i++ {
			if fmt.Sprint(found[1], i) == id {
				return true
			}
		}
	}
	return false
}
