package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"thorpe/dav"
	"thorpe/server"
	"thorpe/server/accounts"
	"thorpe/server/clock"
	"thorpe/server/database"
	"thorpe/server/history"
	"thorpe/shares"
)

// grace is how long running requests may go on after the server was told to stop.
const grace = 10 * time.Second

// ServeCmd starts the server.
type ServeCmd struct {
	DataFlag
	ListenFlags

	RequestLog bool `help:"Write a line to the log for each request: method, route, status, bytes and time." default:"true" negatable:""`

	LogFormat string `help:"How the log is written: text, json (an object a line), or auto, which is text on a terminal and JSON otherwise." enum:"auto,text,json" default:"auto"`

	MetricsAddr string `help:"Where to answer /metrics, for Prometheus: a port of this machine alone, such as 9187, or an address and a port. Whoever reaches it may read; by default nobody." placeholder:"ADDR"`

	LinksLimit string `help:"The bytes that everybody's links may take together, such as 500G; by default as many as the disk has." placeholder:"SIZE"`
	Contact    string `help:"Where you take links that somebody wants to show you: an address of mail, or of a web page. Whoever reports a link reads it." placeholder:"ADDRESS"`

	TrustedProxies []network `help:"Networks of proxies in front, such as 127.0.0.1/32: what they say in X-Forwarded-For of where a request comes from is believed." placeholder:"CIDR,..."`
}

// network is one as people write it: with blanks around it, and as an address alone.
type network struct{ netip.Prefix }

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *network) UnmarshalText(text []byte) error {
	word := strings.TrimSpace(string(text))
	if addr, err := netip.ParseAddr(word); err == nil && addr.Zone() == "" {
		n.Prefix = netip.PrefixFrom(addr, addr.BitLen())
		return nil
	}
	return n.Prefix.UnmarshalText([]byte(word))
}

// Run implements the command. It ends when ctx does.
func (cmd *ServeCmd) Run(ctx context.Context, out io.Writer) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	passed, err := takePassed()
	if err != nil {
		return err
	}
	defer passed.close()
	cmd.passed = *passed
	if err := cmd.check(); err != nil {
		return err
	}
	limit, err := cmd.linksLimit()
	if err != nil {
		return err
	}
	var proxies []netip.Prefix
	for _, n := range cmd.TrustedProxies {
		proxies = append(proxies, n.Prefix)
	}
	data, err := cmd.openData(ctx, true, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	kept, err := history.Open(ctx, data.db, time.Now)
	if err != nil {
		return err
	}
	log := slog.New(server.WatchFailures(newLog(os.Stderr, cmd.LogFormat).Handler(), kept))
	listener, err := cmd.open(data.root, log)
	if err != nil {
		return err
	}
	defer listener.close()
	metricsListener, err := cmd.listenMetrics()
	if err != nil {
		return err
	}
	if metricsListener != nil {
		defer metricsListener.Close()
	}
	wall, err := clock.New(ctx, data.db, time.Now, log)
	if err != nil {
		return err
	}
	people, err := accounts.New(ctx, data.db, time.Now, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(people.Close(), err) }()
	drive, links, err := server.OpenStores(
		dav.Config{DB: data.db, Relaxed: data.relaxed, Data: data.root, Log: log, Hosts: []string{listener.base.Host}, Steady: wall.Steady},
		shares.Config{DB: data.db, Data: data.root, Log: log, Now: time.Now, Limit: limit, Steady: wall.Steady})
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
	var metrics *server.Metrics
	if metricsListener != nil {
		metrics = server.NewMetrics(versionText(), &server.StateMetrics{Accounts: people, Drive: drive, Shares: links, Log: log},
			&folderMetrics{data: data, path: cmd.Data, log: log})
	}
	web, err := server.New(server.Config{
		URL: listener.base, Port: listener.port, Names: listener.names, Accounts: people, Drive: drive, Shares: links, Log: log,
		Version: versionText(), Source: source, Now: time.Now, Proxies: proxies, Quiet: !cmd.RequestLog, Contact: cmd.Contact,
		Checks: data.checks(), Metrics: metrics, History: kept, Data: cmd.Data, Certificate: listener.certificate,
	})
	if err != nil {
		return err
	}
	if err := database.SetSetting(ctx, data.db, "url", listener.base.String()); err != nil {
		return err
	}
	if metricsListener != nil {
		fmt.Fprintf(out, "Metrics are at http://%s/metrics.\n", metricsListener.Addr())
	}
	if err := greet(ctx, out, web, people, listener.base, listener.addr()); err != nil {
		return err
	}
	tellManager("READY=1\nSTATUS="+listener.base.String(), log)
	defer tellStopping(ctx, log)()
	leading := listener.run(ctx, log)
	defer func() { stop(); <-leading }()
	looking := make(chan struct{})
	go func() {
		defer close(looking)
		kept.Run(ctx, web.Measure, log)
	}()
	defer func() { stop(); <-looking }()
	if metricsListener == nil {
		return web.Serve(ctx, grace, listener.listeners...)
	}
	watched, unwatch := context.WithCancel(context.WithoutCancel(ctx)) // also while running requests end
	told := make(chan error, 1)
	go func() { told <- web.ServeMetrics(watched, metricsListener) }()
	err = web.Serve(ctx, grace, listener.listeners...)
	unwatch()
	return errors.Join(err, <-told)
}

// check refuses what can't be meant, before anything is opened, and fills in what follows from other flags.
func (cmd *ServeCmd) check() error {
	if err := cmd.settle(); err != nil {
		return err
	}
	if _, err := cmd.linksLimit(); err != nil {
		return err
	}
	if cmd.MetricsAddr != "" && !isPlace(metricsPlace(cmd.MetricsAddr)) {
		return wrongUsage("--metrics-addr %q is neither a port, such as 9187, nor an address with one", cmd.MetricsAddr)
	}
	return checkContact(cmd.Contact)
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
