package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestMain is also the program that TestABackupIsKilledAnywhere kills: it ends itself at the step that it is told.
func TestMain(m *testing.M) {
	last, err := strconv.Atoi(os.Getenv("THORPE_TEST_KILL_AT"))
	if err != nil {
		os.Exit(m.Run())
	}
	_, err = Make(context.Background(), Config{Data: os.Args[1], To: os.Args[2], Keep: 2, step: func(string) {
		if last--; last == 0 {
			p, _ := os.FindProcess(os.Getpid())
			p.Kill()
			time.Sleep(time.Minute)
		}
	}})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// Whenever a backup is killed, the ones before are whole, and the next goes on.
func TestABackupIsKilledAnywhere(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	f.make(to)
	kills := 0
	for at := 1; ; at++ {
		f.write("drive/ann/new/new.txt", fmt.Sprint(at))
		f.write("drive/ann/a.txt", fmt.Sprint(at))
		whole := listing(t, restore(t, to))
		cmd := exec.Command(os.Args[0], f.dir, to)
		cmd.Env = append(os.Environ(), "THORPE_TEST_KILL_AT="+strconv.Itoa(at))
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() == 1) {
			t.Fatalf("%v: %s", err, out)
		}
		if err == nil {
			break
		}
		kills++
		names, err := Snapshots(to)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if found, err := Check(t.Context(), filepath.Join(to, name)); err != nil || len(found.Damaged) > 0 {
				t.Errorf("killed at step %d: %s: %v, %v", at, name, found, err)
			}
		}
		if now := listing(t, restore(t, to)); len(now) < len(whole) {
			t.Errorf("killed at step %d: the newest snapshot has %d entries, before it had %d", at, len(now), len(whole))
		}
	}
	if kills < 10 {
		t.Errorf("only %d kills", kills)
	}
	wantSame(t, restore(t, to), f.dir)
	left, err := os.ReadDir(to)
	if err != nil || len(left) != 3 { // two snapshots and the lock
		t.Errorf("at the end there are %v, %v", left, err)
	}
}

// What a killed backup has copied, the next does not copy again.
func TestACutOffBackupGoesOn(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Make(ctx, Config{Data: f.dir, To: to, step: func(at string) {
		if at == "before the objects" {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := Find(to); !errors.Is(err, ErrNoSnapshot) {
		t.Errorf("half a backup is found as a whole one: %v", err)
	}
	made := f.make(to)
	if made.Copied != 2 { // the upload, and the database
		t.Errorf("%d files were copied and %d shared, %d in all; want what was copied already left alone", made.Copied, made.Shared, made.Files)
	}
	wantSame(t, restore(t, to), f.dir)
}

// A restore that was cut off goes on, and until then no server takes the folder for whole.
func TestACutOffRestoreGoesOn(t *testing.T) {
	f := filled(t)
	to := filepath.Join(t.TempDir(), "to")
	snapshot := filepath.Join(to, f.make(to).Snapshot)
	data := filepath.Join(t.TempDir(), "data")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Restore(ctx, snapshot, data); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(data)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if !Interrupted(root) {
		t.Error("half a data folder does not say so")
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(data, "drive", "ann"), 0o700), os.WriteFile(filepath.Join(data, "drive", "ann", "a.txt"), []byte("half"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), snapshot, data); err != nil {
		t.Fatal(err)
	}
	if Interrupted(root) {
		t.Error("a whole data folder says that it is none")
	}
	wantSame(t, data, f.dir)
}
