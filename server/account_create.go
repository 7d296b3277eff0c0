package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

// invitationShow tells what a setup or invite token is good for.
func (s *Server) invitationShow(c echo.Context) error {
	var request struct{ Token key32 }
	if err := parse(c, &request); err != nil {
		return err
	}
	if _, wait, ok := s.requests.take("token "+s.network(c), requestsANetwork); !ok {
		return slowDown(wait)
	}
	found, err := s.Accounts.Invitation(c.Request().Context(), accounts.Token(request.Token))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"operator": found.Operator, "name": found.Name})
}

// accountCreate makes the account that a token is good for, and signs it in.
func (s *Server) accountCreate(c echo.Context) error {
	var request struct {
		Token        key32
		ID           key16
		Name         string
		Salt         key16
		Auth         key32
		Wrap         box60
		RecoveryAuth key32 `json:"recovery_auth"`
		Recovery     box60
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	if err := required(request.Token, request.ID, request.Salt, request.Auth, request.Wrap, request.RecoveryAuth, request.Recovery); err != nil {
		return err
	}
	name, err := accounts.ParseName(request.Name)
	if err != nil {
		return err
	}
	if _, wait, ok := s.requests.take("token "+s.network(c), requestsANetwork); !ok {
		return slowDown(wait)
	}
	account, token, err := s.Accounts.Create(c.Request().Context(), accounts.Token(request.Token), accounts.ID(request.ID), name, accounts.Keys{
		Salt: request.Salt, Auth: request.Auth, Wrap: request.Wrap, RecoveryAuth: request.RecoveryAuth, Recovery: request.Recovery,
	}, c.Request().UserAgent())
	if err != nil {
		return err
	}
	s.startSession(c, token)
	return c.JSON(http.StatusCreated, map[string]any{"account": answerAccount(account)})
}
