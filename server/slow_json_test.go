package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// shortClock makes a server's deadlines for bodies short, and leaves it the time of its own when it has none.
const shortClock = 200 * time.Millisecond

// hurried is an answer whose request's body must come within shortClock wherever the server sets a time for it. told is called as the server begins to tell of its work.
type hurried struct {
	http.ResponseWriter
	told func()
}

func (w *hurried) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *hurried) SetReadDeadline(at time.Time) error {
	if !at.IsZero() {
		at = time.Now().Add(shortClock)
	}
	return http.NewResponseController(w.ResponseWriter).SetReadDeadline(at)
}

func (w *hurried) SetWriteDeadline(time.Time) error {
	w.told()
	return nil
}

// hurry puts the rig's server behind short clocks, at a further address.
func (r *rig) hurry(http2 bool, told func(*http.Request)) *httptest.Server {
	r.t.Helper()
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		request.Host = strings.TrimPrefix(r.URL, "http://")
		r.Server.ServeHTTP(&hurried{w, func() { told(request) }}, request)
	}))
	if web.EnableHTTP2 = http2; http2 {
		web.StartTLS()
	} else {
		web.Start()
	}
	r.t.Cleanup(web.Close)
	return web
}

// Work that takes longer than its request's body may is not given up.
func TestWorkMayTakeLongerThanItsBody(t *testing.T) {
	t.Run("HTTP/1.1", func(t *testing.T) { workMayTakeLonger(t, false) })
	t.Run("HTTP/2", func(t *testing.T) { workMayTakeLonger(t, true) })
}

func workMayTakeLonger(t *testing.T, http2 bool) {
	r := newServer(t)
	ann := r.member("ann", 1)
	var ids []string
	for range 3 {
		ann.drive("PUT", "f", "f")
		ids = append(ids, ann.drive("DELETE", "f", ""))
	}
	begun := 0
	web := r.hurry(http2, func(request *http.Request) {
		if begun++; begun != 2 { // the first is the clock of the answer; the second tells of the first thing
			return
		}
		select {
		case <-request.Context().Done():
		case <-time.After(3 * shortClock):
		}
	})
	encoded, err := json.Marshal(map[string]any{"ids": ids})
	must(t, err)
	request, err := http.NewRequestWithContext(t.Context(), "POST", web.URL+"/api/trash/removals", bytes.NewReader(encoded))
	must(t, err)
	request.Header.Set("Content-Type", "application/json")
	for _, cookie := range ann.cookies {
		request.AddCookie(cookie)
	}
	got, err := web.Client().Do(request)
	must(t, err)
	defer got.Body.Close()
	lines, err := io.ReadAll(got.Body)
	if err != nil || (got.ProtoMajor == 2) != http2 || begun != 4 || !strings.HasSuffix(string(lines), `{"end":true}`+"\n") {
		t.Errorf("%d told; %s, %v", begun-1, lines, err)
	}
}

// H8: JSON that stops coming is given up, also after its value, where only the body's end is missing.
func TestH8StalledJSON(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	web := r.hurry(false, func(*http.Request) {})
	address := strings.TrimPrefix(web.URL, "http://")
	for _, path := range []string{"/api/trash/removals", "/api/session"} {
		for _, sent := range []string{"", `{"ids":["x"`, `{"ids":["x"]}`, `{"name":"x","auth":"x"}`, strings.Repeat(" ", 1000)} {
			conn, err := net.Dial("tcp", address)
			must(t, err)
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n%s", path, address, ann.cookies[0].Name, ann.cookies[0].Value, sent)
			must(t, conn.SetReadDeadline(time.Now().Add(30*time.Second)))
			if b, err := io.ReadAll(conn); err != nil {
				t.Fatalf("%s after %q: the connection is still open: %v", path, sent, err)
			} else if !bytes.HasPrefix(b, []byte("HTTP/1.1 4")) {
				t.Errorf("%s after %q: %.60q", path, sent, b)
			}
			conn.Close()
		}
	}
}
