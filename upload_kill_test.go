package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// strait lets a browser's bytes to a server through until so many have passed, and then no more, as a line does that hangs.
type strait struct {
	port string
	to   atomic.Value // string
	left atomic.Int64
	shut chan struct{} // closed when nothing is left
}

func newStrait(t *testing.T) *strait {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	s := &strait{shut: make(chan struct{})}
	s.left.Store(1 << 40)
	_, s.port, err = net.SplitHostPort(listener.Addr().String())
	must(t, err)
	go func() {
		for {
			browser, err := listener.Accept()
			if err != nil {
				return
			}
			go s.carry(browser)
		}
	}()
	return s
}

func (s *strait) carry(browser net.Conn) {
	defer browser.Close()
	server, err := net.Dial("tcp", s.to.Load().(string))
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		defer browser.Close()
		io.Copy(browser, server)
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := browser.Read(buffer)
		if n > 0 {
			if left := s.left.Add(int64(-n)); left < 0 && left+int64(n) >= 0 {
				close(s.shut)
			}
			if s.left.Load() < 0 {
				<-s.shut
				io.Copy(io.Discard, server) // until it is killed
				return
			}
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// A server that is killed is waited for, and uploads go on by themselves when it is there again: a file, and a folder of many with those that are missing. The tray says so meanwhile, and a person can have it asked at once.
func TestUploadsWaitForAServerThatIsKilled(t *testing.T) {
	t.Parallel()
	s := newStrait(t)
	data := t.TempDir()
	address := "http://localhost:" + s.port
	server := startServer(t, data, "--url", address)
	s.to.Store(server.Addr)
	ann := newcomer(t, server, "ann")
	here := t.TempDir()
	film := filepath.Join(here, "film.bin")
	newLargeFile(t, film, 12<<20)

	s.left.Store(6 << 20)
	ann.Drop(film)
	ann.WaitText("Uploading 1 file")
	<-s.shut
	server.kill()
	ann.WaitText("Waiting for the server…")
	ann.WaitText("It goes on by itself")
	ann.Wait("it to be asked again and again", `/No answer for \d+ seconds/.test(document.body.innerText)`)
	picture(ann.Browser, "tray-waiting")
	s.left.Store(1 << 40)
	server = startServer(t, data, "--url", address, "--addr", server.Addr)
	ann.Click("Try now")
	ann.WaitText("1 file uploaded")
	ann.Wait("the file in the list", `document.querySelector(".list-body")?.innerText.includes("film.bin")`)
	if on := filepath.Join(data, "drive", "ann", "film.bin"); hashFile(t, on) != hashFile(t, film) {
		t.Error("other bytes arrived")
	}

	// A folder that is dropped while nothing answers: it cannot even be arranged.
	const count = 3000
	many := filepath.Join(here, "many")
	must(t, os.Mkdir(many, 0o700))
	for i := range count {
		must(t, os.WriteFile(filepath.Join(many, fmt.Sprintf("%d.txt", i)), []byte("a"), 0o600))
	}
	server.kill()
	ann.Drop(many)
	ann.WaitText("Waiting for the server…")
	server = startServer(t, data, "--url", address, "--addr", server.Addr)
	ann.WaitText("Uploading 3,000 files")
	server.kill()
	ann.WaitText("Waiting for the server…")
	startServer(t, data, "--url", address, "--addr", server.Addr)
	ann.WaitText("3,000 files uploaded")
	ann.Wait("no old message", `!document.body.innerText.includes("No answer")`)
	ann.Wait("the folder in the list", `document.querySelector(".list-body")?.innerText.includes("many")`)
	arrived, err := os.ReadDir(filepath.Join(data, "drive", "ann", "many"))
	must(t, err)
	if len(arrived) != count {
		t.Errorf("%d files arrived", len(arrived))
	}
}
