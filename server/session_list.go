package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// sessionList lists where the account is signed in.
func (s *Server) sessionList(c echo.Context) error {
	sessions, err := s.Accounts.Sessions(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	type row struct {
		ID      int64  `json:"id"`
		Created string `json:"created"`
		Seen    string `json:"seen"`
		Agent   string `json:"agent"`
		Current bool   `json:"current"`
	}
	rows := []row{}
	for _, found := range sessions {
		current := found.ID == session(c).ID
		if current {
			found.Seen = s.Now() // what was written down is of some minutes ago
		}
		rows = append(rows, row{found.ID, stamp(found.Created), stamp(found.Seen), found.Agent, current})
	}
	return c.JSON(http.StatusOK, map[string]any{"sessions": rows})
}
