package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"thorpe/server/disk"
	"thorpe/server/history"
)

// listenMetrics listens where --metrics-addr says: a port alone is this machine's.
func (cmd *ServeCmd) listenMetrics() (net.Listener, error) {
	if len(cmd.passed.metrics) > 0 {
		return cmd.passed.metrics[0], nil
	}
	if cmd.MetricsAddr == "" {
		return nil, nil
	}
	addr := metricsPlace(cmd.MetricsAddr)
	listener, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program is listening on %s already: choose another place with --metrics-addr", addr)
	case err != nil:
		return nil, fmt.Errorf("can't listen on %s: %w", addr, innermost(err))
	}
	return listener, nil
}

// metricsPlace is where --metrics-addr says.
func metricsPlace(addr string) string {
	if !strings.Contains(addr, ":") {
		addr = ":" + addr
	}
	if strings.HasPrefix(addr, ":") {
		addr = "127.0.0.1" + addr
	}
	return addr
}

// folderMetrics tells of the disk, the database and the backups.
type folderMetrics struct {
	data *dataFolder
	path string
	log  *slog.Logger
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("thorpe_"+name, help, labels, nil)
}

var (
	descDiskSize    = describe("disk_size_bytes", "Bytes of the file system that the data folder is on.")
	descDiskFree    = describe("disk_free_bytes", "Bytes that it has left for this server.")
	descDatabase    = describe("database_bytes", "Bytes of the database's files.", "file")
	descConnections = describe("database_connections", "Connections to the database.", "state")
	descWaits       = describe("database_waits_total", "How often a request waited for a connection to the database.")
	descWaited      = describe("database_wait_seconds_total", "How long requests have waited for one.")
	descBackup      = describe("backup_last_timestamp_seconds", "When the last backup began; 0: there is none.")
)

// Describe implements prometheus.Collector.
func (m *folderMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descDiskSize, descDiskFree, descDatabase, descConnections, descWaits, descWaited, descBackup} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (m *folderMetrics) Collect(to chan<- prometheus.Metric) {
	tell := func(d *prometheus.Desc, kind prometheus.ValueType, n float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, kind, n, labels...)
	}
	if size, free, err := disk.Space(m.path); err != nil {
		m.log.Warn("measuring the disk", "error", err)
	} else {
		tell(descDiskSize, prometheus.GaugeValue, float64(size))
		tell(descDiskFree, prometheus.GaugeValue, float64(free))
	}
	for label, name := range map[string]string{"main": "thorpe.db", "wal": "thorpe.db-wal"} {
		if info, err := os.Lstat(filepath.Join(m.path, name)); err == nil {
			tell(descDatabase, prometheus.GaugeValue, float64(info.Size()), label)
		}
	}
	stats := m.data.db.Stats()
	tell(descConnections, prometheus.GaugeValue, float64(stats.InUse), "in_use")
	tell(descConnections, prometheus.GaugeValue, float64(stats.Idle), "idle")
	tell(descWaits, prometheus.CounterValue, float64(stats.WaitCount))
	tell(descWaited, prometheus.CounterValue, stats.WaitDuration.Seconds())

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	backups, err := history.ReadBackups(ctx, m.data.db)
	if err != nil {
		m.log.Warn("reading when the last backup was", "error", err)
		return
	}
	at := int64(0)
	if backups.Made != nil {
		at = backups.Made.At.Unix()
	}
	tell(descBackup, prometheus.GaugeValue, float64(at))
}
