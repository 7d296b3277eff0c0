package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// uploadList lists the account's unfinished uploads.
func (s *Server) uploadList(c echo.Context) error {
	uploads, err := s.Shares.Uploads(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	type row struct {
		ID      string `json:"id"`
		Use     string `json:"use"`
		Path    string `json:"path"` // empty for a sealed one
		Offset  int64  `json:"offset"`
		Length  *int64 `json:"length"`
		State   *int64 `json:"state"` // bytes, see uploadStateShow
		Created string `json:"created"`
		Expires string `json:"expires"`
	}
	rows := []row{}
	for _, u := range uploads {
		r := row{u.ID.String(), string(u.Use), u.Path, u.Offset, &u.Length, &u.StateSize, stamp(u.Created), stamp(u.Expires)}
		if u.Length == -1 {
			r.Length = nil
		}
		if u.StateSize == 0 {
			r.State = nil
		}
		rows = append(rows, r)
	}
	return c.JSON(http.StatusOK, map[string]any{"uploads": rows})
}
