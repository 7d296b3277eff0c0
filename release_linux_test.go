package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"thorpe/static/browsertest"
)

// cleanRelease says that what takes minutes is tried too: a build without a cache, and a clean machine.
const cleanRelease = "THORPE_TEST_RELEASE"

// buildRelease builds what a release hands out for this machine, as .ci/build does it.
var buildRelease = sync.OnceValues(func() (string, error) {
	program, err := buildOnce()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(filepath.Dir(program), "release")
	return folder, runBuild(".", folder)
})

func runBuild(root, folder string, variables ...string) error {
	cmd := exec.Command(filepath.Join(root, ".ci/build"), folder, runtime.GOOS+"/"+runtime.GOARCH)
	cmd.Env = append(os.Environ(), variables...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf(".ci/build: %w\n%s", err, out)
	}
	return nil
}

// needCheckout skips the test where there is no release to be built.
func needCheckout(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(".git"); err != nil {
		t.Skip("a release is built of a git checkout, and this is none")
	}
}

// releaseFile is one of the files of a release for this machine: that whose name ends so.
func releaseFile(t *testing.T, end string) string {
	t.Helper()
	needCheckout(t)
	folder, err := buildRelease()
	must(t, err)
	found, err := filepath.Glob(filepath.Join(folder, "*"+end))
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("%d files of the release end in %s", len(found), end)
	}
	return found[0]
}

// tool runs a program that must succeed, and returns what it prints.
func tool(t *testing.T, program string, args ...string) string {
	t.Helper()
	stdout, stderr, status := output(t, exec.Command(browsertest.Need(t, program), args...))
	if status != 0 {
		t.Fatalf("%s %s: status %d\n%s%s", program, strings.Join(args, " "), status, stdout, stderr)
	}
	return stdout
}

// Whoever builds a commit gets what was released, byte by byte: so everybody can see that it is made of the source that it hands out.
func TestTwoBuildsInDifferentFoldersGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	needCheckout(t)
	var folders []string
	for i, name := range []string{"one", "another folder, with a longer name"} {
		root := filepath.Join(t.TempDir(), name)
		tool(t, "git", "clone", "--quiet", "--shared", ".", root)
		folder := filepath.Join(root, "..", "release")
		variables := []string{"TZ=Asia/Tokyo", "THORPE_DATA=" + root}
		if i == 1 && os.Getenv(cleanRelease) == "1" { // nothing is taken from the first build: a cache of its own takes two minutes more, so .ci/large does it
			variables = append(variables, "GOCACHE="+t.TempDir())
		}
		must(t, runBuild(root, folder, variables[i:]...))
		folders = append(folders, folder)
	}
	entries, err := os.ReadDir(folders[0])
	must(t, err)
	if len(entries) != 6 {
		t.Errorf("a build made %v", entries)
	}
	for _, entry := range entries {
		if hashFile(t, filepath.Join(folders[0], entry.Name())) != hashFile(t, filepath.Join(folders[1], entry.Name())) {
			t.Errorf("%s is another in another folder", entry.Name())
		}
	}
	sums := exec.Command("sha256sum", "--check", "--strict", "SHA256SUMS")
	sums.Dir = folders[1]
	if out, err := sums.CombinedOutput(); err != nil || strings.Count(string(out), ": OK") != 5 {
		t.Errorf("SHA256SUMS: %v %s", err, out)
	}
}

// The program that people download stays small, needs nothing, and says which one it is.
func TestTheProgramThatIsHandedOut(t *testing.T) {
	t.Parallel()
	archive := releaseFile(t, "linux-"+runtime.GOARCH+".tar.gz")
	base := strings.TrimSuffix(filepath.Base(archive), ".tar.gz")
	if got, want := tool(t, "tar", "tzf", archive), fmt.Sprintf("%[1]s/thorpe\n%[1]s/LICENSE\n%[1]s/README.md\n", base); got != want {
		t.Errorf("in the archive lie\n%s, want\n%s", got, want)
	}
	folder := t.TempDir()
	tool(t, "tar", "xzf", archive, "-C", folder)
	program := filepath.Join(folder, base, "thorpe")
	info, err := os.Stat(program)
	must(t, err)
	const most = 30_000_000 // bytes
	if info.Size() > most {
		t.Errorf("the program has %d bytes, which is more than %d", info.Size(), most)
	}
	version := strings.TrimSuffix(strings.TrimPrefix(base, "thorpe-"), "-linux-"+runtime.GOARCH)
	if got := tool(t, program, "version"); got != "thorpe "+version+"\n" {
		t.Errorf("it says that it is %q, want version %s", got, version)
	}
}

// Lintian knows Debian's policy.
func TestTheDebianPackageIsAsDebianWantsIt(t *testing.T) {
	t.Parallel()
	lintian := browsertest.Need(t, "lintian")
	deb := releaseFile(t, ".deb")
	cmd := exec.Command(lintian, "--fail-on", "error,warning", deb)
	if stdout, stderr, status := output(t, cmd); status != 0 {
		t.Errorf("lintian: status %d\n%s%s", status, stdout, stderr)
	}
	if got := tool(t, "dpkg-deb", "--info", deb, "conffiles"); got != "/etc/thorpe/thorpe.toml\n" {
		t.Errorf("the files that an operator may change are %q", got)
	}
	units, err := filepath.Glob("docs/systemd/thorpe*.s*")
	must(t, err)
	in := tool(t, "dpkg-deb", "--contents", deb)
	for _, unit := range units {
		if !strings.Contains(in, "./usr/lib/systemd/system/"+filepath.Base(unit)+"\n") {
			t.Errorf("%s is not in the package:\n%s", unit, in)
		}
	}
	page := filepath.Join(t.TempDir(), "thorpe.1")
	must(t, os.WriteFile(page, []byte(tool(t, binary(t), "man")), 0o600))
	if _, warnings, status := output(t, exec.Command(browsertest.Need(t, "man"), "--warnings", "-l", page)); status != 0 || warnings != "" {
		t.Errorf("the manual page: status %d %s", status, warnings)
	}
}
