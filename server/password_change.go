package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

// passwordChange replaces the password by a new one, and ends the account's other sessions.
func (s *Server) passwordChange(c echo.Context) error {
	var request struct {
		Auth    key32
		Salt    key16
		NewAuth key32 `json:"new_auth"`
		Wrap    box60
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	if err := required(request.Salt, request.NewAuth, request.Wrap); err != nil {
		return err
	}
	return s.guess(c, account(c).Name, accounts.ErrWrongKey, func() error {
		keys := accounts.Keys{Salt: request.Salt, Auth: request.NewAuth, Wrap: request.Wrap}
		if err := s.Accounts.ChangePassword(c.Request().Context(), session(c), request.Auth, keys); err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
}
