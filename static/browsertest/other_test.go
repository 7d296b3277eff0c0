package browsertest_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"thorpe/static/browsertest"
)

const otherPage = `<!doctype html><label>Name <input id=name></label><button>Greet</button><input type=file><a href=/file download>Save</a><p></p>
<script>document.querySelector('button').onclick = () => { document.querySelector('p').textContent = 'Hello ' + document.querySelector('input').value };</script>`

// The rigs of the other browsers do what the one of Chromium does, as far as they go.
func TestTheOtherBrowsersDoWhatAPersonDoes(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/file" {
			w.Header().Set("Content-Disposition", "attachment; filename=saved.txt")
			w.Write([]byte("content"))
			return
		}
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(otherPage))
	}))
	defer server.Close()
	chosen := filepath.Join(t.TempDir(), "Größe.txt")
	if err := os.WriteFile(chosen, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, start := range map[string]func(testing.TB) *browsertest.Other{
		"Firefox":   func(t testing.TB) *browsertest.Other { return browsertest.NewFirefox(t, false) },
		"WebKitGTK": browsertest.NewWebKit,
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			t.Log(b.Name)
			b.Open(server.URL)
			b.Fill("Name", "Änn")
			b.Click("Greet")
			b.WaitText("Hello Änn")
			b.Choose("document.querySelector('input[type=file]')", chosen)
			var text string
			b.Eval("document.querySelector('input[type=file]').files[0].text()", &text)
			if text != "content" {
				t.Errorf("the chosen file holds %q", text)
			}
			if b.Downloads != "" {
				b.Click("Save")
				if saved, err := os.ReadFile(b.Saved("saved.txt", 7)); string(saved) != "content" {
					t.Errorf("saved %q, %v", saved, err)
				}
			}
		})
	}
}
