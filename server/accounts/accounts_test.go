package accounts_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"thorpe/server/accounts"
	"thorpe/server/database/databasetest"
)

// rig is a store with a clock that the test moves.
type rig struct {
	*accounts.Store
	now  time.Time
	path string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{now: time.Date(2026, 8, 1, 10, 0, 0, 0, time.UTC), path: filepath.Join(t.TempDir(), "thorpe.db")}
	r.Store = r.open(t)
	return r
}

// open opens another store over the same database, as another process would.
func (r *rig) open(t *testing.T) *accounts.Store {
	t.Helper()
	db := databasetest.Open(t, r.path)
	s, err := accounts.New(t.Context(), db, func() time.Time { return r.now }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); db.Close() })
	return s
}

func keys(seed byte) accounts.Keys {
	return accounts.Keys{Salt: [16]byte{seed}, Auth: [32]byte{seed, 1}, Wrap: [60]byte{seed, 2}, RecoveryAuth: [32]byte{seed, 3}, Recovery: [60]byte{seed, 4}}
}

func id(seed byte) accounts.ID { return accounts.ID{seed, 9} }

// add makes an account without an invite.
func (r *rig) add(t *testing.T, name string, seed byte) *accounts.Account {
	t.Helper()
	a, err := r.Add(t.Context(), id(seed), name, keys(seed))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func wantError(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v; want %v", what, got, want)
	}
}

