package server

import (
	"strings"

	"github.com/labstack/echo/v4"

	"thorpe/static"
)

// staticShow answers with an immutable file.
func (s *Server) staticShow(c echo.Context) error {
	w, r := c.Response().Writer, c.Request()
	name, ok := strings.CutPrefix(r.URL.Path, s.static.Path()+"/")
	if !ok {
		return errNotFound
	}
	if !s.static.Has(name) {
		return errNotFound
	}
	if name == static.Argon2Worker {
		w.Header().Set("Content-Security-Policy", argon2Policy)
	}
	if inFrame(name) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}
	s.static.ServeHTTP(w, r)
	return nil
}
