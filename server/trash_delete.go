package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// trashDelete removes something from the trash for good.
func (s *Server) trashDelete(c echo.Context) error {
	if err := s.Drive.Discard(c.Request().Context(), driveHere(c), c.Param("id")); err != nil {
		return driveFault(err)
	}
	return c.NoContent(http.StatusNoContent)
}
