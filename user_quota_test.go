package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// H10: the command binds a server that is running.
func TestTheQuotaCommandBindsARunningServer(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir())
	secret := server.account("ann")
	put := func(name string, size, want int) {
		t.Helper()
		request, err := http.NewRequest("PUT", server.URL+"/dav/"+name, strings.NewReader(strings.Repeat("x", size)))
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth("ann", secret)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("PUT of %d bytes: %s; want %d", size, answer.Status, want)
		}
	}
	quota := func(want string, args ...string) {
		t.Helper()
		stdout, stderr, status := run(t, "", append([]string{"user", "quota", "--data", server.Data}, args...)...)
		if status != 0 || stdout != want {
			t.Errorf("user quota %q: %q %q; want %q", args, stdout, stderr, want)
		}
	}
	const take = "ann's files and links take "
	quota("ann has no quota.\n"+take+"0 B now.\n", "ann")
	put("a", 2000, 201)
	quota("ann has no quota.\n"+take+"2.0 kB (2000 bytes) now.\n", "ann")
	quota("ann may hold 3.0 kB (3000 bytes).\n", "Ann", "3k")
	put("b", 1001, 507)
	put("b", 1000, 201)
	quota("ann may hold 3.0 kB (3000 bytes).\n"+take+"3.0 kB (3000 bytes) now.\n", "ann")
	quota("ann has no quota.\n", "ann", "none")
	put("c", 1001, 201)

	for size, want := range map[string]string{
		"1": "1 B", "500M": "500 MB (500000000 bytes)", "10 GB": "10 GB (10000000000 bytes)", "1.5T": "1.5 TB (1500000000000 bytes)",
		"10GiB": "11 GB (10737418240 bytes)", "1kib": "1.0 kB (1024 bytes)",
	} {
		quota("ann may hold "+want+".\n", "ann", size)
	}
	quota("ann may hold 7.0 GB (7000000000 bytes).\n", "ann", "7g")
	for _, size := range []string{"ten", "10X", "1,5T", "1.5.5G", "10 G B", "9223372036854775808", "100E", "NaN", "."} {
		_, stderr, status := run(t, "", "user", "quota", "ann", size, "--data", server.Data)
		wantUsage(t, "the size "+size, stderr, status, "no size", "none")
	}
	for _, size := range []string{"0", "0GB", "0.1"} {
		_, stderr, status := run(t, "", "user", "quota", "ann", size, "--data", server.Data)
		wantUsage(t, "the size "+size, stderr, status, "at least one byte", `"none"`)
	}
	for _, name := range []string{"bob", "a/b"} {
		_, stderr, status := run(t, "", "user", "quota", name, "10G", "--data", server.Data)
		wantSentence(t, "a quota for nobody", stderr, status, "no account", name)
	}
	quota("ann may hold 7.0 GB (7000000000 bytes).\n"+take+"4.0 kB (4001 bytes) now.\n", "ann") // what was refused changed nothing
}

// What the command counts is what counts against the quota: files and links, and nothing of what is kept.
func TestTheQuotaCommandCountsFilesAndLinks(t *testing.T) {
	c := newCLI(t, nil)
	secret, stderr, status := run(t, "", "app-password", "ann", "test", "--data", c.data)
	if status != 0 {
		t.Fatal(stderr)
	}
	for _, request := range []struct{ method, path, body string }{
		{"PUT", "/dav/goes", strings.Repeat("x", 5000)}, {"DELETE", "/dav/goes", ""}, {"MKCOL", "/dav/d", ""}, {"PUT", "/dav/d/stays", strings.Repeat("x", 700)},
	} {
		r, err := http.NewRequest(request.method, c.server.URL+request.path, strings.NewReader(request.body))
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("ann", strings.TrimSpace(secret))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode >= 300 {
			t.Fatalf("%s %s: %s", request.method, request.path, answer.Status)
		}
	}
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, make([]byte, 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	c.send(file)
	want := int64(700)
	err := filepath.WalkDir(filepath.Join(c.data, "sealed"), func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			want += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, status := run(t, "", "user", "quota", "ann", "--data", c.data)
	if status != 0 || want < 100_700 || !strings.Contains(stdout, fmt.Sprintf("(%d bytes) now", want)) {
		t.Errorf("%d bytes are used: %q %q", want, stdout, stderr)
	}
}
