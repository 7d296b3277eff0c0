package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"thorpe/shares/sealed"
)

// breakOff runs get in a process of its own until nothing more comes from the server and so many bytes lie in the folder,
// and ends it there.
func (c *cli) breakOff(how os.Signal, stopped <-chan struct{}, enough int64, link, folder string) (stderr string, status int) {
	c.t.Helper()
	cmd := exec.Command(binary(c.t), "get", link, "-o", folder)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	<-stopped
	waitUntil(c.t, "what came lies in the folder", func() bool {
		left := leftIn(c.t, folder)
		return left["0"]+left["1"] >= enough
	})
	if err := cmd.Process.Signal(how); err != nil {
		c.t.Fatal(err)
	}
	cmd.Wait()
	return errs.String(), cmd.ProcessState.ExitCode()
}

// leftIn is what a run left in the temporary folder, by name.
func leftIn(t testing.TB, folder string) map[string]int64 {
	t.Helper()
	left := map[string]int64{}
	files, err := filepath.Glob(filepath.Join(folder, ".thorpe-get-*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if errors.Is(err, fs.ErrNotExist) { // the state has just been replaced
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		left[filepath.Base(file)] = info.Size()
	}
	return left
}

// A get that was killed, or ended with Ctrl-C, goes on where it was, and is one download still.
func TestGetGoesOnAfterAnEarlierRun(t *testing.T) {
	for name, how := range map[string]os.Signal{"killed": os.Kill, "Ctrl-C": os.Interrupt} {
		t.Run(name, func(t *testing.T) {
			if how == os.Kill && bootID() == "" {
				t.Skipf("%s does not tell when it was started", runtime.GOOS)
			}
			watch := &watchingProxy{}
			c := newCLI(t, watch)
			from := t.TempDir()
			want := map[string]string{"d/": "", "d/a": noise(1_000_000), "d/b": noise(5_000_000), "d/c": noise(2_000_000), "d/empty": ""}
			for path, text := range want {
				if !strings.HasSuffix(path, "/") {
					writeText(t, filepath.Join(from, path), text)
				}
			}
			link := c.send(filepath.Join(from, "d"), "--max-downloads", "1")
			folder := t.TempDir()
			stderr, status := c.breakOff(how, watch.expect(3_500_000), 2_500_000, link, folder)
			if how == os.Interrupt && (status != exitInterrupted || !strings.Contains(stderr, "run the same command again")) {
				t.Errorf("status %d: %s", status, stderr)
			}
			left := leftIn(t, folder)
			arrived := left["0"] + left["1"]
			if left["0"] != 1_000_000 || arrived < 2_500_000 || arrived%sealed.ChunkSize != 0 || len(namesIn(t, folder)) != len(left)+1 {
				t.Fatalf("it left %v", left)
			}
			for _, private := range []string{"", "/state"} {
				found, _ := filepath.Glob(filepath.Join(folder, ".thorpe-get-*"+private))
				if info, err := os.Stat(found[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
					t.Errorf("others can read %q: %v, %v", private, info.Mode(), err)
				}
			}

			watch.expect(0)
			if _, stderr, err := c.do("", "get", link, "-o", folder); err != nil {
				t.Fatal(err, stderr)
			}
			if got := namesIn(t, folder); !maps.Equal(got, want) {
				t.Errorf("other files arrived: %v", slices.Sorted(maps.Keys(got)))
			}
			total := sealed.SealedLength(8_000_000 + sealed.Padding(8_000_000))
			first := arrived / sealed.ChunkSize * sealed.SealedChunkSize
			if passed, ranges := watch.saw(); passed != total-first || !slices.Equal(ranges, []string{fmt.Sprintf("bytes=%d-", first)}) {
				t.Errorf("%d bytes came, of %d missing, for %q", passed, total-first, ranges)
			}
			if _, _, err := c.get(link); exitCode(err) != exitGone { // both runs were one download
				t.Errorf("a second download of one: %v", err)
			}
		})
	}
}

// What an earlier run left is taken for what the link holds only if that cannot be otherwise.
func TestGetStartsOverWhereItCannotTrust(t *testing.T) {
	watch := &watchingProxy{}
	c := newCLI(t, watch)
	from := t.TempDir()
	text := noise(3_000_000)
	writeText(t, filepath.Join(from, "a"), text)
	link := c.send(filepath.Join(from, "a"), "--max-downloads", "1")
	partial := t.TempDir()
	c.breakOff(os.Interrupt, watch.expect(1_500_000), 1_000_000, link, partial)
	temporary := slices.Collect(maps.Keys(namesIn(t, partial)))[0]
	temporary, _, _ = strings.Cut(temporary, "/")
	state := namesIn(t, partial)[temporary+"/state"]
	watch.expect(0)
	for name, change := range map[string]func(string) error{
		"another content": func(folder string) error {
			return os.WriteFile(folder+"/state", []byte(regexp.MustCompile(`"content":"...`).ReplaceAllString(state, `"content":"AAA`)), 0o600)
		},
		"the computer was started again": func(folder string) error {
			changed := strings.Replace(state, `"synced":true`, `"synced":false`, 1)
			return os.WriteFile(folder+"/state", []byte(strings.Replace(changed, `"boot":"`, `"boot":"x`, 1)), 0o600)
		},
		"longer than the file": func(folder string) error { return os.Truncate(folder+"/0", 3_000_001) },
		"a link in its place": func(folder string) error {
			outside := filepath.Join(t.TempDir(), "outside")
			writeText(t, outside, "outside")
			t.Cleanup(func() {
				if kept, err := os.ReadFile(outside); string(kept) != "outside" {
					t.Errorf("a link was followed: %v", err)
				}
			})
			return replaceBy(folder+"/0", func(path string) error { return os.Symlink(outside, path) })
		},
		"others can write there": func(folder string) error { return os.Chmod(folder, 0o777) },
	} {
		folder := t.TempDir()
		if err := os.CopyFS(folder, os.DirFS(partial)); err != nil {
			t.Fatal(err)
		}
		inside := filepath.Join(folder, temporary)
		if err := os.Chmod(inside, 0o700); err != nil {
			t.Fatal(err)
		}
		good, err := os.ReadFile(inside + "/0")
		if err != nil || len(good) == 0 {
			t.Fatal(len(good), err)
		}
		if err := os.WriteFile(inside+"/0", bytes.Repeat([]byte("x"), len(good)), 0o600); err != nil { // whoever trusts it has it in the file
			t.Fatal(err)
		}
		if err := change(inside); err != nil {
			t.Fatal(err)
		}
		if _, stderr, err := c.do("", "get", link, "-o", folder); err != nil || namesIn(t, folder)["a"] != text {
			t.Errorf("%s: %v, %s", name, err, stderr)
		}
	}
}

func replaceBy(path string, with func(string) error) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	return with(path)
}

// A6: what the server changed is refused in a later run too, and then nothing is left of the earlier one.
func TestGetThatGoesOnRefusesWhatTheServerChanged(t *testing.T) {
	watch := &watchingProxy{}
	c := newCLI(t, watch)
	from := t.TempDir()
	writeText(t, filepath.Join(from, "a"), noise(3_000_000))
	link := c.send(filepath.Join(from, "a"))
	folder := t.TempDir()
	c.breakOff(os.Interrupt, watch.expect(1_500_000), 1_000_000, link, folder)
	if left := leftIn(t, folder); left["0"] == 0 {
		t.Fatalf("it left %v", left)
	}
	object := c.objects()[0]
	content, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)-5] ^= 1
	if err := os.WriteFile(object, content, 0o600); err != nil {
		t.Fatal(err)
	}
	watch.expect(0)
	if _, _, err := c.do("", "get", link, "-o", folder); exitCode(err) != exitDamaged {
		t.Errorf("got %v", err)
	}
	if got := namesIn(t, folder); len(got) != 0 {
		t.Errorf("it left %d names", len(got))
	}
}

// Two runs at once do not write over each other.
func TestOneGetOfALinkIntoAFolderAtATime(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first, err := openTarget(folder, sealed.ID{}, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openTarget(folder, sealed.ID{}, false); err == nil || !strings.Contains(err.Error(), "another thorpe get") {
		t.Errorf("a second one: %v", err)
	}
	other, err := openTarget(folder, sealed.ID{1}, false)
	if err != nil {
		t.Errorf("another link: %v", err)
	}
	for _, target := range []*target{first, other} {
		if err := target.close(t.Output(), false); err != nil {
			t.Error(err)
		}
	}
	if got := namesIn(t, folder); len(got) != 0 {
		t.Errorf("they left %v", got)
	}
}
