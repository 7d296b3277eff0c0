package main

import (
	"context"
	"io"

	"thorpe/shares/sealed"
)

// copyTo writes the rest of a file to somewhere, as it opens.
type copyTo func(io.Writer) error

// fetch opens stretches of the content, and hands each part of them over, by its file's place in the choice. What it handed
// over opened; the file is whole if the call that took it returned nil.
func (g *getting) fetch(ctx context.Context, stretches []stretch, use func(file int, copy copyTo) error) error {
	all := int64(0)
	for _, r := range stretches {
		all += r.stop - r.start
	}
	bar := newProgress(g.messages, "Getting", all)
	defer bar.end()
	g.c.Retries.Notify = bar.retrying
	if err := g.c.Ticket(ctx, g.keys, g.ticket); err != nil {
		return err
	}
	for _, r := range stretches {
		if err := g.fetchStretch(ctx, r, bar, use); err != nil {
			return err
		}
	}
	return nil
}

func (g *getting) fetchStretch(ctx context.Context, r stretch, bar *progress, use func(int, copyTo) error) error {
	size := g.manifest.Total()
	first, end := sealed.SealedRange(size, r.start, r.stop)
	ctx, cancel := context.WithCancel(ctx)
	stream := g.c.ContentRange(ctx, g.keys, g.ticket, sealed.SealedLength(size), first, end)
	defer stream.Close()
	opened, err := sealed.NewPipeline(g.manifest.Key, stream, size, r.start, r.stop)
	if err != nil {
		cancel()
		return err
	}
	defer opened.Close()
	defer cancel() // which ends what the pipeline reads
	at := r.start
	for _, p := range r.parts {
		if err := opened.CopyN(bar, p.start-at); err != nil {
			return err
		}
		err := use(p.file, func(w io.Writer) error { return opened.CopyN(countingWriter{w, bar}, p.stop-p.start) })
		if err != nil {
			return err
		}
		at = p.stop
	}
	_, err = io.Copy(bar, opened) // the padding, and the proof that this is the end
	return err
}

// countingWriter tells the progress what was written.
type countingWriter struct {
	io.Writer
	bar *progress
}

func (w countingWriter) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	w.bar.Write(b[:n])
	return n, err
}
