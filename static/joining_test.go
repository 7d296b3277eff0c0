package static_test

import (
	"encoding/base64"
	"fmt"
	"sync"
	"testing"

	"thorpe/server/accounts"
	"thorpe/shares/accountkeys"
	"thorpe/static/browsertest"
)

const (
	goodPassword  = "correct horse battery staple"
	guestPassword = "a guest has words of his own"
)

// newKeys is what browsers make of a password for a new account. It takes a second, so it is made once for all tests.
type newKeys struct {
	id          accounts.ID
	keys        accounts.Keys
	accountKey  accountkeys.Key
	recoveryKey string // as it is shown
}

var (
	annsKeys = sync.OnceValues(func() (newKeys, error) { return keysFrom(goodPassword) })
	bobsKeys = sync.OnceValues(func() (newKeys, error) { return keysFrom(guestPassword) })
)

func keysFrom(password string) (n newKeys, err error) {
	made, err := accountkeys.New(password)
	if err != nil {
		return n, err
	}
	n.id, n.recoveryKey = accounts.ID(made.ID), accountkeys.FormatRecoveryKey(made.RecoveryKey)
	n.keys = accounts.Keys{Salt: made.Salt, Auth: made.Auth, RecoveryAuth: made.RecoveryAuth}
	copy(n.keys.Wrap[:], made.Wrap)
	copy(n.keys.Recovery[:], made.Recovery)
	n.accountKey, err = accountkeys.OpenRecovery(accountkeys.FromRecovery(made.RecoveryKey).Wrap, made.ID, made.Recovery)
	return n, err
}

// ann is a browser in which the operator has made her account and stands in her drive. How a person makes one is for [setUp].
func ann(t *testing.T, s *site) (b *browsertest.Browser, recoveryKey string) {
	t.Helper()
	token, err := s.Accounts.NewSetup(t.Context())
	must(t, err)
	n, err := annsKeys()
	must(t, err)
	return joined(t, s, token, "ann", n), n.recoveryKey
}

// bob is the browser of a guest, in his drive.
func bob(t *testing.T, s *site) *browsertest.Browser {
	t.Helper()
	token, _, err := s.Accounts.NewInvite(t.Context(), "bob")
	must(t, err)
	n, err := bobsKeys()
	must(t, err)
	return joined(t, s, token, "bob", n)
}

// joined is a browser as it is after somebody made an account in it: with the session's cookie, and the account's key in its store.
func joined(t *testing.T, s *site, token accounts.Token, name string, n newKeys) *browsertest.Browser {
	t.Helper()
	b := browsertest.New(t)
	b.Open(s.URL + "/about")
	var agent string
	b.Eval("navigator.userAgent", &agent)
	account, session, err := s.Accounts.Create(t.Context(), token, n.id, name, n.keys, agent)
	must(t, err)
	b.SetCookie("thorpe", base64.RawURLEncoding.EncodeToString(session[:]))
	b.Eval(fmt.Sprintf("import(%q).then(({keep}) => keep({id: %q, name: %q, operator: %t}, Uint8Array.fromBase64(%q)))", s.tree.Path()+"/account-store.js",
		account.ID, name, account.Operator, base64.StdEncoding.EncodeToString(n.accountKey[:])), nil)
	b.Open(s.URL)
	b.WaitText("Nothing here yet")
	return b
}
