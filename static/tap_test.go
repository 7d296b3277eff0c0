package static_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"thorpe/shares/sealed"
)

// tap keeps all sealed bytes on their way to the server, and can stop them.
type tap struct {
	site *site

	mu    sync.Mutex
	sent  map[string][]piece // by upload
	left  int                // how many requests still reach the server whole, before one that is cut; everything: all; nothing: none
	block func(*http.Request) bool
}

const (
	everything = -1
	nothing    = -2
)

// piece is what the server read of one request.
type piece struct {
	offset int
	bytes  []byte
}

// tap begins to listen, until breakWith is set anew.
func (s *site) tap() *tap {
	p := &tap{site: s, sent: map[string][]piece{}, left: everything}
	s.breakWith(p.hear)
	return p
}

// stopAfter lets so many requests with bytes reach the server, some chunks of the next one, and nothing more; everything ends that.
func (p *tap) stopAfter(requests int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = requests
}

// blockWhere answers requests as a server that is starting anew; nil ends it.
func (p *tap) blockWhere(block func(*http.Request) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.block = block
}

func (p *tap) hear(w http.ResponseWriter, r *http.Request) bool {
	p.mu.Lock()
	block := p.block
	p.mu.Unlock()
	if block != nil && block(r) {
		http.Error(w, `{"code":"unavailable"}`, http.StatusServiceUnavailable)
		return true
	}
	id, found := strings.CutPrefix(r.URL.Path, "/api/uploads/")
	if r.Method != "PATCH" || !found {
		return false
	}
	p.mu.Lock()
	left := p.left
	if left > 0 {
		p.left--
	} else if left == 0 {
		p.left = nothing
	}
	p.mu.Unlock()
	if left == nothing {
		drop(w)
		return true
	}
	offset, _ := strconv.Atoi(r.Header.Get("Upload-Offset"))
	var read bytes.Buffer
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sent[id] = append(p.sent[id], piece{offset, read.Bytes()})
	}()
	body := io.TeeReader(r.Body, &read)
	if left == 0 { // the line breaks in the middle of a chunk
		r.Body = io.NopCloser(io.MultiReader(io.LimitReader(body, 3*sealedChunk+1000), dropping{w}))
		p.site.answer(r)
		drop(w)
		return true
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{body, r.Body}
	p.site.real.ServeHTTP(w, r)
	return true
}

// uploads are those that were heard of.
func (p *tap) uploads() (ids []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id := range p.sent {
		ids = append(ids, id)
	}
	return ids
}

// keyOf opens a link, and returns its content key and the length of its plaintext.
func keyOf(t *testing.T, s *site, link string) (sealed.ContentKey, int64) {
	t.Helper()
	_, parsed, err := sealed.ParseURL(link)
	must(t, err)
	keys, err := parsed.Keys("")
	must(t, err)
	r := httptest.NewRequest("GET", "/api/links/"+keys.ID.String()+"/manifest", nil)
	r.Host = strings.TrimPrefix(s.URL, "http://")
	r.Header.Set("Authorization", "Bearer "+base64.RawURLEncoding.EncodeToString(keys.Token[:]))
	manifest, err := sealed.ReadManifest(keys, s.answer(r).Body)
	must(t, err)
	size := manifest.Padding
	for _, file := range manifest.Files {
		size += file.Size
	}
	return manifest.Key, size
}

// wantOnePlaintext opens every whole chunk that was heard of an upload: all hold what the content holds there, under a nonce of their own. It returns how many chunks
// were sealed more than once, and whether the key opens any at all.
func (p *tap) wantOnePlaintext(t *testing.T, upload string, key sealed.ContentKey, size int64, content []byte) (again int, opens bool) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	block, err := aes.NewCipher(key[:])
	must(t, err)
	gcm, err := cipher.NewGCM(block)
	must(t, err)
	padded := make([]byte, size)
	copy(padded, content)
	length := int(sealed.SealedLength(size))
	nonces, seen := map[string]bool{}, map[int]bool{}
	for _, piece := range p.sent[upload] {
		for at := 0; at < len(piece.bytes); at += sealedChunk {
			start := piece.offset + at
			end := min(start+sealedChunk, length)
			if at+end-start > len(piece.bytes) {
				break // cut off
			}
			chunk := piece.bytes[at : at+end-start]
			index := start / sealedChunk
			nonce := string(chunk[:12])
			if nonces[nonce] {
				t.Errorf("chunk %d: a nonce comes twice", index)
			}
			nonces[nonce] = true
			data := make([]byte, 9)
			binary.BigEndian.PutUint64(data, uint64(index))
			if end == length {
				data[8] = 1
			}
			plaintext, err := gcm.Open(nil, chunk[:12], chunk[12:], data)
			if err != nil {
				continue
			}
			opens = true
			if want := padded[index*262144:]; !bytes.Equal(plaintext, want[:min(262144, len(want))]) {
				t.Errorf("chunk %d was sealed with another plaintext", index)
			}
			if seen[index] {
				again++
			}
			seen[index] = true
		}
	}
	return again, opens
}
