package server

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// linkChange changes what a link's owner may change without sealing anything.
func (s *Server) linkChange(c echo.Context) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	var sent struct {
		Expires   optional[time.Time] `json:"expires"`
		MaxVisits optional[int64]     `json:"max_visits"`
		Paused    optional[bool]      `json:"paused"`
	}
	if err := parse(c, &sent); err != nil {
		return err
	}
	change := shares.Change{Paused: sent.Paused.value}
	if sent.Paused.sent && sent.Paused.value == nil {
		return errBadRequest
	}
	if sent.Expires.sent {
		expires, err := parseExpires(sent.Expires.value)
		if err != nil {
			return err
		}
		change.Expires = &expires
	}
	if sent.MaxVisits.sent {
		maxVisits, err := parseMaxVisits(sent.MaxVisits.value)
		if err != nil {
			return err
		}
		change.MaxVisits = &maxVisits
	}
	link, err := s.Shares.ChangeLink(c.Request().Context(), account(c).ID, id, change)
	if err != nil {
		return shareFault(err)
	}
	return c.JSON(http.StatusOK, answerLink(link))
}

// optional is a member that may be absent; null is a value of its own.
type optional[T any] struct {
	sent  bool
	value *T // nil: null
}

// UnmarshalJSON implements json.Unmarshaler; it is called for null too.
func (o *optional[T]) UnmarshalJSON(text []byte) error {
	o.sent, o.value = true, nil
	return json.Unmarshal(text, &o.value)
}
