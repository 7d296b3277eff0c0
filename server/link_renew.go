package server

import (
	"github.com/labstack/echo/v4"
)

// linkRenew makes a new link of the content of one that is removed with it.
func (s *Server) linkRenew(c echo.Context) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	var sent struct {
		linkPart
		Version int64 `json:"version"`
	}
	manifest, done, err := readLinkForm(c, &sent)
	defer done()
	if err != nil {
		return err
	}
	if sent.Version < 1 {
		return errBadRequest
	}
	link, err := sent.parse()
	if err != nil {
		return err
	}
	made, err := s.Shares.Renew(c.Request().Context(), shareOwner(c), id, sent.Version, link, manifest)
	if err != nil {
		return shareFault(err)
	}
	return answerMade(c, made)
}
