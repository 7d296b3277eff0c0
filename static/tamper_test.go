package static_test

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

const sealedChunk = 262172

// A server that changes what it holds, in each of the ways of group A, makes the browser's download fail for all to see, and leaves nothing on the disk that looks
// complete (A5-A9).
func TestTamperedContentFailsTheDownload(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{{"a.bin", 5*262144 + 100}}
	var made, other sent
	sender.run(&made, "link.js", "sendFiles", files)
	sender.run(&other, "link.js", "sendFiles", files)
	chunk := func(b []byte, i int) []byte { return b[i*sealedChunk : min(len(b), (i+1)*sealedChunk)] }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	foreign := sender.contentOf(other)
	for _, test := range []struct {
		name   string
		codes  []string
		change func(b []byte) []byte
	}{
		{"A5 two chunks swapped", []string{"bad_tag"}, func(b []byte) []byte { return join(b[:sealedChunk], chunk(b, 2), chunk(b, 1), b[3*sealedChunk:]) }},
		{"A6 cut at a chunk's edge", []string{"cut_off"}, func(b []byte) []byte { return b[:3*sealedChunk] }},
		{"A6 cut inside a chunk", []string{"cut_off"}, func(b []byte) []byte { return b[:3*sealedChunk+1000] }},
		{"A7 a chunk removed", []string{"bad_tag", "cut_off"}, func(b []byte) []byte { return join(b[:2*sealedChunk], b[3*sealedChunk:]) }},
		{"A7 a chunk repeated", []string{"bad_tag", "too_long"}, func(b []byte) []byte { return join(b[:2*sealedChunk], b[sealedChunk:]) }},
		{"A7 a chunk appended", []string{"too_long"}, func(b []byte) []byte { return join(b, b[:sealedChunk]) }},
		{"A7 rubbish appended", []string{"too_long"}, func(b []byte) []byte { return join(b, []byte("rubbish")) }},
		{"A8 a chunk of another link", []string{"bad_tag"}, func(b []byte) []byte { return join(b[:sealedChunk], chunk(foreign, 1), b[2*sealedChunk:]) }},
		{"A9 only the last byte changed", []string{"bad_tag"}, func(b []byte) []byte { b[len(b)-1] ^= 1; return b }},
		{"A9 only the first byte changed", []string{"bad_tag"}, func(b []byte) []byte { b[0] ^= 1; return b }},
	} {
		for _, told := range []bool{true, false} {
			name := test.name
			if !told {
				name += ", without a length"
			}
			t.Run(name, func(t *testing.T) {
				sender.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
					if !strings.HasSuffix(r.URL.Path, "/content") {
						return false
					}
					body := test.change(sender.site.answer(r).Body.Bytes())
					if !told {
						w.WriteHeader(http.StatusOK)
						http.NewResponseController(w).Flush()
					}
					w.Write(body)
					return true
				})
				defer sender.site.breakWith(nil)
				reader := newTab(t, sender.site)
				var got saved
				reader.run(&got, "link.js", "save", made.Link, []string{files[0].Path})
				if !slices.Contains(test.codes, got.Error) {
					t.Errorf("download told %+v, want %v", got, test.codes)
				}
				file := reader.nextDownload()
				if file.State != "canceled" {
					t.Errorf("the browser shows %s", file.State)
				}
				if _, err := os.Stat(file.File); !errors.Is(err, fs.ErrNotExist) { // what the browser had of it has another name, until it is removed
					t.Errorf("a file that looks complete lies on the disk: %v", err)
				}
			})
		}
	}
}

// contentOf is the sealed content of a link, as the server gives it to its reader.
func (b *tab) contentOf(made sent) []byte {
	b.t.Helper()
	var content []byte
	b.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/content") && r.Header.Get("Range") == "" && content == nil {
			content = b.site.answer(r).Body.Bytes()
		}
		return false
	})
	defer b.site.breakWith(nil)
	b.run(nil, "link.js", "readLink", made.Link)
	if len(content) == 0 {
		b.t.Fatal("the link has no content")
	}
	return content
}

// A changed manifest is refused with one answer, and the server hears nothing of it (A1, A4, A10: names, sizes and types are in it alone).
func TestTamperedManifest(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made sent
	sender.run(&made, "link.js", "sendFiles", []wanted{{"a.bin", 100}})
	for _, test := range []struct {
		name, code string
		change     func(b []byte) []byte
	}{
		{"salt", "bad_tag", func(b []byte) []byte { b[0] ^= 1; return b }},
		{"nonce", "bad_tag", func(b []byte) []byte { b[32] ^= 1; return b }},
		{"ciphertext", "bad_tag", func(b []byte) []byte { b[100] ^= 1; return b }},
		{"tag", "bad_tag", func(b []byte) []byte { b[len(b)-1] ^= 1; return b }},
		{"cut", "bad_tag", func(b []byte) []byte { return b[:len(b)-1] }},
		{"extended", "bad_tag", func(b []byte) []byte { return append(b, 0) }},
		{"nothing", "bad_length", func([]byte) []byte { return nil }},
		{"another link's", "bad_tag", func(b []byte) []byte { return bytes.Repeat([]byte{1}, len(b)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			sender.site.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, "/manifest") {
					return false
				}
				w.Write(test.change(sender.site.answer(r).Body.Bytes()))
				return true
			})
			defer sender.site.breakWith(nil)
			reader := newTab(t, sender.site)
			var read readLink
			reader.run(&read, "link.js", "readLink", made.Link) // once, so that all scripts are there
			before := sender.site.heard()
			reader.run(&read, "link.js", "readLink", made.Link)
			if read.Error != test.code {
				t.Errorf("opening told %q, want %s", read.Error, test.code)
			}
			if after := strings.TrimPrefix(sender.site.heard(), before); strings.Count(after, "GET /api/") != 1 || strings.Contains(after, "POST") {
				t.Errorf("the server heard %s", after)
			}
		})
	}
}
