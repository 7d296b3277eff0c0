package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// sessionShow tells who is signed in, and gives the box that the password opens.
func (s *Server) sessionShow(c echo.Context) error {
	box, err := s.Accounts.Box(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{
		"account": answerAccount(account(c)), "wrap": binary(box.Wrap[:]), "salt": binary(box.Salt[:]), "proved": session(c).HasProof(s.Now()),
	})
}
