package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// What systemd thinks of the unit. An exposure of 1.4 of 10 is what is left to a program that many reach by the network: an address of its own, root's right to bind two
// ports, and the file system that is there.
func TestTheUnitIsHardened(t *testing.T) {
	t.Parallel()
	analyze := browsertest.Need(t, "systemd-analyze")
	const unit = "docs/systemd/thorpe.service"
	stdout, stderr, status := output(t, exec.Command(analyze, "security", "--offline=true", "--threshold=14", "--no-pager", unit))
	if status != 0 {
		t.Errorf("systemd-analyze security: status %d\n%s%s", status, stdout, stderr)
	}
	content, err := os.ReadFile(unit)
	must(t, err)
	here := filepath.Join(t.TempDir(), "thorpe.service")
	must(t, os.WriteFile(here, []byte(strings.Replace(string(content), "/usr/bin/thorpe", binary(t), 1)), 0o600))
	if stdout, stderr, status := output(t, exec.Command(analyze, "verify", "--man=no", here)); status != 0 || strings.Contains(stderr, "thorpe.service") {
		t.Errorf("systemd-analyze verify: status %d\n%s%s", status, stdout, stderr)
	}
}

// The file of settings that the package brings means what it says, also once an operator takes the # away.
func TestTheSettingsOfThePackage(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("docs/systemd/thorpe.toml")
	must(t, err)
	print, stderr, status := run(t, "", "config", "--config", "docs/systemd/thorpe.toml")
	if status != 0 || !strings.Contains(print, `data = "/var/lib/thorpe"`) || !strings.Contains(print, `addr = "127.0.0.1:8080"`) {
		t.Errorf("as it is: status %d %s%s", status, print, stderr)
	}
	offered := regexp.MustCompile(`(?m)^#([a-z-]+ = .*)$`).FindAllSubmatch(content, -1)
	if len(offered) < 6 {
		t.Errorf("%d settings are offered", len(offered))
	}
	for _, setting := range offered {
		line := string(setting[1])
		if print, stderr, status := run(t, "", "config", "--config", settingsIn(t, line+"\n")); status != 0 || !strings.Contains(print, line) {
			t.Errorf("%s: status %d %s%s", line, status, print, stderr)
		}
	}
}
