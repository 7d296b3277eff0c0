package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// linkDownloads counts a visit, for a ticket that the reader made: 201 the first time, 200 for the same one again.
func (s *Server) linkDownloads(c echo.Context) error {
	visit, err := s.linkVisit(c)
	if err != nil {
		return err
	}
	var sent struct {
		Ticket key32 `json:"ticket"`
	}
	if err := parse(c, &sent); err != nil {
		return err
	}
	if err := required(sent.Ticket); err != nil {
		return err
	}
	visit.Ticket = sent.Ticket[:]
	// Each new ticket is a row on the disk for a week, and whoever holds a link could ask for any number of them.
	back, wait, ok := s.requests.take("tickets "+s.network(c), ticketsANetwork)
	if !ok {
		return slowDown(wait)
	}
	counted, err := s.Shares.TakeTicket(c.Request().Context(), visit)
	if !counted {
		back()
	}
	switch {
	case err != nil:
		return visitFailed(c, err)
	case counted:
		return c.NoContent(http.StatusCreated)
	}
	return c.NoContent(http.StatusOK)
}
