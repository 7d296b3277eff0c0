package bundle_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"thorpe/static/bundle"
)

func files(texts ...string) fstest.MapFS {
	tree := fstest.MapFS{}
	for i := 0; i < len(texts); i += 2 {
		tree[texts[i]] = &fstest.MapFile{Data: []byte(texts[i+1])}
	}
	return tree
}

// Each form that modules here have comes out as what a browser makes of it: what was run prints the same.
func TestAScriptDoesWhatItsModulesDo(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("THORPE_TEST_REQUIRE") == "1" {
			t.Fatal(err)
		}
		t.Skip("node is not installed")
	}
	script, err := bundle.Script(files(
		"main.js", `import { one, two as second } from "./a/numbers.js"; // said in passing
import * as all from "./a/all.js";
import vendored from "./vendor/lib.js";
import {
  Three,
  make,
} from "./a/all.js";
import "./effect.js";

/** @type {import("./types-alone.js").Type} */
const later = () => import("./later.js");
export const said = [one, second(), all.one, new Three().three, make(), vendored(), globalThis.effects, (await later()).what, new URL("./x.js", import.meta.url).pathname];
console.log(JSON.stringify(said));
`,
		"a/numbers.js", "export const one = 1;\nexport function two() { return 2; }\nconst four = 4;\nexport { four, four as vier };\nexport async function* none() {}\n",
		"a/all.js", "export * from \"./numbers.js\";\nexport { vier as quatre } from \"./numbers.js\";\nexport class Three { three = 3; }\nimport { vier } from \"./numbers.js\";\nexport const make = () => vier + 1;\n",
		"effect.js", "globalThis.effects = (globalThis.effects ?? 0) + 1;\n",
		"later.js", "import \"./effect.js\";\nexport const what = `later ${globalThis.effects}`;\n",
		"vendor/lib.js", "var v = () => 6;\nexport { v as default };\n//# sourceMappingURL=lib.js.map\n",
		"other.js", "not read",
		"mine.js", "export const what = \"never\";\n",
	), nil, "main.js")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "script.js")
	if err := os.WriteFile(path, append(script, "$load(\"main.js\").then(({ said }) => console.log(said.length));"...), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(node, path).CombinedOutput()
	if want := "[1,2,1,3,5,6,1,\"later 1\",\"/x.js\"]\n9\n"; err != nil || string(out) != want {
		t.Errorf("it printed %s (%v); want %s", out, err, want)
	}
	if strings.Contains(string(script), "sourceMappingURL") || strings.Contains(string(script), "not read") {
		t.Error("the script holds what it should not")
	}
}

// A module stands in for another, and is found from its own place.
func TestAModuleStandsInForAnother(t *testing.T) {
	t.Parallel()
	script, err := bundle.Script(files(
		"main.js", "import { a } from \"./a.js\";\n", "a.js", "export const a = \"real\";\n",
		"instead/a.js", "import { b } from \"./b.js\";\nexport const a = b;\n", "instead/b.js", "export const b = \"other\";\n",
	), map[string]string{"a.js": "instead/a.js"}, "main.js")
	if err != nil || strings.Contains(string(script), "real") || !strings.Contains(string(script), "other") {
		t.Errorf("%v\n%s", err, script)
	}
}

// What would come out wrong is refused.
func TestWhatCannotBeBundledIsRefused(t *testing.T) {
	t.Parallel()
	for name, tree := range map[string]fstest.MapFS{
		"a circle":         files("main.js", "import { a } from \"./a.js\";\n", "a.js", "import { b } from \"./main.js\";\n"),
		"a binding":        files("main.js", "export let a = 1;\n"),
		"a default":        files("main.js", "export default 1;\n"),
		"a bare name":      files("main.js", "import { a } from \"a\";\n"),
		"an attribute":     files("main.js", "import a from \"./a.json\" with { type: \"json\" };\n"),
		"a way with one":   files("main.js", "void import(\"./a.js\").then(({ a }) => a);\n", "a.js", "export const a = 1;\n"),
		"what is missing":  files("main.js", "import { a } from \"./a.js\";\n"),
		"the script's end": files("main.js", "const a = \"</script>\";\n"),
	} {
		if script, err := bundle.Script(tree, nil, "main.js"); err == nil {
			t.Errorf("%s: %s", name, script)
		}
	}
}
