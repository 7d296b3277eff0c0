package server

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	// A body may take as long as it needs, but in each of these spans so many bytes of it must come.
	bodyStall   = time.Minute
	bodyTrickle = 16 << 10
)

// movingBody reads a request's body by the clock of its progress: a slow connection goes on, a dead one ends.
type movingBody struct {
	body    io.ReadCloser
	control *http.ResponseController

	mu      sync.Mutex
	since   int // bytes since the clock was wound
	wound   bool
	ended   bool
	stopped bool
}

var errStopped = errors.New("the request was interrupted")

func newMovingBody(w http.ResponseWriter, body io.ReadCloser) *movingBody {
	return &movingBody{body: body, control: http.NewResponseController(w)}
}

func (b *movingBody) Read(p []byte) (int, error) {
	if !b.wind() {
		return 0, errStopped
	}
	n, err := b.body.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.since += n
	if err == io.EOF && !b.stopped {
		// Nothing more is expected: what is done with the bytes may take its time.
		b.control.SetReadDeadline(time.Time{})
		b.ended = true
	}
	return n, err
}

func (b *movingBody) Close() error { return b.body.Close() }

// wind winds the clock if enough has come. It says false once the body was interrupted.
func (b *movingBody) wind() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.stopped && (!b.wound || b.since >= bodyTrickle) {
		// A server that knows no deadlines, as in a test without a network, does without.
		b.control.SetReadDeadline(time.Now().Add(bodyStall))
		b.wound, b.since = true, 0
	}
	return !b.stopped
}

// interrupt makes a Read that waits return, and all later ones. It may come from another goroutine, until rest.
func (b *movingBody) interrupt() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
	b.control.SetReadDeadline(time.Unix(1, 0))
}

// rest says that nobody reads the body any more. What is left of it may still come in the usual time: net/http reads a
// little of it to get at the next request. From here on interrupt must not be called.
func (b *movingBody) rest() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.stopped && !b.ended {
		b.control.SetReadDeadline(time.Now().Add(bodyStall))
	}
}
