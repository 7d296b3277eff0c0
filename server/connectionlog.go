package server

import (
	"bytes"
	"log/slog"
	"strings"
)

// connectionFailures takes what net/http says of single connections. Handshakes that fail are most of it where the whole internet knocks, and
// none is anything to do: they are told to who debugs only.
type connectionFailures struct{ log *slog.Logger }

// Write implements io.Writer.
func (c connectionFailures) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	if bytes.HasPrefix(line, []byte("http: TLS handshake error")) {
		c.log.Debug(text)
	} else {
		c.log.Warn(text)
	}
	return len(line), nil
}
