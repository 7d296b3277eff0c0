package shares_test

import (
	"os/exec"
	"strings"
	"testing"
)

// What keeps links on a server cannot open them: it does not even link the code.
func TestNothingHereImportsTheSealedFormat(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "thorpe/shares\n") {
		t.Fatalf("go list -deps lists %q", out)
	}
	for line := range strings.Lines(string(out)) {
		if dep := strings.TrimSpace(line); strings.HasPrefix(dep, "thorpe/") && dep != "thorpe/shares" || strings.HasPrefix(dep, "golang.org/x/crypto") {
			t.Errorf("thorpe/shares imports %s; it must do without it, so that a server cannot open what it keeps", dep)
		}
	}
}
