package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// mostTransfers is how many transfers are told one by one.
const mostTransfers = 100

// operatorTransfers tells what is being transferred now, oldest first.
func (s *Server) operatorTransfers(c echo.Context) error {
	shown, others := s.transfers.list(mostTransfers)
	return c.JSON(http.StatusOK, map[string]any{"transfers": shown, "others": others})
}
