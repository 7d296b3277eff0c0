package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Node is what a screen reader is told of an element.
type Node struct {
	Role, Name, Description, Value string
	Properties                     map[string]string // such as focused, modal, checked, expanded, level: as JSON

	element cdp.BackendNodeID
}

// Tree is the accessibility tree of the page, without what is ignored, in the page's order.
func (b *Browser) Tree() (nodes []Node) {
	b.t.Helper()
	b.Do("reading the accessibility tree", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err != nil {
			return err
		}
		for _, node := range tree.Nodes {
			if node.Ignored {
				continue
			}
			found := Node{Role: textOf(node.Role), Name: textOf(node.Name), Description: textOf(node.Description), Value: textOf(node.Value),
				Properties: map[string]string{}, element: node.BackendDOMNodeID}
			for _, property := range node.Properties {
				found.Properties[string(property.Name)] = string(property.Value.Value)
			}
			nodes = append(nodes, found)
		}
		return nil
	}))
	return nodes
}

func textOf(value *accessibility.Value) string {
	if value == nil {
		return ""
	}
	var text string
	if json.Unmarshal(value.Value, &text) != nil {
		return string(value.Value)
	}
	return text
}

// Node waits until a screen reader is told of something of this role whose name begins so.
func (b *Browser) Node(role, name string) Node {
	b.t.Helper()
	for deadline := time.Now().Add(Patience); ; time.Sleep(25 * time.Millisecond) { // between two looks
		nodes := b.Tree()
		at := slices.IndexFunc(nodes, func(n Node) bool { return n.Role == role && n.Name == name })
		if at < 0 {
			at = slices.IndexFunc(nodes, func(n Node) bool { return n.Role == role && strings.HasPrefix(n.Name, name) })
		}
		if at >= 0 {
			return nodes[at]
		}
		if time.Now().After(deadline) {
			var told []string
			for _, n := range nodes {
				if n.Role != "StaticText" && n.Role != "InlineTextBox" {
					told = append(told, fmt.Sprintf("%s %q", n.Role, n.Name))
				}
			}
			b.t.Fatalf("no %s %q among\n%s", role, name, strings.Join(told, "\n"))
		}
	}
}

// Act does with something of this role and name what a screen reader does when it is told to press it.
func (b *Browser) Act(role, name string) {
	b.t.Helper()
	b.onNode(b.Node(role, name), "function() { this.focus(); this.click(); }")
}

// Type focuses something of this role and name, and types in place of what it holds.
func (b *Browser) Type(role, name, text string) {
	b.t.Helper()
	b.onNode(b.Node(role, name), "function() { this.focus(); this.select?.(); }")
	b.Do("typing "+text, call(input.InsertText, input.InsertTextParams{Text: text}))
}

func (b *Browser) onNode(node Node, function string) {
	b.t.Helper()
	b.Do("using "+node.Role+" "+node.Name, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		object, err := chromedp.Call(ctx, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node.element})
		if err != nil {
			return err
		}
		gesture := true
		_, err = chromedp.Call(ctx, runtime.CallFunctionOn, runtime.CallFunctionOnParams{ObjectID: object.Object.ObjectID, FunctionDeclaration: function, UserGesture: &gesture})
		return err
	}))
}