// C10 of the attacks: account names have one canonical form, and their folders never collide or escape.
func TestNamesHaveOneForm(t *testing.T) {
	for typed, want := range map[string]string{
		"ann": "ann", "Ann": "ann", "ADMIN": "admin", "a.b-c_d": "a.b-c_d", "0": "0", "console": "console",
		"a2345678901234567890123456789012": "a2345678901234567890123456789012",
	} {
		if got, err := accounts.ParseName(typed); got != want || err != nil {
			t.Errorf("ParseName(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{
		"", ".", "..", "a/b", `a\b`, "a b", " ann", "ann ", "ann.", ".ann", "-ann", "аdmin" /* Cyrillic а */, "José", "e\u0301", "\u212a" /* Kelvin sign */, "con", "CON", "nul.txt",
		"com1", "lpt9.a", "a\x00", "a\nb", "a23456789012345678901234567890123", "ann\xff", "İ",
	} {
		if got, err := accounts.ParseName(typed); err == nil {
			t.Errorf("ParseName(%q) = %q; want it refused", typed, got)
		}
	}
}

func TestSetupLinkWorksOnceAndMakesTheOperator(t *testing.T) {
	r, ctx := newRig(t), t.Context()
	old, err := r.NewSetup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	token, err := r.NewSetup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = r.Create(ctx, old, id(1), "ann", keys(1), "")
	wantError(t, "an earlier setup link", err, accounts.ErrBadToken)
	ann, session, err := r.Create(ctx, token, id(1), "ann", keys(1), "Firefox")
	if err != nil || !ann.Operator {
		t.Fatalf("Create = %+v, %v; want an operator", ann, err)
	}
	if s, err := r.Session(ctx, session); err != nil || s.Account.Name != "ann" || s.Agent != "Firefox" {
		t.Errorf("Session = %+v, %v", s, err)
	}
	_, _, err = r.Create(ctx, token, id(2), "eve", keys(2), "")
	wantError(t, "the used setup link", err, accounts.ErrBadToken)
	_, err = r.NewSetup(ctx)
	wantError(t, "a setup link for a server that is set up", err, accounts.ErrBadToken)
}

func TestSetupLinkUsedByTwoAtOnceMakesOneOperator(t *testing.T) {
	r := newRig(t)
	token, err := r.NewSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	made := make(chan string, 8)
	for i, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		wg.Go(func() {
			if _, _, err := r.Create(context.WithoutCancel(t.Context()), token, id(byte(i+1)), name, keys(byte(i+1)), ""); err == nil {
				made <- name
			}
		})
	}
	wg.Wait()
	if len(made) != 1 {
		t.Errorf("%d accounts were made through one setup link; want 1", len(made))
	}
}

func TestInviteIsForItsNameAndItsTime(t *testing.T) {
	r, ctx := newRig(t), t.Context()
	r.add(t, "ann", 1)
	_, _, err := r.NewInvite(ctx, "ann")
	wantError(t, "inviting a name that is taken", err, accounts.ErrNameTaken)
	token, _, err := r.NewInvite(ctx, "bob")
	if err != nil {
		t.Fatal(err)
	}
	if i, err := r.Invitation(ctx, token); err != nil || i.Name != "bob" || i.Operator {
		t.Errorf("Invitation = %+v, %v", i, err)
	}
	_, _, err = r.Create(ctx, token, id(2), "eve", keys(2), "")
	wantError(t, "another name than invited", err, accounts.ErrBadName)
	r.now = r.now.Add(accounts.InviteLife)
	_, _, err = r.Create(ctx, token, id(2), "bob", keys(2), "")
	wantError(t, "an expired invite", err, accounts.ErrBadToken)

	open, _, err := r.NewInvite(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = r.Create(ctx, open, id(2), "ann", keys(2), "")
	wantError(t, "a name that is taken", err, accounts.ErrNameTaken)
	_, _, err = r.Create(ctx, open, id(1), "bob", keys(2), "")
	wantError(t, "an id that is taken", err, accounts.ErrAccountTwice)
	bob, _, err := r.Create(ctx, open, id(2), "bob", keys(2), "")
	if err != nil || bob.Operator {
		t.Errorf("Create = %+v, %v; want no operator", bob, err)
	}
}

func TestSignInNeedsTheAuthKey(t *testing.T) {
	r, ctx := newRig(t), t.Context()
	r.add(t, "ann", 1)
	_, box, session, err := r.SignIn(ctx, "ann", keys(1).Auth, "")
	if err != nil || box.Wrap != keys(1).Wrap || box.Salt != keys(1).Salt {
		t.Fatalf("SignIn = %+v, %v", box, err)
	}
	if _, err := r.Session(ctx, session); err != nil {
		t.Error(err)
	}
	_, _, _, err = r.SignIn(ctx, "ann", keys(2).Auth, "")
	wantError(t, "a wrong key", err, accounts.ErrWrongKey)
	_, _, _, err = r.SignIn(ctx, "nobody", [32]byte{}, "")
	wantError(t, "a name that nobody has, with no key", err, accounts.ErrWrongKey)
	_, err = r.Session(ctx, accounts.Token{})
	wantError(t, "no session", err, accounts.ErrNotFound)
}

// C1: the salt of a name that nobody has is stable and looks like any other.
func TestSaltOfAnUnknownNameIsStable(t *testing.T) {
	r, ctx := newRig(t), t.Context()
	r.add(t, "ann", 1)
	if salt, err := r.Salt(ctx, "ann"); err != nil || salt != keys(1).Salt {
		t.Errorf("Salt(ann) = %x, %v", salt, err)
	}
	first, err1 := r.Salt(ctx, "nobody")
	again, err2 := r.open(t).Salt(ctx, "nobody")
	other, err3 := r.Salt(ctx, "somebody")
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	if first != again || first == other || first == [16]byte{} {
		t.Errorf("salts of unknown names: %x, after a restart %x, of another %x", first, again, other)
	}
}

// C7: a session ends with sign-out, with another's change of password, and after thirty days without use.
func TestSessionsEnd(t *testing.T) {
	r, ctx := newRig(t), t.Context()
	ann := r.add(t, "ann", 1)
	bob := r.add(t, "bob", 2)
	signIn := func() (accounts.Token, *accounts.Session) {
		_, _, token, err := r.SignIn(ctx, "ann", keys(1).Auth, "")
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.Session(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		return token, s
	}
	first, s := signIn()
	wantError(t, "ending another's session", r.EndSession(ctx, bob.ID, s.ID), accounts.ErrNotFound)
	wantError(t, "ending a session", r.EndSession(ctx, ann.ID, s.ID), nil)
	_, err := r.Session(ctx, first)
	wantError(t, "an ended session", err, accounts.ErrNotFound)

	second, s2 := signIn()
	third, _ := signIn()
	changed := keys(1)
	changed.Auth = [32]byte{7}
	wantError(t, "changing the password without the old", r.ChangePassword(ctx, s2, keys(9).Auth, changed), accounts.ErrWrongKey)
	if err := r.ChangePassword(ctx, s2, keys(1).Auth, changed); err != nil {
		t.Fatal(err)
	}
	_, err = r.Session(ctx, third)
	wantError(t, "another session after a change of password", err, accounts.ErrNotFound)
	_, _, _, err = r.SignIn(ctx, "ann", keys(1).Auth, "")
	wantError(t, "the old password", err, accounts.ErrWrongKey)

	r.now = r.now.Add(accounts.SessionLife - time.Second)
	if _, err := r.Session(ctx, second); err != nil {
		t.Errorf("a session used within thirty days: %v", err)
	}
	r.now = r.now.Add(accounts.SessionLife - time.Second)
	if _, err := r.Session(ctx, second); err != nil {
		t.Errorf("a session that was used since: %v", err)
	}
	r.now = r.now.Add(accounts.SessionLife)
	_, err = r.Session(ctx, second)
	wantError(t, "a session unused for thirty days", err, accounts.ErrNotFound)
}

func TestAnAccountHasAHundredSessionsAtMost(t *testing.T) {
	r, ctx := newRig(t), t.Context()
	ann, _ := r.add(t, "ann", 1), r.add(t, "bob", 2)
	_, _, bobs, err := r.SignIn(ctx, "bob", keys(2).Auth, "")
	if err != nil {
		t.Fatal(err)
	}
	var tokens []accounts.Token
	for range 102 {
		r.now = r.now.Add(time.Second)
		_, _, token, err := r.SignIn(ctx, "ann", keys(1).Auth, "")
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	if list, err := r.Sessions(ctx, ann.ID); err != nil || len(list) != 100 {
		t.Errorf("%d sessions, %v", len(list), err)
	}
	_, err = r.Session(ctx, tokens[1])
	wantError(t, "the second oldest of 102 sessions", err, accounts.ErrNotFound)
	for _, token := range []accounts.Token{tokens[2], tokens[101], bobs} {
		if _, err := r.Session(ctx, token); err != nil {
			t.Error(err)
		}
	}
}

func TestProofLastsTenMinutes(t *testing.T) {
	r, ctx := newRig(t), t.Context()
	r.add(t, "ann", 1)
	_, _, token, err := r.SignIn(ctx, "ann", keys(1).Auth, "")
	if err != nil {
		t.Fatal(err)
	}
	has := func() bool {
		s, err := r.Session(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		return s.HasProof(r.now)
	}
	if !has() {
		t.Error("signing in is no proof")
	}
	r.now = r.now.Add(-5 * 365 * 24 * time.Hour)
	if has() {
		t.Error("where the clock was set back by five years, the proof holds for as long")
	}
	r.now = r.now.Add(5 * 365 * 24 * time.Hour)
	r.now = r.now.Add(accounts.ProofLife)
	if has() {
		t.Error("the proof still holds after ten minutes")
	}
	s, _ := r.Session(ctx, token)
	wantError(t, "a wrong key", r.Prove(ctx, s, keys(2).Auth), accounts.ErrWrongKey)
	if has() {
		t.Error("a wrong key was a proof")
	}
	if err := r.Prove(ctx, s, keys(1).Auth); err != nil || !has() {
		t.Errorf("Prove: %v, proof %v", err, has())
	}
}

func TestRecoveryReplacesEverythingAtOnce(t *testing.T) {
	r, ctx := newRig(t), t.Context()
	ann := r.add(t, "ann", 1)
	_, _, session, err := r.SignIn(ctx, "ann", keys(1).Auth, "")
	if err != nil {
		t.Fatal(err)
	}
	_, secret, err := r.NewAppPassword(ctx, ann.ID, "laptop")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ann", "nobody"} {
		_, _, err := r.RecoveryBox(ctx, name, [32]byte{})
		wantError(t, "recovering "+name+" without the key", err, accounts.ErrWrongKey)
		_, _, err = r.Recover(ctx, name, [32]byte{}, keys(5), "")
		wantError(t, "recovering "+name+" without the key", err, accounts.ErrWrongKey)
	}
	if _, box, err := r.RecoveryBox(ctx, "ann", keys(1).RecoveryAuth); err != nil || box != keys(1).Recovery {
		t.Errorf("RecoveryBox = %x, %v", box, err)
	}
	_, fresh, err := r.Recover(ctx, "ann", keys(1).RecoveryAuth, keys(5), "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Session(ctx, session)
	wantError(t, "an old session", err, accounts.ErrNotFound)
	_, _, err = r.ByAppPassword(ctx, "ann", secret)
	wantError(t, "an old app password", err, accounts.ErrWrongKey)
	_, _, err = r.RecoveryBox(ctx, "ann", keys(1).RecoveryAuth)
	wantError(t, "the old recovery key", err, accounts.ErrWrongKey)
	if _, err := r.Session(ctx, fresh); err != nil {
		t.Error(err)
	}
	if _, _, _, err := r.SignIn(ctx, "ann", keys(5).Auth, ""); err != nil {
		t.Error(err)
	}
}

func TestAppPasswordsOpenTheirOwnAccountUntilRevoked(t *testing.T) {
	r, ctx := newRig(t), t.Context()
	ann, bob := r.add(t, "ann", 1), r.add(t, "bob", 2)
	made, secret, err := r.NewAppPassword(ctx, ann.ID, " laptop ")
	if err != nil || made.Label != "laptop" || len(secret) != 39 {
		t.Fatalf("NewAppPassword = %+v, %d characters, %v", made, len(secret), err)
	}
	for range 2 { // from the database, then from the cache
		for _, written := range []string{secret, "  " + secret[:4] + " " + secret[5:]} {
			if a, label, err := r.ByAppPassword(ctx, "ann", written); err != nil || a.ID != ann.ID || label != "laptop" {
				t.Errorf("ByAppPassword = %+v, %q, %v", a, label, err)
			}
		}
		_, _, err = r.ByAppPassword(ctx, "bob", secret)
		wantError(t, "another's password", err, accounts.ErrWrongKey)
		_, _, err = r.ByAppPassword(ctx, "ann", "")
		wantError(t, "no password", err, accounts.ErrWrongKey)
	}
	if list, err := r.AppPasswords(ctx, ann.ID); err != nil || len(list) != 1 || list[0].Used == nil || !list[0].Used.Equal(r.now) {
		t.Errorf("AppPasswords = %+v, %v; want one that was used", list, err)
	}
	wantError(t, "revoking another's", r.Revoke(ctx, bob.ID, made.ID), accounts.ErrNotFound)
	if _, _, err := r.ByAppPassword(ctx, "ann", secret); err != nil {
		t.Error(err)
	}
	// Another process revokes it: the cache must notice.
	if err := r.open(t).Revoke(ctx, ann.ID, made.ID); err != nil {
		t.Fatal(err)
	}
	_, _, err = r.ByAppPassword(ctx, "ann", secret)
	wantError(t, "a revoked app password", err, accounts.ErrWrongKey)
	for _, label := range []string{"", "  ", "a\nb", "\xff", string(make([]byte, 61))} {
		_, _, err := r.NewAppPassword(ctx, ann.ID, label)
		wantError(t, "the label "+label, err, accounts.ErrBadLabel)
	}
}
