package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// uploadDelete gives an upload up.
func (s *Server) uploadDelete(c echo.Context) error {
	if err := speakTus(c); err != nil {
		return err
	}
	id, err := shareID(c)
	if err != nil {
		return err
	}
	if err := s.Shares.DeleteUpload(c.Request().Context(), account(c).ID, id); err != nil {
		return shareFault(err)
	}
	return c.NoContent(http.StatusNoContent)
}
