package server

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/server/disk"
	"thorpe/server/history"
)

// Measure is how the space is taken now.
func (s *Server) Measure(ctx context.Context) (history.Sample, error) {
	drives, err := s.Drive.Totals(ctx)
	if err != nil {
		return history.Sample{}, err
	}
	links, _, err := s.Shares.LinksTaken(ctx)
	if err != nil {
		return history.Sample{}, err
	}
	size, free, err := disk.Space(s.Data)
	if err != nil {
		return history.Sample{}, fmt.Errorf("measuring the disk: %w", err)
	}
	m := history.Sample{At: s.Now(), Drives: drives.Used, Kept: drives.Kept, Links: links, Free: int64(free), Size: int64(size)}
	for _, name := range []string{"thorpe.db", "thorpe.db-wal"} {
		if info, err := os.Lstat(filepath.Join(s.Data, name)); err == nil {
			m.Database += info.Size()
		}
	}
	return m, nil
}

// sampleAnswer is a sample in an answer; sizes in bytes.
type sampleAnswer struct {
	At       string `json:"at"`
	Drives   int64  `json:"drives"`
	Links    int64  `json:"links"`
	Kept     int64  `json:"kept"`
	Database int64  `json:"database"`
	Free     int64  `json:"free"`
	Size     int64  `json:"size"`
}

func answerSample(m history.Sample) sampleAnswer {
	return sampleAnswer{stamp(m.At), m.Drives, m.Links, m.Kept, m.Database, m.Free, m.Size}
}

// hourlyDays is for how many days each sample is told; of more, the last of each day (UTC).
const hourlyDays = 31

// operatorSpace tells how the space was taken in the last days=N days, and how it is now.
func (s *Server) operatorSpace(c echo.Context) error {
	days := 7
	if text := c.QueryParam("days"); text != "" {
		var err error
		if days, err = strconv.Atoi(text); err != nil || days < 1 || days > history.KeptDays {
			return errBadRequest
		}
	}
	now, err := s.Measure(c.Request().Context())
	if err != nil {
		return err
	}
	samples, err := s.History.Samples(c.Request().Context(), s.Now().AddDate(0, 0, -days))
	if err != nil {
		return err
	}
	answer := struct {
		Now     sampleAnswer   `json:"now"`
		Samples []sampleAnswer `json:"samples"`
	}{answerSample(now), []sampleAnswer{}}
	dayOf := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	for i, m := range samples {
		if days <= hourlyDays || i == len(samples)-1 || dayOf(m.At) != dayOf(samples[i+1].At) {
			answer.Samples = append(answer.Samples, answerSample(m))
		}
	}
	return c.JSON(http.StatusOK, answer)
}
