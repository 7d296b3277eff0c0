package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// davClient speaks to a mounted drive.
type davClient struct {
	t        testing.TB
	base     string
	password string
}

// do returns the status, and what was answered.
func (d *davClient) do(method, path, body string, headers ...string) (int, string) {
	d.t.Helper()
	r, err := http.NewRequest(method, d.base+"/dav/"+path, strings.NewReader(body))
	if err != nil {
		d.t.Error(err)
		return 0, ""
	}
	r.SetBasicAuth("ann", d.password)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Error(err)
		return 0, ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		d.t.Error(err)
	}
	return answer.StatusCode, string(text)
}

func (d *davClient) want(status int, method, path, body string, headers ...string) string {
	d.t.Helper()
	got, text := d.do(method, path, body, headers...)
	if got != status {
		d.t.Errorf("%s %s: status %d, want %d", method, path, got, status)
	}
	return text
}

const setColour = `<propertyupdate xmlns="DAV:"><set><prop><colour xmlns="http://example.org/">blue</colour></prop></set></propertyupdate>`

// The whole way: what people had on a server that was backed up while it ran, they have on the one that is restored.
func TestABackupBringsBackWhatPeopleHad(t *testing.T) {
	c := newCLI(t, nil)
	secret, stderr, status := run(t, "", "app-password", "ann", "test", "--data", c.data)
	if status != 0 {
		t.Fatal(stderr)
	}
	drive := &davClient{t, c.server.URL, strings.TrimSpace(secret)}
	drive.want(201, "MKCOL", "Photos", "")
	drive.want(201, "PUT", "Photos/Ü.txt", "first")
	drive.want(204, "PUT", "Photos/Ü.txt", "second")
	drive.want(207, "PROPPATCH", "Photos", setColour)
	drive.want(201, "PUT", "gone.txt", "deleted")
	drive.want(204, "DELETE", "gone.txt", "")
	source := filepath.Join(t.TempDir(), "letter.txt")
	writeText(t, source, noise(400_000))
	link := c.send(source)

	to := filepath.Join(t.TempDir(), "backups")
	stdout, stderr, status := run(t, "", "backup", to, "--data", c.data)
	if status != 0 || !strings.Contains(stdout, to) || stderr != "" {
		t.Fatalf("backup: status %d, %q, %q", status, stdout, stderr)
	}
	if stdout, stderr, status = run(t, "", "backup", "--check", to, "--data", c.data); status != 0 || !strings.Contains(stdout, "is whole") {
		t.Errorf("backup --check: status %d, %q, %q", status, stdout, stderr)
	}
	drive.want(201, "PUT", "later.txt", "after the backup")

	snapshots, err := filepath.Glob(filepath.Join(to, "2*"))
	if err != nil || len(snapshots) != 1 {
		t.Fatal(snapshots, err)
	}
	_, stderr, status = run(t, "", "serve", "--addr", "127.0.0.1:0", "--data", snapshots[0])
	wantSentence(t, "a server over a backup", stderr, status, "restore")
	_, stderr, status = run(t, "", "restore", to, "--data", c.data)
	wantSentence(t, "a restore over a data folder", stderr, status, "empty", c.data)

	data := filepath.Join(t.TempDir(), "restored")
	if stdout, stderr, status = run(t, "", "restore", to, "--data", data); status != 0 || !strings.Contains(stdout, data) || stderr != "" {
		t.Fatalf("restore: status %d, %q, %q", status, stdout, stderr)
	}
	again := startServer(t, data)
	restored := &davClient{t, again.URL, drive.password}
	if got := restored.want(200, "GET", "Photos/Ü.txt", ""); got != "second" {
		t.Errorf("the file is %q", got)
	}
	if got := restored.want(207, "PROPFIND", "Photos", "", "Depth", "0"); !strings.Contains(got, "blue") {
		t.Errorf("the folder's properties are %s", got)
	}
	restored.want(404, "GET", "later.txt", "")
	if kept, err := filepath.Glob(filepath.Join(data, "kept", "ann", "*")); err != nil || len(kept) != 2 {
		t.Errorf("kept are %q, %v; want the deleted file and the overwritten one", kept, err)
	}
	folder, stderr, err := c.get(strings.Replace(link, c.server.URL, again.URL, 1))
	if err != nil {
		t.Fatal(err, stderr)
	}
	got, err := os.ReadFile(filepath.Join(folder, "letter.txt"))
	want, werr := os.ReadFile(source)
	if err != nil || werr != nil || !bytes.Equal(got, want) {
		t.Errorf("the link holds something else: %v, %v", err, werr)
	}
	for line := range strings.Lines(again.Stderr()) {
		if strings.Contains(line, "ERROR") || strings.Contains(line, "WARN") {
			t.Errorf("the restored server complains: %s", line)
		}
	}
	if last := readSetting(t, c.data, "backup"); last == "" {
		t.Error("the server does not know when its last backup was")
	}
	damageLastByte(t, snapshots[0])
	_, stderr, status = run(t, "", "backup", "--check", to, "--data", c.data)
	if status != exitDamaged || !strings.Contains(stderr, "changed in the backup") {
		t.Errorf("checking a damaged backup: status %d, %q", status, stderr)
	}
}

