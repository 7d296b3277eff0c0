package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// operatorReports lists the reports that are open, newest first.
func (s *Server) operatorReports(c echo.Context) error {
	reports, err := s.Shares.Reports(c.Request().Context())
	if err != nil {
		return err
	}
	type row struct {
		ID    int64  `json:"id"`
		Link  string `json:"link"`
		At    string `json:"at"`
		Text  string `json:"text"`
		State string `json:"state"`
	}
	rows := []row{}
	for _, r := range reports {
		rows = append(rows, row{r.ID, r.Link.String(), stamp(r.At), r.Text, string(r.State)})
	}
	return c.JSON(http.StatusOK, map[string]any{"reports": rows})
}

// operatorReportDelete removes a report that the operator is done with.
func (s *Server) operatorReportDelete(c echo.Context) error {
	id, err := idParam(c)
	if err != nil {
		return err
	}
	if err := s.Shares.DeleteReport(c.Request().Context(), id); err != nil {
		return shareFault(err)
	}
	return c.NoContent(http.StatusNoContent)
}
