package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// operatorFailures tells what failed within the last day.
func (s *Server) operatorFailures(c echo.Context) error {
	type row struct {
		At      string `json:"at"`
		Code    string `json:"code"`
		What    string `json:"what"`
		Request string `json:"request"`
		Door    string `json:"door"`
		Method  string `json:"method"`
		Status  *int   `json:"status"`
		Cause   string `json:"cause"`
	}
	last, counts := s.History.Failures()
	rows := []row{}
	for _, f := range last {
		r := row{stamp(f.At), f.Code, f.What, f.Request, f.Door, f.Method, nil, f.Cause}
		if f.Status != 0 {
			r.Status = &f.Status
		}
		rows = append(rows, r)
	}
	return c.JSON(http.StatusOK, map[string]any{"counts": counts, "failures": rows})
}
