package client

import (
	"fmt"
	"io"
	"sync"

	"thorpe/shares/sealed"
)

// sealingReader is the body of a request: chunk after chunk, each sealed when it is asked for, under a new nonce.
type sealingReader struct {
	u     *upload
	watch *watch

	mu     sync.Mutex // the transport may still read when the answer is there
	next   int64
	left   int64
	sent   int64
	plain  []byte
	sealed []byte
	unread []byte
	err    error // the source's
	over   bool
}

// Read follows io.Reader. Between two calls something must have come through.
func (s *sealingReader) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return 0, io.ErrClosedPipe
	}
	if s.err != nil {
		return 0, s.err
	}
	s.watch.stop()
	defer s.watch.start()
	if s.left == 0 {
		return 0, io.EOF
	}
	if len(s.unread) == 0 {
		if err := s.seal(); err != nil {
			s.err = err
			return 0, err
		}
	}
	n := copy(p, s.unread)
	s.unread = s.unread[n:]
	s.left -= int64(n)
	s.sent += int64(n)
	s.u.progress(s.sent)
	return n, nil
}

func (s *sealingReader) seal() error {
	if s.plain == nil {
		s.plain = make([]byte, sealed.ChunkSize)
		s.sealed = make([]byte, 0, sealed.SealedChunkSize)
	}
	plain := s.plain[:s.u.chunks.PlainSize(s.next)]
	if n, err := s.u.src.ReadAt(plain, s.next*sealed.ChunkSize); n < len(plain) {
		return fmt.Errorf("reading what is to be sent: %w", err)
	}
	chunk, err := s.u.chunks.Seal(s.sealed[:0], s.next, plain)
	if err != nil {
		return err
	}
	s.unread = chunk
	s.next++
	return nil
}

// end stops what the transport may still read, and gives the source's error, if it had one.
func (s *sealingReader) end() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	return s.err
}
