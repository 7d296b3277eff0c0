package main

import (
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"thorpe/static/browsertest"
)

// gate passes connections on to a server. Of what comes back, it keeps all after so many bytes until it is opened.
type gate struct {
	Addr   string
	to     atomic.Value
	left   atomic.Int64
	shut   chan struct{} // closed once nothing more passes
	opened chan struct{}
}

func newGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{shut: make(chan struct{}), opened: make(chan struct{})}
	g.left.Store(1 << 50)
	g.Addr = accept(t, g.pass)
	return g
}

func (g *gate) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", g.to.Load().(string))
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		io.Copy(server, client)
		server.Close()
	}()
	io.Copy(writer(func(p []byte) (int, error) {
		before := g.left.Add(-int64(len(p))) + int64(len(p))
		if before > 0 && before <= int64(len(p)) {
			close(g.shut)
		}
		if before <= int64(len(p)) {
			<-g.opened
		}
		return client.Write(p)
	}), server)
}

// The server is killed while somebody downloads, as by a power cut. The page says that it waits, and goes on once the server runs again.
func TestADownloadOutlivesAKilledServer(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	_, port, err := net.SplitHostPort(g.Addr)
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	server := startServer(t, data, "--url", "http://localhost:"+port)
	g.to.Store(server.Addr)
	ann := newcomer(t, server, "ann")
	content := make([]byte, 40_000_000)
	rand.NewChaCha8([32]byte{6}).Read(content)
	path := filepath.Join(t.TempDir(), "film.bin")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	ann.Choose(func() {
		ann.Click("New")
		ann.Click("Share files from this computer")
	}, path)
	ann.Click("Create link")
	ann.WaitText("Link is ready")
	var link string
	ann.Eval(`document.querySelector("[data-link]").dataset.link`, &link)

	reader := browsertest.New(t)
	reader.Open(link)
	reader.WaitText("film.bin")
	g.left.Store(15_000_000)
	saved, state := reader.Download(func() {
		reader.Click("Download")
		<-g.shut
		server.kill()
		close(g.opened)
		reader.WaitText("Waiting for the server: film.bin")
		server = startServer(t, data, "--url", "http://localhost:"+port, "--addr", server.Addr)
		reader.WaitText("film.bin is saved")
	})
	if state != "completed" || hashFile(t, saved) != hashFile(t, path) {
		t.Errorf("the download is %s, or holds other bytes", state)
	}
}
