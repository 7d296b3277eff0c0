package clock_test

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/server/clock"
	"thorpe/server/database"
)

func TestNothingIsDeletedByAClockThatLeapt(t *testing.T) {
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "thorpe.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var log bytes.Buffer
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var c *clock.Clock
	start := func() {
		t.Helper()
		if c, err = clock.New(t.Context(), db, func() time.Time { return now }, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
			t.Fatal(err)
		}
	}
	start()
	for _, step := range []struct {
		what   string
		by     time.Duration
		anew   bool
		steady bool
	}{
		{"at first", 0, false, true},
		{"an hour later", time.Hour, false, true},
		{"off for a week", 7 * 24 * time.Hour, true, true},
		{"ten years ahead", 10 * 365 * 24 * time.Hour, false, false},
		{"an hour later, still ahead", time.Hour, false, false},
		{"after a start, still ahead", time.Hour, true, false},
		{"set right", -10*365*24*time.Hour - 2*time.Hour, false, true},
		{"ahead again", 365 * 24 * time.Hour, true, false},
		{"23 hours later", 23 * time.Hour, true, false},
		{"a day later: it is so", time.Hour, true, true},
		{"and stays so", time.Hour, true, true},
		{"set back by five years", -5 * 365 * 24 * time.Hour, false, true},
		{"an hour after that", time.Hour, true, true},
		{"and set right", 5 * 365 * 24 * time.Hour, false, false},
		{"further ahead, before a day is over", 365 * 24 * time.Hour, false, false},
		{"23 hours after that", 23 * time.Hour, false, false},
		{"a day after that", time.Hour, false, true},
	} {
		now = now.Add(step.by)
		if step.anew {
			start()
		}
		if got := c.Steady(context.Background()); got != step.steady {
			t.Errorf("%s (%s): steady is %v, want %v", step.what, now.Format(time.RFC3339), got, step.steady)
		}
	}
	if told := strings.Count(log.String(), "far ahead"); told != 4 {
		t.Errorf("told %d times, want once a leap: %s", told, log.String())
	}
}
