//go:build unix

package main

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// How large the data folder is in which starting is measured.
const (
	startFiles = 100_000
	startLinks = 10_000
)

// How long a server with much to keep takes from its start to its first answer, and how much memory it takes when nobody asks it anything. It
// prints; docs/performance.md says what is wanted: THORPE_BENCH_ROUNDS=11 go test -v -count=1 -run '^TestHowFastItStarts$' .
func TestHowFastItStarts(t *testing.T) {
	rounds, _ := strconv.Atoi(os.Getenv(roundsVariable))
	if rounds < 1 {
		t.Skip("measures; " + roundsVariable + "=11 runs it")
	}
	data := largeDataFolder(t)
	s := &systemd{t: t}
	addr := s.listen("web", "127.0.0.1:0")
	took := map[string][]float64{}
	var memory []float64
	for range rounds {
		type answered struct {
			path string
			ms   float64
		}
		answers := make(chan answered, 2)
		paths := []string{"/readyz", "/"}
		var began time.Time
		ready := make(chan struct{})
		for _, path := range paths {
			go func() {
				client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
				<-ready
				answer, err := client.Get("http://" + addr + path)
				if err != nil {
					t.Error(err)
					answers <- answered{path, 0}
					return
				}
				ms := float64(time.Since(began).Microseconds()) / 1000
				io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if answer.StatusCode != http.StatusOK {
					t.Errorf("%s: %s", path, answer.Status)
				}
				answers <- answered{path, ms}
			}()
		}
		began = time.Now()
		close(ready) // whoever asks waits at the socket
		server := s.start(data, "--no-request-log")
		for range paths {
			got := <-answers
			took[got.path] = append(took[got.path], got.ms)
		}
		time.Sleep(5 * time.Second) // nothing to await: it is to do nothing
		memory = append(memory, float64(memoryOf(t, server.cmd.Process.Pid, "VmRSS"))/mebibyte)
		if status := server.stop(); status != 0 {
			t.Fatalf("stopping: %s", server.Stderr())
		}
	}
	median := func(all []float64) float64 { return slices.Sorted(slices.Values(all))[len(all)/2] }
	t.Logf("%d files, %d links, medians of %d starts: /readyz after %.0f ms, / after %.0f ms (%.0f and %.0f at worst), wanted 150; memory 5 s later %.1f MiB, wanted 40",
		startFiles, startLinks, rounds, median(took["/readyz"]), median(took["/"]), slices.Max(took["/readyz"]), slices.Max(took["/"]), median(memory))
}

// largeDataFolder makes a data folder by hand: what a server would have written there, without its syncing.
func largeDataFolder(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	if _, stderr, status := run(t, password+"\n", "user", "add", "ann", "--password-stdin", "--data", data); status != 0 {
		t.Fatal(stderr)
	}
	for i := range startFiles {
		folder := filepath.Join(data, "drive", "ann", fmt.Sprintf("folder %d", i/250), "inner")
		if i%250 == 0 {
			must(t, os.MkdirAll(folder, 0o700))
		}
		must(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("file %d.txt", i)), []byte("a file"), 0o600))
	}
	open := DataFlag{Data: data}
	folder, err := open.openData(t.Context(), false, false)
	must(t, err)
	defer folder.close()
	tx, err := folder.db.BeginTx(t.Context(), nil)
	must(t, err)
	defer tx.Rollback()
	var account []byte
	must(t, tx.QueryRow("SELECT id FROM accounts").Scan(&account))
	object := func() []byte {
		name := make([]byte, 16)
		rand.Read(name)
		text := hex.EncodeToString(name)
		must(t, os.MkdirAll(filepath.Join(data, "sealed", text[:2]), 0o700))
		must(t, os.WriteFile(filepath.Join(data, "sealed", text[:2], text), make([]byte, 300), 0o600))
		return name
	}
	for range startLinks {
		id, hash := make([]byte, 16), make([]byte, 32)
		rand.Read(id)
		rand.Read(hash)
		_, err := tx.Exec("INSERT INTO link_ids (id) VALUES (?)", id)
		must(t, err)
		_, err = tx.Exec("INSERT INTO links (id, account, token_hash, manifest, manifest_size, content, content_size, note, created) VALUES (?, ?, ?, ?, 300, ?, 300, ?, ?)",
			id, account, hash, object(), object(), make([]byte, 400), time.Now().Unix())
		must(t, err)
	}
	must(t, tx.Commit())
	return data
}