func readSetting(t *testing.T, data, name string) (value string) {
	t.Helper()
	folder, err := DataFlag{Data: data}.openData(t.Context(), false, false)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.close()
	if err := folder.db.QueryRow("SELECT value FROM settings WHERE name = ?", name).Scan(&value); err != nil {
		t.Error(err)
	}
	return value
}

// While people write, delete, move, and publish and delete links: each backup is whole, as old as its start at most, and a server over it has nothing to complain of.
func TestABackupWhilePeopleWrite(t *testing.T) {
	c := newCLI(t, nil)
	secret, stderr, status := run(t, "", "app-password", "ann", "test", "--data", c.data)
	if status != 0 {
		t.Fatal(stderr)
	}
	drive := &davClient{t, c.server.URL, strings.TrimSpace(secret)}
	content := func(version int) string { return strings.Repeat(fmt.Sprintf("%09d\n", version), 2_000) }
	const moved = 5
	drive.want(201, "MKCOL", "here", "")
	for i := range moved {
		drive.want(201, "PUT", fmt.Sprint("here/", i), content(i))
	}
	for i := range 300 {
		drive.want(201, "PUT", fmt.Sprint("still", i), fmt.Sprint(i))
	}
	drive.want(201, "PUT", "file", content(0))

	stop := make(chan struct{})
	var writers sync.WaitGroup
	defer writers.Wait()
	ended := sync.OnceFunc(func() { close(stop) })
	defer ended()
	forever := func(do func(round int)) {
		writers.Go(func() {
			for round := 1; ; round++ {
				select {
				case <-stop:
					return
				default:
					do(round)
					time.Sleep(5 * time.Millisecond) // as people would
				}
			}
		})
	}
	var version struct { // of the file, as it was last acknowledged
		sync.Mutex
		n int
	}
	forever(func(round int) {
		drive.want(204, "PUT", "file", content(round))
		version.Lock()
		version.n = round
		version.Unlock()
	})
	forever(func(int) {
		drive.want(201, "MOVE", "here", "", "Destination", c.server.URL+"/dav/there")
		drive.want(201, "MOVE", "there", "", "Destination", c.server.URL+"/dav/here")
	})
	forever(func(int) {
		drive.want(201, "PUT", "short-lived", "x")
		drive.want(204, "DELETE", "short-lived", "")
	})
	source := filepath.Join(t.TempDir(), "letter.txt")
	writeText(t, source, noise(300_000))
	forever(func(int) {
		link, stderr, err := c.do("", "send", source)
		if err != nil {
			t.Error(err, stderr)
		} else if _, stderr, err := c.do("", "links", "delete", strings.TrimSpace(link)); err != nil {
			t.Error(err, stderr)
		}
	})

	to := filepath.Join(t.TempDir(), "backups")
	for n := range 3 {
		version.Lock()
		before := version.n
		version.Unlock()
		if stdout, stderr, status := run(t, "", "backup", to, "--data", c.data); status != 0 {
			t.Fatalf("backup: status %d, %q, %q", status, stdout, stderr)
		} else {
			t.Log(stdout)
		}
		data := filepath.Join(t.TempDir(), fmt.Sprint("restored", n))
		if _, stderr, status := run(t, "", "restore", to, "--data", data); status != 0 {
			t.Fatalf("restore: status %d, %q", status, stderr)
		}
		again := startServer(t, data)
		restored := &davClient{t, again.URL, drive.password}
		got := restored.want(200, "GET", "file", "")
		if v, err := strconv.Atoi(strings.SplitN(got, "\n", 2)[0]); err != nil || got != content(v) || v < before {
			t.Errorf("the file is version %d, %v, of %d bytes; want a whole one from %d on", v, err, len(got), before)
		}
		for i := range 300 {
			if got := restored.want(200, "GET", fmt.Sprint("still", i), ""); got != fmt.Sprint(i) {
				t.Errorf("still%d is %q", i, got)
			}
		}
		whole := 0
		for _, folder := range []string{"here", "there"} {
			found := 0
			for i := range moved {
				if status, got := restored.do("GET", fmt.Sprint(folder, "/", i), ""); status == 200 && got == content(i) {
					found++
				}
			}
			if found == moved {
				whole++
			}
		}
		if whole == 0 {
			t.Error("the folder that moves is nowhere")
		}
		for line := range strings.Lines(again.Stderr()) {
			if strings.Contains(line, "ERROR") || strings.Contains(line, "WARN") {
				t.Errorf("the restored server complains: %s", line)
			}
		}
		again.stop()
	}
	ended()
}
