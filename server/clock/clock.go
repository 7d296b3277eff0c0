// Package clock says whether the machine's clock may be believed when it says that something has had its time.
//
// A clock that is wrong, after a dead battery or a slip, is put right later; what was deleted meanwhile stays deleted. Start from [New], and ask
// [Clock.Steady] before deleting. Where the clock went ahead by more than [Leap] between two looks, while the server ran or while it was off, the answer is no
// until it has gone on from there for [Wait]: time for somebody to notice, and for the clock to be set.
//
// The package decides nothing else: what has expired is expired by the clock as it is, and lives again when it is set back.
package clock

import (
	"context"
	"database/sql"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"thorpe/server/database"
)

const (
	// Leap is how far the clock may go ahead unseen. A server that was off for longer waits too, which costs nothing but some space.
	Leap = 30 * 24 * time.Hour

	// Wait is how long nothing is deleted after a leap.
	Wait = 24 * time.Hour
)

// Names of settings; their values are seconds since 1970.
const (
	seenSetting    = "clock seen"    // the last time that was believed
	doubtedSetting = "clock doubted" // when the clock was first found ahead; empty: it is believed
)

// Clock is safe for concurrent use.
type Clock struct {
	db  *sql.DB
	now func() time.Time
	log *slog.Logger

	mu      sync.Mutex
	seen    time.Time // zero: never
	doubted time.Time // zero: not
}

// New returns a clock that goes on from what the database holds of an earlier one.
func New(ctx context.Context, db *sql.DB, now func() time.Time, log *slog.Logger) (*Clock, error) {
	c := &Clock{db: db, now: now, log: log}
	for name, into := range map[string]*time.Time{seenSetting: &c.seen, doubtedSetting: &c.doubted} {
		text, err := database.Setting(ctx, db, name)
		if err != nil {
			return nil, err
		}
		if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
			*into = time.Unix(seconds, 0)
		}
	}
	return c, nil
}

// Steady looks at the clock, and says whether what has had its time by it may be deleted. Whoever deletes regularly asks each time.
func (c *Clock) Steady(ctx context.Context) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now().Round(0).Truncate(time.Second) // by the wall: what else the value has would hide a leap
	ahead := !c.seen.IsZero() && now.Sub(c.seen) > Leap
	// A doubt is about the time from when it began: before it the clock was set back, and long after it there is another leap.
	begun := !c.doubted.IsZero() && !now.Before(c.doubted) && now.Sub(c.doubted) <= Leap
	switch {
	case !ahead, begun && now.Sub(c.doubted) >= Wait:
		c.believe(ctx, now)
		return true
	case !begun:
		c.log.WarnContext(ctx, "the clock is far ahead of when the server last looked: for a day nothing that has had its time is deleted. If the clock is wrong, set it",
			"last", c.seen.UTC(), "now", now.UTC())
		c.doubted = now
		c.store(ctx, doubtedSetting, strconv.FormatInt(now.Unix(), 10))
	}
	return false
}

func (c *Clock) believe(ctx context.Context, now time.Time) {
	if !c.doubted.IsZero() {
		c.doubted = time.Time{}
		c.store(ctx, doubtedSetting, "")
	}
	if now.Sub(c.seen).Abs() >= time.Hour { // also when it was set back
		c.seen = now
		c.store(ctx, seenSetting, strconv.FormatInt(now.Unix(), 10))
	}
}

// store writes a setting. What can't be written is found out again, at the latest after the next start.
func (c *Clock) store(ctx context.Context, name, value string) {
	if err := database.SetSetting(ctx, c.db, name, value); err != nil && ctx.Err() == nil {
		c.log.WarnContext(ctx, "noting what the clock says", "error", err)
	}
}
