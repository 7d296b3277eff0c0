package server

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
)

// uploadShow tells how an upload stands.
func (s *Server) uploadShow(c echo.Context) error {
	if err := speakTus(c); err != nil {
		return err
	}
	id, err := shareID(c)
	if err != nil {
		return err
	}
	u, err := s.Shares.FindUpload(c.Request().Context(), account(c).ID, id)
	if err != nil {
		return shareFault(err)
	}
	showUpload(c, u)
	h := c.Response().Header()
	if u.Length == -1 {
		h.Set("Upload-Defer-Length", "1")
	} else {
		h.Set("Upload-Length", strconv.FormatInt(u.Length, 10))
	}
	if u.Metadata != "" {
		h.Set("Upload-Metadata", u.Metadata)
	}
	return c.NoContent(http.StatusOK)
}
