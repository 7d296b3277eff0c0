package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Colours are the rules that a page can break which was checked already and has only changed its colours.
var Colours = []string{"color-contrast", "link-in-text-block"}

// Axe checks the page as it stands with axe-core, by all rules or by those alone that are named, and fails the test for each violation. name says which screen it is.
// What lies in frames is left out: [Browser.AxeFrame]. axe-core comes by `npm ci` in .ci; without it the test is skipped as by [Need].
//
// It runs in a world of its own, so that the page's policy (Trusted Types) neither stops it nor is loosened for it. What moves must stand still before.
func (b *Browser) Axe(name string, only ...string) {
	b.t.Helper()
	for _, found := range b.AxeFinds(only...) {
		b.t.Errorf("axe, %s: %s", name, found)
	}
}

// AxeFinds is [Browser.Axe] for a test that looks at the violations itself: a line each, beginning with the rule's id.
func (b *Browser) AxeFinds(only ...string) []string {
	b.t.Helper()
	rules := ""
	if len(only) > 0 {
		list, err := json.Marshal(only)
		if err != nil {
			b.t.Fatal(err)
		}
		rules = `, runOnly: ` + string(list)
	}
	run := `axe.run({exclude: [["iframe"]]}, {iframes: false, preload: false, resultTypes: ["violations"]` + rules + `}).then(` + axeLines + `)`
	source := axeSource(b)
	var found []string
	b.Do("running axe", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return err
		}
		return runAxe(ctx, tree.FrameTree.Frame.ID, source, run, &found)
	}))
	return found
}

// axeLines makes a line of each violation.
const axeLines = `({violations}) =>
	violations.flatMap(({id, help, nodes}) => nodes.map(({target, html}) => id + ": " + help + ": " + target.join(" ") + ": " + html.slice(0, 160)))`

// runAxe runs a script that uses axe-core in a frame, in a world of its own, and reads what it gives.
func runAxe(ctx context.Context, frame cdp.FrameID, source, run string, found *[]string) error {
	world, err := worldOf(ctx, frame)
	if err != nil {
		return err
	}
	var there bool
	if err := evaluate(ctx, world, `typeof axe === "object"`, &there); err != nil {
		return err
	}
	if !there {
		if err := evaluate(ctx, world, source+"\n;null", new(any)); err != nil {
			return err
		}
	}
	return evaluate(ctx, world, run, found)
}

// worldOf gives the world of axe in a frame; of this name there is one a document.
func worldOf(ctx context.Context, frame cdp.FrameID) (runtime.ExecutionContextID, error) {
	made, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame, WorldName: "axe"})
	if err != nil {
		return 0, err
	}
	return made.ExecutionContextID, nil
}

// evaluate runs a script in a world of a page, and reads its JSON value.
func evaluate(ctx context.Context, world runtime.ExecutionContextID, script string, value any) error {
	on := true
	answer, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: script, ContextID: world, ReturnByValue: &on, AwaitPromise: &on})
	if err != nil {
		return err
	}
	if answer.ExceptionDetails != nil {
		return fmt.Errorf("axe: %s", describe(answer.ExceptionDetails))
	}
	return json.Unmarshal(answer.Result.Value, value)
}

// axeSource reads axe-core from .ci, which lies beside go.mod.
func axeSource(b *Browser) string {
	b.t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		b.t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil || folder == filepath.Dir(folder) {
			break
		}
		folder = filepath.Dir(folder)
	}
	source, err := os.ReadFile(filepath.Join(folder, ".ci", "node_modules", "axe-core", "axe.min.js"))
	if err == nil {
		return strings.TrimSpace(string(source))
	}
	if os.Getenv(RequireVariable) == "1" {
		b.t.Fatalf("axe-core is not installed (npm ci in .ci), and %s=1 says that it must be: %v", RequireVariable, err)
	}
	b.t.Skip("axe-core is not installed: npm ci in .ci")
	return ""
}
