package sealed

import (
	"fmt"
	"io"
	"sync"
)

// pipelineBuffers is how many chunks a Pipeline holds: being read, read, opened, being used.
const pipelineBuffers = 8

// SealedRange gives the bytes of a sealed stream, from first up to but without end, that hold the plaintext's bytes from
// start up to but without stop: whole chunks. It is empty where start is stop, but in a stream of no plaintext, whose one
// chunk it is. All are offsets into a plaintext of size bytes.
func SealedRange(size, start, stop int64) (first, end int64) {
	from, to := chunkRange(size, start, stop)
	return min(from*SealedChunkSize, SealedLength(size)), min(to*SealedChunkSize, SealedLength(size))
}

// chunkRange gives the chunks, without the one at to.
func chunkRange(size, start, stop int64) (from, to int64) {
	from = start / ChunkSize
	switch {
	case size == 0:
		return 0, 1
	case start == stop:
		return from, from
	}
	return from, (stop + ChunkSize - 1) / ChunkSize
}

// Pipeline opens a run of a sealed stream: one goroutine reads, one opens, and the caller uses what opened, all at once.
// It gives what a Reader gives. It is for one goroutine; Close ends the others.
type Pipeline struct {
	chunks      *Chunks
	src         io.Reader
	from, to    int64 // the chunks
	start, stop int64 // the plaintext

	free   chan []byte
	filled chan passing
	opened chan passing
	ending chan struct{}
	ended  sync.WaitGroup

	buffer []byte // whose opened bytes are unread
	unread []byte
	err    error
}

// passing is a chunk on its way, or why there is none.
type passing struct {
	buffer []byte
	index  int64
	plain  []byte
	err    error
}

// NewPipeline opens the plaintext's bytes from start up to but without stop, out of size bytes, as the manifest says,
// never as the server says. Src gives the sealed stream from the place that SealedRange names. Nothing of a chunk comes
// out before its tag holds. Where the run reaches the stream's last chunk, src has to end with it. It fails as NewReader's
// reader does.
func NewPipeline(key ContentKey, src io.Reader, size, start, stop int64) (*Pipeline, error) {
	chunks, err := NewChunks(key, size)
	if err != nil {
		return nil, err
	}
	if start < 0 || start > stop || stop > size {
		return nil, fmt.Errorf("a run from %d to %d of %d bytes: %w", start, stop, size, BadNumber)
	}
	return newPipeline(chunks, src, start, stop), nil
}

func newPipeline(chunks *Chunks, src io.Reader, start, stop int64) *Pipeline {
	from, to := chunkRange(chunks.Size(), start, stop)
	p := &Pipeline{
		chunks: chunks, src: src, from: from, to: to, start: start, stop: stop,
		free: make(chan []byte, pipelineBuffers), filled: make(chan passing, pipelineBuffers+1), opened: make(chan passing, pipelineBuffers+1),
		ending: make(chan struct{}),
	}
	for range min(pipelineBuffers, to-from) {
		p.free <- nil // made once it is needed
	}
	p.ended.Go(p.fill)
	p.ended.Go(p.open)
	return p
}

// fill reads chunk after chunk, as far as there is room. The channels behind it have room for all that it can send.
func (p *Pipeline) fill() {
	defer close(p.filled)
	for i := p.from; i < p.to; i++ {
		var buffer []byte
		select {
		case buffer = <-p.free:
		case <-p.ending:
			return
		}
		if buffer == nil {
			buffer = make([]byte, min(SealedChunkSize, p.chunks.SealedSize(p.from))+1)
		}
		err := p.chunks.read(p.src, i, buffer)
		p.filled <- passing{buffer: buffer, index: i, err: err}
		if err != nil {
			return
		}
	}
}

// open opens each chunk in its own place.
func (p *Pipeline) open() {
	defer close(p.opened)
	for next := range p.filled {
		if next.err == nil {
			next.plain, next.err = p.chunks.openInPlace(next.index, next.buffer[:p.chunks.SealedSize(next.index)])
		}
		p.opened <- next
		if next.err != nil {
			return
		}
	}
}

// next takes the next chunk that opened, and cuts from it what is outside the run.
func (p *Pipeline) next() {
	if p.buffer != nil {
		p.free <- p.buffer
		p.buffer = nil
	}
	next, more := <-p.opened
	switch {
	case !more:
		p.err = io.EOF
		return
	case next.err != nil:
		p.err = next.err
		return
	}
	p.buffer = next.buffer
	at := next.index * ChunkSize
	p.unread = next.plain[max(0, p.start-at):min(int64(len(next.plain)), p.stop-at)]
}

// wait waits until something is unread, or fails.
func (p *Pipeline) wait() error {
	for len(p.unread) == 0 {
		if p.err != nil {
			return p.err
		}
		p.next()
	}
	return nil
}

// Read follows io.Reader.
func (p *Pipeline) Read(b []byte) (int, error) {
	if len(b) == 0 && p.err == nil {
		return 0, nil
	}
	if err := p.wait(); err != nil {
		return 0, err
	}
	n := copy(b, p.unread)
	p.unread = p.unread[n:]
	return n, nil
}

// CopyN writes the next n bytes to w, in pieces of up to a chunk. Where they end before, it is io.ErrUnexpectedEOF.
func (p *Pipeline) CopyN(w io.Writer, n int64) error {
	for n > 0 {
		if err := p.wait(); err == io.EOF {
			return io.ErrUnexpectedEOF
		} else if err != nil {
			return err
		}
		written, err := w.Write(p.unread[:min(n, int64(len(p.unread)))])
		p.unread = p.unread[written:]
		n -= int64(written)
		if err != nil {
			return err
		}
	}
	return nil
}

// Close ends the pipeline, and waits until nothing reads from src any more. Whoever leaves before the end makes src's Read
// return first.
func (p *Pipeline) Close() error {
	if p.err == nil {
		p.err = errClosed
	}
	p.unread = nil
	select {
	case <-p.ending:
	default:
		close(p.ending)
	}
	p.ended.Wait()
	return nil
}
