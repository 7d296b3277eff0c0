package browsertest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"thorpe/static/browsertest"
)

// page has what the rig promises to handle: a field, a button, a download, and a place that takes drops.
const page = `<!doctype html><label>Name <input id=name></label><button>Greet</button><button hidden>Greet secretly</button><a href=/file download>Save</a><p></p>
<script>
document.querySelector('button').onclick = () => { document.querySelector('p').textContent = 'Hello ' + document.querySelector('input').value };
document.ondragover = e => e.preventDefault();
document.ondrop = async e => {
  e.preventDefault();
  const entries = [...e.dataTransfer.items].map(i => i.webkitGetAsEntry());
  document.querySelector('p').textContent = 'Got ' + entries.map(e => e.name + (e.isDirectory ? '/' : '')).join(' ');
};
</script>`

func TestTheRigDoesWhatAPersonDoes(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/file" {
			w.Header().Set("Content-Disposition", "attachment; filename=saved.txt")
			w.Write([]byte("content"))
			return
		}
		w.Write([]byte(page))
	}))
	defer server.Close()
	b := browsertest.New(t)
	b.Open(server.URL)
	b.Fill("Name", "Ann")
	b.Click("Greet")
	b.WaitText("Hello Ann")

	folder := filepath.Join(t.TempDir(), "Größe")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	b.Drop(folder)
	b.WaitText("Got Größe/")

	path, state := b.Download(func() { b.Click("Save") })
	if content, err := os.ReadFile(path); state != "completed" || string(content) != "content" {
		t.Errorf("download: %s, %q, %v", state, content, err)
	}
	for script, want := range map[string]string{
		"void setTimeout(() => { throw new Error('thrown on purpose') })": "thrown on purpose",
		"void console.error('no text', 'for.a.key')":                      `console.error: "no text" "for.a.key"`,
	} {
		b.Eval(script, nil)
		var faults string
		for faults == "" {
			faults = strings.Join(b.Faults(), "\n")
		}
		if !strings.Contains(faults, want) {
			t.Errorf("%s: the faults are %s", script, faults)
		}
	}
}

// dragged has something that the browser drags, something that moves by the mouse alone, and keys to be heard of.
const dragged = `<!doctype html><html lang=en><title>Dragged</title><main><h1>Dragging</h1><p></p>
<div id=card draggable=true style="width:80px;height:40px">Card</div><div id=knob style="width:80px;height:40px">Knob</div>
<div id=target style="width:200px;height:80px;margin-top:200px">Target</div></main>
<script>
const said = document.querySelector('p'), target = document.getElementById('target');
document.getElementById('card').ondragstart = e => e.dataTransfer.setData('application/x-card', 'the card');
target.ondragover = e => e.preventDefault();
target.ondrop = e => { e.preventDefault(); said.textContent = 'Dropped ' + e.dataTransfer.getData('application/x-card') + (e.ctrlKey ? ' with Ctrl' : ''); };
let held = false;
document.getElementById('knob').onpointerdown = () => { held = true; };
target.onpointerup = e => {
  if (held) said.textContent = 'Let go' + (e.shiftKey ? ' with Shift' : '');
  held = false;
};
document.onkeydown = e => { said.textContent = 'Key ' + [e.ctrlKey && 'Ctrl', e.shiftKey && 'Shift', e.key].filter(Boolean).join('+'); };
document.oncopy = e => { said.textContent = 'Copying'; };
target.oncontextmenu = e => { e.preventDefault(); said.textContent = 'Menu'; };
</script>`

// What moves is clicked once it stands still.
func TestTheRigWaitsForWhatMoves(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	b.Open("about:blank")
	b.Eval(`(() => {
		document.body.innerHTML = "<p></p><button style='position: absolute'>Greet</button>";
		const button = document.querySelector("button");
		button.onclick = () => { document.querySelector("p").textContent = "Hello"; };
		let moves = 0;
		const timer = setInterval(() => { button.style.top = 20 + 37 * moves % 400 + "px"; if (++moves === 80) clearInterval(timer); }, 5);
		return null;
	})()`, nil)
	b.Click("Greet")
	var said string
	b.Eval(`document.querySelector("p").textContent`, &said)
	if said != "Hello" {
		t.Error("the click met nothing")
	}
}

func TestTheRigDragsPressesAndChecks(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(dragged))
	}))
	defer server.Close()
	b := browsertest.New(t)
	b.Open(server.URL)
	const card, knob, target = `document.getElementById("card")`, `document.getElementById("knob")`, `document.getElementById("target")`
	for range 2 { // the interception of the first ends with it
		b.DragTo(card, target)
		b.Wait("the drop", `document.querySelector("p").textContent === "Dropped the card"`)
		b.DragTo(card, target, chromedp.ModifierCtrl)
		b.WaitText("Dropped the card with Ctrl")
		b.DragTo(knob, target)
		b.Wait("the button let go", `document.querySelector("p").textContent === "Let go"`)
		b.DragBy(knob, 10, 280, chromedp.ModifierShift)
		b.WaitText("Let go with Shift")
	}
	for keys, want := range map[string]string{"?": "Key Shift+?", "Ctrl+x": "Key Ctrl+x", "Shift+F10": "Key Shift+F10", "Ctrl+Shift+ArrowDown": "Key Ctrl+Shift+ArrowDown", "Ctrl+c": "Copying"} {
		b.Keys(keys)
		b.Wait(want, fmt.Sprintf(`document.querySelector("p").textContent === %q`, want))
	}
	b.MenuAt("the target", target)
	b.WaitText("Menu")
	b.Axe("dragging")
	var languages []string
	b.Eval("navigator.languages", &languages)
	if len(languages) == 0 || languages[0] != "en-US" {
		t.Errorf("the browser asks for %v", languages)
	}
	b.Eval(`document.querySelector("h1").replaceWith(document.createElement("button"))`, nil)
	b.Wait("the button", `document.querySelector("button")`)
	if found := b.AxeFinds(); !slices.ContainsFunc(found, func(one string) bool { return strings.HasPrefix(one, "button-name: ") }) {
		t.Errorf("axe finds nothing wrong with a button without a name: %q", found)
	}
	if found := b.AxeFinds(browsertest.Colours...); len(found) > 0 {
		t.Errorf("axe was asked for colours and finds %q", found)
	}
	b.Eval(`document.querySelector("p").attributeStyleMap.set("color", "#aaa")`, nil)
	if found := b.AxeFinds(browsertest.Colours...); len(found) != 1 || !strings.HasPrefix(found[0], "color-contrast: ") {
		t.Errorf("of a text in pale grey axe finds %q", found)
	}
}
