package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

// appPasswordAnswer is an app password in an answer. The password itself stands in the answer to its making alone.
type appPasswordAnswer struct {
	ID       int64   `json:"id"`
	Label    string  `json:"label"`
	Created  string  `json:"created"`
	Used     *string `json:"used"`
	Password string  `json:"password,omitempty"`
}

func answerAppPassword(p *accounts.AppPassword, secret string) appPasswordAnswer {
	return appPasswordAnswer{p.ID, p.Label, stamp(p.Created), stampOrNull(p.Used), secret}
}

// appPasswordList lists the account's app passwords.
func (s *Server) appPasswordList(c echo.Context) error {
	list, err := s.Accounts.AppPasswords(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	rows := []appPasswordAnswer{}
	for i := range list {
		rows = append(rows, answerAppPassword(&list[i], ""))
	}
	return c.JSON(http.StatusOK, map[string]any{"app_passwords": rows})
}

// appPasswordCreate makes an app password and shows it, this once.
func (s *Server) appPasswordCreate(c echo.Context) error {
	var request struct {
		Auth  *key32
		Label string
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	if err := s.prove(c, request.Auth); err != nil {
		return err
	}
	made, secret, err := s.Accounts.NewAppPassword(c.Request().Context(), account(c).ID, request.Label)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, answerAppPassword(made, secret))
}

// appPasswordDelete revokes an app password.
func (s *Server) appPasswordDelete(c echo.Context) error {
	id, err := idParam(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.Revoke(c.Request().Context(), account(c).ID, id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
