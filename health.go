package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// HealthCmd asks the server that runs with the same settings whether it can be used: for a container without a shell, and for scripts.
type HealthCmd struct {
	Config ConfigFlag `help:"The server's file with settings." placeholder:"FILE"`
	ListenFlags
}

// healthPatience is longer than the server's own for its checks, so that it can say what fails.
const healthPatience = 10 * time.Second

// errUnhealthy: the server does not answer, or answers otherwise than a Thorpe does.
var errUnhealthy = errors.New("no answer")

// Run implements the command. It ends with 0 while the server is ready, with 1 when it says that it is not, and with 6 when it does not answer.
func (cmd *HealthCmd) Run(ctx context.Context, out io.Writer) error {
	if err := cmd.settle(); err != nil {
		return err
	}
	if strings.HasSuffix(cmd.Addr, ":0") {
		return wrongUsage("at port 0 the server listens where the system likes: say the address that it printed with --addr")
	}
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	text, status, err := cmd.ask(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("%w from %s: %w", errUnhealthy, cmd.Addr, innermost(err))
	case status == http.StatusOK:
		_, err = fmt.Fprintln(out, text)
		return err
	case status == http.StatusServiceUnavailable:
		return fmt.Errorf("the server at %s is not ready: %s", cmd.Addr, text)
	}
	return fmt.Errorf("%w of a Thorpe server from %s, but one with status %d", errUnhealthy, cmd.Addr, status)
}

// ask asks /readyz, and returns the line that it answers.
func (cmd *HealthCmd) ask(ctx context.Context) (text string, status int, err error) {
	network, addr, scheme := "tcp", cmd.Addr, "http"
	if path, ok := strings.CutPrefix(addr, "unix:"); ok {
		network, addr = "unix", path
	}
	if cmd.tlsOn() {
		scheme = "https"
	}
	// This asks the process that listens here and sends it nothing secret, so who it says to be does not matter: its certificate may be the
	// network's own, or one that an authority for trying out has made.
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, ServerName: cmd.host()},
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://localhost/readyz", nil)
	if err != nil {
		return "", 0, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return "", 0, err
	}
	defer answer.Body.Close()
	line, err := io.ReadAll(io.LimitReader(answer.Body, 200))
	if err != nil {
		return "", 0, err
	}
	return forTerminal(strings.TrimSpace(string(line))), answer.StatusCode, nil
}
