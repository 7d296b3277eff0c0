package browsertest_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
	b.Eval("void setTimeout(() => { throw new Error('thrown on purpose') })", nil)
	b.Wait("the exception", "true")
	var faults string
	for faults == "" {
		faults = strings.Join(b.Faults(), "\n")
	}
	if !strings.Contains(faults, "thrown on purpose") {
		t.Errorf("faults: %s", faults)
	}
}
