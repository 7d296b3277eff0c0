package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"thorpe/server"
	"thorpe/server/release"
)

// VerifyCmd compares a server with a release.
type VerifyCmd struct {
	URL         string   `arg:"" optional:"" help:"The server, or any link to it: what stands behind the # is not used."`
	List        string   `help:"The list of hashes to compare with, as a release publishes it; by default this program's own." placeholder:"FILE"`
	AllowHeader []string `help:"A header that a proxy in front is known to add. Can be given more than once." placeholder:"NAME"`
	PrintList   bool     `help:"Print this program's own list of hashes, and compare nothing."`
	PrintOpener bool     `help:"Print the page that opens links from one's own disk, and compare nothing."`
}

// errNotAsReleased: something was changed.
var errNotAsReleased = errors.New("this server does not give what the release gives")

// errNoAnswer: nothing could be compared.
var errNoAnswer = errors.New("the server cannot be reached")

// Run implements the command.
func (cmd *VerifyCmd) Run(ctx context.Context, out io.Writer) error {
	if cmd.PrintList || cmd.PrintOpener {
		return cmd.print(out)
	}
	text, err := cmd.list()
	if err != nil {
		return err
	}
	base, err := serverOf(cmd.URL)
	if err != nil {
		return err
	}
	list, err := release.Parse(text)
	if err != nil {
		return err
	}
	checker := release.Checker{Allow: map[string]bool{}}
	for _, name := range cmd.AllowHeader {
		checker.Allow[http.CanonicalHeaderKey(name)] = true
	}
	report, err := checker.Check(ctx, base, text)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	return say(out, base, list.Version, release.Sum(text), report)
}

// print prints what a release publishes.
func (cmd *VerifyCmd) print(out io.Writer) error {
	if cmd.URL != "" || cmd.List != "" || cmd.PrintList && cmd.PrintOpener {
		return wrongUsage("--print-list and --print-opener each go alone")
	}
	make := cmd.list
	if cmd.PrintOpener {
		make = func() ([]byte, error) { return server.Opener(versionText()) }
	}
	text, err := make()
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// list is what is compared with.
func (cmd *VerifyCmd) list() ([]byte, error) {
	if cmd.List == "" {
		return server.Released(versionText(), source)
	}
	text, err := os.ReadFile(cmd.List)
	if err != nil {
		return nil, fmt.Errorf("reading the list: %w", err)
	}
	return text, nil
}

// serverOf is the server that an address belongs to: its own, that of one of its links, or of the page that opens them.
func serverOf(address string) (*url.URL, error) {
	address, _, _ = strings.Cut(strings.TrimSpace(address), "#")
	base, err := url.Parse(address)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.User != nil || base.RawQuery != "" {
		return nil, wrongUsage("the server's address is needed, such as https://example.org")
	}
	base.Path = strings.TrimSuffix(strings.TrimSuffix(base.Path, "/"), "/s")
	return base, nil
}

// say tells what was found.
func say(out io.Writer, base *url.URL, version, sum string, report *release.Report) error {
	fmt.Fprintf(out, "List compared with: version %s, SHA-256 %s\n", forTerminal(version), sum)
	if report.Other {
		return fmt.Errorf("nothing was compared: %s says that it runs version %s, and the list is of %s. Get the list of that release from where it is published, not from this server, and give it by --list",
			base, forTerminal(report.Version), forTerminal(version))
	}
	for _, found := range report.Findings {
		often := ""
		if found.In < found.Of {
			often = fmt.Sprintf(" (in %d of %d visits)", found.In, found.Of)
		}
		fmt.Fprintf(out, "CHANGED %s: %s%s\n", found.Path, forTerminal(found.What), often)
	}
	fmt.Fprintf(out, "%d answers, each asked for as several browsers would: %d visits.\n", report.Answers, report.Visits)
	if n := len(report.Findings); n > 0 {
		return fmt.Errorf("%w: %s", errNotAsReleased, counted(n, "difference"))
	}
	if report.HTTP3 {
		fmt.Fprintln(out, "The server offers HTTP/3, by which nothing was compared: what it gives browsers that use it was not looked at.")
	}
	fmt.Fprint(out, "All is as the release has it, for this visit. A server can tell this program from a browser, and can give others, or the same at\n"+
		"another time, something else; what is behind the sign-in was not looked at, but for the modules that it loads.\n")
	return nil
}
