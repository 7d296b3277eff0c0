package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"thorpe/shares"
	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// withLinks signs in as login left it, and lists the account's links.
func withLinks(ctx context.Context, use func(*ownLinks) error) error {
	server, session, err := loadSession()
	if err != nil {
		return err
	}
	c := client.New(server)
	c.Session = session
	defer c.Close()
	c.Retries.Notify = newProgress(os.Stderr, "", 0).retrying
	links := &ownLinks{c: c}
	if err := links.read(ctx); err != nil {
		return signedOut(err)
	}
	return signedOut(use(links))
}

// ownLinks are the links of the account that is signed in.
type ownLinks struct {
	c   *client.Client
	all []client.OwnLink // newest first
}

func (l *ownLinks) read(ctx context.Context) (err error) {
	l.all, err = l.c.Links(ctx)
	return err
}

// shortestID is how much of an id has to be given at least.
const shortestID = 4

// errNoSuchLink: none of the account's links is the one that was named.
var errNoSuchLink = errors.New("none of your links is this one; thorpe links lists them")

// find finds a link by its id, by how its id begins, or by its whole text.
func (l *ownLinks) find(word string) (*client.OwnLink, error) {
	word = strings.TrimPrefix(strings.TrimSpace(word), idPrefix)
	id, otherServer := word, ""
	if strings.Contains(word, "/") {
		server, link, err := sealed.ParseURL(word)
		if err != nil {
			return nil, err
		} else if server != l.c.Server() {
			otherServer = server
		}
		id = link.ID().String()
	} else if len(id) < shortestID {
		return nil, wrongUsage("a link is named by its id, or by at least %d characters that its id begins with, or by its whole text", shortestID)
	}
	var found *client.OwnLink
	for i := range l.all {
		if strings.HasPrefix(l.all[i].ID.String(), id) {
			if found != nil {
				return nil, wrongUsage("the ids of several of your links begin with %s", id)
			}
			found = &l.all[i]
		}
	}
	switch {
	case found == nil && otherServer != "":
		return nil, wrongUsage("this is a link of %s; you are signed in to %s", otherServer, l.c.Server())
	case found == nil:
		return nil, errNoSuchLink
	}
	return found, nil
}

// errUnreadable: the note is another account's, or the server changed it.
var errUnreadable = errors.New("the note of this link does not open, so that it cannot be sealed anew; its date, limit and pause can be changed, and it can be deleted")

// open fetches the manifest of a link of one's own, with the keys that its note gives.
func (l *ownLinks) open(ctx context.Context, link *client.OwnLink) (*sealed.Manifest, error) {
	if link.Note == nil {
		return nil, errUnreadable
	}
	keys, err := link.Note.Link.Keys(link.Note.Password)
	if err != nil {
		return nil, err
	}
	m, err := l.c.OwnManifest(ctx, keys)
	if err != nil {
		return nil, err
	}
	if m.Revision < link.Note.Revision { // what stands in it must not be saved as new
		return nil, errOlder
	}
	return m, nil
}

// errOlder: a server that shows an old manifest would have it sealed as the newest.
var errOlder = errors.New("the server shows an older version of this link than was saved last: nothing was changed")

// idPrefix stands before an id that begins with a dash, so that it is not taken for a flag.
const idPrefix = "id:"

// protectIDs puts it there. No flag looks like an id: 16 bytes in base64url.
func protectIDs(words []string) []string {
	protected := make([]string, len(words))
	for i, word := range words {
		protected[i] = word
		if _, err := shares.ParseID(word); err == nil && strings.HasPrefix(word, "-") {
			protected[i] = idPrefix + word
		}
	}
	return protected
}

// LinksDeleteCmd deletes links and what they hold.
type LinksDeleteCmd struct {
	Links []string `arg:"" name:"link" help:"Ids, as thorpe links lists them, or how they begin, or whole links in quotes."`
}

// Run implements the command. Nothing is deleted unless all are found.
func (cmd *LinksDeleteCmd) Run(ctx context.Context, out io.Writer) error {
	return withLinks(ctx, func(links *ownLinks) error {
		var found []*client.OwnLink
		for _, word := range cmd.Links {
			link, err := links.find(word)
			if err != nil {
				return err
			}
			found = append(found, link)
		}
		for _, link := range found {
			if err := links.c.DeleteLink(ctx, link.ID); err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "deleted: %s %s\n", link.ID, forTerminal(titleOf(link)))
		}
		return nil
	})
}
