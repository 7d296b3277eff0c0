package server

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// linkPart is a new link as the part link of a form has it.
type linkPart struct {
	ID        key16      `json:"id"`
	TokenHash key32      `json:"token_hash"`
	Note      string     `json:"note"`
	Expires   *time.Time `json:"expires"`
	MaxVisits *int64     `json:"max_visits"`
}

// linkCreate publishes a link of an upload.
func (s *Server) linkCreate(c echo.Context) error {
	var sent struct {
		linkPart
		Upload key16 `json:"upload"`
	}
	manifest, done, err := readLinkForm(c, &sent)
	defer done()
	if err != nil {
		return err
	}
	if err := required(sent.Upload); err != nil {
		return err
	}
	link, err := sent.parse()
	if err != nil {
		return err
	}
	link.Upload = shares.ID(sent.Upload)
	made, err := s.Shares.Publish(c.Request().Context(), shareOwner(c), link, manifest)
	if err != nil {
		return shareFault(err)
	}
	return answerMade(c, made)
}

func (l *linkPart) parse() (link shares.NewLink, err error) {
	if err := required(l.ID, l.TokenHash); err != nil {
		return link, err
	}
	link = shares.NewLink{ID: shares.ID(l.ID), TokenHash: l.TokenHash}
	if link.Note, err = parseNote(l.Note); err != nil {
		return link, err
	}
	if link.Expires, err = parseExpires(l.Expires); err != nil {
		return link, err
	}
	link.MaxVisits, err = parseMaxVisits(l.MaxVisits)
	return link, err
}

func answerMade(c echo.Context, made *shares.Link) error {
	return c.JSON(http.StatusCreated, map[string]string{"id": made.ID.String(), "created": stamp(made.Created)})
}
