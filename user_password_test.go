package main

import (
	"strings"
	"testing"

	"thorpe/shares/accountkeys"
)

// Whoever makes an account at the machine is told what the key is that they see; a script gets the key alone.
func TestANewAccountsRecoveryKeyIsNamed(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	stdout, stderr, status := run(t, password+"\n", "user", "add", "ann", "--password-stdin", "--data", data)
	if status != 0 {
		t.Fatal(stderr)
	}
	key, whole := strings.CutSuffix(stdout, "\n")
	if _, err := accountkeys.ParseRecoveryKey(key); err != nil || !whole || strings.ContainsAny(key, " \n") {
		t.Errorf("standard output is not a recovery key and nothing else: %v", err)
	}
	if strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "recovery key") || !strings.Contains(stderr, "ann") || strings.Contains(stderr, key) {
		t.Errorf("standard error says %q", stderr)
	}
	stdout, stderr, status = run(t, password+"\n", "user", "add", "ann", "--password-stdin", "--data", data)
	wantSentence(t, "the name once more", stderr, status, "ann", "already")
	if stdout != "" || strings.Contains(stderr, "recovery key") {
		t.Errorf("of an account that was not made: %q %q", stdout, stderr)
	}
}
