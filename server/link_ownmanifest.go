package server

import (
	"github.com/labstack/echo/v4"
)

// linkOwnManifest hands a link's sealed manifest to its owner, who is to change it. It counts as no visit.
func (s *Server) linkOwnManifest(c echo.Context) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	d, err := s.Shares.OwnManifest(c.Request().Context(), account(c).ID, id)
	if err != nil {
		return visitFailed(c, err)
	}
	defer d.Close()
	return s.sendDownload(c, d)
}
