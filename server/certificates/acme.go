package certificates

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/net/idna"
)

// The directories (RFC 8555, section 7.1.1) of Let's Encrypt: what it issues for everybody, and what it has for trying things out.
const (
	LetsEncrypt        = autocert.DefaultACMEDirectory
	LetsEncryptStaging = "https://acme-staging-v02.api.letsencrypt.org/directory"
)

// ParseDomain is the name in ASCII that a certificate can be had for: at least two labels, no address, no port, no wildcard.
func ParseDomain(name string) (string, error) {
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(name, "."))
	if err != nil || !hostname.MatchString(ascii) || !strings.Contains(ascii, ".") || net.ParseIP(ascii) != nil {
		return "", fmt.Errorf("%q is no domain such as files.example.org", name)
	}
	return ascii, nil
}

var hostname = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)

// ACME has a certificate for one domain from an ACME authority, and renews it when a third of its life is left.
type ACME struct {
	domain  string
	manager *autocert.Manager
	log     *slog.Logger
	ready   atomic.Bool
	until   atomic.Int64 // Unix seconds
	pauses  []time.Duration
}

// NewACME keeps account and certificate below certificates/ in the data folder, those of each directory for themselves, so that what is for
// trying out never stands where the real one should. The domain is one of [ParseDomain]; who calls it has accepted the authority's terms.
func NewACME(root *os.Root, domain, directory string, log *slog.Logger) (*ACME, error) {
	u, err := url.Parse(directory)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%q is no https address of an ACME directory", directory)
	}
	kept, err := openFolder(root, path.Join("certificates", regexp.MustCompile(`[^a-z0-9.-]+`).ReplaceAllString(u.Host+u.Path, "_")))
	if err != nil {
		return nil, err
	}
	return &ACME{
		domain: domain,
		log:    log,
		manager: &autocert.Manager{
			Prompt:     autocert.AcceptTOS,
			Cache:      kept,
			HostPolicy: autocert.HostWhitelist(domain),
			Client:     &acme.Client{DirectoryURL: directory, UserAgent: "thorpe"},
		},
		// Let's Encrypt takes five failures an hour for a name, and each try can be two: one by each kind of challenge.
		pauses: []time.Duration{15 * time.Minute, time.Hour},
	}, nil
}

var errNoCertificate = errors.New("there is no certificate for the domain yet")

// Get answers a handshake for the domain, or the authority's own (RFC 8737). Visitors never make it ask the authority: whoever opens
// connections would spend its patience.
func (a *ACME) Get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if name, err := idna.Lookup.ToASCII(strings.TrimSuffix(hello.ServerName, ".")); err != nil || name != a.domain {
		return nil, fmt.Errorf("a handshake for another name than %s", a.domain)
	}
	if len(hello.SupportedProtos) == 1 && hello.SupportedProtos[0] == acme.ALPNProto {
		return a.manager.GetCertificate(hello)
	}
	if !a.ready.Load() {
		return nil, errNoCertificate
	}
	return a.current()
}

// current is the certificate, from memory, the data folder or the authority. There is one for all: every client that knows TLS 1.2 knows ECDSA with P-256.
func (a *ACME) current() (*tls.Certificate, error) {
	return a.manager.GetCertificate(&tls.ClientHelloInfo{
		ServerName:   a.domain,
		CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
	})
}

// Protocols are what [Config] must know besides HTTP, for the authority's question by TLS.
func (a *ACME) Protocols() []string { return []string{acme.ALPNProto} }

// Challenges answers the authority's questions by http (RFC 8555, section 8.3), and leaves all else to next.
func (a *ACME) Challenges(next http.Handler) http.Handler {
	challenges := a.manager.HTTPHandler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host, _, err := net.SplitHostPort(r.Host); err == nil && strings.HasPrefix(r.URL.Path, "/.well-known/acme-challenge/") {
			r = r.Clone(r.Context())
			r.Host = host // an authority that asks at another port says so, and the policy knows names only
		}
		challenges.ServeHTTP(w, r)
	})
}

// Until is when the certificate in force ends, as Keep knows it; zero as long as there is none.
func (a *ACME) Until() time.Time {
	if until := a.until.Load(); until != 0 {
		return time.Unix(until, 0)
	}
	return time.Time{}
}

// lookEvery is how often Keep looks whether the certificate was renewed, as autocert does not tell.
const lookEvery = 12 * time.Hour

// Keep gets the certificate, tries again after ever longer pauses while that fails, and tells in the log what is in force, what went
// wrong, and when a renewal is overdue. It returns when ctx ends.
func (a *ACME) Keep(ctx context.Context) {
	var until time.Time
	for failures := 0; ; {
		pause := lookEvery
		switch pair, err := a.current(); {
		case ctx.Err() != nil:
			return
		case err != nil:
			pause = a.pauses[min(failures, len(a.pauses)-1)]
			failures++
			a.log.Error("no certificate could be had: the domain must lead to this server, at the ports 443 and 80, from the whole internet",
				"domain", a.domain, "directory", a.manager.Client.DirectoryURL, "error", err, "next_try", time.Now().Add(pause).Truncate(time.Second))
		case !pair.Leaf.NotAfter.Equal(until):
			until = pair.Leaf.NotAfter
			a.until.Store(until.Unix())
			a.log.Info("a certificate is in force", "domain", a.domain, "until", until)
			a.ready.Store(true)
		case time.Until(until) < until.Sub(pair.Leaf.NotBefore)/4:
			a.log.Error("the certificate runs out, and could not be renewed yet: the domain must lead to this server, at the ports 443 and 80", "domain", a.domain, "until", until)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}
