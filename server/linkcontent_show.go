package server

import (
	"github.com/labstack/echo/v4"
)

// linkManifest hands out the sealed manifest of a link.
func (s *Server) linkManifest(c echo.Context) error {
	visit, err := s.linkVisit(c)
	if err != nil {
		return err
	}
	d, err := s.Shares.Manifest(c.Request().Context(), visit)
	if err != nil {
		return visitFailed(c, err)
	}
	defer d.Close()
	movingOf(c).ofLink(visit.Link)
	if d.Limited {
		c.Response().Header().Set("Thorpe-Limited", "visits") // so that a page says what a look costs
	}
	return s.sendDownload(c, d)
}

// linkContent hands out the sealed content of a link, or a range of it, for a ticket.
func (s *Server) linkContent(c echo.Context) error {
	visit, err := s.linkVisit(c)
	if err != nil {
		return err
	}
	d, err := s.Shares.Content(c.Request().Context(), visit)
	if err != nil {
		return visitFailed(c, err)
	}
	defer d.Close()
	movingOf(c).ofLink(visit.Link)
	return s.sendDownload(c, d)
}
