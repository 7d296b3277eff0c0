package main

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// watchingProxy passes requests on to a server. It counts the bytes of contents, keeps the ranges that were asked for, and
// lets nothing more of a content through after so many bytes, if it is told to.
type watchingProxy struct {
	mu      sync.Mutex
	passed  int64
	ranges  []string
	stopAt  int64
	stopped chan struct{} // closed once nothing more comes
}

func (p *watchingProxy) listen(t testing.TB, server <-chan string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target := sync.OnceValue(func() *url.URL { return &url.URL{Scheme: "http", Host: <-server} })
	pass := &httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target())
			r.Out.Host = r.In.Host
		},
	}
	front := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/content") {
			p.mu.Lock()
			p.ranges = append(p.ranges, r.Header.Get("Range"))
			p.mu.Unlock()
			w = &watchedWriter{w, p, r}
		}
		pass.ServeHTTP(w, r)
	})}
	go front.Serve(listener)
	t.Cleanup(func() { front.Close() })
	return listener.Addr().String()
}

// expect forgets what it saw, and says after how many bytes of contents to stop; 0 is never.
func (p *watchingProxy) expect(stopAt int64) (stopped <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.passed, p.ranges, p.stopAt, p.stopped = 0, nil, stopAt, make(chan struct{})
	return p.stopped
}

// saw is how many bytes passed, and which ranges were asked for; "" is everything.
func (p *watchingProxy) saw() (int64, []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.passed, p.ranges
}

type watchedWriter struct {
	http.ResponseWriter
	p *watchingProxy
	r *http.Request
}

func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *watchedWriter) Write(b []byte) (int, error) {
	w.p.mu.Lock()
	w.p.passed += int64(len(b))
	stop := w.p.stopAt > 0 && w.p.passed > w.p.stopAt
	if stop {
		select {
		case <-w.p.stopped:
		default:
			close(w.p.stopped)
		}
	}
	w.p.mu.Unlock()
	if stop {
		<-w.r.Context().Done()
	}
	return w.ResponseWriter.Write(b)
}
