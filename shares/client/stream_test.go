package client

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"thorpe/shares/sealed"
)

// onlyReader hides all but Read, and can be read once.
type onlyReader struct{ io.Reader }

// TestUploadStream: whatever its length, and wherever it breaks, what arrives opens, and no nonce is used twice.
func TestUploadStream(t *testing.T) {
	const part = chunksHeld * sealed.ChunkSize
	for _, size := range []int{0, 1, sealed.ChunkSize, sealed.ChunkSize + 1, part - 1, part, part + 1, 2*part + 500} {
		f := &fakeUploads{breaks: func(patch int) int64 {
			return map[int]int64{1: 700_000, 2: sealed.SealedChunkSize, 4: 0}[patch] - boolInt(patch == 3 || patch > 4)
		}}
		c := newRig(t, f.ServeHTTP)
		_, plain := newSource(size)
		key := sealed.NewContentKey()
		last := int64(0)
		id, got, err := c.UploadStream(t.Context(), key, onlyReader{iotest.HalfReader(bytes.NewReader(plain))}, sealed.Padding, func(sent int64) { last = sent })
		if err != nil || id != "THEUPLOAD" || got != int64(size) || f.deleted {
			t.Errorf("%d bytes: %q, %d, %v", size, id, got, err)
			continue
		}
		total := got + sealed.Padding(got)
		if int64(f.length) != sealed.SealedLength(total) || len(f.have) != f.length || last != int64(f.length) {
			t.Errorf("%d bytes: %d of %d arrived, %d told", size, len(f.have), f.length, last)
		}
		r, err := sealed.NewReader(key, bytes.NewReader(f.have), total)
		if err != nil {
			t.Fatal(err)
		}
		if opened, err := io.ReadAll(r); err != nil || !bytes.Equal(opened[:size], plain) || len(bytes.Trim(opened[size:], "\x00")) > 0 {
			t.Errorf("%d bytes: what arrived does not open: %v", size, err)
		}
	}
}

// TestUploadStreamSealsNoOtherPlaintext: A17. Of each chunk all that ever reached the server, broken off or whole, has one
// plaintext, though a stream can be read only once.
func TestUploadStreamSealsNoOtherPlaintext(t *testing.T) {
	const n = sealed.SealedChunkSize
	f := &fakeUploads{breaks: func(patch int) int64 {
		return map[int]int64{1: 3*n + 1000, 2: 20*n + 5, 3: 0, 4: n - 1, 6: 12*n + 300, 7: 50}[patch] - boolInt(patch == 5 || patch > 7)
	}}
	c := newRig(t, f.ServeHTTP)
	_, plain := newSource(50*sealed.ChunkSize + 7)
	key := sealed.NewContentKey()
	_, size, err := c.UploadStream(t.Context(), key, onlyReader{bytes.NewReader(plain)}, sealed.Padding, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain = append(plain, make([]byte, sealed.Padding(size))...)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		t.Fatal(err)
	}
	again := map[int]int{}
	for _, chunk := range f.received {
		again[chunk.index]++
		sealedBytes := chunk.bytes[12:]
		want := plain[chunk.index*sealed.ChunkSize:]
		sealedBytes = sealedBytes[:min(len(sealedBytes), len(want), sealed.ChunkSize)]
		opened := make([]byte, len(sealedBytes))
		// GCM's keystream, also of a chunk whose tag did not come (NIST SP 800-38D, 7.1).
		cipher.NewCTR(block, append(bytes.Clone(chunk.bytes[:12]), 0, 0, 0, 2)).XORKeyStream(opened, sealedBytes)
		if !bytes.Equal(opened, want[:len(opened)]) {
			t.Errorf("chunk %d was sealed with another plaintext", chunk.index)
		}
	}
	if again[3] < 2 || again[0] != 1 {
		t.Errorf("chunks were not sealed again: %v", again)
	}
}

// TestUploadStreamFailsWithItsSource: and takes the upload back.
func TestUploadStreamFailsWithItsSource(t *testing.T) {
	broken := errors.New("broken")
	f := &fakeUploads{}
	c := newRig(t, f.ServeHTTP)
	src := io.MultiReader(bytes.NewReader(make([]byte, 100)), iotest.ErrReader(broken))
	if _, _, err := c.UploadStream(t.Context(), sealed.NewContentKey(), src, sealed.Padding, nil); !errors.Is(err, broken) || !f.deleted || len(f.have) > 0 {
		t.Errorf("%v, deleted: %t", err, f.deleted)
	}
	f = &fakeUploads{}
	c = newRig(t, f.ServeHTTP)
	ctx, cancel := context.WithCancel(t.Context())
	waits, feed := io.Pipe() // nothing comes, ever
	defer feed.Close()
	cancelled := make(chan struct{})
	go func() {
		feed.Write([]byte("x"))
		cancel()
		close(cancelled)
	}()
	if _, _, err := c.UploadStream(ctx, sealed.NewContentKey(), waits, sealed.Padding, nil); !errors.Is(err, context.Canceled) || !f.deleted {
		t.Errorf("%v, deleted: %t", err, f.deleted)
	}
	<-cancelled
}
