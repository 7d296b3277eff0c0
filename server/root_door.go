package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"thorpe/dav"
)

// rootDoor is PROPFIND on "/", above the door to a drive.
func (s *Server) rootDoor(c echo.Context) error { return s.aboveDoor(c, s.base) }

// aboveDoor is PROPFIND on a folder above the door to a drive, without the slash at its end; from the topmost on, Windows looks for each step of the way. What opens the
// door opens this too.
func (s *Server) aboveDoor(c echo.Context, folder string) error {
	if _, _, err := s.byAppPassword(c); err != nil {
		return err
	}
	s.Drive.Above(c.Response().Writer, c.Request(), folder, s.at("/dav"))
	return nil
}

// davOptions answers OPTIONS on every path that is not the API's own, known or not, and to anyone: the redirectors of Windows and macOS ask before they sign in, and not
// only where the drive is. As a route it would make each unknown path a known one.
func davOptions(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if r := c.Request(); r.Method == http.MethodOptions && !strings.HasPrefix(r.URL.Path, "/api/") {
			dav.Options(c.Response().Writer, r)
			return nil
		}
		return next(c)
	}
}
