package server

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"thorpe/dav"
	"thorpe/server/history"
)

// WatchFailures returns a handler that also notes what is logged as an error, for the operator's page: which request it was, what it was answered, and the cause as far
// as [safeCause] lets it through. Of what else a line of the log has, nothing is taken.
func WatchFailures(h slog.Handler, to *history.Store) slog.Handler {
	if r, ok := h.(requestHandler); ok { // stays outside, so that what it adds is added once
		return requestHandler{failureHandler{r.Handler, to}}
	}
	return failureHandler{h, to}
}

type failureHandler struct {
	slog.Handler
	to *history.Store
}

// Enabled implements slog.Handler: errors are noted also where the log leaves them out.
func (h failureHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelError || h.Handler.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h failureHandler) Handle(ctx context.Context, record slog.Record) error {
	if record.Level >= slog.LevelError {
		h.to.Note(failureOf(ctx, record))
	}
	if !h.Handler.Enabled(ctx, record.Level) {
		return nil
	}
	return h.Handler.Handle(ctx, record)
}

func (h failureHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return failureHandler{h.Handler.WithAttrs(attrs), h.to}
}

func (h failureHandler) WithGroup(name string) slog.Handler {
	return failureHandler{h.Handler.WithGroup(name), h.to}
}

// failureOf is a line of the log as a failure.
func failureOf(ctx context.Context, record slog.Record) history.Failure {
	r := requestOf(ctx)
	f := history.Failure{What: hideNames(record.Message), Request: r.id, Door: r.door, Method: r.method}
	record.Attrs(func(attr slog.Attr) bool {
		switch attr.Key {
		case "status":
			f.Status = int(attr.Value.Int64())
		case "code":
			f.Code = attr.Value.String()
		case "error", "cause":
			f.Cause = strings.TrimPrefix(f.Cause+": "+safeCause(attr.Value.Any()), ": ")
		case "check":
			f.Code, f.Cause = errUnavailable.code, hideNames(attr.Value.String())
		case "panic":
			f.Cause = hideNames(attr.Value.String())
		}
		return true
	})
	switch {
	case f.Code != "":
	case record.Message == "panic":
		f.Code = "panic"
	case r.id == "":
		f.Code = "background"
	case f.Status == http.StatusInsufficientStorage:
		f.Code = errNoSpace.code
	case f.Status == http.StatusServiceUnavailable:
		f.Code = errUnavailable.code
	default:
		f.Code = errInternal.code
	}
	return f
}

// safeCause is a cause as the log has it, without what names files, links, people's machines or keys. The log is for whoever has the machine; a page is for whoever has the
// operator's session, and may be looked at over a shoulder.
func safeCause(cause any) string {
	err, ok := cause.(error)
	if !ok {
		text, _ := cause.(string)
		return hideNames(text)
	}
	return hideNames(dav.ForLog(err))
}

// namely is what could be a name, whoever wrote it: what stands in quotes, what has a slash or a backslash in it, addresses, and what is as long as a key, a token or an id is.
var namely = regexp.MustCompile(strings.Join([]string{
	`"(?:[^"\\]|\\.)*"?`, "`[^`]*`?", `\B'[^']*'`, `[“„][^”“]*[”“]?`, // a name may hold spaces
	`\S*[/\\]\S*`,
	`\S*[0-9a-fA-F]*:[0-9a-fA-F]*:\S*`, `\d+\.\d+\.\d+\.\d+\S*`, `\S+@\S+`,
	`[A-Za-z0-9_=-]{16,}`,
}, "|"))

// words are what looks so, and is none.
var words = []string{"I/O", "input/output"}

// hideNames puts a mark in place of each.
func hideNames(text string) string {
	text = strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	return namely.ReplaceAllStringFunc(text, func(found string) string {
		if slices.Contains(words, strings.TrimRight(found, ".,:;")) {
			return found
		}
		return "…"
	})
}
