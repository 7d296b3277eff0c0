package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// The base path is that of Config.URL: all that this server answers lies below it, beside whatever else the host has. It is taken off here, before anything looks at a
// request's path, and put in front of each address that is given out; in between, paths are as they are without one. dav speaks in addresses, so it is given whole ones.

// at is the address, on this host, of a path such as "/s/".
func (s *Server) at(path string) string { return s.base + path }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.base != "" {
		r = s.below(r)
	}
	s.echo.ServeHTTP(w, r)
}

// outside begins the path of a request that is not below the base path. It has no slash, so that no route and no door is meant.
const outside = "outside "

// below takes the base path off a request. It is spelled one way only, without escapes, and so is the slash behind it. The probes are outside too: they are asked for at
// this server itself, by who knows nothing of what is in front of it.
func (s *Server) below(r *http.Request) *http.Request {
	rest, inside := strings.CutPrefix(r.URL.EscapedPath(), s.base)
	switch {
	case !inside || !strings.HasPrefix(rest, "/"):
		if probes[r.URL.Path] {
			return r
		}
		return rebased(r, outside+r.URL.EscapedPath(), "")
	case r.URL.RawPath == "":
		rest = ""
	}
	return rebased(r, r.URL.Path[len(s.base):], rest)
}

// whole is the request as it came, with the base path in front.
func (s *Server) whole(r *http.Request) *http.Request {
	if s.base == "" {
		return r
	}
	raw := r.URL.RawPath
	if raw != "" {
		raw = s.base + raw
	}
	return rebased(r, s.base+r.URL.Path, raw)
}

func rebased(r *http.Request, path, raw string) *http.Request {
	other, at := *r, *r.URL
	at.Path, at.RawPath = path, raw
	other.URL = &at
	return &other
}

// outsideBase answers what lies outside the base path: the way down to it, for clients of WebDAV that begin at the root, and the base path without its slash.
func (s *Server) outsideBase(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		asked, isOutside := strings.CutPrefix(r.URL.Path, outside)
		if !isOutside {
			return next(c)
		}
		folder := strings.TrimSuffix(asked, "/")
		switch {
		case r.Method == http.MethodOptions:
			return next(c) // davOptions has it
		case r.Method == echo.PROPFIND && strings.HasPrefix(s.base+"/", folder+"/"):
			return s.aboveDoor(c, folder)
		case asked == s.base && (r.Method == http.MethodGet || r.Method == http.MethodHead):
			return c.Redirect(http.StatusPermanentRedirect, s.at("/"))
		}
		return errNotFound
	}
}
