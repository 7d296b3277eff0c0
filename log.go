package main

import (
	"context"
	"io"
	"log/slog"

	"thorpe/dav"
)

// newLog returns the server's log, as text.
func newLog(out io.Writer) *slog.Logger { return slog.New(pathless{slog.NewTextHandler(out, nil)}) }

// pathless takes the paths out of errors: they are names of people's files.
type pathless struct{ slog.Handler }

func (p pathless) Handle(ctx context.Context, r slog.Record) error {
	tells := false
	r.Attrs(func(a slog.Attr) bool {
		tells = mayTell(a.Value.Kind())
		return !tells
	})
	if !tells { // most lines: nothing to rebuild
		return p.Handler.Handle(ctx, r)
	}
	safe := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		safe.AddAttrs(withoutPaths(a))
		return true
	})
	return p.Handler.Handle(ctx, safe)
}

func (p pathless) WithAttrs(attrs []slog.Attr) slog.Handler {
	safe := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		safe[i] = withoutPaths(a)
	}
	return pathless{p.Handler.WithAttrs(safe)}
}

func (p pathless) WithGroup(name string) slog.Handler { return pathless{p.Handler.WithGroup(name)} }

func mayTell(kind slog.Kind) bool {
	return kind == slog.KindAny || kind == slog.KindGroup || kind == slog.KindLogValuer
}

func withoutPaths(a slog.Attr) slog.Attr {
	if a.Value = a.Value.Resolve(); a.Value.Kind() == slog.KindGroup {
		var safe []slog.Attr
		for _, inner := range a.Value.Group() {
			safe = append(safe, withoutPaths(inner))
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(safe...)}
	}
	if err, ok := a.Value.Any().(error); ok {
		return slog.String(a.Key, dav.ForLog(err))
	}
	return a
}
