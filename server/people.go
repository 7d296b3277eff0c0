package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

// InviteLink is the link that a token stands in, behind the #, where no log sees it.
func (s *Server) InviteLink(token accounts.Token) string {
	return s.URL.JoinPath("/invite").String() + "#" + binary(token[:])
}

// SetupLink is the link that a setup token stands in.
func (s *Server) SetupLink(token accounts.Token) string {
	return s.URL.JoinPath("/setup").String() + "#" + binary(token[:])
}

// peopleList lists accounts and open invites, for the operator.
func (s *Server) peopleList(c echo.Context) error {
	people, err := s.Accounts.People(c.Request().Context())
	if err != nil {
		return err
	}
	invites, err := s.Accounts.Invites(c.Request().Context())
	if err != nil {
		return err
	}
	type person struct {
		accountAnswer
		Created string  `json:"created"`
		Seen    *string `json:"seen"`
		Used    *int64  `json:"used"`
		Quota   *int64  `json:"quota"`
	}
	type invite struct {
		ID      int64  `json:"id"`
		Name    string `json:"name"`
		Created string `json:"created"`
		Expires string `json:"expires"`
	}
	answer := struct {
		People  []person `json:"people"`
		Invites []invite `json:"invites"`
	}{[]person{}, []invite{}}
	for i := range people {
		p := &people[i]
		answer.People = append(answer.People, person{
			answerAccount(&p.Account), stamp(p.Created), stampOrNull(p.Seen), s.usedOrNull(c, &p.Account), quotaOrNull(&p.Account),
		})
	}
	for _, i := range invites {
		answer.Invites = append(answer.Invites, invite{i.ID, i.Name, stamp(i.Created), stamp(i.Expires)})
	}
	return c.JSON(http.StatusOK, answer)
}

// usedOrNull is what an account's drive and links take. A drive that cannot be looked at hides nobody from the operator.
func (s *Server) usedOrNull(c echo.Context, a *accounts.Account) *int64 {
	space, err := s.Drive.Space(c.Request().Context(), driveOf(a))
	if err != nil {
		s.Log.WarnContext(c.Request().Context(), "what a drive holds could not be told", "account", a.ID, "error", err)
		return nil
	}
	return &space.Used
}

// inviteCreate makes an invite link and shows it, this once.
func (s *Server) inviteCreate(c echo.Context) error {
	var request struct {
		Auth *key32
		Name string
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	name := request.Name
	if name != "" {
		var err error
		if name, err = accounts.ParseName(name); err != nil {
			return err
		}
	}
	if err := s.prove(c, request.Auth); err != nil {
		return err
	}
	token, invite, err := s.Accounts.NewInvite(c.Request().Context(), name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]any{"id": invite.ID, "link": s.InviteLink(token), "expires": stamp(invite.Expires)})
}

// inviteDelete ends an invite link.
func (s *Server) inviteDelete(c echo.Context) error {
	id, err := idParam(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.EndInvite(c.Request().Context(), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
