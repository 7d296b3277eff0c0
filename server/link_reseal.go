package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// linkReseal puts another manifest in place of a link's: another title, note or password, with the same content.
func (s *Server) linkReseal(c echo.Context) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	var sent struct {
		Version   int64  `json:"version"`
		TokenHash key32  `json:"token_hash"`
		Note      string `json:"note"`
	}
	manifest, done, err := readLinkForm(c, &sent)
	defer done()
	if err != nil {
		return err
	}
	if err := required(sent.TokenHash); err != nil {
		return err
	} else if sent.Version < 1 {
		return errBadRequest
	}
	note, err := parseNote(sent.Note)
	if err != nil {
		return err
	}
	resealed := shares.Resealed{Version: sent.Version, TokenHash: sent.TokenHash, Note: note}
	link, err := s.Shares.Reseal(c.Request().Context(), shareOwner(c), id, resealed, manifest)
	if err != nil {
		return shareFault(err)
	}
	return c.JSON(http.StatusOK, answerLink(link))
}
