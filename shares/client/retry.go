package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"time"

	"github.com/sethvargo/go-retry"
)

// Retries says how long to go on when what failed may pass: a broken connection, or a server that is busy or down.
type Retries struct {
	// First is how long to wait after a first failure; the wait doubles with each further one, up to Longest.
	First, Longest time.Duration
	// Attempts is how many failures in a row, without a byte between them that came through, are the end.
	Attempts int
	// Stall is how long nothing may come through before a connection counts as broken.
	Stall time.Duration
	// Notify, if there is one, is told before each wait.
	Notify func(err error, wait time.Duration)
}

// few are the attempts at what nothing was put into yet: somebody waits, and the address may be wrong.
func (r Retries) few() Retries {
	r.Attempts = min(r.Attempts, 3)
	return r
}

// mayPass tells a failure that may pass from one that will not.
func mayPass(err error) bool {
	if refused, ok := errors.AsType[*Error](err); ok {
		switch refused.Status {
		case http.StatusRequestTimeout, http.StatusLocked, http.StatusTooManyRequests, http.StatusInternalServerError,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return false
	}
	_, ok := errors.AsType[*connectionError](err)
	return ok
}

// patience is one row of attempts at one thing.
type patience struct {
	retries  Retries
	waits    retry.Backoff
	failures int
}

func (r Retries) patience() *patience {
	p := &patience{retries: r}
	p.progress()
	return p
}

// progress says that something came through: the next failure is a first one again.
func (p *patience) progress() {
	p.failures = 0
	p.waits = retry.WithJitterPercent(20, retry.WithCappedDuration(p.retries.Longest, retry.NewExponential(p.retries.First)))
}

// after waits after a failure. It gives the failure back where there is no use in trying again.
func (p *patience) after(ctx context.Context, err error) error {
	p.failures++
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if !mayPass(err) || p.failures >= p.retries.Attempts {
		return err
	}
	wait, _ := p.waits.Next()
	if refused, ok := errors.AsType[*Error](err); ok && refused.RetryAfter > wait {
		if wait = refused.RetryAfter; wait > 10*p.retries.Longest {
			return err
		}
	}
	if p.retries.Notify != nil {
		p.retries.Notify(err, wait)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// again tries something until it is done or there is no use in it.
func (r Retries) again(ctx context.Context, try func() error) error {
	p := r.patience()
	for {
		err := try()
		if err == nil {
			return nil
		}
		if err := p.after(ctx, err); err != nil {
			return err
		}
	}
}

// errStalled is why a request was given up that nothing came through for.
var errStalled = errors.New("nothing came through for a while")

// watch gives up a request once nothing came through for a time.
type watch struct {
	stall  time.Duration
	cancel context.CancelCauseFunc
	timer  *time.Timer
}

// newWatch makes a context for a request, and a watch over it that is not running yet. The caller ends it.
func newWatch(parent context.Context, stall time.Duration) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(parent)
	w := &watch{stall: stall, cancel: cancel}
	w.timer = time.AfterFunc(stall, func() { cancel(&connectionError{errStalled}) })
	w.timer.Stop()
	return ctx, w
}

func (w *watch) start() { w.timer.Reset(w.stall) }
func (w *watch) stop()  { w.timer.Stop() }

func (w *watch) end() {
	w.timer.Stop()
	w.cancel(context.Canceled)
}
