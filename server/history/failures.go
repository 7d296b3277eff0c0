package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Failure is something that the log told as an error. Its texts are safe to show: who notes it sees to that.
type Failure struct {
	At      time.Time // whole seconds
	Code    string    // what kind it is, docs/api.md
	What    string    // what was being done, in the log's words
	Request string    // the request's id; "": no request brought it about
	Door    string    // of the request
	Method  string
	Status  int // of the answer; 0: there was none, or it was on its way already
	Cause   string
}

// LastFailures is how many are kept one by one; all others are only counted.
const LastFailures = 50

// countedHours is how far back failures are counted, the present hour with it.
const countedHours = 24

// maxText bounds each text of a failure, in bytes; maxCodes how many kinds are told apart, so that no mistake makes rows without end.
const (
	maxText  = 400
	maxCodes = 30
)

type countKey struct {
	hour int64 // since 1970
	code string
}

// Note notes a failure of now.
func (s *Store) Note(f Failure) {
	f.At = s.now().Truncate(time.Second).UTC()
	for _, text := range []*string{&f.Code, &f.What, &f.Request, &f.Door, &f.Method, &f.Cause} {
		*text = cut(*text)
	}
	key := countKey{f.At.Unix() / int64(hour), f.Code}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, f)
	s.forget(f.At)
	if _, known := s.counts[key]; !known && len(s.counts) >= maxCodes*countedHours {
		return
	}
	s.counts[key]++
	s.dirty = true
}

// cut leaves out the end of a text that is too long.
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	at := maxText
	for at > 0 && text[at]&0xc0 == 0x80 { // in a rune
		at--
	}
	return text[:at] + "…"
}

// forget lets go of what is older than a day, and of more than LastFailures. mu is held.
func (s *Store) forget(now time.Time) {
	first := now.Unix()/int64(hour) - countedHours + 1
	for key := range s.counts {
		if key.hour < first || key.hour > first+countedHours { // of a clock that ran ahead
			delete(s.counts, key)
			s.dirty = true
		}
	}
	old := 0
	for old < len(s.failures) && (len(s.failures)-old > LastFailures || s.failures[old].At.Unix()/int64(hour) < first) {
		old++
	}
	if old > 0 {
		s.failures = append([]Failure(nil), s.failures[old:]...)
		s.dirty = true
	}
}

// Failures are the last ones, newest first, and how many of each code there were, in this hour and the 23 before.
func (s *Store) Failures() (last []Failure, counts map[string]int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(s.now())
	last, counts = []Failure{}, map[string]int64{}
	for i := len(s.failures) - 1; i >= 0; i-- {
		last = append(last, s.failures[i])
	}
	for key, n := range s.counts {
		counts[key.code] += n
	}
	return last, counts
}

// Flush writes down what was noted since the last time.
func (s *Store) Flush(ctx context.Context) error {
	s.mu.Lock()
	if !s.dirty {
		s.mu.Unlock()
		return nil
	}
	failures := append([]Failure(nil), s.failures...)
	counts := make(map[countKey]int64, len(s.counts))
	for key, n := range s.counts {
		counts[key] = n
	}
	s.dirty = false
	s.mu.Unlock()
	err := s.transact(ctx, func(tx *sql.Tx) error { return replaceFailures(ctx, tx, failures, counts) })
	if err != nil {
		s.mu.Lock()
		s.dirty = true
		s.mu.Unlock()
	}
	return err
}

func replaceFailures(ctx context.Context, tx *sql.Tx, failures []Failure, counts map[countKey]int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM failures`)
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM failure_counts`)
	}
	for i := 0; i < len(failures) && err == nil; i++ {
		f := failures[i]
		_, err = tx.ExecContext(ctx, `INSERT INTO failures (id, at, code, what, request, door, method, status, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			i+1, f.At.Unix(), f.Code, f.What, f.Request, f.Door, f.Method, f.Status, f.Cause)
	}
	for key, n := range counts {
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO failure_counts (hour, code, count) VALUES (?, ?, ?)`, key.hour, key.code, n)
		}
	}
	if err != nil {
		return fmt.Errorf("writing down what failed: %w", err)
	}
	return nil
}

func (s *Store) readFailures(ctx context.Context) error {
	rows, err := s.db.QueryContext(ctx, `SELECT at, code, what, request, door, method, status, cause FROM failures ORDER BY id`)
	if err == nil {
		err = each(rows, func() error {
			var f Failure
			var at int64
			err := rows.Scan(&at, &f.Code, &f.What, &f.Request, &f.Door, &f.Method, &f.Status, &f.Cause)
			f.At = time.Unix(at, 0).UTC()
			s.failures = append(s.failures, f)
			return err
		})
	}
	counted, failed := s.db.QueryContext(ctx, `SELECT hour, code, count FROM failure_counts`)
	if failed == nil {
		failed = each(counted, func() error {
			var key countKey
			var n int64
			err := counted.Scan(&key.hour, &key.code, &n)
			s.counts[key] = n
			return err
		})
	}
	if err := errors.Join(err, failed); err != nil {
		return fmt.Errorf("reading what failed: %w", err)
	}
	return nil
}
