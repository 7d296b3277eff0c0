package server

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// linkList lists the account's links, newest first.
func (s *Server) linkList(c echo.Context) error {
	links, err := s.Shares.Links(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	type row struct {
		ID           string  `json:"id"`
		Note         string  `json:"note"`
		Created      string  `json:"created"`
		Expires      *string `json:"expires"`
		MaxVisits    *int64  `json:"max_visits"`
		Visits       int64   `json:"visits"`
		Size         int64   `json:"size"`
		ManifestSize int64   `json:"manifest_size"`
		LastOpened   *string `json:"last_opened"`
		State        string  `json:"state"`
	}
	rows := []row{}
	for _, l := range links {
		r := row{
			ID: l.ID.String(), Note: binary(l.Note), Created: stamp(l.Created), Expires: stampUnlessZero(l.Expires), MaxVisits: &l.MaxVisits,
			Visits: l.Visits, Size: l.Size, ManifestSize: l.ManifestSize, LastOpened: stampUnlessZero(l.LastOpened), State: string(l.State),
		}
		if l.MaxVisits == 0 {
			r.MaxVisits = nil
		}
		rows = append(rows, r)
	}
	return c.JSON(http.StatusOK, map[string]any{"links": rows})
}

func stampUnlessZero(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return stampOrNull(&t)
}
