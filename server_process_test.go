package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen; only a test that fails waits as long.
const patience = 2 * time.Minute

// buildOnce builds the program as it is shipped: without -race, whatever the tests run with.
var buildOnce = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "thorpe-build-")
	if err != nil {
		return "", err
	}
	built = folder
	if err := os.Chmod(folder, 0o755); err != nil { // for runAs
		return "", err
	}
	path := filepath.Join(folder, "thorpe")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// built is the folder to remove at the end.
var built string

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

func binary(t testing.TB) string {
	t.Helper()
	path, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// process is a server in a process of its own.
type process struct {
	URL   string // where it says that it is
	Addr  string // where it listens
	Setup string // its setup link, or empty
	Data  string

	t      testing.TB
	cmd    *exec.Cmd
	ended  chan error
	mu     sync.Mutex
	stdout bytes.Buffer
	stderr bytes.Buffer
}

// startServer starts a server over data on a free port, and waits until it says where it is.
func startServer(t testing.TB, data string, flags ...string) *process {
	t.Helper()
	return startServerIn(t, nil, data, flags...)
}

// startServerIn is startServer with further variables.
func startServerIn(t testing.TB, variables []string, data string, flags ...string) *process {
	t.Helper()
	cmd := exec.Command(binary(t), append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data}, flags...)...)
	cmd.Env = append(os.Environ(), variables...)
	return startCommand(t, data, cmd)
}

// startCommand is startServer for a command that ends up as the server over data.
func startCommand(t testing.TB, data string, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, Data: data, cmd: cmd, ended: make(chan error, 1)}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = writer(p.log)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	lines := make(chan string)
	go func() {
		defer close(read)
		defer close(lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			p.mu.Lock()
			fmt.Fprintln(&p.stdout, scanner.Text())
			p.mu.Unlock()
			lines <- scanner.Text()
		}
	}()
	t.Cleanup(func() { p.kill() })
	for line := range lines {
		if line = strings.TrimSpace(line); strings.Contains(line, "/setup#") {
			p.Setup = line
		}
		if _, err := fmt.Sscanf(line, "Thorpe is at %s and listens on %s", &p.URL, &p.Addr); err == nil {
			p.Addr = strings.TrimSuffix(p.Addr, ".")
			break
		}
	}
	if p.Addr == "" {
		p.ended <- p.cmd.Wait()
		t.Fatalf("the server did not start: %s", p.Stderr())
	}
	go func() {
		for range lines {
		}
	}()
	go func() {
		<-read
		p.ended <- p.cmd.Wait()
	}()
	return p
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

// Stdout is what the server printed so far.
func (p *process) Stdout() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stdout.String()
}

// log takes what the server logs.
func (p *process) log(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.Write(b)
}

// Stderr is what the server logged so far.
func (p *process) Stderr() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

// stop ends the server as Ctrl-C does, and returns its status.
func (p *process) stop() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	return p.wait()
}

// kill ends it as a power cut would.
func (p *process) kill() {
	p.cmd.Process.Kill()
	p.wait()
}

func (p *process) wait() int {
	p.t.Helper()
	select {
	case err := <-p.ended:
		p.ended <- err
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			p.t.Fatal(err)
		}
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		p.t.Fatalf("the server did not end: %s", p.Stderr())
		return 0
	}
}

// account makes an account at the machine, with the password of these tests, and returns an app password of it.
func (p *process) account(name string) (appPassword string) {
	p.t.Helper()
	if _, stderr, status := run(p.t, password+"\n", "user", "add", name, "--password-stdin", "--data", p.Data); status != 0 {
		p.t.Fatalf("user add: %s", stderr)
	}
	secret, stderr, status := run(p.t, "", "app-password", name, "test", "--data", p.Data)
	if status != 0 {
		p.t.Fatalf("app-password: %s", stderr)
	}
	return strings.TrimSpace(secret)
}

// run runs the program once and returns what it prints, and its status.
func run(t testing.TB, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	return runAt(t, t.TempDir(), stdin, args...)
}

// runAt is run by somebody whose configuration lies in home.
func runAt(t testing.TB, home, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+home)
	return output(t, cmd)
}

// output runs a command to its end.
func output(t testing.TB, cmd *exec.Cmd) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// wantSentence checks that the program ended with status 1 and one plain line that has all the words.
func wantSentence(t *testing.T, what, stderr string, status int, words ...string) {
	t.Helper()
	wantStatus(t, what, stderr, status, exitFailed, words...)
}

// wantUsage is wantSentence for a command that is written wrongly.
func wantUsage(t *testing.T, what, stderr string, status int, words ...string) {
	t.Helper()
	wantStatus(t, what, stderr, status, exitUsage, words...)
}

func wantStatus(t *testing.T, what, stderr string, status, want int, words ...string) {
	t.Helper()
	if status != want || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "thorpe: ") {
		t.Errorf("%s: status %d and %q; want status %d and one sentence", what, status, stderr, want)
	}
	for _, word := range words {
		if !strings.Contains(stderr, word) {
			t.Errorf("%s: %q does not say %q", what, stderr, word)
		}
	}
}

// waitUntil waits for what no event tells of.
func waitUntil(t testing.TB, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}
