package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// madeFor is an authority in a data folder, and a clock that the test moves.
func madeFor(t *testing.T, given ...string) (*Authority, *os.Root, *time.Time) {
	t.Helper()
	data, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { data.Close() })
	names, addresses, err := ParseNames(given)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	a, err := CreateAuthority(data, names, addresses, false, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return a, data, &now
}

// trusts says whether who trusts the root takes what is shown for a name.
func trusts(a *Authority, shown *tls.Certificate, name string, at time.Time) error {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(a.root)
	for _, der := range shown.Certificate[1:] {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return err
		}
		between.AddCert(cert)
	}
	leaf, err := x509.ParseCertificate(shown.Certificate[0])
	if err != nil {
		return err
	}
	_, err = leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, Intermediates: between, CurrentTime: at})
	return err
}

func TestAStolenKeyIsGoodForNoOtherName(t *testing.T) {
	for _, made := range []struct {
		given, good []string
		bad         []string
	}{
		{[]string{"nas.local"}, []string{"nas.local"}, []string{"bank.example", "local", "xnas.local", "192.168.1.20", "2001:db8::1"}},
		{[]string{"192.168.1.20"}, []string{"192.168.1.20"}, []string{"bank.example", "192.168.1.21", "nas.local", "2001:db8::1"}},
		{[]string{"nas.local", "2001:db8::1"}, []string{"nas.local", "2001:db8::1"}, []string{"bank.example", "2001:db8::2", "192.168.1.20"}},
	} {
		a, _, now := madeFor(t, made.given...)
		shown, err := a.Get(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range made.good {
			if err := trusts(a, shown, name, *now); err != nil {
				t.Errorf("for %v: %s is not trusted: %v", made.given, name, err)
			}
		}
		for _, name := range made.bad { // signed with the stolen key
			template := &x509.Certificate{NotBefore: *now, NotAfter: now.Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
			if ip := net.ParseIP(name); ip != nil {
				template.IPAddresses = []net.IP{ip}
			} else {
				template.DNSNames = []string{name}
			}
			leaf, _, err := issue(template, a.intermediate, a.key)
			if err != nil {
				t.Fatal(err)
			}
			if trusts(a, &tls.Certificate{Certificate: [][]byte{leaf.Raw, a.intermediate.Raw}}, name, *now) == nil {
				t.Errorf("for %v: a stolen key is good for %s", made.given, name)
			}
		}
	}
}

func TestLeafsAreRenewedWhileTheServerRuns(t *testing.T) {
	a, _, now := madeFor(t, "nas.local")
	shown := func() *tls.Certificate {
		t.Helper()
		pair, err := a.Get(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := trusts(a, pair, "nas.local", *now); err != nil {
			t.Fatalf("at %v: %v", *now, err)
		}
		return pair
	}
	first := shown()
	if life := first.Leaf.NotAfter.Sub(first.Leaf.NotBefore); life > 8*24*time.Hour {
		t.Errorf("a leaf lives for %v", life)
	}
	*now = now.Add(leafLife / 3)
	if shown() != first {
		t.Error("a leaf that has most of its life left is made anew")
	}
	*now = now.Add(leafLife / 3)
	second := shown()
	if second == first {
		t.Error("a leaf past half of its life is shown")
	}
	*now = now.Add(400 * 24 * time.Hour)
	shown()
	*now = now.Add(-390 * 24 * time.Hour) // the clock was wrong, and is set right
	shown()
}

func TestTheAuthorityIsKeptForTheServerAlone(t *testing.T) {
	a, data, now := madeFor(t, "nas.local", "10.0.0.1")
	again, err := OpenAuthority(data, func() time.Time { return *now })
	if err != nil || again.Fingerprint() != a.Fingerprint() || len(again.Names()) != 2 {
		t.Fatalf("opened again: %v %v", again, err)
	}
	if _, err := CreateAuthority(data, []string{"other.local"}, nil, false, time.Now); !errors.Is(err, ErrAuthorityExists) {
		t.Errorf("another is made in its place: %v", err)
	}
	entries, err := os.ReadDir(filepath.Join(data.Name(), authorityFolder))
	if err != nil || len(entries) != 3 {
		t.Fatalf("%v %v: want the root, the intermediate and its key, and no other key", entries, err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || os.PathSeparator == '/' && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", entry.Name(), info.Mode(), err)
		}
	}
	if err := data.WriteFile(authorityFolder+"/root.crt", madeElsewhere(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenAuthority(data, time.Now); err == nil {
		t.Error("another's root is taken for its own")
	}
}

func madeElsewhere(t *testing.T) []byte {
	other, _, _ := madeFor(t, "nas.local")
	return other.Root()
}
