package static_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"thorpe/static/browsertest"
)

// film is a sample of two and a half minutes that every Chromium plays, of many megabytes.
func film(t *testing.T) []byte {
	t.Helper()
	ffmpeg := browsertest.Need(t, "ffmpeg")
	folder := t.TempDir()
	clip, path := filepath.Join(folder, "clip.webm"), filepath.Join(folder, "film.webm")
	for _, args := range [][]string{ // a few seconds, 38 times over, with its index before it
		{"-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15,noise=alls=40:allf=t", "-f", "lavfi", "-i", "sine=frequency=440", "-t", "4",
			"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M", "-minrate", "2M", "-g", "30", "-c:a", "libopus", clip},
		{"-stream_loop", "37", "-i", clip, "-c", "copy", "-cues_to_front", "1", path},
	} {
		if out, err := exec.Command(ffmpeg, append([]string{"-v", "error"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("making a sample: %v\n%s", err, out)
		}
	}
	b, err := os.ReadFile(path)
	must(t, err)
	if len(b) < 20_000_000 {
		t.Fatalf("the sample has only %d bytes", len(b))
	}
	return b
}

// sound is a WAV file of some seconds.
func sound(seconds int) []byte {
	const rate = 8000
	samples := make([]byte, seconds*rate)
	for i := range samples {
		samples[i] = 128 + byte(40*(i/10%2))
	}
	var b bytes.Buffer
	b.WriteString("RIFF")
	binary.Write(&b, binary.LittleEndian, uint32(36+len(samples)))
	b.WriteString("WAVEfmt ")
	binary.Write(&b, binary.LittleEndian, uint32(16))
	binary.Write(&b, binary.LittleEndian, struct {
		Format, Channels  uint16
		Rate, BytesSecond uint32
		Block, Bits       uint16
	}{1, 1, rate, rate, 1, 8})
	b.WriteString("data")
	binary.Write(&b, binary.LittleEndian, uint32(len(samples)))
	b.Write(samples)
	return b.Bytes()
}

// hand has the site hand out a file to the test's own script.
func (s *site) hand(path string, content []byte) {
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == path {
			w.Write(content)
		}
		return r.URL.Path == path
	})
}

// A video of a link plays from wherever a person goes, and what lies between is not fetched.
func TestSeekingInAVideoOfALink(t *testing.T) {
	t.Parallel()
	sample := film(t)
	sender := newSender(t)
	s := sender.site
	s.hand("/test/film", sample)
	var made sent
	sender.run(&made, "looking.js", "sendBytes", []map[string]any{
		{"path": "film.webm", "bytes": "/test/film"}, {"path": "not.mp4", "bytes": []byte("<!doctype html><script>alert(1)</script>"), "type": "video/mp4"},
	}, map[string]any{"title": "Summer"})
	var served atomic.Int64
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/content") {
			return false
		}
		s.real.ServeHTTP(counted{w, &served}, r)
		return true
	})
	b := browsertest.New(t)
	b.Open(made.Link)
	b.WaitText("Summer")
	b.Click("film.webm")
	b.Wait("the length of the film", `document.querySelector("video")?.duration > 150`)
	b.Eval(`(video => new Promise((found, lost) => {
		video.muted = true;
		video.onerror = () => lost(new Error(video.error.message));
		video.onseeked = () => video.play();
		video.ontimeupdate = () => { if (video.currentTime > 120.2) found(); };
		video.currentTime = 120;
	}))(document.querySelector("video"))`, nil)
	viewPicture(b, "video")
	var shown struct{ Width, At float64 }
	b.Eval(`(video => { video.pause(); return {Width: video.videoWidth, At: video.currentTime}; })(document.querySelector("video"))`, &shown)
	if shown.Width != 320 || shown.At < 120 {
		t.Errorf("the film is %v wide and at second %v", shown.Width, shown.At)
	}
	// Reading through to second 120 would take 79 % at least; what follows it, 21 %, a player may fetch ahead on a fast line, beside the beginning and the index.
	if part := float64(served.Load()) / float64(len(sample)); part > 0.5 {
		t.Errorf("%.0f %% of the film were fetched to see second 120 of 152", part*100)
	}
	if !slices.ContainsFunc(s.asked("GET", "/api/links/"), func(r *http.Request) bool {
		var start int
		n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &start)
		return n == 1 && start > len(sample)*75/100 && start < len(sample)*85/100
	}) {
		t.Error("no request begins near second 120")
	}
	b.Click("The file after")
	b.WaitText("What is in this file is not what its name says")
	b.Click("The file before")
	b.Wait("the place where it was left", `document.querySelector("video")?.currentTime > 120`)
}

// Where there is no service worker, as in a private window of some browsers, small files play from memory, and for large ones there is a sentence.
func TestPlayingWithoutAServiceWorker(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	sender.site.hand("/test/large", append(sound(1), make([]byte, 65<<20)...))
	var made sent
	sender.run(&made, "looking.js", "sendBytes", []map[string]any{{"path": "large.wav", "bytes": "/test/large"}, {"path": "sound.wav", "bytes": sound(2)}}, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(made.Link)
	b.WaitText("Summer")
	b.Eval(`(Object.defineProperty(Object.getPrototypeOf(navigator), "serviceWorker", {value: undefined}), 0)`, nil)
	b.Click("sound.wav")
	b.Wait("the sound", `document.querySelector("audio")?.duration === 2 && document.querySelector("audio").src.startsWith("blob:")`)
	viewPicture(b, "audio")
	b.Click("The file before")
	b.WaitText("allows no service worker")
}
