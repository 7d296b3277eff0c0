package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"thorpe/shares/accountkeys"
)

// Session is an account that is signed in, and its key.
type Session struct {
	// CookieName and Cookie are the session's cookie, as the server set it.
	CookieName, Cookie string
	Account            accountkeys.AccountID
	Name               string
	AccountKey         accountkeys.Key
}

// String hides the session from logs and errors.
func (s Session) String() string { return "(session)" }

// GoString hides it too.
func (s Session) GoString() string { return "(session)" }

// ErrNotSignedIn: there is no session.
var ErrNotSignedIn = errors.New("nobody is signed in")

// SignIn signs in as a browser does: the password stays here, the server is shown the auth key. It refuses, besides the
// server's refusals, what accountkeys.FromPassword refuses, and with accountkeys.BadBox an account key that does not
// open.
func (c *Client) SignIn(ctx context.Context, name, password string) (*Session, error) {
	var salted struct {
		Salt binary `json:"salt"`
	}
	err := c.Retries.few().again(ctx, func() error {
		r, err := c.request(ctx, http.MethodPost, "/api/salt", nil)
		if err != nil {
			return err
		}
		_, err = c.call(r, map[string]string{"name": name}, &salted)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("signing in: %w", err)
	}
	if len(salted.Salt) != accountkeys.SaltSize {
		return nil, errNotThorpe
	}
	keys, err := accountkeys.FromPassword(password, salted.Salt)
	if err != nil {
		return nil, fmt.Errorf("signing in: %w", err)
	}
	r, err := c.request(ctx, http.MethodPost, "/api/session", nil)
	if err != nil {
		return nil, err
	}
	var signedIn struct {
		Account struct {
			ID   binary `json:"id"`
			Name string `json:"name"`
		} `json:"account"`
		Wrap binary `json:"wrap"`
	}
	// Not tried again: each try counts as a guess.
	answer, err := c.call(r, map[string]any{"name": name, "auth": binary(keys.Auth[:])}, &signedIn)
	if err != nil {
		return nil, fmt.Errorf("signing in: %w", err)
	}
	session := &Session{Name: printable(signedIn.Account.Name)}
	for _, cookie := range answer.Cookies() {
		if name, _, _ := strings.Cut(strings.TrimPrefix(cookie.Name, "__Host-"), "~"); name == "thorpe" { // below a base path, that follows
			session.CookieName, session.Cookie = cookie.Name, cookie.Value
		}
	}
	if session.Cookie == "" || len(signedIn.Account.ID) != len(session.Account) {
		return nil, errNotThorpe
	}
	session.Account = accountkeys.AccountID(signedIn.Account.ID)
	if session.AccountKey, err = accountkeys.OpenAccountKey(keys.Wrap, session.Account, signedIn.Wrap); err != nil {
		return nil, fmt.Errorf("signing in: %w", err)
	}
	return session, nil
}
