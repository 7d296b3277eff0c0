package main

import (
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"thorpe/dav"
	"thorpe/server"
)

// What --log-format can be.
const (
	logAuto = "auto" // text on a terminal, JSON otherwise
	logText = "text"
	logJSON = "json"
)

// newLog returns a log: lines of text, or a JSON object a line.
func newLog(out io.Writer, format string) *slog.Logger {
	options := &slog.HandlerOptions{ReplaceAttr: withoutPaths}
	if format == logAuto {
		format = logJSON
		if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
			format = logText
		}
	}
	var handler slog.Handler = slog.NewTextHandler(out, options)
	if format == logJSON {
		handler = slog.NewJSONHandler(out, options)
	}
	return slog.New(server.LogHandler(handler))
}

// withoutPaths takes the paths out of errors: they are names of people's files.
func withoutPaths(_ []string, attr slog.Attr) slog.Attr {
	err, ok := attr.Value.Any().(error)
	if !ok {
		return attr
	}
	return slog.String(attr.Key, dav.ForLog(err))
}
