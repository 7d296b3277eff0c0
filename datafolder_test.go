package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Without its database a server would sweep all that links hold: nothing names it.
func TestAServerThatLostItsDatabaseKeepsItsFiles(t *testing.T) {
	c := newCLI(t, nil)
	source := filepath.Join(t.TempDir(), "a.txt")
	writeText(t, source, "the lake")
	c.send(source)
	c.server.stop()
	before, err := filepath.Glob(filepath.Join(c.data, "sealed", "*", "*"))
	must(t, err)
	for _, left := range []func() error{
		func() error { return os.Truncate(filepath.Join(c.data, "thorpe.db"), 0) },
		func() error { return os.Remove(filepath.Join(c.data, "thorpe.db")) },
	} {
		must(t, left())
		_, stderr, status := run(t, "", "serve", "--addr", "127.0.0.1:0", "--data", c.data)
		wantSentence(t, "no database", stderr, status, c.data, "thorpe.db is missing", "restore a backup")
	}
	if after, err := filepath.Glob(filepath.Join(c.data, "sealed", "*", "*")); err != nil || len(before) < 2 || len(after) != len(before) {
		t.Errorf("%d objects are left of %d, %v", len(after), len(before), err)
	}
	writeText(t, filepath.Join(c.data, "thorpe.db"), strings.Repeat("no database ", 1000))
	_, stderr, status := run(t, "", "serve", "--addr", "127.0.0.1:0", "--data", c.data)
	wantSentence(t, "a broken database", stderr, status, c.data, "restore a backup")
}

func TestAServerBeginsInAFolderOfItsOwn(t *testing.T) {
	t.Parallel()
	photos := t.TempDir()
	writeText(t, filepath.Join(photos, "lake.jpg"), "x")
	_, stderr, status := run(t, "", "serve", "--addr", "127.0.0.1:0", "--data", photos)
	wantSentence(t, "a folder with files", stderr, status, photos, "lake.jpg", "not be in the drive")
	_, stderr, status = run(t, "", "user", "quota", "ann", "--data", photos)
	wantSentence(t, "a command on it", stderr, status, "no data folder")
	if names, err := os.ReadDir(photos); err != nil || len(names) != 1 {
		t.Errorf("in a folder that was refused are %v, %v", names, err)
	}
	data := t.TempDir()
	must(t, os.Mkdir(filepath.Join(data, "lost+found"), 0o700))
	writeText(t, filepath.Join(data, "thorpe.toml"), "")
	startServer(t, data).stop()

	to := filepath.Join(t.TempDir(), "backups")
	if _, stderr, status := run(t, "", "backup", to, "--data", data); status != 0 {
		t.Fatal(stderr)
	}
	_, stderr, status = run(t, "", "serve", "--addr", "127.0.0.1:0", "--data", to)
	wantSentence(t, "a folder of backups", stderr, status, to, "folder of backups")
}

func TestBackupsOfTwoDataFoldersDoNotMix(t *testing.T) {
	t.Parallel()
	ours, stray, to := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "backups")
	startServer(t, ours).stop()
	startServer(t, stray).stop()
	backup := func(data, to string) (string, int) {
		_, stderr, status := run(t, "", "backup", to, "--keep", "1", "--data", data)
		return stderr, status
	}
	if stderr, status := backup(ours, to); status != 0 {
		t.Fatal(stderr)
	}
	stderr, status := backup(stray, to)
	wantSentence(t, "another's backups", stderr, status, to, stray, "a folder of its own")
	made, err := filepath.Glob(filepath.Join(to, "2*"))
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}
	stderr, status = backup(ours, made[0])
	wantSentence(t, "a backup as the folder of backups", stderr, status, made[0], "one backup", "the folder above")
	if _, err := os.Stat(filepath.Join(made[0], "thorpe-backup.lock")); err == nil {
		t.Error("something was written into a backup")
	}
	restored := filepath.Join(t.TempDir(), "restored")
	if _, stderr, status := run(t, "", "restore", to, "--data", restored); status != 0 {
		t.Fatal(stderr)
	}
	if stderr, status := backup(restored, to); status != 0 {
		t.Errorf("the restored folder is another: %s", stderr)
	}
}

func TestAVariableForLoginIsNotForSend(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(binary(t), "send", "a.txt")
	cmd.Env = append(os.Environ(), "THORPE_NAME=ann", "XDG_CONFIG_HOME="+t.TempDir())
	_, stderr, status := output(t, cmd)
	wantStatus(t, "send", stderr, status, exitSignedOut, "thorpe login")
}

// Words that are wrong, or not quite right, are told at once and plainly.
func TestCommandsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	server := startServer(t, data)
	server.account("ann")
	writeText(t, filepath.Join(data, "drive", "ann", "a.txt"), "the lake")
	home := t.TempDir()
	file := filepath.Join(home, "file")
	writeText(t, file, "")
	port := strings.TrimPrefix(server.URL, "http://")
	for _, c := range []struct {
		words  string
		status int
		says   string
	}{
		{"login ftp://example.org --name ann --password-stdin", exitUsage, "https://example.org"},
		{"login " + server.URL + "/login --name ann --password-stdin", exitFailed, "no Thorpe server"},
		{"login " + server.URL + "/dav/ --name ann --password-stdin", exitFailed, "no Thorpe server"},
		{"login " + port + " --name ann --password-stdin", exitUnreachable, "begins with http://"},
		{"user quota ann ten --data " + data, exitUsage, "is no size"},
		{"send x --title " + strings.Repeat("x", 300), exitUsage, "at most 200 characters"},
		{"get " + server.URL + "/s/#" + "AQ" + strings.Repeat("A", 41) + " -o " + file, exitUsage, "-o names the folder"},
	} {
		_, stderr, status := runAt(t, home, password+"\n", strings.Fields(c.words)...)
		wantStatus(t, c.words, stderr, status, c.status, c.says)
	}
	if _, stderr, status := run(t, "", "user", "quota", "ann", "1", "--data", data); status != 0 || !strings.Contains(stderr, "nothing can be added") {
		t.Errorf("a quota below what there is: %d %s", status, stderr)
	}
	for words, says := range map[string]string{
		"--version": "thorpe", "help send": "--expires",
		"config --trusted-proxies=127.0.0.1,\x00::1/128": `["127.0.0.1/32", "::1/128"]`,
	} {
		args := strings.Fields(words)
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "\x00", " ")
		}
		if stdout, stderr, status := run(t, "", args...); status != 0 || !strings.Contains(stdout, says) {
			t.Errorf("%s: %d %s %s", words, status, stdout, stderr)
		}
	}
}
