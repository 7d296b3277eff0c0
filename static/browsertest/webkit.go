package browsertest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// NewWebKit starts WebKitGTK's MiniBrowser with a fresh profile on a display of its own (Xvfb), driven by WebKitWebDriver (W3C WebDriver), or skips the test where one
// of them is missing.
func NewWebKit(t testing.TB) *Other {
	t.Helper()
	program, xvfb := Need(t, "WebKitWebDriver"), Need(t, "Xvfb")
	browser := Need(t, miniBrowsers()...)
	home := newHome(t)
	downloads := filepath.Join(home, "Downloads")
	display := newDisplay(t, xvfb)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	listener.Close()
	command := exec.Command(program, "--port="+port)
	command.Env = append(os.Environ(), "DISPLAY="+display, "HOME="+home, "XDG_CACHE_HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home,
		"GDK_BACKEND=x11", "LIBGL_ALWAYS_SOFTWARE=1", "MESA_SHADER_CACHE_DISABLE=true")
	start(t, command)
	w := &webdriver{base: "http://127.0.0.1:" + port}
	await(t, "WebKitWebDriver answers", func() error { return w.call(context.Background(), "GET", "/status", nil, nil) })
	var session struct {
		SessionID    string
		Capabilities struct{ BrowserName, BrowserVersion string }
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	options := map[string]any{"webkitgtk:browserOptions": map[string]any{"binary": browser, "args": []string{"--automation"}}}
	if err := w.call(ctx, "POST", "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": options}}, &session); err != nil {
		t.Fatalf("starting WebKitGTK: %v", err)
	}
	w.base += "/session/" + session.SessionID
	t.Cleanup(func() { w.call(context.Background(), "DELETE", "", nil, nil) })
	if err := w.call(ctx, "POST", "/timeouts", map[string]any{"script": Patience.Milliseconds()}, nil); err != nil {
		t.Fatal(err)
	}
	return &Other{Name: "WebKitGTK " + session.Capabilities.BrowserVersion, Downloads: downloads, t: t, driver: w}
}

// miniBrowsers are the places where distributions put WebKitGTK's own browser, which stands in no PATH.
func miniBrowsers() []string {
	found, _ := filepath.Glob("/usr/lib*/*/webkit2gtk-4.1/MiniBrowser")
	more, _ := filepath.Glob("/usr/lib*/webkit2gtk-4.1/MiniBrowser")
	return append(append(found, more...), "MiniBrowser")
}

// newHome is a home for the browser, with a folder for downloads. Processes of the browser may write to it for a moment after it was closed.
func newHome(t testing.TB) string {
	t.Helper()
	home, err := os.MkdirTemp("", "thorpe-webkit-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		await(t, "the browser's folder is removed", func() error { return os.RemoveAll(home) })
	})
	if err := os.Mkdir(filepath.Join(home, "Downloads"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "user-dirs.dirs"), []byte(`XDG_DOWNLOAD_DIR="$HOME/Downloads"`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

// newDisplay starts an X server that shows nothing, on a free display.
func newDisplay(t testing.TB, xvfb string) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	command := exec.Command(xvfb, "-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp")
	command.ExtraFiles = []*os.File{write}
	start(t, command)
	write.Close()
	var number int
	if _, err := fmt.Fscan(read, &number); err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	return ":" + strconv.Itoa(number)
}

// webdriver speaks W3C WebDriver.
type webdriver struct {
	base string
}

func (w *webdriver) call(ctx context.Context, method, path string, params, result any) error {
	body := []byte("{}")
	if params != nil {
		encoded, err := json.Marshal(params)
		if err != nil {
			return err
		}
		body = encoded
	}
	request, err := http.NewRequestWithContext(ctx, method, w.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if method != "POST" {
		request.Body, request.ContentLength = nil, 0
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var got struct{ Value json.RawMessage }
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if answer.StatusCode != http.StatusOK {
		var failure struct{ Error, Message string }
		json.Unmarshal(got.Value, &failure)
		return fmt.Errorf("%s %s: %s: %s", method, path, failure.Error, failure.Message)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(got.Value, result)
}

func (w *webdriver) open(ctx context.Context, url string) error {
	return w.call(ctx, "POST", "/url", map[string]any{"url": url}, nil)
}

func (w *webdriver) eval(ctx context.Context, body string) (string, error) {
	var value struct{ Done, Failed string }
	script := "const end = arguments[0]; (async () => {" + body + "})().then(done => end({done: String(done)}), e => end({failed: `${e} ${e && e.stack}`}))"
	if err := w.call(ctx, "POST", "/execute/async", map[string]any{"script": script, "args": []any{}}, &value); err != nil {
		return "", err
	}
	if value.Failed != "" {
		return "", fmt.Errorf("%s", value.Failed)
	}
	return value.Done, nil
}

func (w *webdriver) act(ctx context.Context, source map[string]any) error {
	return w.call(ctx, "POST", "/actions", map[string]any{"actions": []any{source}}, nil)
}

func (w *webdriver) click(ctx context.Context, x, y float64) error {
	return w.act(ctx, pointerActions(x, y))
}

func (w *webdriver) keys(ctx context.Context, text string) error { return w.act(ctx, keyActions(text)) }

func (w *webdriver) choose(ctx context.Context, element string, paths []string) error {
	var node map[string]string
	if err := w.call(ctx, "POST", "/execute/sync", map[string]any{"script": "return " + element, "args": []any{}}, &node); err != nil {
		return err
	}
	for _, id := range node {
		return w.call(ctx, "POST", "/element/"+id+"/value", map[string]any{"text": strings.Join(paths, "\n")}, nil)
	}
	return fmt.Errorf("no element %s", element)
}

func (w *webdriver) screenshot(ctx context.Context) ([]byte, error) {
	var png string
	if err := w.call(ctx, "GET", "/screenshot", nil, &png); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(png)
}
