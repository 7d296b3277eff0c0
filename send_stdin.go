package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"thorpe/shares/sealed"
)

// stream sends what in gives as one file. It cannot be read again: where the server is lost for good, so is the send.
func (s *sending) stream(ctx context.Context, in io.Reader) error {
	names, renamed, err := sealed.CleanPaths([]string{s.cmd.Name})
	if err != nil {
		return usageError{fmt.Errorf("--name: %w", err)}
	}
	for _, r := range renamed {
		fmt.Fprintf(s.messages, "renamed: %s is sent as %s\n", strconv.Quote(r.From), strconv.Quote(r.To))
	}
	file := sealed.File{Path: names[0], Type: mediaType(names[0])}
	manifest := &sealed.Manifest{Revision: 1, Key: sealed.NewContentKey(), Files: []sealed.File{file}}
	if _, err := s.seal(manifest); err != nil { // what cannot be sealed is known before anything is sent
		return err
	}
	bar := newProgress(s.messages, "Sending", -1)
	defer bar.end()
	s.c.Retries.Notify = bar.retrying
	upload, size, err := s.c.UploadStream(ctx, manifest.Key, in, sealed.Padding, bar.at)
	if err != nil {
		return err
	}
	manifest.Files[0].Size, manifest.Files[0].Modified = size, time.Now()
	manifest.Padding = sealed.Padding(size)
	sealedManifest, err := s.seal(manifest)
	if err != nil {
		return err
	}
	return s.publish(ctx, upload, manifest, sealedManifest)
}
