package sealed

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

// TestPipelineOpensARun: of any run, the bytes that SealedRange names are enough, and it gives just that run.
func TestPipelineOpensARun(t *testing.T) {
	for _, size := range []int64{0, 1, ChunkSize, 2*ChunkSize + 500, 20 * ChunkSize} {
		key, plain := NewContentKey(), pattern(size)
		var stream bytes.Buffer
		w := NewWriter(key, &stream)
		w.Write(plain)
		w.Close()
		for _, start := range []int64{0, 1, ChunkSize - 1, ChunkSize, 2*ChunkSize + 1, size} {
			for _, stop := range []int64{start, start + 1, ChunkSize, 2 * ChunkSize, size - 1, size} {
				if start > stop || stop > size {
					continue
				}
				first, end := SealedRange(size, start, stop)
				p, err := NewPipeline(key, bytes.NewReader(stream.Bytes()[first:end]), size, start, stop)
				if err != nil {
					t.Fatal(err)
				}
				var got bytes.Buffer
				half := (stop - start) / 2
				if err := p.CopyN(&got, half); err != nil || int64(got.Len()) != half {
					t.Errorf("half of %d to %d of %d: %d bytes, %v", start, stop, size, got.Len(), err)
				}
				if _, err := io.Copy(&got, p); err != nil || !bytes.Equal(got.Bytes(), plain[start:stop]) {
					t.Errorf("%d to %d of %d: %d bytes, %v", start, stop, size, got.Len(), err)
				}
				if err := p.CopyN(io.Discard, 1); err != io.ErrUnexpectedEOF {
					t.Errorf("past the end of %d to %d of %d: %v", start, stop, size, err)
				}
				p.Close()
			}
		}
	}
	for _, bad := range [][2]int64{{-1, 0}, {2, 1}, {0, 11}} {
		if _, err := NewPipeline(NewContentKey(), nil, 10, bad[0], bad[1]); !errors.Is(err, BadNumber) {
			t.Errorf("a run of %v: %v", bad, err)
		}
	}
}

// TestPipelineGivesNothingBehindAFailure: A5. What is before a chunk that does not open comes out, nothing behind it does,
// and a source that fails says so itself.
func TestPipelineGivesNothingBehindAFailure(t *testing.T) {
	key, plain := NewContentKey(), pattern(12*ChunkSize)
	var stream bytes.Buffer
	w := NewWriter(key, &stream)
	w.Write(plain)
	w.Close()
	bad := bytes.Clone(stream.Bytes())
	bad[3*SealedChunkSize+100] ^= 1
	broken := errors.New("broken")
	for what, c := range map[string]struct {
		src  io.Reader
		want error
	}{
		"a bit":      {bytes.NewReader(bad), BadTag},
		"cut off":    {bytes.NewReader(bad[:3*SealedChunkSize+7]), CutOff},
		"the source": {io.MultiReader(bytes.NewReader(bad[:3*SealedChunkSize+7]), iotest.ErrReader(broken)), broken},
	} {
		p, err := NewPipeline(key, c.src, int64(len(plain)), 0, int64(len(plain)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(p)
		if !errors.Is(err, c.want) || !bytes.Equal(got, plain[:3*ChunkSize]) {
			t.Errorf("%s: %d bytes, %v", what, len(got), err)
		}
		if n, err := p.Read(make([]byte, 1)); n != 0 || !errors.Is(err, c.want) {
			t.Errorf("%s, again: %d bytes, %v", what, n, err)
		}
		p.Close()
	}
}

// TestPipelineCloses: also in the middle, with a source that waits until it is told to end.
func TestPipelineCloses(t *testing.T) {
	key, plain := NewContentKey(), pattern(12*ChunkSize)
	var stream bytes.Buffer
	w := NewWriter(key, &stream)
	w.Write(plain)
	w.Close()
	src, feed := io.Pipe()
	p, err := NewPipeline(key, src, int64(len(plain)), 0, int64(len(plain)))
	if err != nil {
		t.Fatal(err)
	}
	feed.Write(stream.Bytes()[:2*SealedChunkSize])
	if err := p.CopyN(io.Discard, 10); err != nil {
		t.Fatal(err)
	}
	src.Close()
	p.Close()
	p.Close()
	if n, err := p.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("closed: %d bytes, %v", n, err)
	}
}
