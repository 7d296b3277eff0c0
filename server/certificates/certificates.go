// Package certificates has what a server shows of itself by TLS: a pair of files that somebody else renews ([OpenFiles]), a certificate
// that an ACME authority issues for a name ([NewACME]), or one of an authority of its own, for a network without names ([OpenAuthority]).
//
// Start from one of the three: each has a Get for [Config]. None needs a restart for a new certificate, none lets a bad one take a good
// one's place, and what they keep is readable by the server's own user only.
//
// The package does not listen, and trusts nothing: how clients come to trust an authority is said in docs/tls.md.
package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"
)

// Get is [tls.Config]'s GetCertificate.
type Get func(*tls.ClientHelloInfo) (*tls.Certificate, error)

// Config is TLS 1.3 and 1.2, with HTTP/2 and HTTP/1.1. Of TLS 1.2 only what has forward secrecy and authenticated encryption is taken
// (RFC 9325, section 4.2): no client that can open the pages, and none that mounts, needs more. The protocols are further ones that get answers to.
func Config(get Get, protocols ...string) *tls.Config {
	return &tls.Config{
		GetCertificate: get,
		MinVersion:     tls.VersionTLS12,
		CipherSuites: []uint16{ // of TLS 1.2; those of 1.3 are all good
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		NextProtos: append([]string{"h2", "http/1.1"}, protocols...),
	}
}

// day is a date as the messages have it.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// inForce says what is wrong with a certificate's dates.
func inForce(leaf *x509.Certificate, now time.Time) error {
	switch {
	case now.After(leaf.NotAfter):
		return fmt.Errorf("it has expired, on %s", day(leaf.NotAfter))
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("it is valid from %s on only", day(leaf.NotBefore))
	}
	return nil
}
