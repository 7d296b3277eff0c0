package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ask asks without an account and under a name that is not this server's, as a machine does that watches it.
func ask(t *testing.T, url string) (int, string) {
	t.Helper()
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "10.1.2.3:8080"
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestAServerSaysWhetherItIsReady(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir())
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, text := ask(t, server.URL+path); status != http.StatusOK || text != want {
			t.Errorf("%s: %d %q, want 200 %q", path, status, text, want)
		}
	}
	if strings.Contains(server.Stderr(), "healthz") || strings.Contains(server.Stderr(), "readyz") {
		t.Errorf("each probe stands in the log: %s", server.Stderr())
	}
	if status, _ := ask(t, server.URL+"/"); status != http.StatusMisdirectedRequest {
		t.Errorf("a page under another name: %d", status)
	}
	incoming := filepath.Join(server.Data, "incoming")
	if left, err := os.ReadDir(incoming); err != nil || len(left) != 1 { // uploads/
		t.Errorf("a probe left %v, %v", left, err)
	}
	if err := os.Rename(incoming, incoming+"-away"); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the server notices that nothing can be written", func() bool {
		status, text := ask(t, server.URL+"/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(text, "data folder") && !strings.Contains(text, server.Data)
	})
	if status, _ := ask(t, server.URL+"/healthz"); status != http.StatusOK {
		t.Errorf("a process that lives says %d", status)
	}
	waitUntil(t, "the log says why, once", func() bool { return strings.Count(server.Stderr(), "not ready") == 1 })
	if err := os.Rename(incoming+"-away", incoming); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the server is ready again", func() bool {
		status, _ := ask(t, server.URL+"/readyz")
		return status == http.StatusOK
	})
}
