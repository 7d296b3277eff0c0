package server

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/server/accounts"
)

// cookieName is __Host-thorpe where the server is reached by https. On plain http, which only localhost has, Safari keeps
// no Secure cookie, and so none with that prefix.
//
// Below a base path the name has that at its end, so that two servers on one host do not sign each other out. The cookie's own path stays "/", which __Host- demands: that
// prefix keeps other hosts of the domain from planting a session here, and they are strangers. A Path of /cloud/ would keep the cookie from the host's other servers, whose
// pages are of this origin and can do all that its holder can.
func (s *Server) cookieName() string {
	name := "thorpe" + strings.ReplaceAll(s.base, "/", "~") // no base path has a "~" in it
	if s.URL.Scheme == "https" {
		return "__Host-" + name
	}
	return name
}

func (s *Server) setCookie(c echo.Context, value string, life time.Duration) {
	c.SetCookie(&http.Cookie{
		Name: s.cookieName(), Value: value, Path: "/", MaxAge: int(life / time.Second),
		Secure: s.URL.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (s *Server) startSession(c echo.Context, token accounts.Token) {
	s.setCookie(c, binary(token[:]), accounts.SessionLife)
}

func (s *Server) dropCookie(c echo.Context) { s.setCookie(c, "", -time.Second) }

// findSession returns the session whose cookie the request carries, or not_signed_in.
func (s *Server) findSession(c echo.Context) (*accounts.Session, error) {
	cookie, err := c.Cookie(s.cookieName())
	if err != nil {
		return nil, errNotSignedIn
	}
	var token accounts.Token
	if decodeBinary(token[:], cookie.Value) != nil {
		return nil, errNotSignedIn
	}
	found, err := s.Accounts.Session(c.Request().Context(), token)
	if errors.Is(err, accounts.ErrNotFound) {
		return nil, errNotSignedIn
	}
	if err == nil && found.Noted {
		s.startSession(c, token) // the cookie lives 30 days from its last use, as the session does
	}
	return found, err
}

// signedIn lets only a session through; session(c) and account(c) then give it.
func (s *Server) signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		found, err := s.findSession(c)
		if err != nil {
			return err
		}
		if meant := c.Request().Header.Get("Thorpe-Account"); meant != "" && meant != found.Account.ID.String() {
			return errNotSignedIn // the page is another account's, which has signed out since
		}
		c.Set("session", found)
		movingOf(c).of(found.Account.Name)
		return next(c)
	}
}

// operating lets only an operator's session through; to others the route is not there.
func (s *Server) operating(next echo.HandlerFunc) echo.HandlerFunc {
	return s.signedIn(func(c echo.Context) error {
		if !account(c).Operator {
			return errNotFound
		}
		return next(c)
	})
}

// session is the session of a request that signedIn let through.
func session(c echo.Context) *accounts.Session { return c.Get("session").(*accounts.Session) }

// account is the account of a request that signedIn let through.
func account(c echo.Context) *accounts.Account { return &session(c).Account }

// prove lets through a session that has shown the auth key within ten minutes, or shows it now, in auth.
func (s *Server) prove(c echo.Context, auth *key32) error {
	if auth != nil {
		return s.showProof(c, *auth)
	}
	if !session(c).HasProof(s.Now()) {
		return accounts.ErrProofNeeded
	}
	return nil
}

func (s *Server) showProof(c echo.Context, auth key32) error {
	return s.guess(c, account(c).Name, accounts.ErrWrongKey, func() error {
		return s.Accounts.Prove(c.Request().Context(), session(c), auth)
	})
}
