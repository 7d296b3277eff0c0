//go:build unix

package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

// Whoever comes while the server starts anew waits, and is answered: nobody is refused, cut off or told of a failure.
func TestNoRequestFailsDuringARestart(t *testing.T) {
	t.Parallel()
	s := &systemd{t: t}
	addr := s.listen("web", "127.0.0.1:0")
	data := t.TempDir()
	server := s.start(data)
	auth, base := "ann:"+server.account("ann"), server.URL // the same at each start

	var down, waited atomic.Int64 // how often the server was stopped or started, odd in between; requests that began in between
	var asked atomic.Int64
	stop := make(chan struct{})
	exchange(t, http.DefaultClient, "PUT", base+"/dav/read", bytes.NewReader([]byte("read")), "App-Password", auth)
	var load sync.WaitGroup
	for _, test := range []struct {
		method, path string
		body         []byte
		want         int
		kept         bool // the connection, for further requests: those whose method may be repeated can go by one
	}{
		{"GET", "/", nil, 200, false},
		{"GET", "/", nil, 200, true},
		{"GET", "/api/session", nil, 401, true},
		{"PROPFIND", "/dav/", nil, 207, false},
		{"PUT", "/dav/file", make([]byte, 100_000), 0, false},
		{"GET", "/dav/read", nil, 200, true},
	} {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: !test.kept}, Timeout: patience}
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				began := down.Load()
				request, err := http.NewRequest(test.method, base+test.path, bytes.NewReader(test.body))
				if err != nil {
					t.Error(err)
					return
				}
				name, secret, _ := strings.Cut(auth, ":")
				request.SetBasicAuth(name, secret)
				request.Header.Set("Depth", "0")
				answer, err := client.Do(request)
				if err != nil {
					t.Errorf("%s %s: %v", test.method, test.path, err)
					return
				}
				_, err = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if err != nil || test.want != 0 && answer.StatusCode != test.want || answer.StatusCode >= 500 {
					t.Errorf("%s %s: %s %v", test.method, test.path, answer.Status, err)
				}
				asked.Add(1)
				if began%2 == 1 {
					waited.Add(1)
				}
			}
		})
	}
	for range 3 {
		before := asked.Load()
		waitUntil(t, "requests are answered", func() bool { return asked.Load() > before+50 })
		before = waited.Load()
		down.Add(1)
		if status := server.stop(); status != 0 {
			t.Errorf("stopping: status %d, %s", status, server.Stderr())
		}
		if server = s.start(data); server.Addr != addr {
			t.Fatalf("the server listens on %s, want %s", server.Addr, addr)
		}
		waitUntil(t, "requests that came meanwhile are answered", func() bool { return waited.Load() > before+3 })
		down.Add(1)
	}
	close(stop)
	load.Wait()
	t.Logf("%d requests, %d of them begun while no server ran or one was stopping", asked.Load(), waited.Load())
}

// valve passes connections on to a server. While it is shut, it lets so many bytes pass of each in each direction, and keeps the rest.
type valve struct {
	Addr    string
	to      string
	passed  atomic.Int64
	mu      sync.Mutex
	opened  chan struct{} // nil while it is open
	stalled int           // connections
}

const valvePasses = 6_000_000

func newValve(t *testing.T, to string) *valve {
	t.Helper()
	v := &valve{to: to}
	v.Addr = accept(t, v.pass)
	return v
}

func (v *valve) shut() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.opened, v.stalled = make(chan struct{}), 0
}

func (v *valve) open() {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.opened)
	v.opened = nil
}

func (v *valve) waiting() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.stalled
}

func (v *valve) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", v.to)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		io.Copy(v.through(server), client)
		server.Close()
	}()
	io.Copy(v.through(client), server)
}

// through writes to one end.
func (v *valve) through(to io.Writer) io.Writer {
	var of chan struct{} // the time it was shut to which the count belongs
	count := 0
	return writer(func(p []byte) (int, error) {
		v.mu.Lock()
		opened := v.opened
		if opened != of {
			of, count = opened, 0
		}
		count += len(p)
		wait := opened != nil && count > valvePasses
		if wait {
			v.stalled++
		}
		v.mu.Unlock()
		if wait {
			<-opened
		}
		v.passed.Add(int64(len(p)))
		return to.Write(p)
	})
}

