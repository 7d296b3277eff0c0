package accounts_test

import (
	"testing"

	"thorpe/server/accounts"
)

// A quota is set by another process than the server's. However the server comes by the account, it must see it.
func TestAQuotaIsInForceAtOnceWhereverTheAccountIsRead(t *testing.T) {
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
	byAppPassword := func() (*accounts.Account, error) {
		a, _, err := r.ByAppPassword(ctx, "ann", secret)
		return a, err
	}
	other := r.open(t)
	for _, want := range []int64{0, 5_000, 1 << 60, 0} {
		if err := other.SetQuota(ctx, ann.ID, want); err != nil {
			t.Fatal(err)
		}
		for _, way := range []struct {
			name string
			ask  func() (*accounts.Account, error)
		}{
			{"ByName", func() (*accounts.Account, error) { return r.ByName(ctx, "ann") }},
			{"ByAppPassword", byAppPassword},
			{"ByAppPassword, once more", byAppPassword},
			{"Session", func() (*accounts.Account, error) {
				s, err := r.Session(ctx, session)
				return &s.Account, err
			}},
			{"SignIn", func() (*accounts.Account, error) {
				a, _, _, err := r.SignIn(ctx, "ann", keys(1).Auth, "")
				return a, err
			}},
			{"People", func() (*accounts.Account, error) {
				people, err := r.People(ctx)
				return &people[0].Account, err
			}},
		} {
			if got, err := way.ask(); err != nil || got.ID != ann.ID || got.Name != "ann" || !got.Operator || !got.Created.Equal(r.now) || got.Quota != want {
				t.Errorf("%s = %+v, %v; want the quota %d", way.name, got, err, want)
			}
		}
	}
	wantError(t, "nobody's quota", r.SetQuota(ctx, id(9), 1), accounts.ErrNotFound)
	if err := r.SetQuota(ctx, ann.ID, -1); err == nil {
		t.Error("a negative quota was taken")
	}
}
