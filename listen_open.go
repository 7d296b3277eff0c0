package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"thorpe/server"
	"thorpe/server/certificates"
)

// door is what the server listens on, open.
type door struct {
	listeners []net.Listener // at least one; the first is where the server says that it is
	base      *url.URL
	port      string   // empty of a Unix socket
	names     []string // that its certificate is for

	certificate func() server.Certificate // that is shown; nil without TLS

	plain   []net.Listener // that lead to https; may be empty
	leading http.Handler   // what answers there
	keep    func(context.Context)
}

// open listens. It needs what settle did. A certificate that the server has to keep is in the data folder.
func (f *ListenFlags) open(data *os.Root, log *slog.Logger) (_ *door, err error) {
	d := &door{keep: func(context.Context) {}}
	config, err := f.certificate(d, data, log)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	if d.listeners = slices.Clone(f.passed.web); len(d.listeners) == 0 {
		listener, err := listen(f.Addr, "--addr")
		if err != nil {
			return nil, err
		}
		d.listeners = []net.Listener{listener}
	}
	if addr, ok := d.addr().(*net.TCPAddr); ok {
		d.port = fmt.Sprint(addr.Port)
	}
	if d.base, err = f.base(d); err != nil {
		return nil, err
	}
	if config == nil {
		if addr, open := f.reached(); open {
			log.Warn("listening beyond this computer without TLS: whoever is on the way can read and change everything, passwords and files too", "addr", addr)
		}
		return d, nil
	}
	for i, listener := range d.listeners {
		d.listeners[i] = tls.NewListener(listener, config)
	}
	if d.plain = f.passed.redirect; len(d.plain) == 0 && f.HTTPAddr != "none" {
		listener, err := listen(f.HTTPAddr, "--http-addr")
		if err != nil {
			return nil, err
		}
		d.plain = []net.Listener{listener}
	}
	return d, nil
}

// addr is where the server says that it listens.
func (d *door) addr() net.Addr { return d.listeners[0].Addr() }

// certificate is the TLS to speak, or nil.
func (f *ListenFlags) certificate(d *door, data *os.Root, log *slog.Logger) (*tls.Config, error) {
	lead := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { leadToTLS(w, r, d.base) })
	d.leading = lead
	switch {
	case f.TLSCert != "":
		files, err := certificates.OpenFiles(f.TLSCert, f.TLSKey, log, time.Now)
		if err != nil {
			return nil, err
		}
		if leaf := files.Leaf(); f.URL == "" && len(leaf.DNSNames)+len(leaf.IPAddresses) == 0 {
			return nil, fmt.Errorf("%s has no subject alternative names, which is where browsers look for the server's name: have it made anew with some", f.TLSCert)
		}
		d.names = wholeNames(files.Leaf())
		if host := f.host(); host != "" && files.Leaf().VerifyHostname(host) != nil {
			log.Warn("the certificate is not for the host of --url: whoever opens it is warned", "host", host, "names", files.Leaf().DNSNames)
		}
		d.certificate = func() server.Certificate { return server.Certificate{By: "files", Until: files.Leaf().NotAfter} }
		return certificates.Config(files.Get), nil
	case f.Domain != "":
		acme, err := certificates.NewACME(data, f.Domain, f.ACMEDirectory, log)
		if err != nil {
			return nil, err
		}
		d.leading, d.keep = acme.Challenges(lead), acme.Keep
		d.certificate = func() server.Certificate { return server.Certificate{By: "acme", Until: acme.Until()} }
		return certificates.Config(acme.Get, acme.Protocols()...), nil
	case f.LocalCA:
		authority, err := certificates.OpenAuthority(data, time.Now)
		switch {
		case errors.Is(err, certificates.ErrNoAuthority):
			return nil, fmt.Errorf("there is no certificate authority in the data folder %s yet: make it with thorpe local-ca NAME --data %[1]s", data.Name())
		case err != nil:
			return nil, err
		}
		d.names = authority.Names()
		if host := f.host(); host != "" && !slices.Contains(d.names, strings.ToLower(host)) {
			return nil, fmt.Errorf("the local authority is for %s, and not for the host of --url: make another with thorpe local-ca --replace", strings.Join(d.names, " "))
		}
		d.leading = handOutRoot(authority, lead)
		d.certificate = func() server.Certificate { return server.Certificate{By: "local-ca", Until: authority.Until()} }
		return certificates.Config(authority.Get), nil
	}
	return nil, nil
}

// host is that of --url, or empty.
func (f *ListenFlags) host() string {
	base, err := url.Parse(f.URL)
	if err != nil {
		return ""
	}
	return base.Hostname()
}

// wholeNames are the names and addresses in a certificate that are no patterns.
func wholeNames(leaf *x509.Certificate) []string {
	var names []string
	for _, name := range leaf.DNSNames {
		if !strings.Contains(name, "*") {
			names = append(names, strings.ToLower(name))
		}
	}
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// base is the server's URL.
func (f *ListenFlags) base(d *door) (*url.URL, error) {
	if f.URL != "" {
		return url.Parse(f.URL)
	}
	if f.tlsOn() {
		if len(d.names) == 0 {
			return nil, wrongUsage("the certificate has no name but patterns: say --url")
		}
		host := net.JoinHostPort(d.names[0], d.port)
		if d.port == "443" {
			host = strings.TrimSuffix(host, ":443")
		}
		return &url.URL{Scheme: "https", Host: host}, nil
	}
	host := d.addr().(*net.TCPAddr).IP
	if host.IsLoopback() || host.IsUnspecified() {
		return &url.URL{Scheme: "http", Host: "localhost:" + d.port}, nil
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host.String(), d.port)}, nil
}

// listen opens the place that the flag said.
func listen(addr, flag string) (net.Listener, error) {
	if path, ok := strings.CutPrefix(addr, "unix:"); ok {
		return listenSocket(path)
	}
	listener, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program is listening on %s already: stop it, or choose another place with %s", addr, flag)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("can't listen on %s: ports below 1024 need a right of their own here (CAP_NET_BIND_SERVICE); give it, or choose another place with %s", addr, flag)
	case err != nil:
		return nil, fmt.Errorf("can't listen on %s: %w", addr, innermost(err))
	}
	return listener, nil
}

// beyond says whether other computers reach what listens at addr. A Unix socket is a file of this one.
func beyond(addr string) bool {
	if strings.HasPrefix(addr, "unix:") {
		return false
	}
	place, err := net.ResolveTCPAddr("tcp", addr)
	return err == nil && !place.IP.IsLoopback() // what can't be resolved can't be listened on
}
