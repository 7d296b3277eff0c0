package sealed

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

// Reader opens a sealed stream from its start.
type Reader struct {
	chunks *Chunks
	src    io.Reader
	index  int64
	sealed []byte
	plain  []byte // a chunk's room
	unread []byte // opened, not yet given out
	err    error
}

// NewReader opens the stream of a plaintext of size bytes, as the manifest says (Manifest.Total), never as the server
// says. Read gives nothing of a chunk before its tag holds, and io.EOF only after the last chunk opened and src ended
// there. It fails with CutOff where src ends before, TooLong where it goes on, BadTag where a chunk does not open, and
// with src's own error where that fails (which must not be io.ErrUnexpectedEOF, but may wrap it). Size is from 0 to
// MaxSize.
func NewReader(key ContentKey, src io.Reader, size int64) (*Reader, error) {
	chunks, err := NewChunks(key, size)
	if err != nil {
		return nil, err
	}
	return newReader(chunks, src), nil
}

func newReader(chunks *Chunks, src io.Reader) *Reader {
	return &Reader{chunks: chunks, src: src}
}

// Read follows io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 && r.err == nil {
		return 0, nil
	}
	for len(r.unread) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.next()
	}
	n := copy(p, r.unread)
	r.unread = r.unread[n:]
	return n, nil
}

// next opens the next chunk, and after the last one sets io.EOF.
func (r *Reader) next() {
	i := r.index
	size := r.chunks.SealedSize(i)
	if r.sealed == nil {
		r.sealed = make([]byte, min(SealedChunkSize, size)+1)
		r.plain = make([]byte, 0, r.chunks.PlainSize(i))
	}
	if r.err = r.chunks.read(r.src, i, r.sealed); r.err != nil {
		return
	}
	opened, err := r.chunks.Open(r.plain[:0], i, r.sealed[:size])
	if err != nil {
		r.err = fmt.Errorf("chunk %d: %w", i, err)
		return
	}
	r.unread = opened
	r.index++
	if r.index == r.chunks.Count() {
		r.err = io.EOF
	}
}

// read reads sealed chunk i into buffer, which has room for a byte more: after the last chunk it shows whether the input
// ends where it should. It fails with CutOff, TooLong or src's own error.
func (c *Chunks) read(src io.Reader, i int64, buffer []byte) error {
	size := c.SealedSize(i)
	want := size
	if i == c.Count()-1 {
		want++
	}
	n, err := io.ReadFull(src, buffer[:want])
	ended := err == io.EOF || err == io.ErrUnexpectedEOF // io.ReadFull gives these unwrapped
	switch {
	case err != nil && !ended:
		return err
	case n < size:
		return CutOff
	case n > size:
		return TooLong
	}
	return nil
}

// ReaderAt opens any range of a sealed stream, chunk by chunk. Its methods may be called from several goroutines.
type ReaderAt struct {
	chunks *Chunks
	src    io.ReaderAt

	mu    sync.Mutex // guards what was opened last
	index int64
	plain []byte
}

// NewReaderAt is as NewReader, for a source that can be read anywhere. A range that touches the last chunk fails if src
// does not end with it.
func NewReaderAt(key ContentKey, src io.ReaderAt, size int64) (*ReaderAt, error) {
	chunks, err := NewChunks(key, size)
	if err != nil {
		return nil, err
	}
	return newReaderAt(chunks, src), nil
}

func newReaderAt(chunks *Chunks, src io.ReaderAt) *ReaderAt {
	return &ReaderAt{chunks: chunks, src: src, index: -1}
}

// Size is the length of the plaintext.
func (r *ReaderAt) Size() int64 { return r.chunks.Size() }

// ReadAt follows io.ReaderAt; it fails as Reader.Read does, with what came before in p. The plaintext's end is reported
// only once the last chunk opened.
func (r *ReaderAt) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, errors.New("sealed stream: negative offset")
	}
	if len(p) == 0 {
		return 0, nil
	}
	if offset >= r.chunks.Size() {
		if _, err := r.chunk(r.chunks.Count() - 1); err != nil {
			return 0, err
		}
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && offset < r.chunks.Size() {
		plain, err := r.chunk(offset / ChunkSize)
		if err != nil {
			return n, err
		}
		copied := copy(p[n:], plain[offset%ChunkSize:])
		n += copied
		offset += int64(copied)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// chunk opens chunk i, or gives it again if it was the last one opened. The result must not be changed.
func (r *ReaderAt) chunk(i int64) ([]byte, error) {
	r.mu.Lock()
	index, plain := r.index, r.plain
	r.mu.Unlock()
	if index == i {
		return plain, nil
	}
	size := r.chunks.SealedSize(i)
	want := size
	if i == r.chunks.Count()-1 {
		want++
	}
	sealed := make([]byte, want)
	n, err := r.src.ReadAt(sealed, i*SealedChunkSize)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if n < size {
		return nil, CutOff
	}
	if n > size {
		return nil, TooLong
	}
	plain, err = r.chunks.Open(nil, i, sealed[:size])
	if err != nil {
		return nil, fmt.Errorf("chunk %d: %w", i, err)
	}
	r.mu.Lock()
	r.index, r.plain = i, plain
	r.mu.Unlock()
	return plain, nil
}
