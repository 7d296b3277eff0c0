package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"thorpe/server"
	"thorpe/server/certificates"
)

// run does what goes on beside the server, until ctx ends: the plain listener, and getting certificates. What it returns is closed when the
// plain listener's requests have ended then.
func (d *door) run(ctx context.Context, log *slog.Logger) (ended <-chan struct{}) {
	go d.keep(ctx)
	done := make(chan struct{})
	if len(d.plain) == 0 {
		close(done)
		return done
	}
	web := &http.Server{
		Handler: d.leading, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	go func() {
		defer close(done)
		if err := server.ServeUntil(ctx, web, time.Second, d.plain...); err != nil && ctx.Err() == nil {
			log.Error("nothing leads from http to https any more", "error", err)
		}
	}()
	return done
}

// close stops listening.
func (d *door) close() {
	for _, listener := range slices.Concat(d.listeners, d.plain) {
		listener.Close()
	}
}

// leadToTLS leads whoever looks at a page by plain http to the same one by https. All else is refused: a client that sends passwords or files
// must not come to do so in the open, each time, because it works.
func leadToTLS(w http.ResponseWriter, r *http.Request, base *url.URL) {
	w.Header().Set("Connection", "close")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "This server is at "+base.String()+" only.", http.StatusForbidden)
		return
	}
	to := *base
	to.Path, to.RawPath, to.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
	if !strings.HasPrefix(to.Path, "/") {
		to.Path, to.RawPath = "/", ""
	}
	w.Header().Set("Location", to.String())
	w.WriteHeader(http.StatusPermanentRedirect)
}

// rootPath is where the plain listener has the certificate to trust, for devices that can't get it otherwise.
const rootPath = "/local-ca.crt"

func handOutRoot(authority *certificates.Authority, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != rootPath || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-x509-ca-cert")
		w.Header().Set("Content-Disposition", `attachment; filename="thorpe-local-ca.crt"`)
		w.Header().Set("Cache-Control", "no-store")
		w.Write(authority.Root())
	})
}

// listenSocket listens on a Unix socket, which its owner and its folder's group may use. A socket that a server before has left is replaced.
func listenSocket(path string) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() == fs.ModeSocket {
		answer, err := net.Dial("unix", path)
		if err == nil {
			answer.Close()
			return nil, wrongUsage("another program is listening on %s already: stop it, or choose another place with --addr", path)
		}
		if errors.Is(err, syscall.ECONNREFUSED) {
			os.Remove(path)
		}
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, wrongUsage("can't listen on %s: %w", path, innermost(err))
	}
	if err := os.Chmod(path, 0o660); err != nil {
		listener.Close()
		return nil, err
	}
	return listener, nil
}
