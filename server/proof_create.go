package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// proofCreate takes the auth key once more, which counts for ten minutes.
func (s *Server) proofCreate(c echo.Context) error {
	var request struct{ Auth key32 }
	if err := parse(c, &request); err != nil {
		return err
	}
	if err := s.showProof(c, request.Auth); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
