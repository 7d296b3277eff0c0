package browsertest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/websocket"
)

// NewFirefox starts a Firefox with a fresh profile, driven by WebDriver BiDi (W3C) without geckodriver, or skips the test where there is none.
// With private, its one window is a private one: no service worker, nothing kept.
func NewFirefox(t testing.TB, private bool) *Other {
	t.Helper()
	path := Need(t, "firefox-esr", "firefox")
	profile, downloads := t.TempDir(), t.TempDir()
	preferences := map[string]any{
		"browser.download.dir": downloads, "browser.download.folderList": 2, "browser.download.useDownloadDir": true, "browser.download.always_ask_before_handling_new_types": false,
		"browser.download.alwaysOpenPanel": false, "browser.privatebrowsing.autostart": private, "browser.shell.checkDefaultBrowser": false, "app.update.disabledForTesting": true,
		"datareporting.policy.dataSubmissionEnabled": false, "browser.aboutwelcome.enabled": false, "browser.startup.page": 0, "remote.active-protocols": 1,
		"network.captive-portal-service.enabled": false, "services.settings.server": "", "dom.disable_open_during_load": false,
	}
	var lines strings.Builder
	for name, value := range preferences {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&lines, "user_pref(%q, %s);\n", name, encoded)
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	const origin = "http://127.0.0.1"
	command := exec.Command(path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "--remote-allow-origins", origin, "about:blank")
	command.Env = append(os.Environ(), "HOME="+profile, "MOZ_CRASHREPORTER_DISABLE=1")
	start(t, command)
	var where struct {
		Host string `json:"ws_host"`
		Port int    `json:"ws_port"`
	}
	await(t, "Firefox listens", func() error {
		written, err := os.ReadFile(filepath.Join(profile, "WebDriverBiDiServer.json"))
		if err != nil {
			return err
		}
		return json.Unmarshal(written, &where)
	})
	b := &bidi{waiting: map[int]chan bidiMessage{}}
	await(t, "Firefox answers", func() (err error) {
		b.socket, err = websocket.Dial(fmt.Sprintf("ws://%s:%d/session", where.Host, where.Port), "", origin)
		return err
	})
	b.socket.MaxPayloadBytes = 256 << 20
	go b.listen()
	var session struct {
		Capabilities struct{ BrowserVersion string }
	}
	var tree struct{ Contexts []struct{ Context string } }
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	err := errors.Join(
		b.call(ctx, "session.new", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{"unhandledPromptBehavior": map[string]any{"default": "ignore"}}}}, &session),
		b.call(ctx, "session.subscribe", map[string]any{"events": []string{"log.entryAdded"}}, nil),
		b.call(ctx, "browsingContext.getTree", map[string]any{}, &tree),
	)
	if err != nil || len(tree.Contexts) == 0 {
		t.Fatalf("starting Firefox: %v, windows: %v", err, tree.Contexts)
	}
	b.window = tree.Contexts[0].Context
	t.Cleanup(func() {
		for _, fault := range b.told() {
			t.Errorf("in Firefox: %s", fault)
		}
		b.socket.Close()
	})
	return &Other{Name: "Firefox " + session.Capabilities.BrowserVersion, Downloads: downloads, t: t, driver: b}
}

// start runs a command until the test ends.
func start(t testing.TB, command *exec.Cmd) {
	t.Helper()
	wait, err := launch(command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		wait()
	})
}

// await tries until it works, for what no event tells of.
func await(t testing.TB, what string, try func() error) {
	t.Helper()
	for end := time.Now().Add(Patience); ; time.Sleep(50 * time.Millisecond) {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s: %v", what, err)
		}
	}
}

// bidi speaks WebDriver BiDi over a WebSocket.
type bidi struct {
	socket *websocket.Conn
	window string // the browsing context

	mu      sync.Mutex
	last    int
	waiting map[int]chan bidiMessage
	faults  []string
	broken  error
}

type bidiMessage struct {
	ID      int
	Method  string
	Params  struct{ Level, Type, Text string }
	Result  json.RawMessage
	Error   string
	Message string
}

