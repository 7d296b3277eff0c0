package server

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Metrics are the figures of a server for Prometheus, or whatever reads its text format. They tell how many and how much, and of nobody in particular: no label holds
// a name, an id, an address or a path.
type Metrics struct {
	registry *prometheus.Registry

	requests  *prometheus.CounterVec // door, method, code
	durations *prometheus.HistogramVec
	received  *prometheus.CounterVec // door
	sent      *prometheus.CounterVec
	transfers *prometheus.GaugeVec // direction
	throttled *prometheus.CounterVec
}

// NewMetrics returns figures that are all zero. state is what a [Server] collects of its stores, and what else there is; each may be nil.
func NewMetrics(version string, state ...prometheus.Collector) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "thorpe_http_requests_total", Help: "Requests that were answered, by the door they came through, their method and the status."}, []string{"door", "method", "code"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "thorpe_http_request_duration_seconds", Help: "How long requests took, with their bodies, by door and method.",
			Buckets: []float64{.001, .005, .025, .1, .25, 1, 2.5, 10, 60, 600}}, []string{"door", "method"}),
		received: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "thorpe_http_received_bytes_total", Help: "Bytes of the bodies of requests, by door, as they come in."}, []string{"door"}),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "thorpe_http_sent_bytes_total", Help: "Bytes of the bodies of answers, by door, when they have ended."}, []string{"door"}),
		transfers: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "thorpe_transfers_active", Help: "Contents of files and links that are being sent (out) or received (in) now."}, []string{"direction"}),
		throttled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "thorpe_throttled_total", Help: "Requests that were refused because too many came from there (429), by door."}, []string{"door"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "thorpe_build_info", Help: "Is 1; the label says which version this is.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.durations, m.received, m.sent, m.transfers, m.throttled, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, c := range state {
		m.registry.MustRegister(c)
	}
	for _, direction := range []string{"in", "out"} {
		m.transfers.WithLabelValues(direction)
	}
	for _, door := range doors { // so that a rate is known from the first one on
		m.received.WithLabelValues(door)
		m.sent.WithLabelValues(door)
		m.throttled.WithLabelValues(door)
	}
	return m
}

// Where requests come in, as metrics call it.
const (
	doorDAV     = "dav"     // mounts
	doorFiles   = "files"   // the web drive
	doorUploads = "uploads" // resumable uploads, for links and drives
	doorLinks   = "links"   // whoever opens a link
	doorAPI     = "api"
	doorPages   = "pages"
	doorStatic  = "static"
	doorProbes  = "probes"
	doorOther   = "other" // there is nothing
)

var doors = []string{doorDAV, doorFiles, doorUploads, doorLinks, doorAPI, doorPages, doorStatic, doorProbes, doorOther}

// doorOf is the door that a request comes to. There are few, whatever is requested. It is asked before the routes are.
func doorOf(r *http.Request) string {
	path := r.URL.Path
	within := func(folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }
	switch {
	case within("/dav"):
		return doorDAV
	case within("/files"):
		return doorFiles
	case within("/api/uploads"):
		return doorUploads
	case within("/api/links") && r.Method != http.MethodPut && (strings.HasSuffix(path, "/manifest") || strings.HasSuffix(path, "/content") || strings.HasSuffix(path, "/downloads")):
		return doorLinks
	case within("/api"):
		return doorAPI
	case within("/static"):
		return doorStatic
	case probes[path]:
		return doorProbes
	}
	return doorPages
}

// methodOf is a method that there is; others are "other", however many somebody invents.
func methodOf(r *http.Request) string {
	if r.Method == http.MethodOptions || slices.Contains(davMethods, r.Method) {
		return r.Method
	}
	return "other"
}

// directionOf says which way a request moves content; empty: none to speak of.
func directionOf(door, method string) string {
	switch door {
	case doorDAV, doorFiles:
		switch method {
		case http.MethodPut:
			return "in"
		case http.MethodGet:
			return "out"
		}
	case doorUploads: // what else is asked for there is how they stand
		if method == http.MethodPatch {
			return "in"
		}
	case doorLinks:
		if method == http.MethodGet {
			return "out"
		}
	}
	return ""
}

// begin counts a request from here on, until the answer is called.
func (m *Metrics) begin(c echo.Context) (end func(status int, sent int64, took time.Duration)) {
	if m == nil {
		return func(int, int64, time.Duration) {}
	}
	r := c.Request()
	of := requestOf(r.Context())
	door, method := of.door, of.method
	if r.ContentLength != 0 {
		r.Body = &countedBody{r.Body, m.received.WithLabelValues(door)}
	}
	direction := directionOf(door, method)
	if direction != "" {
		m.transfers.WithLabelValues(direction).Inc()
	}
	return func(status int, sent int64, took time.Duration) {
		if direction != "" {
			m.transfers.WithLabelValues(direction).Dec()
		}
		if door == doorPages && c.Path() == "" {
			door = doorOther
		}
		code := "none" // the connection broke before
		if status != 0 {
			code = strconv.Itoa(status)
		}
		m.requests.WithLabelValues(door, method, code).Inc()
		m.durations.WithLabelValues(door, method).Observe(took.Seconds())
		m.sent.WithLabelValues(door).Add(float64(sent))
		if status == http.StatusTooManyRequests {
			m.throttled.WithLabelValues(door).Inc()
		}
	}
}

// countedBody counts what is read of a body.
type countedBody struct {
	io.ReadCloser
	counter prometheus.Counter
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.counter.Add(float64(n))
	}
	return n, err
}
