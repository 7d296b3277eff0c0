package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

// saltShow tells the salt of a name's password, also of a name that nobody has.
func (s *Server) saltShow(c echo.Context) error {
	var request struct{ Name string }
	if err := parse(c, &request); err != nil {
		return err
	}
	name, err := accounts.ParseName(request.Name)
	if err != nil {
		return err
	}
	if _, wait, ok := s.requests.take("salt "+s.network(c), requestsANetwork); !ok {
		return slowDown(wait)
	}
	salt, err := s.Accounts.Salt(c.Request().Context(), name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"salt": binary(salt[:])})
}