func (b *bidi) listen() {
	for {
		var m bidiMessage
		err := websocket.JSON.Receive(b.socket, &m)
		b.mu.Lock()
		if err != nil {
			b.broken = err
			for id, answer := range b.waiting {
				delete(b.waiting, id)
				close(answer)
			}
			b.mu.Unlock()
			return
		}
		if m.Method == "log.entryAdded" && m.Params.Level == "error" && (m.Params.Type == "javascript" || strings.Contains(m.Params.Text, "Content-Security-Policy")) {
			b.faults = append(b.faults, m.Params.Text)
		}
		if answer, ok := b.waiting[m.ID]; ok && m.Method == "" {
			delete(b.waiting, m.ID)
			answer <- m
		}
		b.mu.Unlock()
	}
}

// told gives the exceptions and policy violations so far.
func (b *bidi) told() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.faults
}

func (b *bidi) call(ctx context.Context, method string, params map[string]any, result any) error {
	answer := make(chan bidiMessage, 1)
	b.mu.Lock()
	if b.broken != nil {
		b.mu.Unlock()
		return b.broken
	}
	b.last++
	id := b.last
	b.waiting[id] = answer
	b.mu.Unlock()
	if err := websocket.JSON.Send(b.socket, map[string]any{"id": id, "method": method, "params": params}); err != nil {
		return err
	}
	select {
	case m, ok := <-answer:
		if !ok {
			return fmt.Errorf("%s: Firefox has ended", method)
		}
		if m.Error != "" {
			return fmt.Errorf("%s: %s: %s", method, m.Error, m.Message)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-ctx.Done():
		b.mu.Lock()
		delete(b.waiting, id)
		b.mu.Unlock()
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

func (b *bidi) open(ctx context.Context, url string) error {
	return b.call(ctx, "browsingContext.navigate", map[string]any{"context": b.window, "url": url, "wait": "complete"}, nil)
}

// evaluate runs an expression with a promise for a value.
func (b *bidi) evaluate(ctx context.Context, expression string, result any) error {
	var answer struct {
		Type             string
		Result           json.RawMessage
		ExceptionDetails struct{ Text string }
	}
	err := b.call(ctx, "script.evaluate", map[string]any{
		"expression": expression, "target": map[string]any{"context": b.window}, "awaitPromise": true, "userActivation": true,
	}, &answer)
	if err != nil {
		return err
	}
	if answer.Type == "exception" {
		return errors.New(answer.ExceptionDetails.Text)
	}
	return json.Unmarshal(answer.Result, result)
}

func (b *bidi) eval(ctx context.Context, body string) (string, error) {
	var value struct{ Value string }
	err := b.evaluate(ctx, "(async () => {"+body+"})()", &value)
	return value.Value, err
}

func (b *bidi) act(ctx context.Context, source map[string]any) error {
	return b.call(ctx, "input.performActions", map[string]any{"context": b.window, "actions": []any{source}}, nil)
}

func (b *bidi) click(ctx context.Context, x, y float64) error {
	return b.act(ctx, pointerActions(x, y))
}

func (b *bidi) keys(ctx context.Context, text string) error {
	return b.act(ctx, keyActions(text))
}

func (b *bidi) choose(ctx context.Context, element string, paths []string) error {
	var node map[string]any
	if err := b.evaluate(ctx, element, &node); err != nil {
		return err
	}
	return b.call(ctx, "input.setFiles", map[string]any{"context": b.window, "element": map[string]any{"sharedId": node["sharedId"]}, "files": paths}, nil)
}

func (b *bidi) screenshot(ctx context.Context) ([]byte, error) {
	var shot struct{ Data string }
	if err := b.call(ctx, "browsingContext.captureScreenshot", map[string]any{"context": b.window}, &shot); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(shot.Data)
}

// pointerActions is a click of the mouse, in the words that WebDriver and WebDriver BiDi share.
func pointerActions(x, y float64) map[string]any {
	return map[string]any{"type": "pointer", "id": "mouse", "parameters": map[string]any{"pointerType": "mouse"}, "actions": []any{
		map[string]any{"type": "pointerMove", "x": int(x), "y": int(y), "duration": 0},
		map[string]any{"type": "pointerDown", "button": 0}, map[string]any{"type": "pointerUp", "button": 0},
	}}
}

// keyActions is typing, likewise.
func keyActions(text string) map[string]any {
	actions := []any{}
	for _, key := range text {
		actions = append(actions, map[string]any{"type": "keyDown", "value": string(key)}, map[string]any{"type": "keyUp", "value": string(key)})
	}
	return map[string]any{"type": "key", "id": "keyboard", "actions": actions}
}
