package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"thorpe/shares/accountkeys"
	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// LinksChangeCmd changes a link. Its content stays.
type LinksChangeCmd struct {
	Link          string  `arg:"" help:"The id, as thorpe links lists it, or how it begins, or the whole link in quotes."`
	Title         *string `help:"Another title; an empty one takes it away." placeholder:"TEXT"`
	Note          *string `help:"Another note." placeholder:"TEXT"`
	Expires       string  `help:"When the link ends, from now: 12h, 30d, 8w, or never. It revives one that has expired, for seven days after that." placeholder:"WHEN"`
	MaxDownloads  string  `help:"How many downloads the link is good for in all, or none for no limit." placeholder:"N|none"`
	Pause         bool    `help:"Let nobody in until --resume." xor:"pause"`
	Resume        bool    `help:"Let people in again." xor:"pause"`
	Password      bool    `name:"ask-password" help:"Ask for another password." xor:"password"`
	PasswordStdin bool    `help:"Read another password from standard input." xor:"password"`
	NoPassword    bool    `help:"Take the password away." xor:"password"`
}

// Run implements the command. The link goes to out where its text is another one now.
func (cmd *LinksChangeCmd) Run(ctx context.Context, out io.Writer) error {
	terms, err := cmd.terms(time.Now())
	if err != nil {
		return err
	}
	newPassword := cmd.Password || cmd.PasswordStdin || cmd.NoPassword
	words := cmd.Title != nil || cmd.Note != nil || newPassword
	if terms == (client.Terms{}) && !words {
		return wrongUsage("there is nothing to change: say what, such as --title or --expires")
	}
	password := ""
	if cmd.Password || cmd.PasswordStdin {
		if password, err = askNewPassword(ctx, "New password for the link: ", cmd.PasswordStdin); err != nil {
			return err
		}
	}
	return withLinks(ctx, func(links *ownLinks) error {
		link, err := links.find(cmd.Link)
		if err != nil {
			return err
		}
		if terms != (client.Terms{}) {
			if err := links.c.ChangeTerms(ctx, link.ID, terms); err != nil {
				return err
			}
		}
		if !words {
			return nil
		}
		before := links.textOf(link)
		after, err := links.reseal(ctx, link, func(m *sealed.Manifest, note *accountkeys.Note) {
			if cmd.Title != nil {
				m.Title = *cmd.Title
			}
			if cmd.Note != nil {
				m.Note = *cmd.Note
			}
			if newPassword {
				note.Password, note.Link.Password = password, !cmd.NoPassword
			}
		})
		if err != nil || after == before {
			return err
		}
		fmt.Fprintln(os.Stderr, "The link is another one now; the old text opens nothing any more:")
		_, err = fmt.Fprintln(out, after)
		return err
	})
}

// terms is what is changed without sealing anything.
func (cmd *LinksChangeCmd) terms(now time.Time) (terms client.Terms, err error) {
	if cmd.Expires != "" {
		lifetime, err := parseExpires(cmd.Expires)
		if err != nil {
			return terms, err
		}
		terms.Expires = new(time.Time)
		if lifetime > 0 {
			*terms.Expires = now.Add(lifetime)
		}
	}
	switch n, err := strconv.ParseInt(cmd.MaxDownloads, 10, 64); {
	case cmd.MaxDownloads == "":
	case cmd.MaxDownloads == "none":
		terms.MaxVisits = new(int64)
	case err != nil || !isLimit(n):
		return terms, errBadLimit
	default:
		terms.MaxVisits = &n
	}
	if cmd.Pause || cmd.Resume {
		terms.Paused = &cmd.Pause
	}
	return terms, nil
}

// resealAttempts is how often a change is made again on what another device has just changed.
const resealAttempts = 3

// reseal changes what only the link's holders and its owner can read, and gives the link's text. Where another device was
// first, the change is made to what that one left.
func (l *ownLinks) reseal(ctx context.Context, link *client.OwnLink, change func(*sealed.Manifest, *accountkeys.Note)) (text string, err error) {
	id := link.ID
	for attempt := 1; ; attempt++ {
		text, err = l.resealOnce(ctx, link, change)
		if !client.HasCode(err, "link_changed") || attempt == resealAttempts {
			return text, err
		}
		if err := l.read(ctx); err != nil {
			return "", err
		}
		if link, err = l.find(id.String()); err != nil {
			return "", err
		}
	}
}

func (l *ownLinks) resealOnce(ctx context.Context, link *client.OwnLink, change func(*sealed.Manifest, *accountkeys.Note)) (text string, err error) {
	manifest, err := l.open(ctx, link)
	if err != nil {
		return "", err
	}
	note := *link.Note
	change(manifest, &note)
	manifest.Revision++
	keys, sealedManifest, sealedNote, err := l.seal(manifest, &note)
	if err != nil {
		return "", err
	}
	return note.Link.URL(l.c.Server()), l.c.Reseal(ctx, keys, link.Version, sealedManifest, sealedNote)
}

// seal seals a manifest, and the note that goes with it, for a link with this secret and password.
func (l *ownLinks) seal(m *sealed.Manifest, note *accountkeys.Note) (keys *sealed.Keys, manifest, box []byte, err error) {
	note.Title, note.Revision, note.Files = ownTitle(m), m.Revision, new(int64(len(m.Files)))
	if keys, err = note.Link.Keys(note.Password); err != nil {
		return nil, nil, nil, err
	}
	if manifest, err = sealManifest(keys, m); err != nil {
		return nil, nil, nil, err
	}
	box, err = accountkeys.SealNote(l.c.Session.AccountKey, l.c.Session.Account, *note)
	return keys, manifest, box, err
}

// LinksRenewCmd makes a new link for one that got into wrong hands.
type LinksRenewCmd struct {
	Link string `arg:"" help:"The id, as thorpe links lists it, or how it begins, or the whole link in quotes."`
}

// Run implements the command.
func (cmd *LinksRenewCmd) Run(ctx context.Context, out io.Writer) error {
	return withLinks(ctx, func(links *ownLinks) error {
		link, err := links.find(cmd.Link)
		if err != nil {
			return err
		}
		manifest, err := links.open(ctx, link)
		if err != nil {
			return err
		}
		if link.State == "expired" {
			return errors.New("this link has expired: give it a new date first, with thorpe links change --expires")
		}
		note := *link.Note
		note.Link = sealed.NewLink(note.Link.Password)
		manifest.Revision = 1
		keys, sealedManifest, sealedNote, err := links.seal(manifest, &note)
		if err != nil {
			return err
		}
		err = links.c.Renew(ctx, link.ID, link.Version, client.NewLink{
			Keys: keys, Manifest: sealedManifest, Note: sealedNote, Expires: link.Expires, MaxVisits: link.MaxVisits,
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "This is the new link. The old one opens nothing any more; whoever opened it before may have kept the files.")
		_, err = fmt.Fprintln(out, note.Link.URL(links.c.Server()))
		return err
	})
}
