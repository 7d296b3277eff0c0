package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"thorpe/server/accounts"
	"thorpe/shares"
	"thorpe/shares/sealed"
)

// LinksAllCmd lists everybody's links on the server's own machine.
type LinksAllCmd struct {
	DataFlag
	Owner string `help:"Only the links of this account." placeholder:"NAME"`
}

// Run implements the command.
func (cmd *LinksAllCmd) Run(ctx context.Context, out io.Writer) error {
	return cmd.withAccounts(ctx, false, func(data *dataFolder, people *accounts.Store) error {
		filter := shares.LinkFilter{}
		if cmd.Owner != "" {
			account, err := accountNamed(ctx, people, cmd.Owner)
			if err != nil {
				return err
			}
			id := [16]byte(account.ID)
			filter.Account = &id
		}
		names, err := people.Names(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tOWNER\tSTATE\tSIZE\tMADE\tEXPIRES\tDOWNLOADS\tLAST OPENED\tREPORTS")
		for {
			links, err := shares.AllLinks(ctx, data.db, filter, time.Now())
			if err != nil {
				return err
			}
			for _, l := range links {
				printLink(table, l, names[accounts.ID(l.Account)])
			}
			if len(links) < shares.LinksAPage {
				return table.Flush()
			}
			filter.Before = links[len(links)-1].Serial
		}
	})
}

func printLink(table io.Writer, l *shares.ListedLink, owner string) {
	downloads := fmt.Sprint(l.Visits)
	if l.MaxVisits != 0 {
		downloads = fmt.Sprintf("%d of %d", l.Visits, l.MaxVisits)
	}
	fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\n", l.ID, owner, l.State, humanize.Bytes(uint64(l.Size+l.ManifestSize)),
		dayOf(l.Created, "-"), dayOf(l.Expires, "never"), downloads, dayOf(l.LastOpened, "never"), l.Reports)
}

func dayOf(t time.Time, zero string) string {
	if t.IsZero() {
		return zero
	}
	return t.Local().Format("2006-01-02 15:04")
}

// LinksTakeDownCmd takes a link down on the server's own machine. What stands in a pasted link is not kept or sent anywhere.
type LinksTakeDownCmd struct {
	DataFlag
	Link   string `arg:"" help:"The link's id, or the whole link in quotes; - reads it from standard input, so that no history of commands keeps it."`
	Reason string `help:"What whoever opens the link, and its owner, will read: at most 500 characters." placeholder:"TEXT"`
}

// Run implements the command.
func (cmd *LinksTakeDownCmd) Run(ctx context.Context, out io.Writer) error {
	text := cmd.Link
	if text == "-" {
		line, err := readLine(ctx, os.Stdin)
		if err != nil {
			return fmt.Errorf("reading the link: %w", err)
		}
		text = line
	}
	id, err := linkIDOf(strings.TrimSpace(text))
	if err != nil {
		return err
	}
	data, err := cmd.openData(ctx, false, false)
	if err != nil {
		return err
	}
	err = errors.Join(shares.TakeDown(ctx, data.db, data.root, id, cmd.Reason), data.close())
	switch {
	case errors.Is(err, shares.ErrNotFound):
		return noSuchLinkError{fmt.Errorf("there is no link %s on this server: it may have been deleted or swept", id)}
	case errors.Is(err, shares.ErrBadReason):
		return wrongUsage("a reason has at most %d characters", shares.MaxReason)
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(out, "The link %s is taken down, and its files are gone from the disk.\n", id)
	return err
}

// linkIDOf takes an id, or derives that of a whole link.
func linkIDOf(text string) (shares.ID, error) {
	text = strings.TrimPrefix(text, idPrefix)
	if id, err := shares.ParseID(strings.TrimPrefix(text, idPrefix)); err == nil {
		return id, nil
	}
	_, link, err := sealed.ParseURL(text)
	if err != nil {
		return shares.ID{}, err
	}
	return shares.ID(link.ID()), nil
}

// noSuchLinkError says that a link is not on this server.
type noSuchLinkError struct{ error }

// LinksReportsCmd lists what people have reported, on the server's own machine.
type LinksReportsCmd struct {
	DataFlag
	Dismiss []int64 `help:"Remove the reports of these numbers in place of listing them; their links stay as they are." placeholder:"NUMBER,..."`
}

// Run implements the command.
func (cmd *LinksReportsCmd) Run(ctx context.Context, out io.Writer) (err error) {
	data, err := cmd.openData(ctx, false, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	for _, id := range cmd.Dismiss {
		if err := shares.DeleteReport(ctx, data.db, id); errors.Is(err, shares.ErrNotFound) {
			return fmt.Errorf("there is no report %d", id)
		} else if err != nil {
			return err
		}
	}
	if len(cmd.Dismiss) > 0 {
		return nil
	}
	reports, err := shares.Reports(ctx, data.db, time.Now())
	if err != nil {
		return err
	}
	lines := bufio.NewWriter(out)
	for _, r := range reports {
		fmt.Fprintf(lines, "%d  %s  link %s (%s)\n", r.ID, dayOf(r.At, "-"), r.Link, r.State)
		for line := range strings.Lines(r.Text) {
			fmt.Fprintf(lines, "    %s\n", forTerminal(strings.TrimSuffix(line, "\n")))
		}
	}
	return lines.Flush()
}
