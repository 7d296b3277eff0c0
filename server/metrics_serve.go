package server

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/prometheus/common/expfmt"
)

// ServeMetrics answers /metrics, /healthz and /readyz on a listener of its own until ctx ends: what they tell is for the operator. It knows no accounts: whoever
// reaches the listener may read. Where that is this machine alone, a request must name it by an address or as localhost, so that no page in a browser here can read along
// under a name that it has led here.
func (s *Server) ServeMetrics(ctx context.Context, listener net.Listener) error {
	loopback := false
	if addr, ok := listener.Addr().(*net.TCPAddr); ok {
		loopback = addr.IP.IsLoopback()
	}
	answer := http.NewServeMux()
	answer.HandleFunc("GET /metrics", s.metricsShow)
	answer.Handle("GET /healthz", s)
	answer.Handle("GET /readyz", s)
	web := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if loopback && !namesThisMachine(r.Host) {
				http.Error(w, errWrongHost.sentence, errWrongHost.status)
				return
			}
			answer.ServeHTTP(w, r)
		}),
		ReadTimeout: headerTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaders,
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
	stop := context.AfterFunc(ctx, func() { web.Close() })
	defer stop()
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func namesThisMachine(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// metricsShow answers with all figures, in Prometheus' text format 0.0.4.
func (s *Server) metricsShow(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	families, err := s.Metrics.registry.Gather()
	if err != nil { // what could be gathered is told all the same
		s.Log.Warn("gathering metrics", "error", err)
	}
	var b bytes.Buffer
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(&b, family); err != nil {
			s.Log.Error("writing metrics", "error", err)
			http.Error(w, errInternal.sentence, errInternal.status)
			return
		}
	}
	s.Log.Debug("told metrics", "ms", time.Since(began).Milliseconds())
	w.Header().Set("Content-Type", string(expfmt.NewFormat(expfmt.TypeTextPlain)))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Write(b.Bytes())
}
