package shares

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Counts is how many there are of everything, all accounts together.
type Counts struct {
	Links   map[State]int64
	Uploads map[Use]int64 // unfinished
	Reports int64         // that nobody has dismissed

	Bytes, Limit int64 // see [Store.LinksTaken]
}

// Count counts what there is now.
func (s *Store) Count(ctx context.Context) (Counts, error) {
	c := Counts{Links: map[State]int64{StateOpen: 0, StateExpired: 0, StateUsedUp: 0, StatePaused: 0, StateRemoved: 0}, Uploads: map[Use]int64{ForLink: 0, ForDrive: 0}}
	now := s.now().Unix()
	add := func(name string, n int64) {
		switch {
		case name == "reports":
			c.Reports = n
		case Use(name) == ForLink || Use(name) == ForDrive:
			c.Uploads[Use(name)] = n
		default:
			c.Links[State(name)] = n
		}
	}
	rows, err := s.db.QueryContext(ctx, `
		SELECT CASE WHEN stopped IS NOT NULL THEN stopped WHEN paused THEN 'paused' WHEN expires <= ? THEN 'expired'
			WHEN visits >= max_visits THEN 'used_up' ELSE 'open' END AS name, count(*) FROM links GROUP BY name
		UNION ALL SELECT use, count(*) FROM uploads WHERE placed = 0 AND expires > ? GROUP BY use
		UNION ALL SELECT 'reports', count(*) FROM reports`, now, now)
	if err != nil {
		return Counts{}, fmt.Errorf("counting links: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return Counts{}, fmt.Errorf("counting links: %w", err)
		}
		add(name, n)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return Counts{}, fmt.Errorf("counting links: %w", err)
	}
	c.Bytes, c.Limit, err = s.LinksTaken(ctx)
	return c, err
}

// Sweeps tells of the sweeps since the start.
type Sweeps struct {
	Done, Failed int64
	Last         time.Time     // when the last one that went well ended
	Took         time.Duration // that one
}

// sweeps counts them.
type sweeps struct {
	mu sync.Mutex
	Sweeps
}

// Sweeps tells of the sweeps since the start.
func (s *Store) Sweeps() Sweeps {
	s.sweeps.mu.Lock()
	defer s.sweeps.mu.Unlock()
	return s.sweeps.Sweeps
}

func (w *sweeps) note(began time.Time, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.Failed++
		return
	}
	w.Done++
	w.Last = time.Now()
	w.Took = w.Last.Sub(began)
}
