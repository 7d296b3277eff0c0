package shares

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// LinksAPage is how many links [AllLinks] returns at most.
const LinksAPage = 200

// ListedLink is a published link as the operator sees it. Its note is left out: it is its owner's.
type ListedLink struct {
	Link
	Account     [16]byte // its owner's
	Serial      int64    // grows from link to link
	WrongTokens int64    // how often somebody asked for it with another token than its own
	Reports     int      // how many of them are open
}

// LinkFilter says which links are asked for. Its zero value: all, from the newest on.
type LinkFilter struct {
	ID      *ID       // nil: any
	Account *[16]byte // nil: anybody's
	Before  int64     // older ones than the one of this serial; 0: from the newest on
}

// AllLinks lists everybody's links, newest first, [LinksAPage] at most, for the operator.
func (s *Store) AllLinks(ctx context.Context, f LinkFilter) ([]*ListedLink, error) {
	return AllLinks(ctx, s.db, f, s.now())
}

// AllLinks is [Store.AllLinks] for a program that runs beside the server: db is of its data folder.
func AllLinks(ctx context.Context, db *sql.DB, f LinkFilter, now time.Time) ([]*ListedLink, error) {
	where, args := "", []any{}
	if f.ID != nil {
		where, args = where+" AND links.id = ?", append(args, f.ID[:])
	}
	if f.Account != nil {
		where, args = where+" AND account = ?", append(args, f.Account[:])
	}
	if f.Before != 0 {
		where, args = where+" AND serial < ?", append(args, f.Before)
	}
	rows, err := db.QueryContext(ctx, `
		SELECT links.id, account, serial, created, expires, max_visits, visits, last_opened, content_size, manifest_size, stopped, paused, message,
			wrong_tokens, (SELECT count(*) FROM reports WHERE reports.link = links.id)
		FROM links JOIN link_ids ON link_ids.id = links.id WHERE 1`+where+` ORDER BY serial DESC LIMIT ?`, append(args, LinksAPage)...)
	if err != nil {
		return nil, fmt.Errorf("listing links: %w", err)
	}
	defer rows.Close()
	links := []*ListedLink{}
	for rows.Next() {
		l, err := scanListedLink(rows.Scan, now)
		if err != nil {
			return nil, fmt.Errorf("listing links: %w", err)
		}
		links = append(links, l)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("listing links: %w", err)
	}
	return links, nil
}

func scanListedLink(scan func(...any) error, now time.Time) (*ListedLink, error) {
	var (
		l                              ListedLink
		id, account                    []byte
		created                        int64
		expires, maxVisits, lastOpened sql.NullInt64
		stopped                        sql.NullString
		paused                         bool
	)
	err := scan(&id, &account, &l.Serial, &created, &expires, &maxVisits, &l.Visits, &lastOpened, &l.Size, &l.ManifestSize, &stopped, &paused, &l.Message,
		&l.WrongTokens, &l.Reports)
	if err != nil {
		return nil, err
	}
	l.ID, l.Account, l.Created, l.MaxVisits = ID(id), [16]byte(account), time.Unix(created, 0), maxVisits.Int64
	l.Expires, l.LastOpened = timeOf(expires), timeOf(lastOpened)
	l.State = stateOf(stopped, paused, l.Expires, l.MaxVisits, l.Visits, now)
	return &l, nil
}
