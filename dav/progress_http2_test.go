package dav_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// frames speaks HTTP/2 with a server by single frames.
type frames struct {
	*http2.Framer
	mu  sync.Mutex // held while a frame is written
	web *httptest.Server
}

// newFrames serves what s does by TLS, to a client whose streams begin with this window.
func (s *server) newFrames(handler http.Handler, window uint32) *frames {
	s.t.Helper()
	web := httptest.NewUnstartedServer(handler)
	web.EnableHTTP2 = true
	web.StartTLS()
	s.t.Cleanup(web.Close)
	conn, err := tls.Dial("tcp", web.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	io.WriteString(conn, http2.ClientPreface)
	f := &frames{Framer: http2.NewFramer(conn, conn), web: web}
	f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: window})
	go func() {
		for {
			got, err := f.ReadFrame()
			if err != nil {
				return
			}
			if s, is := got.(*http2.SettingsFrame); is && !s.IsAck() {
				f.mu.Lock()
				f.WriteSettingsAck()
				f.mu.Unlock()
			}
		}
	}()
	return f
}

// begin sends the head of a request.
func (f *frames) begin(stream uint32, method, path string, whole bool) {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range [][2]string{{":method", method}, {":scheme", "https"}, {":authority", f.web.Listener.Addr().String()}, {":path", path}} {
		encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: whole})
}

// H9: a stream that stalls, drips, or whose answer nobody takes, is given up as a connection is.
func TestH9StalledStreams(t *testing.T) {
	s := newServerAt(t, t.TempDir(), quick)
	s.write("big", string(make([]byte, 8<<20)))
	var begun, running atomic.Int32
	f := s.newFrames(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.Add(1)
		begun.Add(1)
		defer running.Add(-1)
		s.Server.Config.Handler.ServeHTTP(w, r)
	}), 0)
	f.begin(1, "PUT", "/dav/stalled", false)
	f.begin(3, "GET", "/dav/big", true)
	f.begin(5, "PUT", "/dav/dripping", false)
	drip, late := time.NewTicker(10*time.Millisecond), time.After(30*time.Second)
	defer drip.Stop()
	for begun.Load() < 3 || running.Load() > 0 {
		select {
		case <-drip.C:
			f.mu.Lock()
			f.WriteData(5, false, []byte("x"))
			f.mu.Unlock()
		case <-late:
			t.Fatalf("of three streams that do not move %d are still served", running.Load())
		}
	}
	s.wantTree("streams that stopped", fmt.Sprintf("big=%s", make([]byte, 8<<20)))
	s.noneIncoming()
}

// H9: whoever opens streams and resets them at once (CVE-2023-44487) has no more handlers at work than streams that are allowed, and keeps nobody out.
func TestH9RapidReset(t *testing.T) {
	s := newServerAt(t, t.TempDir(), quick)
	s.write("f", "x")
	var running, most atomic.Int32
	f := s.newFrames(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := running.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer running.Add(-1)
		s.Server.Config.Handler.ServeHTTP(w, r)
	}), 1<<16)
	for i := range uint32(5_000) {
		f.begin(2*i+1, "PUT", "/dav/g", false)
		f.mu.Lock()
		err := f.WriteRSTStream(2*i+1, http2.ErrCodeCancel)
		f.mu.Unlock()
		if err != nil {
			break // the server has closed the connection
		}
	}
	if answer, err := f.web.Client().Get(f.web.URL + "/dav/f"); err != nil || answer.StatusCode != 200 {
		t.Errorf("somebody else, meanwhile: %v %v", answer, err)
	}
	if n := most.Load(); n == 0 || n > 250 {
		t.Errorf("%d handlers ran at once", n)
	}
}
