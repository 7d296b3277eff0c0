package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// linkDelete takes a link away from everyone.
func (s *Server) linkDelete(c echo.Context) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	if err := s.Shares.DeleteLink(c.Request().Context(), account(c).ID, id); err != nil {
		return shareFault(err)
	}
	return c.NoContent(http.StatusNoContent)
}
