package dav_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// TestLitmus runs the protocol's own test suite (litmus 0.13, 104 tests), through a door with Basic authentication.
func TestLitmus(t *testing.T) {
	path := browsertest.Need(t, "litmus")
	s := newServer(t)
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, password, ok := r.BasicAuth(); !ok || name != "ann" || password != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="drive"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		s.handler.Serve(w, r, "/dav", ann)
	}))
	defer door.Close()

	cmd := exec.Command(path, "-k", door.URL+"/dav/", "ann", "secret")
	cmd.Dir = t.TempDir() // it writes debug.log
	out, err := cmd.CombinedOutput()
	out = bytes.ReplaceAll(out, []byte("\r"), []byte("\n"))
	if err != nil {
		t.Errorf("litmus: %v", err)
	}
	ran, passed := 0, 0
	for _, m := range regexp.MustCompile("<- summary for `[a-z]+': of ([0-9]+) tests run: ([0-9]+) passed").FindAllSubmatch(out, -1) {
		ran += atoi(string(m[1]))
		passed += atoi(string(m[2]))
	}
	if passed != 104 || ran != 104 {
		t.Errorf("litmus passed %d of %d tests, want 104 of 104", passed, ran)
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if strings.Contains(line, "FAIL") || strings.Contains(line, "WARNING") {
			t.Errorf("litmus: %s", line)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}

func atoi(s string) (n int) {
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}
