package certificates

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/net/idna"
)

const (
	authorityFolder = "local-ca"
	authorityLife   = 10 * 365 * 24 * time.Hour
	leafLife        = 7 * 24 * time.Hour // renewed at half of it
	leafBackdate    = time.Hour          // for devices whose clock is late
)

// Errors of [OpenAuthority] and [CreateAuthority].
var (
	ErrNoAuthority     = errors.New("there is no certificate authority in the data folder")
	ErrAuthorityExists = errors.New("there is a certificate authority in the data folder already")
)

// Authority is a certificate authority for the names of one server in one network, which nobody trusts but who was told to.
//
// It is made of a root, whose key is thrown away as soon as it has signed the intermediate, and of the intermediate, whose key stays in the data
// folder. Both are constrained (RFC 5280, section 4.2.1.10) to the names and addresses they were made for, so that whoever steals the
// key can't pass for anybody else before those who trust the root. Leafs live for a week, and are made when they are asked for.
type Authority struct {
	root         *x509.Certificate
	intermediate *x509.Certificate
	key          crypto.Signer
	now          func() time.Time

	mu   sync.Mutex
	leaf *tls.Certificate
}

// ParseNames are the names and IP addresses of a server in its network, as [CreateAuthority] takes them.
func ParseNames(given []string) (names []string, addresses []net.IP, err error) {
	for _, one := range given {
		if ip := net.ParseIP(one); ip != nil {
			if ip4 := ip.To4(); ip4 != nil {
				ip = ip4
			}
			addresses = append(addresses, ip)
			continue
		}
		ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(one, "."))
		if err != nil || len(ascii) > 253 || !hostname.MatchString(ascii) {
			return nil, nil, fmt.Errorf("%q is neither a name such as nas.local nor an IP address", one)
		}
		names = append(names, ascii)
	}
	if len(names)+len(addresses) == 0 {
		return nil, nil, errors.New("a certificate needs a name or an address")
	}
	if len(names)+len(addresses) > 20 {
		return nil, nil, errors.New("one server has at most 20 names and addresses")
	}
	return names, addresses, nil
}

// CreateAuthority makes an authority for the names and addresses. Only replace makes a new one where one is: every device has to trust it anew.
func CreateAuthority(data *os.Root, names []string, addresses []net.IP, replace bool, now func() time.Time) (*Authority, error) {
	if _, err := data.Stat(path.Join(authorityFolder, "root.crt")); err == nil && !replace {
		return nil, ErrAuthorityExists
	}
	kept, err := openFolder(data, authorityFolder)
	if err != nil {
		return nil, err
	}
	var owner string
	if len(names) > 0 {
		owner = names[0]
	} else {
		owner = addresses[0].String()
	}
	template := func(name string) *x509.Certificate {
		c := &x509.Certificate{
			Subject: pkix.Name{Organization: []string{"Thorpe at " + owner[:min(len(owner), 50)]}, CommonName: name}, // at most 64 bytes each
			// A day early, for devices whose clock is late on the first day.
			NotBefore: now().Add(-24 * time.Hour), NotAfter: now().Add(authorityLife),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
			PermittedDNSDomainsCritical: true, PermittedDNSDomains: names,
		}
		for _, ip := range addresses {
			c.PermittedIPRanges = append(c.PermittedIPRanges, &net.IPNet{IP: ip, Mask: net.CIDRMask(len(ip)*8, len(ip)*8)})
		}
		// A kind of name that nothing is said of may be anything, so each has its word.
		if len(names) == 0 {
			c.PermittedDNSDomains = []string{"invalid"} // which nothing can be called (RFC 2606)
		}
		if len(addresses) == 0 {
			c.ExcludedIPRanges = []*net.IPNet{{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}, {IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)}}
		}
		return c
	}
	rootTemplate := template("Thorpe local CA " + now().UTC().Format(time.DateOnly))
	rootTemplate.MaxPathLen = 1
	root, rootKey, err := issue(rootTemplate, nil, nil)
	if err != nil {
		return nil, err
	}
	intermediateTemplate := template("Thorpe local intermediate")
	intermediateTemplate.MaxPathLenZero = true
	intermediateTemplate.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	intermediate, key, err := issue(intermediateTemplate, root, rootKey)
	if err != nil {
		return nil, err
	}
	bare, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	// The root last: without it there is no authority, and half a one is made anew.
	ctx := context.Background()
	for _, file := range []struct {
		name, kind string
		content    []byte
	}{
		{"intermediate.key", "PRIVATE KEY", bare}, {"intermediate.crt", "CERTIFICATE", intermediate.Raw}, {"root.crt", "CERTIFICATE", root.Raw},
	} {
		if err := kept.Put(ctx, file.name, pem.EncodeToMemory(&pem.Block{Type: file.kind, Bytes: file.content})); err != nil {
			return nil, fmt.Errorf("writing %s: %w", file.name, err)
		}
	}
	return &Authority{root: root, intermediate: intermediate, key: key, now: now}, nil
}

