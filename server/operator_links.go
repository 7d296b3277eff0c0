package server

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
	"thorpe/shares"
)

// operatorLink is a link in an answer to the operator.
type operatorLink struct {
	ID           string  `json:"id"`
	Owner        string  `json:"owner"`
	State        string  `json:"state"`
	Message      string  `json:"message"`
	Size         int64   `json:"size"`
	ManifestSize int64   `json:"manifest_size"`
	Created      string  `json:"created"`
	Expires      *string `json:"expires"`
	MaxVisits    *int64  `json:"max_visits"`
	Visits       int64   `json:"visits"`
	LastOpened   *string `json:"last_opened"`
	WrongTokens  int64   `json:"wrong_tokens"`
	Reports      int     `json:"reports"`
}

// operatorLinks lists everybody's links, newest first, a page at a time.
func (s *Server) operatorLinks(c echo.Context) error {
	filter, possible, err := s.linkFilter(c)
	if err != nil {
		return err
	}
	answer := struct {
		Links []operatorLink `json:"links"`
		Next  *int64         `json:"next"`
		Total int64          `json:"total"`
		Limit *int64         `json:"limit"`
	}{Links: []operatorLink{}}
	taken, limit, err := s.Shares.LinksTaken(c.Request().Context())
	if err != nil {
		return err
	}
	if answer.Total = taken; limit != 0 {
		answer.Limit = &limit
	}
	if !possible {
		return c.JSON(http.StatusOK, answer)
	}
	names, err := s.Accounts.Names(c.Request().Context())
	if err != nil {
		return err
	}
	links, err := s.Shares.AllLinks(c.Request().Context(), filter)
	if err != nil {
		return err
	}
	for _, l := range links {
		row := operatorLink{
			ID: l.ID.String(), Owner: names[accounts.ID(l.Account)], State: string(l.State), Message: l.Message, Size: l.Size, ManifestSize: l.ManifestSize,
			Created: stamp(l.Created), Expires: stampUnlessZero(l.Expires), Visits: l.Visits, LastOpened: stampUnlessZero(l.LastOpened),
			WrongTokens: l.WrongTokens, Reports: l.Reports,
		}
		if l.MaxVisits != 0 {
			row.MaxVisits = &l.MaxVisits
		}
		answer.Links = append(answer.Links, row)
	}
	if len(links) == shares.LinksAPage {
		answer.Next = &links[len(links)-1].Serial
	}
	return c.JSON(http.StatusOK, answer)
}

// linkFilter reads after=SERIAL and find=ID or find=NAME. Of what nobody has there can be no link.
func (s *Server) linkFilter(c echo.Context) (filter shares.LinkFilter, possible bool, err error) {
	if text := c.QueryParam("after"); text != "" {
		if filter.Before, err = strconv.ParseInt(text, 10, 64); err != nil || filter.Before < 1 {
			return filter, false, errBadRequest
		}
	}
	find := c.QueryParam("find")
	if find == "" {
		return filter, true, nil
	}
	if name, err := accounts.ParseName(find); err == nil {
		owner, err := s.Accounts.ByName(c.Request().Context(), name)
		if err == nil {
			account := [16]byte(owner.ID)
			filter.Account = &account
			return filter, true, nil
		} else if !errors.Is(err, accounts.ErrNotFound) {
			return filter, false, err
		}
	}
	id, err := shares.ParseID(find)
	filter.ID = &id
	return filter, err == nil, nil
}
