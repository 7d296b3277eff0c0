package shares

import (
	"context"
	"database/sql"
	"time"
)

// Change is what an owner changes about a link without sealing anything anew. What is nil stays as it is.
type Change struct {
	Expires   *time.Time // in the future; the zero time: never
	MaxVisits *int64     // 1 to 1,000,000, and not below the visits that were counted; 0: no limit
	Paused    *bool      // a paused link is handed out to nobody, with a ticket or without
}

// ChangeLink changes a link of the owner's. A link that has expired lives again with a new date, until it is swept. Pausing cuts off downloads that are under way;
// a date or a limit does not end what a ticket was given for.
//
// It returns ErrNotFound, ErrBadLink, ErrLimitPassed, ErrLinkStopped or ErrTooManyLinks; nothing has changed then.
func (s *Store) ChangeLink(ctx context.Context, owner [16]byte, id ID, c Change) (link *Link, err error) {
	now := s.now()
	if err := c.check(now); err != nil {
		return nil, err
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		own, err := findOwnLink(ctx, tx, owner, id, now)
		if err != nil {
			return err
		}
		revived := own.hasExpired(now)
		if err := c.apply(own); err != nil {
			return err
		}
		if revived && !own.hasExpired(now) {
			if n, err := countLinks(ctx, tx, owner, now); err != nil {
				return err
			} else if n >= maxLinks {
				return ErrTooManyLinks
			}
		}
		own.State = own.stateAt(now)
		link = &own.Link
		return updateTerms(ctx, tx, own)
	})
	if err != nil {
		return nil, err
	}
	if c.Paused != nil && *c.Paused {
		s.downloads.cut(id, &GoneError{Reason: StatePaused})
	}
	return link, nil
}

func (c *Change) check(now time.Time) error {
	if c.Expires == nil && c.MaxVisits == nil && c.Paused == nil {
		return ErrBadLink
	}
	terms := NewLink{}
	if c.Expires != nil {
		terms.Expires = *c.Expires
	}
	if c.MaxVisits != nil {
		terms.MaxVisits = *c.MaxVisits
	}
	if err := terms.check(now); err != nil {
		return err
	}
	if c.Expires != nil {
		c.Expires = &terms.Expires // in whole seconds
	}
	return nil
}

// apply makes the change to what was read of the link.
func (c *Change) apply(l *ownLink) error {
	if l.stopped.Valid {
		return ErrLinkStopped
	}
	if c.Expires != nil {
		l.Expires = *c.Expires
	}
	if c.MaxVisits != nil {
		if l.MaxVisits = *c.MaxVisits; l.MaxVisits != 0 && l.MaxVisits < l.Visits {
			return ErrLimitPassed
		}
	}
	if c.Paused != nil {
		l.paused = *c.Paused
	}
	return nil
}
