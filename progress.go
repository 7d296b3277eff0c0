package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/dustin/go-humanize"
	"golang.org/x/term"
)

// progress shows on a terminal how far something is, and elsewhere nothing but what it is told to say. Its methods may
// be called from several goroutines.
type progress struct {
	out   io.Writer
	what  string
	total int64 // -1: nobody knows

	mu    sync.Mutex
	shown bool // on a terminal
	done  int64
	first int64 // done when it was first drawn, at began
	began time.Time
	drawn time.Time
	width int // of what stands there
}

// newProgress shows total bytes on out, if that is a terminal.
func newProgress(out io.Writer, what string, total int64) *progress {
	file, ok := out.(*os.File)
	return &progress{out: out, what: what, total: total, shown: ok && term.IsTerminal(int(file.Fd()))}
}

// at says how many bytes are done.
func (p *progress) at(done int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done = done
	p.draw()
}

// draw writes one line over the one before, ten times a second at most.
func (p *progress) draw() {
	now := time.Now()
	if !p.shown || now.Sub(p.drawn) < 100*time.Millisecond {
		return
	}
	p.drawn = now
	if p.began.IsZero() {
		p.began, p.first = now, p.done
	}
	line := p.what + " " + humanize.IBytes(uint64(p.done))
	if p.total > 0 {
		line += fmt.Sprintf(" of %s, %d %%", humanize.IBytes(uint64(p.total)), 100*p.done/p.total)
	}
	if seconds := now.Sub(p.began).Seconds(); seconds > 0.5 && p.done > p.first {
		line += fmt.Sprintf(", %s/s", humanize.IBytes(uint64(float64(p.done-p.first)/seconds)))
	}
	fmt.Fprintf(p.out, "\r%-*s", p.width, line)
	p.width = len(line)
}

// clear takes the line away.
func (p *progress) clear() {
	if p.width > 0 {
		fmt.Fprintf(p.out, "\r%*s\r", p.width, "")
		p.width = 0
	}
}

// add says how many more are done: it counts what is written to it.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += int64(len(b))
	p.draw()
	return len(b), nil
}

// say writes a line beside it.
func (p *progress) say(format string, values ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintf(p.out, format+"\n", values...)
}

// retrying tells that a connection broke.
func (p *progress) retrying(err error, wait time.Duration) {
	p.say("%v; trying again in %s", err, wait.Round(time.Second/10))
}

// end takes it away for good.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.shown = false
}
