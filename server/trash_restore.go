package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// trashRestore brings something back, to where it was or into a folder.
func (s *Server) trashRestore(c echo.Context) error {
	var request struct{ Folder *string }
	if err := parse(c, &request); err != nil {
		return err
	}
	path, err := s.Drive.Restore(c.Request().Context(), driveHere(c), c.Param("id"), request.Folder)
	if err != nil {
		return driveFault(err)
	}
	return c.JSON(http.StatusOK, struct {
		Path string `json:"path"`
	}{path})
}
