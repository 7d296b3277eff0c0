package history_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"thorpe/server/database"
	"thorpe/server/history"
)

// clock is a time that the test sets.
type clock struct{ at time.Time }

func (c *clock) now() time.Time       { return c.at }
func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, folder string, c *clock) *history.Store {
	t.Helper()
	db, err := database.Open(t.Context(), filepath.Join(folder, "thorpe.db"))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	s, err := history.Open(t.Context(), db, c.now)
	must(t, err)
	return s
}

func all(t *testing.T, s *history.Store) []history.Sample {
	t.Helper()
	samples, err := s.Samples(t.Context(), time.Unix(0, 0))
	must(t, err)
	return samples
}

// Years of hours are kept as days, and the last days as hours; never more.
func TestSamplesAreThinnedAndBounded(t *testing.T) {
	c := &clock{at: time.Date(2026, 1, 1, 0, 30, 0, 0, time.UTC)}
	s := open(t, t.TempDir(), c)
	record := func(n int, every time.Duration) {
		var samples []history.Sample
		for range n {
			samples = append(samples, history.Sample{At: c.now(), Drives: c.now().Unix()})
			c.pass(every)
		}
		must(t, s.Record(t.Context(), samples...))
	}
	const days = 20
	record(days*24, time.Hour)
	samples := all(t, s)
	if want := history.KeptHours + days - history.KeptHours/24; len(samples) != want {
		t.Errorf("%d samples are kept of %d days, want %d", len(samples), days, want)
	}
	if first := samples[0]; first.At.Hour() != 23 || first.Drives != first.At.Unix() {
		t.Errorf("of a day stays %v, and not its last", first.At)
	}
	record(history.KeptDays+history.KeptHours+100, 24*time.Hour)
	if n := len(all(t, s)); n != history.KeptHours+history.KeptDays {
		t.Errorf("%d samples are kept of many years", n)
	}
}

// A clock that ran ahead leaves nothing behind, and takes no years with it.
func TestAClockThatRanAheadLeavesNoSample(t *testing.T) {
	c := &clock{at: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)}
	s := open(t, t.TempDir(), c)
	for range 30 {
		must(t, s.Record(t.Context(), history.Sample{At: c.now()}))
		c.pass(24 * time.Hour)
	}
	c.pass(20 * 366 * 24 * time.Hour)
	must(t, s.Record(t.Context(), history.Sample{At: c.now()}))
	c.pass(-20 * 366 * 24 * time.Hour)
	must(t, s.Record(t.Context(), history.Sample{At: c.now()}))
	c.pass(21 * 366 * 24 * time.Hour)
	if n := len(all(t, s)); n != 31 {
		t.Errorf("%d samples, want 31", n)
	}
}

// Space is measured once in an hour, also across a restart.
func TestSpaceIsMeasuredOnceInAnHour(t *testing.T) {
	c := &clock{at: time.Date(2026, 1, 1, 12, 10, 0, 0, time.UTC)}
	folder := t.TempDir()
	look := func(want int) {
		t.Helper()
		s := open(t, folder, c)
		must(t, history.SampleIfDue(s, t.Context(), func(context.Context) (history.Sample, error) { return history.Sample{Drives: 5}, nil }))
		if samples := all(t, s); len(samples) != want || samples[0].Drives != 5 || !samples[want-1].At.Equal(c.now().Truncate(time.Hour).Add(10*time.Minute)) {
			t.Errorf("at %v there is %+v", c.now(), samples)
		}
	}
	look(1)
	c.pass(20 * time.Minute)
	look(1)
	c.pass(40 * time.Minute)
	look(2)
}

// Run measures when it begins, and writes down what failed when it ends.
func TestRunMeasuresAtOnce(t *testing.T) {
	c := &clock{at: time.Now()}
	folder := t.TempDir()
	s := open(t, folder, c)
	ctx, stop := context.WithCancel(t.Context())
	var ran sync.WaitGroup
	measured := make(chan bool)
	ran.Go(func() {
		s.Run(ctx, func(context.Context) (history.Sample, error) {
			close(measured)
			return history.Sample{}, errors.New("the disk is gone")
		}, slog.New(slog.DiscardHandler))
	})
	<-measured
	s.Note(history.Failure{Code: "internal"})
	stop()
	ran.Wait()
	if last, _ := open(t, folder, c).Failures(); len(last) != 1 {
		t.Errorf("%d failures were written down", len(last))
	}
	if samples := all(t, s); len(samples) != 0 {
		t.Errorf("what was not measured is kept: %+v", samples)
	}
}

func TestFailuresAreBoundedAndCounted(t *testing.T) {
	c := &clock{at: time.Date(2026, 1, 1, 12, 10, 0, 0, time.UTC)}
	folder := t.TempDir()
	s := open(t, folder, c)
	for i := range 500 {
		s.Note(history.Failure{Code: "internal", Request: fmt.Sprint(i), Cause: strings.Repeat("é", 1000)})
	}
	c.pass(23 * time.Hour)
	s.Note(history.Failure{Code: "no_space"})
	check := func(s *history.Store) {
		t.Helper()
		last, counts := s.Failures()
		if len(last) != history.LastFailures || last[0].Code != "no_space" || last[1].Request != "499" || counts["internal"] != 500 || counts["no_space"] != 1 {
			t.Errorf("%d are kept, counted are %v", len(last), counts)
		}
		if n := len(last[1].Cause); n > 404 || !strings.HasSuffix(last[1].Cause, "é…") {
			t.Errorf("a cause of %d bytes ends with %q", n, last[1].Cause[n-8:])
		}
	}
	check(s)
	must(t, s.Flush(t.Context()))
	check(open(t, folder, c))
	c.pass(time.Hour)
	if last, counts := s.Failures(); len(last) != 1 || len(counts) != 1 {
		t.Errorf("a day later: %+v, %v", last, counts)
	}
	for i := range 10_000 {
		s.Note(history.Failure{Code: fmt.Sprint("kind ", i)})
	}
	if _, counts := s.Failures(); len(counts) > 1000 {
		t.Errorf("%d kinds are told apart", len(counts))
	}
}

// What fails where nothing can be written is kept until it can.
func TestFailuresWaitForTheDatabase(t *testing.T) {
	c := &clock{at: time.Now()}
	folder := t.TempDir()
	s := open(t, folder, c)
	s.Note(history.Failure{Code: "unavailable"})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Flush(gone); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	must(t, s.Flush(t.Context()))
	if last, _ := open(t, folder, c).Failures(); len(last) != 1 {
		t.Errorf("%d failures are there after the second try", len(last))
	}
}
