//go:build unix

package dav_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain is also the server that TestI9KillAtAnyPoint kills.
func TestMain(m *testing.M) {
	if data := os.Getenv("THORPE_TEST_SERVE"); data != "" {
		t := new(testing.T)
		s := &server{t: t, data: data}
		s.now.Store(time.Now().Unix())
		s.start()
		fmt.Println(s.URL)
		io.Copy(io.Discard, os.Stdin) // ends with the parent
		return
	}
	os.Exit(m.Run())
}

// I9: whenever the server is killed, each name holds the old or the new whole, and what was acknowledged is there.
func TestI9KillAtAnyPoint(t *testing.T) {
	data := t.TempDir()
	content := func(n int) string { return strings.Repeat(fmt.Sprintf("%06d\n", n), 30_000) }
	s := &server{t: t, data: data}
	acknowledged := 0 // the last version of /f that was answered with success
	next := 0
	for round := range 25 {
		url, kill := startKillable(t, data)
		do := func(method, path, body string, head ...string) int {
			r, _ := http.NewRequest(method, url+"/dav"+path, strings.NewReader(body))
			for _, h := range head {
				name, value, _ := strings.Cut(h, ": ")
				r.Header.Set(name, value)
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				return 0
			}
			res.Body.Close()
			return res.StatusCode
		}
		if do("MKCOL", "/d", "") == 201 {
			do("PUT", "/d/x", "in d")
		}
		if do("MKCOL", "/e", "") == 201 {
			do("PUT", "/e/x", "in e")
		}
		var wg sync.WaitGroup
		stop := make(chan bool)
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				next++
				if code := do("PUT", "/f", content(next)); code == 201 || code == 204 {
					acknowledged = next
				}
			}
		})
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				do("COPY", "/d", "", "Destination: /dav/c")
				do("MOVE", "/c", "", "Destination: /dav/e")
				do("PROPPATCH", "/e", patchBody)
				do("COPY", "/e", "", "Destination: /dav/d")
			}
		})
		time.Sleep(time.Duration(50+rand.IntN(150)) * time.Millisecond)
		kill()
		close(stop)
		wg.Wait()

		got := s.content("f")
		n := -1
		fmt.Sscanf(got, "%d", &n)
		if acknowledged > 0 && got == "-" || got != "-" && got != content(n) {
			t.Fatalf("round %d: /f holds %d bytes, %.20q", round, len(got), got)
		}
		if got != "-" && n < acknowledged {
			t.Fatalf("round %d: /f holds version %d, but %d was acknowledged", round, n, acknowledged)
		}
		for _, name := range []string{"d/x", "e/x"} {
			if c := s.content(name); c != "in d" && c != "in e" && round > 0 {
				t.Fatalf("round %d: %s holds %q", round, name, c)
			}
		}
	}
	// The last start brings rows and files together.
	_, kill := startKillable(t, data)
	kill()
	if e, err := os.ReadDir(filepath.Join(data, "incoming")); err != nil || len(e) != 0 {
		t.Errorf("left in incoming: %v, %v", e, err)
	}
}

// startKillable starts a server in another process. kill is SIGKILL.
func startKillable(t *testing.T, data string) (url string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "THORPE_TEST_SERVE="+data)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server did not start: %v", err)
	}
	return strings.TrimSpace(line), func() {
		cmd.Process.Kill()
		cmd.Wait()
		in.Close()
	}
}
