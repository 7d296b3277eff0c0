package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"thorpe/dav"
	"thorpe/server"
	"thorpe/server/accounts"
	"thorpe/server/database"
	"thorpe/shares"
)

// grace is how long running requests may go on after the server was told to stop.
const grace = 10 * time.Second

// ServeCmd starts the server.
type ServeCmd struct {
	DataFlag
	Addr string `help:"Where to listen." default:"127.0.0.1:8080"`
	URL  string `help:"Where people reach the server, such as https://files.example.org; links are built from it." placeholder:"URL"`

	RequestLog bool `help:"Write a line to the log for each request: method, route, status, bytes and time." default:"true" negatable:""`

	LogFormat string `help:"How the log is written: text, json (an object a line), or auto, which is text on a terminal and JSON otherwise." enum:"auto,text,json" default:"auto"`

	LinksLimit string `help:"The bytes that everybody's links may take together, such as 500G; by default as many as the disk has." placeholder:"SIZE"`
	Contact    string `help:"Where you take links that somebody wants to show you: an address of mail, or of a web page. Whoever reports a link reads it." placeholder:"ADDRESS"`

	TrustedProxies []netip.Prefix `help:"Networks of proxies in front, such as 127.0.0.1/32: what they say in X-Forwarded-For of where a request comes from is believed." placeholder:"CIDR,..."`
}

// Run implements the command. It ends when ctx does.
func (cmd *ServeCmd) Run(ctx context.Context, out io.Writer) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	limit, err := cmd.linksLimit()
	if err != nil {
		return err
	}
	if err := checkContact(cmd.Contact); err != nil {
		return err
	}
	data, err := cmd.openData(ctx, true, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	listener, err := net.Listen("tcp", cmd.Addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("another program is listening on %s already: stop it, or choose another place with --addr", cmd.Addr)
	case err != nil:
		return fmt.Errorf("can't listen on %s: %w", cmd.Addr, innermost(err))
	}
	defer listener.Close()
	base, port, err := cmd.base(listener.Addr().(*net.TCPAddr))
	if err != nil {
		return err
	}
	log := newLog(os.Stderr, cmd.LogFormat)
	people, err := accounts.New(ctx, data.db, time.Now, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(people.Close(), err) }()
	drive, links, err := server.OpenStores(
		dav.Config{DB: data.db, Relaxed: data.relaxed, Data: data.root, Log: log, Hosts: []string{base.Host}},
		shares.Config{DB: data.db, Data: data.root, Log: log, Now: time.Now, Limit: limit})
	if err != nil {
		return err
	}
	defer links.Close()
	tidying := make(chan struct{})
	go func() {
		defer close(tidying)
		drive.Run(ctx)
	}()
	defer func() { stop(); <-tidying }()
	web, err := server.New(server.Config{
		URL: base, Port: port, Accounts: people, Drive: drive, Shares: links, Log: log,
		Version: versionText(), Source: source, Now: time.Now, Proxies: cmd.TrustedProxies, Quiet: !cmd.RequestLog, Contact: cmd.Contact,
		Checks: data.checks(),
	})
	if err != nil {
		return err
	}
	if err := database.SetSetting(ctx, data.db, "url", base.String()); err != nil {
		return err
	}
	if err := greet(ctx, out, web, people, base, listener.Addr()); err != nil {
		return err
	}
	return web.Serve(ctx, listener, grace)
}

// linksLimit is --links-limit in bytes; 0: none.
func (cmd *ServeCmd) linksLimit() (int64, error) {
	if cmd.LinksLimit == "" || cmd.LinksLimit == "none" {
		return 0, nil
	}
	limit, err := parseSize(cmd.LinksLimit)
	if err != nil {
		return 0, wrongUsage("--links-limit: %w", err)
	}
	return limit, nil
}

// checkContact refuses what is no line for people to read.
func checkContact(contact string) error {
	if utf8.RuneCountInString(contact) > 200 || strings.ContainsFunc(contact, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return wrongUsage("--contact is one line of at most 200 characters")
	}
	return nil
}

// base is the server's URL, and the port it listens on.
func (cmd *ServeCmd) base(addr *net.TCPAddr) (*url.URL, string, error) {
	port := fmt.Sprint(addr.Port)
	if cmd.URL == "" {
		host := addr.IP.String()
		if addr.IP.IsLoopback() || addr.IP.IsUnspecified() {
			host = "localhost"
		}
		return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}, port, nil
	}
	base, err := url.Parse(cmd.URL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.Path != "" && base.Path != "/" || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, "", errors.New("--url must be a scheme and a host, such as https://files.example.org")
	}
	return &url.URL{Scheme: base.Scheme, Host: base.Host}, port, nil
}

// greet tells, while nobody has an account, how to make the first; and then, when all is ready, where the server is.
func greet(ctx context.Context, out io.Writer, web *server.Server, people *accounts.Store, base *url.URL, addr net.Addr) error {
	token, err := people.NewSetup(ctx)
	switch {
	case errors.Is(err, accounts.ErrBadToken): // somebody has an account
	case err != nil:
		return err
	default: // to the terminal only: whoever reads the log later must not find it
		fmt.Fprintf(out, "\nNobody has an account yet. Open this link to make the first one, which runs the server.\nIt works once:\n\n    %s\n\n", web.SetupLink(token))
	}
	_, err = fmt.Fprintf(out, "Thorpe is at %s and listens on %s. Ctrl-C ends it.\n", base, addr)
	return err
}

// innermost is the system's word for what went wrong, without the addresses that the sentence around it has already.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
