package server

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"thorpe/dav"
	"thorpe/server/accounts"
)

func driveOf(a *accounts.Account) dav.Drive { return dav.Drive{ID: a.ID, Name: a.Name} }

// davDoor is WebDAV for everything that mounts: an app password, and nothing else, opens it. OPTIONS needs none, because
// clients ask it before they know that they have to sign in.
func (s *Server) davDoor(c echo.Context) error {
	w, r := c.Response().Writer, c.Request()
	if r.Method == http.MethodOptions {
		dav.Options(w, r)
		return nil
	}
	typed, password, given := r.BasicAuth()
	if !given {
		return s.askForAppPassword(c, errNotSignedIn)
	}
	name, err := accounts.ParseName(typed)
	if err != nil {
		return s.askForAppPassword(c, errNotSignedIn)
	}
	account, err := s.Accounts.ByAppPassword(r.Context(), name, password)
	switch {
	case errors.Is(err, accounts.ErrWrongKey):
		// The bound spares the server work; guessing 160 random bits is hopeless anyhow, so whoever has the right ones is let in
		// however often others failed.
		if _, wait, ok := s.signIns.take("app password "+network(c), perNetwork); !ok {
			return slowDown(wait)
		}
		return s.askForAppPassword(c, errNotSignedIn)
	case err != nil:
		return err
	}
	s.Drive.Serve(w, r, "/dav", driveOf(account))
	return nil
}

func (s *Server) askForAppPassword(c echo.Context, err error) error {
	c.Response().Header().Set("WWW-Authenticate", `Basic realm="Thorpe: use an app password", charset="UTF-8"`)
	return err
}

// filesDoor is the same WebDAV for the web drive: a session opens it, from this server's own pages only.
func (s *Server) filesDoor(c echo.Context) error {
	if !s.fromHere(c.Request()) {
		return errCrossSite
	}
	s.Drive.Serve(c.Response().Writer, c.Request(), "/files", driveOf(account(c)))
	return nil
}
