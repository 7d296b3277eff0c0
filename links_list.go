package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"thorpe/shares/client"
)

// LinksListCmd lists the account's links.
type LinksListCmd struct {
	Links bool `help:"Print the whole links too: whoever reads them can open them."`
	JSON  bool `name:"json" help:"Print JSON, with the whole links."`
}

// Run implements the command.
func (cmd *LinksListCmd) Run(ctx context.Context, out io.Writer) error {
	return withLinks(ctx, func(links *ownLinks) error {
		if cmd.JSON {
			return links.printJSON(out)
		}
		if len(links.all) == 0 {
			fmt.Fprintln(os.Stderr, "There are no links yet: thorpe send makes one.")
			return nil
		}
		if err := links.print(out, cmd.Links); err != nil {
			return err
		}
		for _, link := range links.all {
			if link.Message != "" {
				fmt.Fprintf(os.Stderr, "%s was removed by the operator, who says: %s\n", link.ID, forTerminal(link.Message))
			}
		}
		return nil
	})
}

// print writes a line a link.
func (l *ownLinks) print(out io.Writer, whole bool) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "ID\tTITLE\tSTATE\tFILES\tSIZE\tMADE\tEXPIRES\tDOWNLOADS\tLAST OPENED")
	if whole {
		fmt.Fprint(table, "\tLINK")
	}
	fmt.Fprintln(table)
	for i := range l.all {
		link := &l.all[i]
		files := "-"
		if link.Note != nil && link.Note.Files != nil {
			files = fmt.Sprint(*link.Note.Files)
		}
		downloads := fmt.Sprint(link.Visits)
		if link.MaxVisits > 0 {
			downloads = fmt.Sprintf("%d of %d", link.Visits, link.MaxVisits)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", link.ID, shortened(forTerminal(titleOf(link))), stateOf(link), files,
			humanize.Bytes(uint64(link.Size)), minuteOr(link.Created, "-"), minuteOr(link.Expires, "never"), downloads, minuteOr(link.LastOpened, "never"))
		if whole {
			fmt.Fprintf(table, "\t%s", l.textOf(link))
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}

// printJSON writes the same for programs.
func (l *ownLinks) printJSON(out io.Writer) error {
	type row struct {
		ID           string     `json:"id"`
		Title        string     `json:"title"`
		Link         string     `json:"link"` // empty where the note does not open
		Password     bool       `json:"password"`
		State        string     `json:"state"`
		Message      string     `json:"message"`
		Files        *int64     `json:"files"`
		Size         int64      `json:"size"`
		Created      time.Time  `json:"created"`
		Expires      *time.Time `json:"expires"`
		MaxDownloads *int64     `json:"max_downloads"`
		Downloads    int64      `json:"downloads"`
		LastOpened   *time.Time `json:"last_opened"`
	}
	rows := []row{}
	for i := range l.all {
		link := &l.all[i]
		r := row{
			ID: link.ID.String(), Link: l.textOf(link), State: link.State, Message: link.Message, Size: link.Size,
			Created: link.Created, Downloads: link.Visits,
		}
		if link.Note != nil {
			r.Title, r.Password, r.Files = link.Note.Title, link.Note.Link.Password, link.Note.Files
		}
		if link.MaxVisits > 0 {
			r.MaxDownloads = &link.MaxVisits
		}
		if !link.Expires.IsZero() {
			r.Expires = &link.Expires
		}
		if !link.LastOpened.IsZero() {
			r.LastOpened = &link.LastOpened
		}
		rows = append(rows, r)
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(map[string]any{"links": rows})
}

// textOf is the whole link.
func (l *ownLinks) textOf(link *client.OwnLink) string {
	if link.Note == nil {
		return ""
	}
	return link.Note.Link.URL(l.c.Server())
}

func titleOf(link *client.OwnLink) string {
	switch {
	case link.Note == nil:
		return "(the note does not open)"
	case link.Note.Title == "":
		return "(no title)"
	}
	return link.Note.Title
}

// stateOf is the state in a word or two.
func stateOf(link *client.OwnLink) string {
	if link.State == "used_up" {
		return "used up"
	}
	return link.State
}

// shortened keeps a line a line.
func shortened(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "\u2026"
	}
	return text
}

// minuteOr is a time as people here read it.
func minuteOr(t time.Time, zero string) string {
	if t.IsZero() {
		return zero
	}
	return t.Local().Format("2006-01-02 15:04")
}
