package server

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// reportsANetwork is how many reports one network may send.
var reportsANetwork = bound{5, 10 * time.Minute}

// reportCreate takes what somebody tells the operator of a link. The answer is the same whether or not there is such a link.
func (s *Server) reportCreate(c echo.Context) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	var sent struct{ Text string }
	if err := parse(c, &sent); err != nil {
		return err
	}
	back, wait, ok := s.requests.take("reports "+s.network(c), reportsANetwork)
	if !ok {
		return slowDown(wait)
	}
	if err := s.Shares.Report(c.Request().Context(), id, sent.Text); err != nil {
		if errors.Is(err, shares.ErrBadReport) {
			back()
		}
		return shareFault(err)
	}
	return c.NoContent(http.StatusNoContent)
}
