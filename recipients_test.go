package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// maxServerForRecipients is what the server's memory may come to, however many read a link at once.
const maxServerForRecipients = 128 * mebibyte

// Two hundred people open one link without a limit at once, all from one address, as behind a school's router: none of them is refused, each gets every byte, and
// the server's memory stays small. None reads to the end before all have begun.
func TestTwoHundredRecipientsAtOnce(t *testing.T) {
	const recipients, size = 200, 12 * mebibyte
	c := newCLI(t, nil)
	content := bytes.Repeat([]byte("what two hundred people want at once"), size/36+1)[:size]
	path := filepath.Join(t.TempDir(), "everybody.bin")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	out, stderr, err := c.do("", "send", path)
	if err != nil {
		t.Fatal(err, stderr)
	}
	link := strings.Fields(out)[0]

	var begun, all sync.WaitGroup
	begun.Add(recipients)
	failures := make(chan error, recipients)
	for range recipients {
		all.Go(func() {
			if err := receive(t, link, content, &begun); err != nil {
				failures <- err
			}
		})
	}
	all.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("memory is read from /proc, which is not there")
	}
	peak := memoryOf(t, c.server.cmd.Process.Pid, "VmHWM")
	t.Logf("server, peak resident memory (VmHWM) with %d recipients: %.1f MiB; at most %d", recipients, float64(peak)/mebibyte, maxServerForRecipients/mebibyte)
	if peak > maxServerForRecipients {
		t.Error("that is too much")
	}
}

// receive opens a link, reads half a MiB of it, waits until everybody has, and compares the rest.
func receive(t *testing.T, address string, want []byte, begun *sync.WaitGroup) error {
	var once sync.Once
	arrived := func() { once.Do(begun.Done) }
	defer arrived() // who fails keeps nobody waiting
	server, link, err := sealed.ParseURL(address)
	if err != nil {
		return err
	}
	keys, err := link.Keys("")
	if err != nil {
		return err
	}
	c := client.New(server)
	defer c.Close()
	c.Retries.Attempts = 1 // a refusal is a failure
	manifest, err := c.Manifest(t.Context(), keys)
	if err != nil {
		return fmt.Errorf("the manifest: %w", err)
	}
	ticket := client.NewTicket()
	if err := c.Ticket(t.Context(), keys, ticket); err != nil {
		return fmt.Errorf("the ticket: %w", err)
	}
	size := manifest.Total()
	body := c.Content(t.Context(), keys, ticket, sealed.SealedLength(size))
	defer body.Close()
	opened, err := sealed.NewReader(manifest.Key, body, size)
	if err != nil {
		return err
	}
	compared := 0
	buffer := make([]byte, 256<<10)
	for {
		n, err := opened.Read(buffer)
		part := min(n, len(want)-compared) // padding comes after
		if !bytes.Equal(buffer[:part], want[compared:compared+part]) {
			return fmt.Errorf("other bytes within 256 KiB of %d", compared)
		}
		compared += part
		if compared >= mebibyte/2 {
			arrived()
			begun.Wait()
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("the content at %d: %w", compared, err)
		}
	}
	if compared != len(want) {
		return fmt.Errorf("%d bytes came", compared)
	}
	return nil
}
