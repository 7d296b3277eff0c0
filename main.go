// Thorpe is a cloud drive in one binary: a WebDAV server, a web drive, and share links that only their holders can read.
//
// This package is the command line. Each command stands in a file of its own; serve.go starts the server.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is what the command line understands. Each flag can be given as a variable too: --data as THORPE_DATA.
type commands struct {
	Serve ServeCmd `cmd:"" default:"withargs" help:"Start the server (the default)."`
	User  struct {
		Add   UserAddCmd   `cmd:"" help:"Invite somebody: prints a link that makes an account."`
		Quota UserQuotaCmd `cmd:"" help:"Bound the bytes that somebody's files and links may take, or print the bound."`
	} `cmd:"" help:"Manage people."`
	AppPassword AppPasswordCmd `cmd:"" help:"Make an app password for a device that mounts the drive, and print it."`
	Login       LoginCmd       `cmd:"" help:"Sign in to a server, for send."`
	Send        SendCmd        `cmd:"" help:"Seal files and folders on this computer, and print a link to them."`
	Get         GetCmd         `cmd:"" help:"Open a link and save what it holds."`
	Version     VersionCmd     `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var cli commands
	parsed := kong.Parse(&cli,
		kong.Name("thorpe"),
		kong.Description("A cloud drive in one binary: mount it, use it in the browser, and share links that the server cannot read."),
		kong.UsageOnError(),
		kong.DefaultEnvars("THORPE"),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(os.Stdout, (*io.Writer)(nil)),
	)
	if err := parsed.Run(); err != nil {
		if !errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, "thorpe:", err)
		}
		stop()
		os.Exit(1)
	}
}
