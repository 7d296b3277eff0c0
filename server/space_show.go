package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// spaceShow tells what is free on the server's disk.
func (s *Server) spaceShow(c echo.Context) error {
	free, err := s.Space()
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]int64{"free": free})
}

// healthShow says that the server answers.
func (s *Server) healthShow(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }
