package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"thorpe/server/certificates"
	"thorpe/shares/sealed"
)

// ListenFlags say where the server listens, where people reach it, and what it shows of itself by TLS.
type ListenFlags struct {
	Addr string `help:"Where to listen: an address and a port, or unix: and the path of a socket. By default 127.0.0.1:8080, with --domain :443." placeholder:"ADDR"`
	URL  string `help:"Where people reach the server, such as https://files.example.org; links are built from it. A path, as in https://example.org/cloud/, is where all of it lies beside others on that host." placeholder:"URL"`

	TLSCert       string `help:"A certificate for TLS with its chain, as PEM; read anew whenever it changes." placeholder:"FILE"`
	TLSKey        string `help:"The key of --tls-cert, as PEM." placeholder:"FILE"`
	Domain        string `help:"Get a certificate for this domain, and renew it, by ACME; saying it accepts the terms of who issues it, which is Let's Encrypt if --acme-directory says nothing else." placeholder:"NAME"`
	ACMEDirectory string `name:"acme-directory" help:"Who issues the certificate: the address of an ACME directory, or staging for Let's Encrypt's own for trying out." placeholder:"URL"`
	LocalCA       bool   `name:"local-ca" help:"Show a certificate of the authority that thorpe local-ca has made, for a home network."`
	HTTPAddr      string `name:"http-addr" help:"With TLS: where to listen for plain http as well, to lead it to https; none: nowhere. By default :80 with --domain, else none." placeholder:"ADDR"`
	InsecureHTTP  bool   `name:"insecure-http" help:"Listen beyond this computer without TLS: whoever is on the way can read and change everything, passwords too."`

	passed passedSockets // which go before Addr and HTTPAddr
}

// tlsOn says whether the server itself speaks TLS.
func (f *ListenFlags) tlsOn() bool { return f.TLSCert != "" || f.Domain != "" || f.LocalCA }

// settle fills in what depends on other flags, and refuses what can't be meant. It opens nothing.
func (f *ListenFlags) settle() (err error) {
	ways := 0
	for _, on := range []bool{f.TLSCert != "" || f.TLSKey != "", f.Domain != "", f.LocalCA} {
		if on {
			ways++
		}
	}
	switch {
	case (f.TLSCert == "") != (f.TLSKey == ""):
		return wrongUsage("--tls-cert and --tls-key belong together: say both")
	case ways > 1:
		return wrongUsage("--domain, --tls-cert and --local-ca are three ways to have a certificate: choose one")
	case f.ACMEDirectory != "" && f.Domain == "":
		return wrongUsage("--acme-directory says who issues the certificate for --domain: say that too")
	case f.HTTPAddr != "" && f.HTTPAddr != "none" && !f.tlsOn():
		return wrongUsage("--http-addr leads plain http to https, which needs --domain, --tls-cert or --local-ca")
	}
	if f.Domain != "" {
		if f.Domain, err = certificates.ParseDomain(f.Domain); err != nil {
			return wrongUsage("--domain: %w", err)
		}
	}
	switch {
	case f.Domain == "":
	case f.ACMEDirectory == "":
		f.ACMEDirectory = certificates.LetsEncrypt
	case f.ACMEDirectory == "staging":
		f.ACMEDirectory = certificates.LetsEncryptStaging
	}
	if u, err := url.Parse(f.ACMEDirectory); f.Domain != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return wrongUsage("--acme-directory is the https address of an ACME directory, or staging")
	}
	if err := f.passed.settle(f); err != nil {
		return err
	}
	if f.Addr == "" {
		f.Addr = "127.0.0.1:8080"
		if f.Domain != "" {
			f.Addr = ":443"
		}
	}
	for flag, addr := range map[string]string{"--addr": f.Addr, "--http-addr": f.HTTPAddr} {
		if strings.Count(addr, ":") > 1 && !strings.HasPrefix(addr, "[") && !strings.HasPrefix(addr, "unix:") {
			return wrongUsage("%s has an address of IPv6, which needs brackets around it and a port behind them, such as [::1]:8080", flag)
		}
		if addr != "" && addr != "none" && !strings.HasPrefix(addr, "unix:") && !isPlace(addr) {
			return wrongUsage("%s %q is no address with a port, such as 127.0.0.1:8080", flag, addr)
		}
	}
	if f.HTTPAddr == "" {
		f.HTTPAddr = "none"
		if f.Domain != "" {
			f.HTTPAddr = ":80"
		}
	}
	if f.URL == "" && f.Domain != "" {
		f.URL = "https://" + f.Domain
	}
	if err := f.checkURL(); err != nil {
		return err
	}
	if addr, open := f.reached(); open && !f.tlsOn() && !f.InsecureHTTP {
		return f.refusal(addr)
	}
	return nil
}

// isPlace says whether addr is what can be listened on, as far as it can be told without asking for names.
func isPlace(addr string) bool {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	return err == nil && port != ""
}

func (f *ListenFlags) checkURL() error {
	if f.URL == "" {
		if path, ok := strings.CutPrefix(f.Addr, "unix:"); ok {
			return wrongUsage("behind the socket %s the server can't know where people reach it: say --url", path)
		}
		return nil
	}
	base, err := url.Parse(f.URL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return wrongUsage("--url %q must be a scheme and a host, such as https://files.example.org, with a path if the host has others beside, such as https://example.org/cloud/", f.URL)
	}
	path := strings.TrimSuffix(base.EscapedPath(), "/")
	if !sealed.IsBasePath(path) {
		return wrongUsage("--url has a path that can't be: its steps are of letters, digits, dots, dashes and underscores, and begin with a letter or digit, such as https://example.org/cloud/")
	}
	if base.Host, err = shortestHost(base); err != nil {
		return err
	}
	f.URL = base.Scheme + "://" + base.Host + path
	switch {
	case f.tlsOn() && base.Scheme != "https":
		return wrongUsage("--url must begin with https where the server speaks TLS")
	case f.Domain != "" && !strings.EqualFold(base.Hostname(), f.Domain):
		return wrongUsage("--url names another host than --domain, whose certificate would not be for it")
	}
	return nil
}

// shortestHost is a URL's host and port, where the host is an address as browsers write it, whatever spelling was chosen: they name it so in what they ask.
func shortestHost(base *url.URL) (string, error) {
	addr, err := netip.ParseAddr(base.Hostname())
	if port, err := strconv.ParseUint(base.Port(), 10, 16); strings.HasSuffix(base.Host, ":") || base.Port() != "" && (err != nil || port == 0) {
		return "", wrongUsage("--url has a port that can't be: one is a number from 1 to 65535")
	}
	switch {
	case err != nil:
		return base.Host, checkName(base.Hostname())
	case addr.Is4():
		return base.Host, nil
	case addr.Zone() != "":
		return "", wrongUsage("--url has a zone (%%%s), which means something on this computer only, and which browsers do not open: choose another address, or a name", addr.Zone())
	}
	host := "[" + addr.String() + "]"
	if addr.Is4In6() { // browsers write the last four bytes as two numbers of 16 bits
		b := addr.As16()
		host = fmt.Sprintf("[::ffff:%x:%x]", uint(b[12])<<8|uint(b[13]), uint(b[14])<<8|uint(b[15]))
	}
	if port := base.Port(); port != "" {
		host += ":" + port
	}
	return host, nil
}

// checkName refuses a host that is none, or that browsers name otherwise. Underscores are no host's, but browsers take them.
func checkName(host string) error {
	names, _, err := certificates.ParseNames([]string{strings.ReplaceAll(host, "_", "-")})
	if last := host[strings.LastIndex(host, ".")+1:]; err != nil || strings.Trim(last, "0123456789") == "" && last != "" {
		return wrongUsage("--url has the host %q, which is neither a name such as files.example.org nor an IP address", host)
	}
	if lower := strings.ToLower(host); names[0] != strings.ReplaceAll(lower, "_", "-") {
		return wrongUsage("--url has the host %q, which browsers call %s: write it so", host, names[0])
	}
	return nil
}

// reached says whether other computers reach the server, and at which of its addresses.
func (f *ListenFlags) reached() (addr string, _ bool) {
	if len(f.passed.web) > 0 {
		return f.passed.beyond()
	}
	return f.Addr, beyond(f.Addr)
}

// refusal is why the server does not listen in the open at addr, and what to do instead.
func (f *ListenFlags) refusal(addr string) error {
	if strings.HasPrefix(f.URL, "https:") {
		// TLS ends at the proxy. Whether the rest of the way is anybody's, only the operator knows.
		return wrongUsage("%s can be reached from other computers, and without TLS: between the proxy at %s and here anybody on the way could read and change everything, passwords and files too. "+
			"Listen on 127.0.0.1 or unix:PATH if the proxy is on this computer, give this side a certificate too (--tls-cert, --local-ca), or say --insecure-http if only you can be on that way, as between containers", addr, f.URL)
	}
	return wrongUsage("%s can be reached from other computers, and without TLS: anybody on the way could read and change everything, passwords and files too, and browsers would not open links. "+
		"Give it a certificate (--domain, --tls-cert or --local-ca), listen on 127.0.0.1 behind a proxy that has one, or say --insecure-http if you want this all the same", addr)
}
