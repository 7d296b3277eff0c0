package server

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

var errWrongRecoveryKey = fault{status: http.StatusForbidden, code: "wrong_recovery_key", sentence: "The name or the recovery key is wrong."}

// recovering runs check as a guess of the recovery key of that name.
func (s *Server) recovering(c echo.Context, typed string, check func(name string) error) error {
	name, err := accounts.ParseName(typed)
	if err != nil {
		return errWrongRecoveryKey.because(nil) // nobody has it
	}
	err = s.guess(c, name, accounts.ErrWrongKey, func() error { return check(name) })
	if errors.Is(err, accounts.ErrWrongKey) {
		return errWrongRecoveryKey.because(err)
	}
	return err
}

// recoveryShow gives the recovery box to whoever holds the recovery key.
func (s *Server) recoveryShow(c echo.Context) error {
	var request struct {
		Name         string
		RecoveryAuth key32 `json:"recovery_auth"`
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	return s.recovering(c, request.Name, func(name string) error {
		account, box, err := s.Accounts.RecoveryBox(c.Request().Context(), name, request.RecoveryAuth)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]any{"account": answerAccount(account), "recovery": binary(box[:])})
	})
}

// recoveryUse sets a new password and a new recovery key for whoever holds the old recovery key, and signs them in.
func (s *Server) recoveryUse(c echo.Context) error {
	var request struct {
		Name            string
		RecoveryAuth    key32 `json:"recovery_auth"`
		Salt            key16
		Auth            key32
		Wrap            box60
		NewRecoveryAuth key32 `json:"new_recovery_auth"`
		NewRecovery     box60 `json:"new_recovery"`
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	if err := required(request.Salt, request.Auth, request.Wrap, request.NewRecoveryAuth, request.NewRecovery); err != nil {
		return err
	}
	return s.recovering(c, request.Name, func(name string) error {
		account, token, err := s.Accounts.Recover(c.Request().Context(), name, request.RecoveryAuth, accounts.Keys{
			Salt: request.Salt, Auth: request.Auth, Wrap: request.Wrap, RecoveryAuth: request.NewRecoveryAuth, Recovery: request.NewRecovery,
		}, c.Request().UserAgent())
		if err != nil {
			return err
		}
		s.startSession(c, token)
		return c.JSON(http.StatusOK, map[string]any{"account": answerAccount(account)})
	})
}

// recoveryKeyChange replaces the recovery key.
func (s *Server) recoveryKeyChange(c echo.Context) error {
	var request struct {
		Auth         *key32
		RecoveryAuth key32 `json:"recovery_auth"`
		Recovery     box60
	}
	if err := parse(c, &request); err != nil {
		return err
	}
	if err := required(request.RecoveryAuth, request.Recovery); err != nil {
		return err
	}
	if err := s.prove(c, request.Auth); err != nil {
		return err
	}
	keys := accounts.Keys{RecoveryAuth: request.RecoveryAuth, Recovery: request.Recovery}
	if err := s.Accounts.NewRecoveryKey(c.Request().Context(), account(c).ID, keys); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
