package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// trashEmpty removes for good what was in the trash when somebody looked.
func (s *Server) trashEmpty(c echo.Context) error {
	items, err := s.Drive.Empty(c.Request().Context(), driveHere(c), c.QueryParam("last"))
	if err != nil {
		return driveFault(err)
	}
	return c.JSON(http.StatusOK, struct {
		Items int `json:"items"`
	}{items})
}
