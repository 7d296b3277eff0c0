package browsertest

import (
	"path/filepath"
	"time"
)

// Download does what begins a download, and waits for its end. It returns the file, and the state that the browser's own list
// shows: "completed" or "canceled".
func (b *Browser) Download(begin func()) (path, state string) {
	b.t.Helper()
	b.mu.Lock()
	count := len(b.begun)
	b.mu.Unlock()
	begin()
	timeout := time.After(Patience * 3)
	for {
		b.mu.Lock()
		signal := b.signal
		if len(b.begun) > count {
			if state, ok := b.ended[b.begun[count].guid]; ok {
				path := filepath.Join(b.Downloads, b.begun[count].name)
				b.mu.Unlock()
				return path, state
			}
		}
		b.mu.Unlock()
		select {
		case <-signal:
		case <-timeout:
			b.t.Fatalf("no download ended; the page says: %s", b.Text())
		}
	}
}
