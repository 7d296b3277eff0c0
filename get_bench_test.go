package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// BenchmarkGet measures, in turn and five times over, what AES-256-GCM does alone in memory, what get's way of opening does
// there, what the line does (a bare GET of the same bytes), what the disk does (a bare write of them), and what get does, with
// a server in a process of its own: to standard output and into a folder. It prints the medians and what they are of each
// other. Line, server and get share the machine's processors: with two of them, all busy, get cannot reach the line's speed.
//
//	go test -run '^$' -bench '^BenchmarkGet$' -benchtime 1x .
func BenchmarkGet(b *testing.B) {
	const size = 1 << 29
	c := newCLI(b, nil)
	from := filepath.Join(b.TempDir(), "a")
	block := noise(1 << 20)
	writeText(b, from, strings.Repeat(block, size>>20))
	link := c.send(from)
	for b.Loop() {
		var alone, memory, line, disk, stdout, folder []time.Duration
		for range 5 {
			alone = append(alone, openInMemory(b, size))
			memory = append(memory, openAsGet(b, size))
			line = append(line, fetchAlone(b, link))
			disk = append(disk, writeAlone(b, size))
			stdout = append(stdout, getTo(b, link, "-"))
			to, err := os.MkdirTemp("", "thorpe-bench-")
			if err != nil {
				b.Fatal(err)
			}
			folder = append(folder, getTo(b, link, to))
			if err := os.RemoveAll(to); err != nil {
				b.Fatal(err)
			}
		}
		speed := func(times []time.Duration) float64 {
			slices.Sort(times)
			return size / 1e6 / times[len(times)/2].Seconds()
		}
		b.Logf("MB/s: AES-256-GCM alone %.0f, opening from memory %.0f; line alone %.0f, get to standard output %.0f; disk alone %.0f, get into a folder %.0f",
			speed(alone), speed(memory), speed(line), speed(stdout), speed(disk), speed(folder))
		b.ReportMetric(speed(memory)/speed(alone), "opening/AES")
		b.ReportMetric(speed(stdout)/speed(alone), "get/AES")
		b.ReportMetric(speed(stdout)/speed(line), "get/line")
		b.ReportMetric(speed(folder)/min(speed(line), speed(disk)), "folder/line-or-disk")
	}
}

// openAsGet opens size bytes in sealed chunks as get does, out of memory: the first 16 MiB of a content, again and again.
func openAsGet(b *testing.B, size int64) time.Duration {
	const held = 64 * sealed.ChunkSize
	key := sealed.NewContentKey()
	chunks, err := sealed.NewChunks(key, size)
	if err != nil {
		b.Fatal(err)
	}
	var content []byte
	for i := range int64(held / sealed.ChunkSize) {
		if content, err = chunks.Seal(content, i, make([]byte, sealed.ChunkSize)); err != nil {
			b.Fatal(err)
		}
	}
	begun := time.Now()
	for range size / held {
		opened, err := sealed.NewPipeline(key, bytes.NewReader(content), size, 0, held)
		if err != nil {
			b.Fatal(err)
		}
		if err := opened.CopyN(io.Discard, held); err != nil {
			b.Fatal(err)
		}
		opened.Close()
	}
	return time.Since(begun)
}

// getTo runs the command.
func getTo(b *testing.B, link, output string) time.Duration {
	begun := time.Now()
	cmd := GetCmd{Link: link, Output: output}
	if err := cmd.run(b.Context(), io.Discard, io.Discard); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun)
}

// writeAlone writes size bytes into a new file, as get does.
func writeAlone(b *testing.B, size int64) time.Duration {
	f, err := os.CreateTemp("", "thorpe-bench-")
	if err != nil {
		b.Fatal(err)
	}
	defer os.Remove(f.Name())
	chunk := make([]byte, sealed.ChunkSize)
	begun := time.Now()
	for range size / sealed.ChunkSize {
		if _, err := f.Write(chunk); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun)
}

// openInMemory opens size bytes in sealed chunks.
func openInMemory(b *testing.B, size int64) time.Duration {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		b.Fatal(err)
	}
	nonce := make([]byte, 12)
	chunk := aead.Seal(nil, nonce, make([]byte, sealed.ChunkSize), nil)
	plain := make([]byte, 0, sealed.ChunkSize)
	begun := time.Now()
	for range size / sealed.ChunkSize {
		if _, err := aead.Open(plain, nonce, chunk, nil); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(begun)
}

// fetchAlone fetches the content of a link, and does nothing with it.
func fetchAlone(b *testing.B, link string) time.Duration {
	server, parsed, err := sealed.ParseURL(link)
	if err != nil {
		b.Fatal(err)
	}
	keys, err := parsed.Keys("")
	if err != nil {
		b.Fatal(err)
	}
	c := client.New(server)
	defer c.Close()
	m, err := c.Manifest(b.Context(), keys)
	if err != nil {
		b.Fatal(err)
	}
	ticket := client.NewTicket()
	if err := c.Ticket(b.Context(), keys, ticket); err != nil {
		b.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, server+"/api/links/"+keys.ID.String()+"/content", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+base64.RawURLEncoding.EncodeToString(keys.Token[:]))
	r.Header.Set("Thorpe-Ticket", base64.RawURLEncoding.EncodeToString(ticket[:]))
	begun := time.Now()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, answer.Body, make([]byte, 256<<10)); err != nil || n != sealed.SealedLength(m.Total()) {
		b.Fatalf("%s, %d bytes: %v", answer.Status, n, err)
	}
	return time.Since(begun)
}
