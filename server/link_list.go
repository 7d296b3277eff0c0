package server

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// linkList lists the account's links, newest first.
func (s *Server) linkList(c echo.Context) error {
	links, err := s.Shares.Links(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	rows := []linkAnswer{}
	for _, l := range links {
		rows = append(rows, answerLink(l))
	}
	return c.JSON(http.StatusOK, map[string]any{"links": rows})
}

// linkAnswer is a link in an answer to its owner.
type linkAnswer struct {
	ID           string  `json:"id"`
	Note         string  `json:"note"`
	Version      int64   `json:"version"`
	Created      string  `json:"created"`
	Expires      *string `json:"expires"`
	MaxVisits    *int64  `json:"max_visits"`
	Visits       int64   `json:"visits"`
	Size         int64   `json:"size"`
	ManifestSize int64   `json:"manifest_size"`
	LastOpened   *string `json:"last_opened"`
	State        string  `json:"state"`
	Message      string  `json:"message"`
}

func answerLink(l *shares.Link) linkAnswer {
	a := linkAnswer{
		ID: l.ID.String(), Note: binary(l.Note), Version: l.Version, Created: stamp(l.Created), Expires: stampUnlessZero(l.Expires), MaxVisits: &l.MaxVisits,
		Visits: l.Visits, Size: l.Size, ManifestSize: l.ManifestSize, LastOpened: stampUnlessZero(l.LastOpened), State: string(l.State), Message: l.Message,
	}
	if l.MaxVisits == 0 {
		a.MaxVisits = nil
	}
	return a
}

func stampUnlessZero(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return stampOrNull(&t)
}
