package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"thorpe/server/accounts"
)

// H3, H10: an account has few walks over its drive at once. Another's are not counted with them, and one that nobody waits for any more takes no turn.
func TestWalksAreBounded(t *testing.T) {
	w := walks{turns: map[accounts.ID]*walkTurns{}}
	ann, bob := accounts.ID{1}, accounts.ID{2}
	take := func(ctx context.Context, id accounts.ID) func() {
		t.Helper()
		end, err := w.take(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return end
	}
	first, second := take(t.Context(), ann), take(t.Context(), ann)
	if _, err := w.take(t.Context(), ann); err == nil || faultOf(err).code != "slow_down" || faultOf(err).wait != walkWait {
		t.Errorf("a third: %v", err)
	}
	take(t.Context(), bob)()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.take(gone, ann); !errors.Is(err, context.Canceled) {
		t.Errorf("one that nobody waits for: %v", err)
	}
	waits := make(chan func())
	go func() { waits <- take(t.Context(), ann) }()
	first()
	third := <-waits
	second()
	third()
	if len(w.turns) != 0 {
		t.Errorf("left: %v", w.turns)
	}
}

// What is told of a search comes as it is found, and none of it after the client has gone.
func TestLinesOfASearch(t *testing.T) {
	answer := httptest.NewRecorder()
	l := &lineWriter{w: answer}
	if err := l.flush(); err != nil || l.sent {
		t.Errorf("nothing to send: %v, sent %v", err, l.sent)
	}
	stop := l.flushing()
	if err := l.write(map[string]string{"path": "<a>\n"}); err != nil {
		t.Error(err)
	}
	for sent := false; !sent; {
		l.mu.Lock()
		sent = l.sent
		l.mu.Unlock()
	}
	stop()
	if got := answer.Body.String(); got != `{"path":"<a>\n"}`+"\n" || answer.Header().Get("Content-Type") != "application/x-ndjson" || !answer.Flushed {
		t.Errorf("%q %v", got, answer.Header())
	}
	l = &lineWriter{w: &closedWriter{ResponseWriter: httptest.NewRecorder()}}
	l.write("x")
	if err := l.flush(); err == nil {
		t.Error("a client that left was told something")
	}
	if err := l.write("x"); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("the next line: %v", err)
	}
}

// closedWriter is the way to a client that has left.
type closedWriter struct{ http.ResponseWriter }

func (closedWriter) Write([]byte) (int, error) { return 0, errors.New("closed") }
