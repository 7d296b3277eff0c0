package server

import (
	"errors"

	"github.com/labstack/echo/v4"

	"thorpe/dav"
	"thorpe/server/accounts"
)

func driveOf(a *accounts.Account) dav.Drive {
	return dav.Drive{ID: a.ID, Name: a.Name, Quota: a.Quota}
}

// driveHere is the signed-in account's drive, as asked for by its browser.
func driveHere(c echo.Context) dav.Drive {
	d := driveOf(account(c))
	d.Device = session(c).Agent
	return d
}

// davDoor is WebDAV for everything that mounts: an app password, and nothing else, opens it.
func (s *Server) davDoor(c echo.Context) error {
	account, label, err := s.byAppPassword(c)
	if err != nil {
		return err
	}
	d := driveOf(account)
	d.Device = label
	movingOf(c).of(account.Name)
	s.Drive.Serve(c.Response().Writer, s.whole(c.Request()), s.at("/dav"), d)
	return nil
}

// byAppPassword is the account whose name and app password the request gives, and the password's label. Without, the answer asks for them; it is the same for all that do
// not open the door, whether the name is anybody's or not.
func (s *Server) byAppPassword(c echo.Context) (*accounts.Account, string, error) {
	if c.Request().Header.Get("Authorization") == "" {
		return nil, "", s.askForAppPassword(c, errNotSignedIn)
	}
	typed, password, given := c.Request().BasicAuth()
	name, err := accounts.ParseName(typed)
	if !given || err != nil {
		return nil, "", s.askForAppPassword(c, errNoAppPassword)
	}
	account, label, err := s.Accounts.ByAppPassword(c.Request().Context(), name, password)
	switch {
	case errors.Is(err, accounts.ErrWrongKey):
		// The bound spares the server work; guessing 160 random bits is hopeless anyhow, so whoever has the right ones is let in
		// however often others failed.
		if _, wait, ok := s.signIns.take("app password "+s.network(c), perNetwork); !ok {
			return nil, "", slowDown(wait)
		}
		return nil, "", s.askForAppPassword(c, errNoAppPassword)
	case err != nil:
		return nil, "", err
	}
	return account, label, nil
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
	s.Drive.Serve(c.Response().Writer, s.whole(c.Request()), s.at("/files"), driveHere(c))
	return nil
}
