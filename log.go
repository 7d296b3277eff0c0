package main

import (
	"io"
	"log/slog"

	"thorpe/dav"
)

// newLog returns the server's log, as text.
func newLog(out io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{ReplaceAttr: withoutPaths}))
}

// withoutPaths takes the paths out of errors: they are names of people's files.
func withoutPaths(_ []string, attr slog.Attr) slog.Attr {
	err, ok := attr.Value.Any().(error)
	if !ok {
		return attr
	}
	return slog.String(attr.Key, dav.ForLog(err))
}
