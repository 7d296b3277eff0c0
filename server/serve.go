package server

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// What a client may take at most before it has sent its headers, or between two requests. Bodies are bounded by their
// progress, where they are read.
const (
	headerTimeout = 15 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeaders    = 64 << 10 // bytes

	// What a transfer has to come to its end once the server was told to stop, where its client can go on with it later: it is not
	// worth that all others wait.
	resumableGrace = 2 * time.Second

	// What a connection has to bring its first request once the server was told to stop.
	firstGrace = 2 * time.Second
)

// Serve answers on the listeners until ctx ends, then lets running requests go on for up to grace, and cuts the rest. Transfers that their
// clients can take up again where they were cut are cut after two seconds.
func (s *Server) Serve(ctx context.Context, grace time.Duration, listeners ...net.Listener) error {
	web := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaders,
		ErrorLog:          log.New(connectionFailures{s.Log}, "", 0),
	}
	defer context.AfterFunc(ctx, func() {
		s.stopping.Store(true)
		time.AfterFunc(min(resumableGrace, grace), s.cutResumable)
	})()
	err := ServeUntil(ctx, web, grace, listeners...)
	if errors.Is(err, context.DeadlineExceeded) {
		s.Log.Warn("cut requests that were still running")
		return nil
	}
	return err
}

// ServeUntil has web answer on the listeners until ctx ends. Then it closes them, and ends when all requests are answered that came by
// connections which were open by then; after grace it cuts what still runs, and says [context.DeadlineExceeded]. Its ConnState is used.
//
// http.Server.Shutdown alone would drop a request whose connection was opened before, and whose header is read after it was called.
func ServeUntil(ctx context.Context, web *http.Server, grace time.Duration, listeners ...net.Listener) error {
	fresh := &freshConnections{open: map[net.Conn]bool{}}
	web.ConnState = fresh.note
	ended := make(chan error, len(listeners))
	for _, listener := range listeners {
		go func() { ended <- web.Serve(listener) }()
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	for _, listener := range listeners {
		listener.Close()
	}
	for range listeners {
		<-ended // then all that was accepted is known
	}
	web.SetKeepAlivesEnabled(false) // which also closes connections that wait for a further request
	fresh.settle(patience)
	err := web.Shutdown(patience)
	if err != nil {
		web.Close()
	}
	return err
}

// freshConnections are those whose first request has not come yet.
type freshConnections struct {
	mu      sync.Mutex
	open    map[net.Conn]bool
	settled chan struct{} // closed when there is none; nil until somebody waits
}

// note is an http.Server's ConnState.
func (f *freshConnections) note(c net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if state == http.StateNew {
		f.open[c] = true
		return
	}
	delete(f.open, c)
	if f.settled != nil && len(f.open) == 0 {
		close(f.settled)
		f.settled = nil
	}
}

// settle waits a little until the first request of each has come, and closes those that bring none, as browsers open them in advance.
// No further ones may come meanwhile.
func (f *freshConnections) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, firstGrace)
	defer cancel()
	f.mu.Lock()
	if len(f.open) == 0 {
		f.mu.Unlock()
		return
	}
	settled := make(chan struct{})
	f.settled = settled
	f.mu.Unlock()
	select {
	case <-settled:
		return
	case <-ctx.Done():
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.settled = nil
	for c := range f.open {
		c.Close()
	}
}
