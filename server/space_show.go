package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

// spaceShow tells what the account's drive and links take, what is kept of the drive, and what they may still take.
func (s *Server) spaceShow(c echo.Context) error {
	a := account(c)
	space, err := s.Drive.Space(c.Request().Context(), driveOf(a))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Free  int64  `json:"free"`
		Used  int64  `json:"used"`
		Kept  int64  `json:"kept"`
		Quota *int64 `json:"quota"`
	}{space.Available, space.Used, space.Kept, quotaOrNull(a)})
}

// quotaOrNull is an account's quota in an answer.
func quotaOrNull(a *accounts.Account) *int64 {
	if a.Quota == 0 {
		return nil
	}
	return &a.Quota
}
