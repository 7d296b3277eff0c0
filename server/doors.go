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
	account, err := s.byAppPassword(c)
	if err != nil {
		return err
	}
	s.Drive.Serve(w, r, "/dav", driveOf(account))
	return nil
}

// rootDoor answers those who look at the root before they come to /dav/. Windows starts its WebDAV client only if OPTIONS here says DAV, and both its
// redirector and Office ask PROPFIND about the folders above the one that they were given. They find a folder, and nothing in it.
func (s *Server) rootDoor(c echo.Context) error {
	w, r := c.Response().Writer, c.Request()
	if r.Method == http.MethodOptions {
		dav.Options(w, r)
		return nil
	}
	account, err := s.byAppPassword(c)
	if err != nil {
		return err
	}
	r.Header.Set("Depth", "0")
	s.Drive.Serve(w, r, "", driveOf(account))
	return nil
}

// byAppPassword is the account whose name and app password stand in the request.
func (s *Server) byAppPassword(c echo.Context) (*accounts.Account, error) {
	typed, password, given := c.Request().BasicAuth()
	if !given {
		return nil, s.askForAppPassword(c, errNotSignedIn)
	}
	name, err := accounts.ParseName(typed)
	if err != nil {
		return nil, s.askForAppPassword(c, errNotSignedIn)
	}
	account, err := s.Accounts.ByAppPassword(c.Request().Context(), name, password)
	if errors.Is(err, accounts.ErrWrongKey) {
		// The bound spares the server work; guessing 160 random bits is hopeless anyhow, so whoever has the right ones is let in
		// however often others failed.
		if _, wait, ok := s.signIns.take("app password "+network(c), perNetwork); !ok {
			return nil, slowDown(wait)
		}
		return nil, s.askForAppPassword(c, errNotSignedIn)
	}
	return account, err
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
