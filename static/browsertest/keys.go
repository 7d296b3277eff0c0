package browsertest

import (
	"slices"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// modifiers and named keys as [Browser.Keys] writes them.
var (
	modifierNames = map[string]chromedp.Modifier{"Ctrl": chromedp.ModifierCtrl, "Shift": chromedp.ModifierShift, "Alt": chromedp.ModifierAlt, "Meta": chromedp.ModifierMeta}
	keyNames      = map[string]string{
		"Enter": kb.Enter, "Escape": kb.Escape, "Tab": kb.Tab, "Delete": kb.Delete, "Backspace": kb.Backspace, "Space": " ", "Home": kb.Home, "End": kb.End,
		"PageUp": kb.PageUp, "PageDown": kb.PageDown, "ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
		"F2": kb.F2, "F10": kb.F10, "ContextMenu": kb.ContextMenu,
	}
	// What the browser itself makes of a shortcut, such as the paste event; a key from the protocol brings it only where it is asked for.
	editing = map[string]string{"Ctrl+a": "selectAll", "Ctrl+c": "copy", "Ctrl+x": "cut", "Ctrl+v": "paste", "Ctrl+z": "undo"}
)

// Keys presses keys together, written as "Ctrl+c", "Shift+F10", "Delete" or "?": the names of KeyboardEvent.key, and Space.
func (b *Browser) Keys(keys string) {
	b.t.Helper()
	parts := strings.Split(keys, "+")
	if strings.HasSuffix(keys, "+") {
		parts = append(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "+")
	}
	var modifiers []chromedp.Modifier
	for _, name := range parts[:len(parts)-1] {
		modifier, ok := modifierNames[name]
		if !ok {
			b.t.Fatalf("%s: there is no key %s to be held", keys, name)
		}
		modifiers = append(modifiers, modifier)
	}
	key := parts[len(parts)-1]
	if named, ok := keyNames[key]; ok {
		key = named
	} else if len([]rune(key)) != 1 {
		b.t.Fatalf("%s: there is no key %s", keys, key)
	}
	edit := func(p *input.DispatchKeyEventParams) {
		if p.Type == input.DispatchKeyEventTypeKeyDown {
			p.Type = input.DispatchKeyEventTypeRawKeyDown // as a keyboard does: where the page takes the key, its character is typed nowhere
		}
		if command := editing[keys]; command != "" && p.Type != input.DispatchKeyEventTypeKeyUp {
			p.Commands = []string{command}
		}
	}
	b.Do("pressing "+keys, chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...), edit))
}

// ClickWith clicks the control that is called name while these modifier keys are held.
func (b *Browser) ClickWith(name string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	x, y := b.place("the control "+name, find+"("+quote(name)+")")
	b.Do("clicking "+name, chromedp.MouseClickXY(x, y, chromedp.ButtonModifiers(modifiers...)))
}

// MenuAt clicks with the right button in the middle of the element that the expression gives.
func (b *Browser) MenuAt(what, element string) {
	b.t.Helper()
	x, y := b.place(what, element)
	b.Do("opening the menu of "+what, chromedp.MouseClickXY(x, y, chromedp.ButtonRight))
}
