package server

import (
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// record ends panics as failures, and writes a line to the log unless the server is Quiet: method, route, status, bytes
// and time, but no path, no query and no header, because names of files, links and keys can stand there.
func (s *Server) record(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		began := time.Now()
		w := &recorder{ResponseWriter: c.Response().Writer}
		s.windClocks(c)
		giveID(c, s.Proxies)
		ended := s.Metrics.begin(c)
		moved := s.transfers.begin(c, w)
		c.Response().Writer = w
		defer func() {
			p := recover()
			if p != nil && p != http.ErrAbortHandler { // which cuts the connection on purpose
				s.logPanic(c, p)
				if w.status == 0 {
					s.fail(errInternal, c)
					p = nil
				}
			}
			moved()
			ended(w.status, w.bytes.Load(), time.Since(began))
			if !s.Quiet && !(probes[c.Path()] && w.status == http.StatusOK) {
				s.logAnswer(c, w, began)
			}
			if p != nil {
				panic(http.ErrAbortHandler) // what was begun must not look like an end
			}
		}()
		if err := next(c); err != nil {
			s.fail(err, c)
		}
		return nil
	}
}

func (s *Server) logPanic(c echo.Context, p any) {
	s.Log.ErrorContext(c.Request().Context(), "panic", "route", c.Path(), "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
}

func (s *Server) logAnswer(c echo.Context, w *recorder, began time.Time) {
	s.Log.LogAttrs(c.Request().Context(), slog.LevelInfo, "answered", slog.String("method", c.Request().Method), slog.String("route", c.Path()),
		slog.Int("status", w.status), slog.Int64("bytes", w.bytes.Load()), slog.Int64("ms", time.Since(began).Milliseconds()))
}

// Bodies and answers of some size have clocks of their own, wound by their progress; what has none has these.
const (
	readTimeout  = 30 * time.Second
	writeTimeout = 2 * time.Minute
)

// windClocks sees to it that a client that sends no body, or reads no answer, is dropped also where no handler looks.
func (s *Server) windClocks(c echo.Context) {
	r, control := c.Request(), http.NewResponseController(c.Response().Writer)
	if r.ContentLength != 0 {
		control.SetReadDeadline(time.Now().Add(readTimeout))
	}
	for _, moving := range []string{"/dav", "/files", "/api/uploads/", "/api/links"} {
		if strings.HasPrefix(r.URL.Path, moving) {
			return
		}
	}
	control.SetWriteDeadline(time.Now().Add(writeTimeout))
}

// knownHosts are the values of Host that this server answers to: its URL's, and localhost and its further names at its URL's port and at the one it listens on.
func knownHosts(url *url.URL, port string, names []string) map[string]bool {
	hosts := map[string]bool{}
	add := func(host, port string) {
		hosts[strings.ToLower(net.JoinHostPort(host, port))] = true
		if port == "80" || port == "443" {
			hosts[strings.TrimSuffix(strings.ToLower(net.JoinHostPort(host, port)), ":"+port)] = true
		}
	}
	at := url.Port()
	if at == "" {
		at = map[string]string{"http": "80", "https": "443"}[url.Scheme]
	}
	add(url.Hostname(), at)
	for _, name := range names {
		add(name, at)
		add(name, port)
	}
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		add(name, port)
	}
	return hosts
}

// checkHost refuses names that are not this server's, against DNS rebinding.
func (s *Server) checkHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if r := c.Request(); !s.hosts[strings.ToLower(r.Host)] && !probes[r.URL.Path] {
			return errWrongHost
		}
		return next(c)
	}
}

// pagePolicy is the Content-Security-Policy of everything but the content of drives and links, and the Argon2 worker.
const pagePolicy = "default-src 'none'; " +
	"script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
	"frame-src 'self'; " + // a download begins in an invisible frame that the service worker answers
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types thorpe" // static/trusted.js has the one policy

// argon2Policy stands on the Argon2 worker's own script alone: nothing else may compile WebAssembly.
const argon2Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'"

// everyAnswer is shared between answers: a handler that wants another value sets a new one.
var everyAnswer = http.Header{
	"Content-Security-Policy":      {pagePolicy},
	"Referrer-Policy":              {"no-referrer"}, // a link's page must not be told to anybody
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"}, // for browsers without frame-ancestors
	"Permissions-Policy":           {"camera=(), geolocation=(), microphone=(), browsing-topics=()"},
	"Cache-Control":                {"no-store"},
}

// setHeaders sets what every answer carries. Handlers may replace it.
func (s *Server) setHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		maps.Copy(h, everyAnswer)
		if s.URL.Scheme == "https" && s.URL.Hostname() != "localhost" { // where it would bind all other servers at localhost too
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// fromHere says whether a browser would say that the request comes from this server's own pages, or from no page at all.
// Programs that are no browsers send neither header; they carry no cookies that somebody else could use.
func (s *Server) fromHere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
		origin := r.Header.Get("Origin")
		if origin == "" {
			return true
		}
		from, err := url.Parse(origin)
		return err == nil && from.Host != "" && strings.EqualFold(from.Host, r.Host)
	}
	return false
}

// sameSite refuses what another site's page asks a browser to change here.
func (s *Server) sameSite(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		switch c.Request().Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
		default:
			if !s.fromHere(c.Request()) {
				return errCrossSite
			}
		}
		return next(c)
	}
}