// OpenAuthority opens the one in the data folder, or says ErrNoAuthority.
func OpenAuthority(data *os.Root, now func() time.Time) (*Authority, error) {
	kept := folder{data, authorityFolder}
	read := func(name string) ([]byte, error) {
		content, err := kept.Get(context.Background(), name)
		if errors.Is(err, autocert.ErrCacheMiss) {
			return nil, ErrNoAuthority
		} else if err != nil {
			return nil, err
		}
		block, _ := pem.Decode(content)
		if block == nil {
			return nil, fmt.Errorf("%s/%s in the data folder is no PEM", authorityFolder, name)
		}
		return block.Bytes, nil
	}
	a := &Authority{now: now}
	var err error
	for name, to := range map[string]**x509.Certificate{"root.crt": &a.root, "intermediate.crt": &a.intermediate} {
		der, err := read(name)
		if err != nil {
			return nil, err
		}
		if *to, err = x509.ParseCertificate(der); err != nil {
			return nil, fmt.Errorf("%s/%s in the data folder: %w", authorityFolder, name, err)
		}
	}
	der, err := read("intermediate.key")
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	signer, ok := key.(*ecdsa.PrivateKey)
	if err != nil || !ok || !signer.PublicKey.Equal(a.intermediate.PublicKey) || a.intermediate.CheckSignatureFrom(a.root) != nil {
		return nil, fmt.Errorf("the files in %s in the data folder don't belong together", authorityFolder)
	}
	a.key = signer
	return a, nil
}

// Names are the names and addresses that the authority was made for, names first.
func (a *Authority) Names() []string {
	var names []string
	for _, name := range a.root.PermittedDNSDomains {
		if name != "invalid" {
			names = append(names, name)
		}
	}
	for _, network := range a.root.PermittedIPRanges {
		names = append(names, network.IP.String())
	}
	return names
}

// Root is the certificate to trust, as PEM.
func (a *Authority) Root() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw})
}

// Until is when the authority ends.
func (a *Authority) Until() time.Time { return a.root.NotAfter }

// Fingerprint is the SHA-256 of the root, as systems show it: pairs of hexadecimal digits with colons between.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.root.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}

// Get answers a handshake with a leaf for all names: one that lives for half of its time at least.
func (a *Authority) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if a.leaf != nil && now.After(a.leaf.Leaf.NotBefore) && a.leaf.Leaf.NotAfter.Sub(now) > leafLife/2 {
		return a.leaf, nil
	}
	names, addresses, err := ParseNames(a.Names())
	if err != nil {
		return nil, err
	}
	leaf, key, err := issue(&x509.Certificate{
		Subject:   pkix.Name{CommonName: "Thorpe"}, // clients go by the names below
		NotBefore: now.Add(-leafBackdate), NotAfter: now.Add(leafLife),
		DNSNames: names, IPAddresses: addresses,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.intermediate, a.key)
	if err != nil {
		return nil, err
	}
	a.leaf = &tls.Certificate{Certificate: [][]byte{leaf.Raw, a.intermediate.Raw}, PrivateKey: key, Leaf: leaf}
	return a.leaf, nil
}

// issue makes a key and signs a certificate for it: with its own key where there is no parent.
func issue(template, parent *x509.Certificate, by crypto.Signer) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if parent == nil {
		parent, by = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), by) // the serial number is random
	if err != nil {
		return nil, nil, fmt.Errorf("making a certificate: %w", err)
	}
	made, err := x509.ParseCertificate(der)
	return made, key, err
}
