package sealed

import (
	"fmt"
	"io"
	"runtime"
	"sync"
)

// maxOpeners bounds the goroutines of a Pipeline: one reads while the others open.
const maxOpeners = 4

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

// Pipeline opens a run of a sealed stream with several goroutines: each in its turn reads a chunk, and opens it while the
// next one reads, so that a chunk is opened where it was read, in the processor's cache. The caller uses what opened
// meanwhile. It gives what a Reader gives. It is for one goroutine; Close ends the others.
type Pipeline struct {
	chunks      *Chunks
	to          int64 // where the chunks end
	start, stop int64 // the plaintext

	free   chan []byte
	opened chan chan opened // in order, each put there when the chunk's turn to be read comes
	ending chan struct{}
	ended  sync.WaitGroup

	turn sync.Mutex // to read
	src  io.Reader
	next int64 // chunk
	over bool  // reading failed

	buffer []byte // whose opened bytes are unread
	unread []byte
	err    error
}

// opened is a chunk, or why there is none.
type opened struct {
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
	openers := max(2, min(runtime.GOMAXPROCS(0), maxOpeners))
	buffers := openers + 2 // one that is being used, and one that waits for that
	p := &Pipeline{
		chunks: chunks, src: src, next: from, to: to, start: start, stop: stop,
		free: make(chan []byte, buffers), opened: make(chan chan opened, buffers), ending: make(chan struct{}),
	}
	for range buffers {
		p.free <- nil // made once it is needed
	}
	for range openers {
		p.ended.Go(p.work)
	}
	go func() {
		p.ended.Wait()
		close(p.opened)
	}()
	return p
}

// work reads and opens chunks until there are no more, or one fails.
func (p *Pipeline) work() {
	for {
		var buffer []byte
		select {
		case buffer = <-p.free:
		case <-p.ending:
			return
		}
		if buffer == nil {
			buffer = make([]byte, min(SealedChunkSize, SealedLength(p.chunks.Size()))+1)
		}
		result, chunk := p.read(buffer)
		if result == nil {
			p.free <- buffer // another may wait for one, to see that it is over
			return
		}
		if chunk.err == nil {
			chunk.plain, chunk.err = p.chunks.openInPlace(chunk.index, buffer[:p.chunks.SealedSize(chunk.index)])
		}
		result <- chunk
	}
}

// read reads the next chunk, when its turn comes. Result is where to put it, in order; nil where there is none to read.
func (p *Pipeline) read(buffer []byte) (result chan opened, chunk opened) {
	p.turn.Lock()
	defer p.turn.Unlock()
	if p.over || p.next == p.to {
		return nil, opened{}
	}
	chunk = opened{buffer: buffer, index: p.next}
	p.next++
	result = make(chan opened, 1)
	p.opened <- result // has room for as many as there are buffers
	chunk.err = p.chunks.read(p.src, chunk.index, buffer)
	p.over = chunk.err != nil
	return result, chunk
}

// take takes the next chunk that opened, and cuts from it what is outside the run.
func (p *Pipeline) take() {
	if p.buffer != nil {
		p.free <- p.buffer
		p.buffer = nil
	}
	result, more := <-p.opened
	if !more {
		p.err = io.EOF
		return
	}
	chunk := <-result
	if p.err = chunk.err; p.err != nil {
		return
	}
	p.buffer = chunk.buffer
	at := chunk.index * ChunkSize
	p.unread = chunk.plain[max(0, p.start-at):min(int64(len(chunk.plain)), p.stop-at)]
}

// wait waits until something is unread, or fails.
func (p *Pipeline) wait() error {
	for len(p.unread) == 0 {
		if p.err != nil {
			return p.err
		}
		p.take()
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
