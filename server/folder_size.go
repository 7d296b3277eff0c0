package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// folderSize adds up what lies in a folder.
func (s *Server) folderSize(c echo.Context) error {
	sum, err := s.Drive.SizeOf(c.Request().Context(), driveHere(c), c.QueryParam("in"))
	if err != nil {
		return walkFault(err)
	}
	return c.JSON(http.StatusOK, struct {
		Size     int64 `json:"size"`
		Files    int   `json:"files"`
		Folders  int   `json:"folders"`
		Complete bool  `json:"complete"`
	}{sum.Bytes, sum.Files, sum.Folders, sum.Complete})
}
