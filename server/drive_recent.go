package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// driveRecent lists the files that were added or changed last.
func (s *Server) driveRecent(c echo.Context) error {
	recent, complete, err := s.Drive.Recent(c.Request().Context(), driveHere(c))
	if err != nil {
		return walkFault(err)
	}
	entries := make([]foundAnswer, 0, len(recent))
	for _, f := range recent {
		entries = append(entries, answerFound(f))
	}
	return c.JSON(http.StatusOK, struct {
		Entries  []foundAnswer `json:"entries"`
		Complete bool          `json:"complete"`
	}{entries, complete})
}
