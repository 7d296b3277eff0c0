package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
)

// passedSockets are listening sockets that whoever started the program has opened for it, as systemd does: sd_listen_fds(3). They stay open
// there while the server starts anew, so that whoever comes meanwhile waits. Each has a name that says what for; without one it is web.
type passedSockets struct {
	web      []net.Listener // in the place of --addr
	redirect []net.Listener // in the place of --http-addr
	metrics  []net.Listener // in the place of --metrics-addr; one at most
}

const (
	firstPassed = 3  // the descriptor of the first, behind standard input, output and error
	maxPassed   = 16 // there are no more in any setting that makes sense
)

// takePassed takes the sockets that the variables tell of, and takes the variables away: they are no other program's. There may be none.
func takePassed() (_ *passedSockets, err error) {
	p := &passedSockets{}
	id, count, names := os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS"), os.Getenv("LISTEN_FDNAMES")
	for _, name := range []string{"LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		os.Unsetenv(name)
	}
	if id != strconv.Itoa(os.Getpid()) || count == "" { // meant for a program that started this one
		return p, nil
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n > maxPassed {
		return nil, fmt.Errorf("LISTEN_FDS says %q, which is no number of sockets from 0 to %d", count, maxPassed)
	}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	var called []string
	if names != "" {
		if called = strings.Split(names, ":"); len(called) != n {
			return nil, fmt.Errorf("LISTEN_FDNAMES has %d names for %d sockets", len(called), n)
		}
	}
	for i := range n {
		name := ""
		if called != nil {
			name = called[i]
		}
		into, err := p.place(name)
		if err != nil {
			return nil, err
		}
		file := os.NewFile(uintptr(firstPassed+i), name)
		listener, err := net.FileListener(file) // a copy, which no other program inherits
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("the socket %q that was passed is none to listen on: %w", name, innermost(err))
		}
		*into = append(*into, listener)
	}
	if len(p.metrics) > 1 {
		return nil, errors.New("more than one socket called metrics was passed")
	}
	return p, nil
}

// place is where a socket of this name belongs. A unit's own name, which systemd takes where FileDescriptorName= says none, is as good.
func (p *passedSockets) place(name string) (*[]net.Listener, error) {
	switch strings.TrimPrefix(strings.TrimSuffix(name, ".socket"), "thorpe-") {
	case "", "unknown", "thorpe", "web":
		return &p.web, nil
	case "redirect":
		return &p.redirect, nil
	case "metrics":
		return &p.metrics, nil
	}
	return nil, fmt.Errorf("a socket called %q was passed: FileDescriptorName= is web, redirect or metrics", name)
}

func (p *passedSockets) close() {
	for _, listener := range slices.Concat(p.web, p.redirect, p.metrics) {
		listener.Close()
	}
}

// settle puts where the sockets are in the place of what the flags say.
func (p *passedSockets) settle(f *ListenFlags) error {
	if len(p.redirect) > 0 && !f.tlsOn() {
		return wrongUsage("the socket called redirect leads plain http to https, which needs --domain, --tls-cert or --local-ca")
	}
	if len(p.web) > 0 {
		f.Addr = passedAddr(p.web[0])
	}
	if len(p.redirect) > 0 {
		f.HTTPAddr = passedAddr(p.redirect[0])
	}
	return nil
}

// beyond says whether other computers reach one of those in the place of --addr, and which.
func (p *passedSockets) beyond() (addr string, _ bool) {
	for _, listener := range p.web {
		if addr = passedAddr(listener); beyond(addr) {
			return addr, true
		}
	}
	return "", false
}

// passedAddr is where a listener listens, as --addr would say it.
func passedAddr(listener net.Listener) string {
	if listener.Addr().Network() == "unix" {
		return "unix:" + listener.Addr().String()
	}
	return listener.Addr().String()
}
