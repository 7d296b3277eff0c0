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
	Link          string `arg:"" help:"The whole link, in quotes."`
	Output        string `short:"o" default:"." help:"The folder to put the files in, or - for a single file on standard output." placeholder:"DIR"`
	Force         bool   `help:"Replace files that are there already."`
	PasswordStdin bool   `help:"Read the link's password from standard input."`
}

// Run implements the command.
func (cmd *GetCmd) Run(ctx context.Context, out io.Writer) error {
	return cmd.run(ctx, out, os.Stderr)
}

func (cmd *GetCmd) run(ctx context.Context, out, messages io.Writer) error {
	origin, link, err := sealed.ParseURL(strings.TrimSpace(cmd.Link))
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
	g := getting{c: client.New(origin), keys: keys, messages: messages}
	defer g.c.Close()
	if g.manifest, err = g.c.Manifest(ctx, keys); err != nil {
		if link.Password && client.HasCode(err, "wrong_token") {
			return sealed.WrongToken
		}
		return err
	}
	if cmd.Output == "-" {
		return g.toStdout(ctx, out)
	}
	return g.toFolder(ctx, cmd.Output, cmd.Force)
}

// getting is one download.
type getting struct {
	c        *client.Client
	keys     *sealed.Keys
	manifest *sealed.Manifest
	messages io.Writer
}

// toStdout writes the one file of a link to out, as far as it opens.
func (g *getting) toStdout(ctx context.Context, out io.Writer) error {
	if n := len(g.manifest.Files); n != 1 {
		return fmt.Errorf("this link holds %d files: only a single one can go to standard output", n)
	}
	return g.content(ctx, func(content io.Reader) error {
		_, err := io.CopyN(out, content, g.manifest.Files[0].Size)
		return err
	})
}

// toFolder writes the files of a link below a folder. Everything is opened under temporary names first: the files get
// their own only once the whole content opened to its end.
func (g *getting) toFolder(ctx context.Context, output string, force bool) (err error) {
	if err := os.MkdirAll(output, 0o777); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	folder, err := openTarget(output, force)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.close()) }()
	plan := planNames(g.manifest, folder.rules)
	if err := folder.check(plan); err != nil {
		return err
	}
	if len(plan.files) > 0 {
		err = g.content(ctx, func(content io.Reader) error {
			for i, file := range g.manifest.Files {
				if err := folder.receive(i, file, content); err != nil {
					return err
				}
			}
			return nil
		})
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

// content opens the content, lets use read the files from it, and goes on to its end: what use read is good only if
// this returns nil.
func (g *getting) content(ctx context.Context, use func(io.Reader) error) error {
	size := g.manifest.Total()
	bar := newProgress(g.messages, "Getting", size)
	defer bar.end()
	g.c.Retries.Notify = bar.retrying
	ticket := client.NewTicket()
	if err := g.c.Ticket(ctx, g.keys, ticket); err != nil {
		return err
	}
	stream := g.c.Content(ctx, g.keys, ticket, sealed.SealedLength(size))
	defer stream.Close()
	opened, err := sealed.NewReader(g.manifest.Key, stream, size)
	if err != nil {
		return err
	}
	content := io.TeeReader(opened, bar)
	if err := use(content); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, content); err != nil { // the padding, and the proof that this is the end
		return err
	}
	return nil
}
