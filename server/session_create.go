package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

// sessionCreate signs in.
func (s *Server) sessionCreate(c echo.Context) error {
	var request struct {
		Name string
		Auth key32
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	name, err := accounts.ParseName(request.Name)
	if err != nil {
		return accounts.ErrWrongKey // nobody has it
	}
	return s.guess(c, name, accounts.ErrWrongKey, func() error {
		account, box, token, err := s.Accounts.SignIn(c.Request().Context(), name, request.Auth, c.Request().UserAgent())
		if err != nil {
			return err
		}
		s.startSession(c, token)
		return c.JSON(http.StatusOK, map[string]any{"account": answerAccount(account), "wrap": binary(box.Wrap[:])})
	})
}
