package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/server/database"
)

// overview is what the operator's page is told.
type overview struct {
	Started     string
	FileSystem  string `json:"file_system"`
	Certificate *struct{ By, Until string }
	Backup      *struct {
		At, Name           string
		Files, Bytes, Lost int64
	}
	BackupCheck *struct {
		Name    string
		Damaged int64
	} `json:"backup_check"`
	BackupFailed *string `json:"backup_failed"`
	Counted      struct {
		Last   *string
		Drives int64
	}
}

// operates makes ann the operator, and returns what asks for her at base, with the cookie of thorpe login.
func (c *cli) operates() func(client *http.Client, base, path string, answer any) {
	c.t.Helper()
	db, err := database.OpenBeside(c.t.Context(), filepath.Join(c.data, "thorpe.db"))
	must(c.t, err)
	defer db.Close()
	_, err = db.Exec(`UPDATE accounts SET operator = 1`)
	must(c.t, err)
	_, session, err := loadSession()
	must(c.t, err)
	return func(client *http.Client, base, path string, answer any) {
		c.t.Helper()
		got, text := exchange(c.t, client, "GET", base+path, nil, "Cookie", "thorpe="+session.Cookie+"; __Host-thorpe="+session.Cookie)
		if got.StatusCode != 200 {
			c.t.Fatalf("%s: %d %s", path, got.StatusCode, text)
		}
		for _, secret := range []string{c.data, session.Cookie, "a.txt"} {
			if strings.Contains(string(text), secret) {
				c.t.Errorf("%s tells %q: %s", path, secret, text)
			}
		}
		must(c.t, json.Unmarshal(text, answer))
	}
}

// The operator's page is told of each backup that was made, failed, or was read again; of the space from the first minute; and of the certificate.
func TestTheServerKnowsOfItsBackups(t *testing.T) {
	c := newCLI(t, nil)
	file := filepath.Join(t.TempDir(), "a.txt")
	must(t, os.WriteFile(file, []byte("hello"), 0o600))
	c.send(file)
	ask := c.operates()
	look := func() (o overview) {
		t.Helper()
		ask(http.DefaultClient, c.server.URL, "/api/operator/overview", &o)
		return o
	}
	if o := look(); o.Backup != nil || o.BackupCheck != nil || o.BackupFailed != nil || o.Certificate != nil || o.FileSystem == "" || o.Started == "" {
		t.Errorf("before any backup: %+v", o)
	}
	to := t.TempDir()
	if _, stderr, status := run(t, "", "backup", filepath.Join(c.data, "inside"), "--data", c.data); status == 0 {
		t.Fatal(stderr)
	}
	if o := look(); o.BackupFailed == nil || o.Backup != nil {
		t.Errorf("after one that failed: %+v", o)
	}
	if _, stderr, status := run(t, "", "backup", to, "--data", c.data); status != 0 {
		t.Fatal(stderr)
	}
	made := look().Backup
	if made == nil || made.Files < 3 || made.Bytes == 0 || made.Lost != 0 {
		t.Fatalf("after a backup: %+v", made)
	}
	if _, err := os.Stat(filepath.Join(to, made.Name, "thorpe.db")); err != nil {
		t.Error(err)
	}
	if _, stderr, status := run(t, "", "backup", "--check", to, "--data", c.data); status != 0 {
		t.Fatal(stderr)
	}
	if check := look().BackupCheck; check == nil || check.Name != made.Name || check.Damaged != 0 {
		t.Errorf("after it was read again: %+v", check)
	}
	sealed, err := filepath.Glob(filepath.Join(to, made.Name, "sealed", "*", "*"))
	must(t, err)
	must(t, os.Remove(sealed[0]))
	if _, stderr, status := run(t, "", "backup", "--check", to, "--data", c.data); status != exitDamaged {
		t.Fatal(stderr)
	}
	if check := look().BackupCheck; check == nil || check.Damaged != 1 {
		t.Errorf("after it was damaged: %+v", check)
	}
	if _, _, status := run(t, "", "backup", "--check", to, "--data", t.TempDir()); status != exitDamaged {
		t.Errorf("where the data folder is gone: status %d", status)
	}

	var space struct{ Samples []struct{ Links, Free int64 } }
	waitUntil(t, "space is measured", func() bool {
		ask(http.DefaultClient, c.server.URL, "/api/operator/space", &space)
		return len(space.Samples) == 1
	})
	if space.Samples[0].Free == 0 {
		t.Errorf("measured is %+v", space.Samples)
	}

	// The same data folder, with TLS.
	c.server.stop()
	files := newPair(t, "files.example.org")
	server := startServer(t, c.data, files.Flags...)
	var o overview
	ask(files.client(server.Addr), server.URL, "/api/operator/overview", &o)
	until, err := time.Parse(time.RFC3339, o.Certificate.Until)
	if err != nil || o.Certificate.By != "files" || time.Until(until) <= 0 || o.Backup == nil {
		t.Errorf("with a certificate: %+v, %v", o.Certificate, err)
	}
}