// Transfers that a restart cuts go on by themselves: from where they were, not from the beginning.
func TestTransfersGoOnAfterARestart(t *testing.T) {
	t.Parallel()
	s := &systemd{t: t}
	v := newValve(t, s.listen("web", "127.0.0.1:0"))
	_, port, err := net.SplitHostPort(v.Addr)
	must(t, err)
	data := t.TempDir()
	flags := []string{"--url", "http://localhost:" + port}
	server := s.start(data, flags...)
	ann := newcomer(t, server, "ann")

	const size = 67 * mebibyte // large enough for the web drive to send it by tus
	path := filepath.Join(t.TempDir(), "film.bin")
	want := newLargeFile(t, path, size)
	home := t.TempDir()
	if _, stderr, status := runAt(t, home, password+"\n", "login", server.URL, "--name", "ann", "--password-stdin"); status != 0 {
		t.Fatal(stderr)
	}
	link, stderr, status := runAt(t, home, "", "send", path)
	if status != 0 {
		t.Fatal(stderr)
	}
	link = strings.TrimSpace(link)
	reader := browsertest.New(t)
	reader.Open(link)
	reader.WaitText("film.bin")

	v.shut()
	before := v.passed.Load()
	command := func(args ...string) (stdout, stderr *bytes.Buffer, ended chan error) {
		cmd := exec.Command(binary(t), args...)
		cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+home)
		stdout, stderr, ended = &bytes.Buffer{}, &bytes.Buffer{}, make(chan error, 1)
		cmd.Stdout, cmd.Stderr = stdout, stderr
		must(t, cmd.Start())
		t.Cleanup(func() { cmd.Process.Kill() })
		go func() { ended <- cmd.Wait() }()
		return stdout, stderr, ended
	}
	got := t.TempDir()
	sent, sendSays, sending := command("send", path)
	_, getSays, getting := command("get", link, "-o", got)
	ann.Drop(path)
	saved, state := reader.Download(func() {
		reader.Click("Download")
		waitUntil(t, "all four are under way", func() bool { return v.waiting() == 4 })
		began := time.Now()
		must(t, server.cmd.Process.Signal(syscall.SIGTERM))
		if status := server.wait(); status != 0 {
			t.Errorf("stopping: status %d, %s", status, server.Stderr())
		}
		t.Logf("stopping with four transfers under way took %v", time.Since(began).Round(time.Millisecond))
		if strings.Contains(server.Stderr(), "cut requests that were still running") {
			t.Error("transfers that can go on were waited for as long as others")
		}
		server = s.start(data, flags...)
		v.open()
		reader.WaitText("film.bin is saved")
	})
	if state != "completed" || hashFile(t, saved) != want {
		t.Errorf("the download in the browser is %s, or holds other bytes", state)
	}
	ann.WaitText("1 file uploaded")
	if hashFile(t, filepath.Join(data, "drive", "ann", "film.bin")) != want {
		t.Error("the upload into the drive holds other bytes")
	}
	if err := <-getting; err != nil || hashFile(t, filepath.Join(got, "film.bin")) != want {
		t.Errorf("get: %v %s", err, getSays)
	}
	if err := <-sending; err != nil {
		t.Fatalf("send: %v %s", err, sendSays)
	}
	again := t.TempDir()
	if total, most := v.passed.Load()-before, int64(4*size+4*valvePasses*2/3); total > most {
		t.Errorf("%d bytes passed, want at most %d: something began anew", total, most)
	} else {
		t.Logf("%d bytes passed for four transfers of %d", total, size)
	}
	if _, stderr, status := run(t, "", "get", strings.TrimSpace(sent.String()), "-o", again); status != 0 || hashFile(t, filepath.Join(again, "film.bin")) != want {
		t.Errorf("what was sent: %s", stderr)
	}
}
