package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// sessionDelete signs out.
func (s *Server) sessionDelete(c echo.Context) error {
	if err := s.Accounts.EndSession(c.Request().Context(), account(c).ID, session(c).ID); err != nil {
		return err
	}
	s.dropCookie(c)
	return c.NoContent(http.StatusNoContent)
}

// sessionEnd signs another browser out.
func (s *Server) sessionEnd(c echo.Context) error {
	id, err := idParam(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.EndSession(c.Request().Context(), account(c).ID, id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// sessionsEnd signs all other browsers out.
func (s *Server) sessionsEnd(c echo.Context) error {
	ended, err := s.Accounts.EndOtherSessions(c.Request().Context(), session(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Ended int64 `json:"ended"`
	}{ended})
}
