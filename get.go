package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// GetCmd fetches what a link holds, and opens it here.
type GetCmd struct {
	Link          string   `arg:"" help:"The whole link, in quotes."`
	Output        string   `short:"o" default:"." help:"The folder to put the files in, or - for a single file on standard output." placeholder:"DIR"`
	Force         bool     `help:"Replace files that are there already."`
	List          bool     `help:"Print what the link holds, and fetch nothing: size, time and name of each file. This counts as no download."`
	JSON          bool     `name:"json" help:"With --list: print JSON."`
	Only          []string `sep:"none" help:"Only files whose name or path matches, such as '*.jpg', or all in a folder, such as photos/. Can be given more than once." placeholder:"PATTERN"`
	PasswordStdin bool     `help:"Read the link's password from standard input."`
}

// Run implements the command.
func (cmd *GetCmd) Run(ctx context.Context, out io.Writer) error {
	if info, err := os.Stat(cmd.Output); err == nil && !info.IsDir() && cmd.Output != "-" {
		return wrongUsage("-o names the folder to put the files in, and %s is a file", cmd.Output)
	}
	return cmd.run(ctx, out, os.Stderr)
}

func (cmd *GetCmd) run(ctx context.Context, out, messages io.Writer) error {
	if cmd.JSON && !cmd.List {
		return wrongUsage("--json goes with --list")
	}
	server, link, err := sealed.ParseURL(strings.TrimSpace(cmd.Link))
	if err != nil {
		return err
	}
	password := ""
	if link.Password {
		if password, err = askPassword(ctx, "Password of the link: ", cmd.PasswordStdin); err != nil {
			return err
		}
	}
	keys, err := link.Keys(password)
	if err != nil {
		return err
	}
	g := getting{c: client.New(server), keys: keys, messages: messages}
	defer g.c.Close()
	if err := g.open(ctx, cmd.Output); err != nil {
		if link.Password && client.HasCode(err, "wrong_token") {
			return sealed.WrongToken
		}
		return err
	}
	chosen, err := choose(g.manifest, cmd.Only)
	switch {
	case err != nil:
		return err
	case cmd.List && cmd.JSON:
		return chosen.printJSON(out)
	case cmd.List:
		return chosen.print(out, messages)
	case cmd.Output == "-":
		return g.toStdout(ctx, chosen, out)
	}
	return g.toFolder(ctx, chosen, cmd.Output, cmd.Force)
}

// getting is one download.
type getting struct {
	c        *client.Client
	keys     *sealed.Keys
	ticket   client.Ticket // not shown to the server before there is something to fetch
	manifest *sealed.Manifest
	messages io.Writer
}

// open fetches the manifest, with the ticket of an earlier run into this folder, if there was one.
func (g *getting) open(ctx context.Context, output string) (err error) {
	earlier := false
	if output != "-" {
		g.ticket, earlier = earlierTicket(output, g.keys.ID)
	}
	if earlier {
		g.manifest, err = g.c.ManifestAgain(ctx, g.keys, g.ticket)
		return err
	}
	g.ticket = client.NewTicket()
	g.manifest, err = g.c.Manifest(ctx, g.keys)
	return err
}

// toStdout writes a single file to out, as far as it opens.
func (g *getting) toStdout(ctx context.Context, chosen *choice, out io.Writer) error {
	if n := len(chosen.files); n != 1 {
		return wrongUsage("these are %d files: only a single one can go to standard output, which --only chooses", n)
	}
	return g.fetch(ctx, chosen.stretches(func(int) int64 { return 0 }), func(_ int, copy copyTo) error { return copy(out) })
}

// toFolder writes files below a folder. Everything is opened under temporary names first: the files get their own only
// once all of them opened to their end. What a broken connection or Ctrl-C leaves is kept for the next run.
func (g *getting) toFolder(ctx context.Context, chosen *choice, output string, force bool) (err error) {
	if err := os.MkdirAll(output, 0o777); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	folder, err := openTarget(output, g.keys.ID, force)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.close(g.messages, mayGoOn(err))) }()
	if err := folder.begin(contentDigest(g.manifest), g.ticket); err != nil {
		return err
	}
	plan := planNames(chosen.manifest(), folder.rules)
	if err := folder.look(chosen); err != nil {
		return err
	}
	if err := folder.check(plan); err != nil {
		return err
	}
	if missing := chosen.stretches(folder.has); len(missing) > 0 && len(chosen.files) > 0 {
		err := g.fetch(ctx, missing, func(i int, copy copyTo) error { return folder.receive(i, copy) })
		if err != nil {
			return err
		}
	}
	changed, err := folder.place(plan)
	if err != nil {
		return err
	}
	for _, c := range append(plan.changed, changed...) {
		fmt.Fprintf(g.messages, "renamed: %s is called %s here\n", strconv.Quote(c.From), strconv.Quote(c.To))
	}
	return nil
}

// mayGoOn tells whether another run may finish what failed with err: not where the content itself is wrong.
func mayGoOn(err error) bool {
	_, wrong := errors.AsType[sealed.Error](err)
	return err != nil && !wrong && !errors.Is(err, client.ErrContentChanged)
}
