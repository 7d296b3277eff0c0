package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

const (
	mebibyte = 1 << 20
	large    = 1 << 30 // bytes of the file

	// What memory may be taken, whatever the size of a file.
	maxServerPeak     = 64 * mebibyte
	maxRendererGrowth = 192 * mebibyte
	maxZipGrowth      = 1024 * mebibyte // wanted are 192 here too: a zip of 5 GiB grew by 386 and by 491 when it was measured (docs/performance.md); this only tells that it does not keep all
)

// A file of 1 GiB goes the whole way in flat memory: into the drive, into a link, and out of it in another browser.
// It runs alone, since a browser that gets less of the processor frees its memory later.
func TestALargeFileTakesNoMoreMemoryThanASmallOne(t *testing.T) {
	if os.Getenv("THORPE_TEST_LARGE") != "1" {
		t.Skip("takes 4 GiB of disk; THORPE_TEST_LARGE=1 runs it")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("memory is read from /proc, which is not there")
	}
	server := startServer(t, t.TempDir())
	ann := newcomer(t, server, "ann")
	path := filepath.Join(t.TempDir(), "The long version.mov")
	want := newLargeFile(t, path, large)

	growth := watchMemory(t, ann.Browser, sizeOf(filepath.Join(server.Data, "incoming")))
	ann.Drop(path)
	ann.WaitText("1 file uploaded")
	growth("uploading to the drive", maxRendererGrowth)
	if got := hashFile(t, filepath.Join(server.Data, "drive", "ann", filepath.Base(path))); got != want {
		t.Error("the file in the drive has another SHA-256")
	}

	growth = watchMemory(t, ann.Browser, sizeOf(filepath.Join(server.Data, "sealed")))
	link := ann.share(filepath.Base(path))
	growth("sealing and sending", maxRendererGrowth)

	friend := browsertest.New(t)
	friend.Open(link)
	friend.WaitText("1 file")
	growth = watchMemory(t, friend, sizeOf(friend.Downloads))
	saved, state := friend.Download(func() { friend.Click("Download") })
	growth("opening and saving", maxRendererGrowth)
	if state != "completed" || hashFile(t, saved) != want {
		t.Errorf("the download: %s, or another SHA-256", state)
	}
	if err := os.Remove(saved); err != nil {
		t.Fatal(err)
	}

	// A9: its last chunk is changed, and nothing else. All that comes before opens, and yet nothing is left that looks like the file.
	damageLastByte(t, filepath.Join(server.Data, "sealed"))
	if _, state := friend.Download(func() { friend.Click("Download") }); state != "canceled" {
		t.Errorf("the download of a file whose last chunk is changed: %s", state)
	}
	friend.WaitText("What the server sent was changed or damaged")
	if left := sizeOf(friend.Downloads)(); left != 0 {
		t.Errorf("%d bytes are left of it", left)
	}

	peak := memoryOf(t, server.cmd.Process.Pid, "VmHWM")
	t.Logf("server, peak resident memory (VmHWM): %.1f MiB; at most %d", float64(peak)/mebibyte, maxServerPeak/mebibyte)
	if peak > maxServerPeak {
		t.Error("that is too much")
	}
}

// newLargeFile writes a file of so many bytes, whole MiB, that nothing can compress, and returns its SHA-256.
func newLargeFile(t *testing.T, path string, size int64) [32]byte {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	random := rand.NewChaCha8([32]byte{5})
	block := make([]byte, mebibyte)
	for range size / mebibyte {
		random.Read(block)
		if _, err := f.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	return hashFile(t, path)
}

// damageLastByte changes the last byte of the largest file below folder.
func damageLastByte(t *testing.T, folder string) {
	t.Helper()
	var largest string
	var size int64
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Size() > size {
			largest, size = path, info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(largest, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, size-1); err != nil {
		t.Fatal(err)
	}
	last[0] ^= 1
	if _, err := f.WriteAt(last, size-1); err != nil {
		t.Fatal(err)
	}
}

// sizeOf returns how many bytes lie below folder.
func sizeOf(folder string) func() int64 {
	return func() (total int64) {
		filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				if info, err := entry.Info(); err == nil {
					total += info.Size()
				}
			}
			return nil // what vanishes while we look counts nothing
		})
		return total
	}
}

// watchMemory looks at the summed resident memory of a browser's renderers, from when progress has reached 100 MiB until
// the function that it returns is called, which prints how much it grew at most.
func watchMemory(t *testing.T, b *browsertest.Browser, progress func() int64) (done func(what string, mayGrow int64)) {
	t.Helper()
	var first, most int64
	stop := make(chan struct{})
	var watching sync.WaitGroup
	before := progress()
	watching.Go(func() {
		for tick := time.NewTicker(100 * time.Millisecond); ; {
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
			}
			if progress()-before < 100*mebibyte {
				continue
			}
			now := renderers(t, b.PID())
			if first == 0 {
				first = now
			}
			most = max(most, now)
		}
	})
	return func(what string, mayGrow int64) {
		t.Helper()
		close(stop)
		watching.Wait()
		if first == 0 {
			t.Fatalf("%s: was over before memory was looked at", what)
		}
		t.Logf("%s: renderers' resident memory %.0f MiB at 100 MiB, grew by %.0f MiB at most; may by %d",
			what, float64(first)/mebibyte, float64(most-first)/mebibyte, mayGrow/mebibyte)
		if most-first > mayGrow {
			t.Error("that is too much")
		}
	}
}

// renderers is the summed resident memory of the renderer processes below a browser's process.
func renderers(t *testing.T, browser int) (total int64) {
	parents := map[int]int{}
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Error(err)
	}
	for _, process := range processes {
		pid, _ := strconv.Atoi(filepath.Base(process))
		stat, err := os.ReadFile(process + "/stat")
		if err != nil {
			continue // it has ended
		}
		var state string
		var parent int
		if _, err := fmt.Sscan(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), &state, &parent); err == nil {
			parents[pid] = parent
		}
	}
	for pid := range parents {
		above := pid
		for above > 1 && above != browser {
			above = parents[above]
		}
		if above != browser {
			continue
		}
		if line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil && strings.Contains(string(line), "--type=renderer") {
			total += memoryOf(t, pid, "VmRSS")
		}
	}
	return total
}

// memoryOf returns a line of /proc/PID/status, in bytes; 0 if the process has ended.
func memoryOf(t *testing.T, pid int, field string) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			kib, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			if err != nil {
				t.Error(err)
			}
			return kib << 10
		}
	}
	return 0
}
