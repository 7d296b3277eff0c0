package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"thorpe/static/browsertest"
)

// hugeVariable, set to 1, runs what moves more than 4 GiB.
const hugeVariable = "THORPE_TEST_HUGE"

// Five gibibytes from this computer, among them a file of 4.5, go into a link and come out of it as one zip with 64-bit sizes, in flat memory.
func TestFiveGibibytesInOneLink(t *testing.T) {
	if os.Getenv(hugeVariable) != "1" {
		t.Skip("takes 11 GiB of disk and minutes; " + hugeVariable + "=1 runs it")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("memory is read from /proc, which is not there")
	}
	server := startServer(t, t.TempDir())
	ann := newcomer(t, server, "ann")
	folder := t.TempDir()
	sizes := map[string]int64{"The long version.mov": 4608 * mebibyte, "b-roll.mov": 300 * mebibyte, "sound.wav": 200 * mebibyte, "日本語.tiff": 12 * mebibyte}
	files := tree{}
	var paths []string
	for name, size := range sizes {
		path := filepath.Join(folder, name)
		paths = append(paths, path)
		files[name] = newLargeFile(t, path, size)
	}
	ann.Open(server.URL + "/links")
	ann.WaitText("No links yet")

	began := time.Now()
	growth := watchMemory(t, ann.Browser, sizeOf(filepath.Join(server.Data, "sealed")))
	ann.Drop(paths...)
	ann.Wait("the number of files", `/4 files · /.test(document.querySelector("dialog")?.innerText)`)
	ann.Click("Create link")
	ready := `document.querySelector("[data-link]")?.dataset.link ?? ""`
	var link string
	for end := time.Now().Add(15 * time.Minute); link == "" && time.Now().Before(end); time.Sleep(200 * time.Millisecond) { // longer than a page ever takes otherwise
		ann.Eval(ready, &link)
	}
	growth("sealing and sending 5 GiB", maxRendererGrowth)
	t.Logf("it took %.0f s", time.Since(began).Seconds())
	if link == "" {
		t.Fatalf("no link was made: %s", ann.Text())
	}
	for _, path := range paths { // the zip needs the room
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}

	friend := browsertest.New(t)
	friend.Open(link)
	friend.WaitText("4 files")
	began = time.Now()
	growth = watchMemory(t, friend, sizeOf(friend.Downloads))
	saved, state := friend.Download(func() { friend.Click("Download all") })
	growth("opening and saving 5 GiB as a zip", maxZipGrowth)
	t.Logf("it took %.0f s", time.Since(began).Seconds())
	if state != "completed" {
		t.Fatalf("the zip: %s", state)
	}
	wantLargeZip(t, saved, sizes)
	files.wantZip(t, saved)

	peak := memoryOf(t, server.cmd.Process.Pid, "VmHWM")
	t.Logf("server, peak resident memory (VmHWM): %.1f MiB; at most %d", float64(peak)/mebibyte, maxServerPeak/mebibyte)
	if peak > maxServerPeak {
		t.Error("that is too much")
	}
}

// wantLargeZip checks the sizes that the archive's directory tells.
func wantLargeZip(t *testing.T, path string, want map[string]int64) {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	for _, file := range archive.File {
		if int64(file.UncompressedSize64) != want[file.Name] || file.Modified.IsZero() {
			t.Errorf("%s: the directory tells %d bytes of %v", file.Name, file.UncompressedSize64, file.Modified)
		}
	}
}
