package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// operatorRemoval takes a link down, with the reason that whoever opens it reads.
func (s *Server) operatorRemoval(c echo.Context) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	var request struct {
		Auth   *key32
		Reason string
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	if err := s.prove(c, request.Auth); err != nil {
		return err
	}
	if err := s.Shares.TakeDown(c.Request().Context(), id, request.Reason); err != nil {
		return shareFault(err)
	}
	return c.NoContent(http.StatusNoContent)
}
