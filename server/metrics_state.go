package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"thorpe/dav"
	"thorpe/server/accounts"
	"thorpe/shares"
)

// StateMetrics tells what the stores hold whenever somebody asks. A store that does not answer within seconds has no figures this time.
type StateMetrics struct {
	Accounts *accounts.Store
	Drive    *dav.Handler
	Shares   *shares.Store
	Log      *slog.Logger
}

// stateTimeout is for all questions to the database together.
const stateTimeout = 5 * time.Second

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("thorpe_"+name, help, labels, nil)
}

var (
	descAccounts     = describe("accounts", "Accounts.")
	descSessions     = describe("sessions", "Browsers, and computers with thorpe login, that are signed in.")
	descAppPasswords = describe("app_passwords", "App passwords.")
	descInvites      = describe("invites", "Invite links that wait for somebody.")
	descLinks        = describe("links", "Links, by what they are to those who open them.", "state")
	descLinksBytes   = describe("links_bytes", "Bytes that all links and their unfinished uploads take.")
	descLinksLimit   = describe("links_limit_bytes", "Bytes that they may take (--links-limit); 0: as many as the disk has.")
	descUploads      = describe("uploads", "Unfinished resumable uploads, by what becomes of them.", "use")
	descReports      = describe("reports", "Reports of links that nobody has dismissed.")
	descDriveBytes   = describe("drive_bytes", "Bytes of the files in all drives.")
	descKeptBytes    = describe("kept_bytes", "Bytes that are kept of what was deleted and overwritten.")
	descSweeps       = describe("sweeps_total", "Sweeps of links and uploads that had their time, since the start.", "result")
	descLastSweep    = describe("sweep_last_timestamp_seconds", "When the last sweep that went well ended; 0: none since the start.")
	descSweepTook    = describe("sweep_last_duration_seconds", "How long that one took.")
)

// Describe implements prometheus.Collector.
func (s *StateMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descAccounts, descSessions, descAppPasswords, descInvites, descLinks, descLinksBytes, descLinksLimit, descUploads, descReports,
		descDriveBytes, descKeptBytes, descSweeps, descLastSweep, descSweepTook} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (s *StateMetrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), stateTimeout)
	defer cancel()
	gauge := func(d *prometheus.Desc, n int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
	}
	if c, err := s.Accounts.Count(ctx); err != nil {
		s.Log.Warn("counting for the metrics", "error", err)
	} else {
		gauge(descAccounts, c.Accounts)
		gauge(descSessions, c.Sessions)
		gauge(descAppPasswords, c.AppPasswords)
		gauge(descInvites, c.Invites)
	}
	if c, err := s.Shares.Count(ctx); err != nil {
		s.Log.Warn("counting for the metrics", "error", err)
	} else {
		for state, n := range c.Links {
			gauge(descLinks, n, string(state))
		}
		for use, n := range c.Uploads {
			gauge(descUploads, n, string(use))
		}
		gauge(descReports, c.Reports)
		gauge(descLinksBytes, c.Bytes)
		gauge(descLinksLimit, c.Limit)
	}
	if t, err := s.Drive.Totals(ctx); err != nil {
		s.Log.Warn("counting for the metrics", "error", err)
	} else {
		gauge(descDriveBytes, t.Used)
		gauge(descKeptBytes, t.Kept)
	}
	sweeps := s.Shares.Sweeps()
	to <- prometheus.MustNewConstMetric(descSweeps, prometheus.CounterValue, float64(sweeps.Done), "done")
	to <- prometheus.MustNewConstMetric(descSweeps, prometheus.CounterValue, float64(sweeps.Failed), "failed")
	last := int64(0)
	if !sweeps.Last.IsZero() {
		last = sweeps.Last.Unix()
	}
	gauge(descLastSweep, last)
	to <- prometheus.MustNewConstMetric(descSweepTook, prometheus.GaugeValue, sweeps.Took.Seconds())
}
