// Thorpe is a cloud drive in one binary: a WebDAV server, a web drive, and share links that only their holders can read.
//
// This package is the command line. Each command stands in a file of its own; serve.go starts the server, and exitcode.go
// says what the program ends with.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is what the command line understands. Each flag can be given as a variable too: --data as THORPE_DATA.
type commands struct {
	Serve ServeCmd `cmd:"" default:"withargs" help:"Start the server (the default)."`
	User  struct {
		Add   UserAddCmd   `cmd:"" help:"Invite somebody: prints a link that makes an account, the first of which runs the server."`
		Quota UserQuotaCmd `cmd:"" help:"Bound the bytes that somebody's files and links may take, or print the bound and what they take."`
	} `cmd:"" help:"Manage people."`
	LocalCA     LocalCACmd     `cmd:"" name:"local-ca" help:"Make a certificate authority for a home network, or tell of the one that there is."`
	AppPassword AppPasswordCmd `cmd:"" help:"Make an app password for a device that mounts the drive, and print it."`
	Login       LoginCmd       `cmd:"" help:"Sign in to a server, for send and links."`
	Send        SendCmd        `cmd:"" help:"Seal files and folders on this computer, and print a link to them."`
	Get         GetCmd         `cmd:"" help:"Open a link and save what it holds."`
	Links       struct {
		List   LinksListCmd   `cmd:"" default:"withargs" help:"List your links (the default)."`
		Change LinksChangeCmd `cmd:"" help:"Change a link's title, note, date, limit or password, or pause it."`
		Renew  LinksRenewCmd  `cmd:"" help:"Make a new link to the same files, and end the old one."`
		Delete LinksDeleteCmd `cmd:"" help:"Delete links and what they hold."`

		All      LinksAllCmd      `cmd:"" help:"For the operator, beside the server: list everybody's links, as the server knows them."`
		TakeDown LinksTakeDownCmd `cmd:"" help:"For the operator, beside the server: take a link away from everyone, with a reason."`
		Reports  LinksReportsCmd  `cmd:"" help:"For the operator, beside the server: list what people have reported."`
	} `cmd:"" help:"Manage links."`
	Backup     BackupCmd     `cmd:"" help:"For the operator, beside the server: copy everything it keeps, while it runs."`
	Restore    RestoreCmd    `cmd:"" help:"Make a data folder of a backup."`
	Health     HealthCmd     `cmd:"" help:"For the operator, beside the server: ask it whether it can be used, with the settings that it runs with."`
	Verify     VerifyCmd     `cmd:"" help:"Compare what a server gives its visitors with what a release gives them."`
	Config     ConfigCmd     `cmd:"" help:"Print the settings that serve would run with, and where each comes from."`
	Completion CompletionCmd `cmd:"" help:"Print a script that completes commands and flags in a shell."`
	Man        ManCmd        `cmd:"" help:"Print the manual page."`
	Version    VersionCmd    `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := runCommand(ctx, os.Args[1:])
	stop()
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, "thorpe:", err)
		}
		os.Exit(exitCode(err))
	}
}

// runCommand runs what the words ask for. After --help the program ends within it.
func runCommand(ctx context.Context, words []string) error {
	parser, err := newParser(ctx, &commands{}, os.Stdout)
	if err != nil {
		return err
	}
	if len(words) > 0 && words[0] == "--version" { // as other programs have it
		words = []string{"version"}
	} else if len(words) > 0 && words[0] == "help" {
		words = append(slices.Clone(words[1:]), "--help")
	}
	parsed, err := parser.Parse(protectIDs(words))
	if wrong, ok := errors.AsType[settingError](err); ok {
		return wrongUsage("%w", wrong)
	}
	if err != nil {
		return wrongUsage("%w; thorpe --help, or --help behind a command, says how", err)
	}
	if err := checkVariables(parser.Model.Node, os.Environ()); err != nil {
		return wrongUsage("%w", err)
	}
	return parsed.Run()
}

// newParser reads the command line for into, which is a *commands but in tests; commands write to out.
func newParser(ctx context.Context, into any, out io.Writer) (*kong.Kong, error) {
	return kong.New(into,
		kong.Name("thorpe"),
		kong.Description("A cloud drive in one binary: mount it, use it in the browser, and share links that the server cannot read."),
		kong.Help(func(options kong.HelpOptions, parsed *kong.Context) error {
			if err := kong.DefaultHelpPrinter(options, parsed); err != nil {
				return err
			}
			_, err := fmt.Fprint(parsed.Stdout, "\n", exitHelp)
			return err
		}),
		kong.DefaultEnvars("THORPE"),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(out, (*io.Writer)(nil)),
	)
}
