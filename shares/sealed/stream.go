package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
)

// A sealed stream is a sequence of chunks, each nonce || AES-256-GCM ciphertext || tag. The additional data holds the
// chunk's index and whether it is the last, so that chunks that were moved, repeated or left out do not open.
const (
	// ChunkSize is how many bytes of plaintext a chunk holds; the last one may hold fewer.
	ChunkSize = 262144
	// ChunkOverhead is how much longer a sealed chunk is.
	ChunkOverhead = nonceSize + tagSize
	// SealedChunkSize is the length of a sealed chunk, but for the last.
	SealedChunkSize = ChunkSize + ChunkOverhead

	// MaxSize is the longest plaintext in bytes, 2^50.
	MaxSize = 1 << 50

	nonceSize = 12
	tagSize   = 16
)

// SealedLength is the length of a sealed stream of n plaintext bytes, n from 0 to MaxSize.
func SealedLength(n int64) int64 { return n + ChunkOverhead*chunkCount(n) }

// PlainLength is the length of the plaintext in a sealed stream, or BadLength where no plaintext gives this length.
func PlainLength(length int64) (int64, error) {
	full, rest := length/SealedChunkSize, length%SealedChunkSize
	switch {
	case length < ChunkOverhead, rest != 0 && rest <= ChunkOverhead && length != ChunkOverhead, length > SealedLength(MaxSize):
		return 0, BadLength
	case rest == 0:
		return full * ChunkSize, nil
	}
	return full*ChunkSize + rest - ChunkOverhead, nil
}

func chunkCount(n int64) int64 { return max(1, (n+ChunkSize-1)/ChunkSize) }

// Chunks seals and opens the single chunks of a plaintext whose length is known. Its methods may be called from several
// goroutines.
type Chunks struct {
	aead cipher.AEAD
	size int64
}

// NewChunks is for a plaintext of size bytes, from 0 to MaxSize.
func NewChunks(key ContentKey, size int64) (*Chunks, error) {
	return newChunks([KeySize]byte(key), size)
}

func newChunks(key [KeySize]byte, size int64) (*Chunks, error) {
	if size < 0 || size > MaxSize {
		return nil, fmt.Errorf("a sealed stream of %d bytes: %w", size, BadNumber)
	}
	return &Chunks{aead: newGCM(key), size: size}, nil
}

func newGCM(key [KeySize]byte) cipher.AEAD {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("sealed: AES: " + err.Error()) // only for other key lengths
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("sealed: GCM: " + err.Error())
	}
	return aead
}

// Count is how many chunks there are, at least 1.
func (c *Chunks) Count() int64 { return chunkCount(c.size) }

// Size is the length of the plaintext.
func (c *Chunks) Size() int64 { return c.size }

// PlainSize is how many plaintext bytes chunk i holds. It starts at i * ChunkSize.
func (c *Chunks) PlainSize(i int64) int {
	return int(min(ChunkSize, c.size-i*ChunkSize))
}

// SealedSize is the length of chunk i when sealed. It starts at i * SealedChunkSize.
func (c *Chunks) SealedSize(i int64) int { return c.PlainSize(i) + ChunkOverhead }

// Seal appends chunk i to dst, sealed under a new nonce. The plaintext must have PlainSize(i) bytes and must not
// overlap the room behind dst. A chunk may be sealed again after a broken upload, but only with the same plaintext:
// another plaintext needs another key.
func (c *Chunks) Seal(dst []byte, i int64, plaintext []byte) ([]byte, error) {
	if i < 0 || i >= c.Count() || len(plaintext) != c.PlainSize(i) {
		return nil, fmt.Errorf("sealing chunk %d of %d: %d bytes do not belong there", i, c.Count(), len(plaintext))
	}
	var nonce [nonceSize]byte
	rand.Read(nonce[:]) // never fails
	return sealChunk(dst, c.aead, nonce, i, i == c.Count()-1, plaintext), nil
}

// Open appends the plaintext of chunk i to dst, or refuses it with BadTag. Dst and chunk must not overlap.
func (c *Chunks) Open(dst []byte, i int64, chunk []byte) ([]byte, error) {
	if i < 0 || i >= c.Count() || len(chunk) != c.SealedSize(i) {
		return nil, BadTag
	}
	out, err := c.aead.Open(dst, chunk[:nonceSize], chunk[nonceSize:], chunkData(i, i == c.Count()-1))
	if err != nil {
		return nil, BadTag
	}
	return out, nil
}

// openInPlace opens chunk i over its own bytes, or refuses it with BadTag; then the bytes are lost.
func (c *Chunks) openInPlace(i int64, chunk []byte) ([]byte, error) {
	sealed := chunk[nonceSize:]
	plain, err := c.aead.Open(sealed[:0], chunk[:nonceSize], sealed, chunkData(i, i == c.Count()-1))
	if err != nil {
		return nil, fmt.Errorf("chunk %d: %w", i, BadTag)
	}
	return plain, nil
}

func sealChunk(dst []byte, aead cipher.AEAD, nonce [nonceSize]byte, i int64, last bool, plaintext []byte) []byte {
	dst = append(dst, nonce[:]...)
	return aead.Seal(dst, nonce[:], plaintext, chunkData(i, last))
}

// chunkData is the additional data of a chunk.
func chunkData(i int64, last bool) []byte {
	data := binary.BigEndian.AppendUint64(make([]byte, 0, 9), uint64(i))
	if last {
		return append(data, 1)
	}
	return append(data, 0)
}

// Writer seals what is written to it, of whatever length. What it has written before Close is no whole stream.
type Writer struct {
	aead   cipher.AEAD
	dst    io.Writer
	index  int64
	plain  []byte // not yet sealed; a full chunk waits until it is known whether it is the last
	sealed []byte
	err    error
}

// NewWriter seals into dst under a key that has sealed nothing else.
func NewWriter(key ContentKey, dst io.Writer) *Writer {
	return &Writer{aead: newGCM([KeySize]byte(key)), dst: dst, plain: make([]byte, 0, ChunkSize), sealed: make([]byte, 0, SealedChunkSize)}
}

// Write seals whole chunks of p as they fill.
func (w *Writer) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	written := 0
	for len(p) > 0 {
		if len(w.plain) == ChunkSize {
			if w.flush(false); w.err != nil {
				return written, w.err
			}
		}
		n := copy(w.plain[len(w.plain):ChunkSize], p)
		w.plain = w.plain[:len(w.plain)+n]
		p = p[n:]
		written += n
	}
	return written, nil
}

// Close seals the last chunk. It does not close dst.
func (w *Writer) Close() error {
	if w.err != nil {
		return w.err
	}
	w.flush(true)
	err := w.err
	if err == nil {
		w.err = errClosed
	}
	return err
}

var errClosed = fmt.Errorf("sealed stream: %w", io.ErrClosedPipe)

func (w *Writer) flush(last bool) {
	if w.index == MaxSize/ChunkSize {
		w.err = fmt.Errorf("a sealed stream of more than 2^50 bytes: %w", BadNumber)
		return
	}
	var nonce [nonceSize]byte
	rand.Read(nonce[:]) // never fails
	w.sealed = sealChunk(w.sealed[:0], w.aead, nonce, w.index, last, w.plain)
	w.plain = w.plain[:0]
	w.index++
	if _, err := w.dst.Write(w.sealed); err != nil {
		w.err = fmt.Errorf("writing a sealed chunk: %w", err)
	}
}
