package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows on a terminal how far something is, and elsewhere nothing but what it is told to say. Its methods may
// be called from several goroutines.
type progress struct {
	out io.Writer

	mu  sync.Mutex
	bar *progressbar.ProgressBar // nil where there is no terminal
}

// newProgress shows total bytes on out, if that is a terminal.
func newProgress(out io.Writer, what string, total int64) *progress {
	p := &progress{out: out}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(file),
			progressbar.OptionSetDescription(what),
			progressbar.OptionShowBytes(true),
			progressbar.OptionUseIECUnits(true),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionFullWidth(),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// at says how many bytes are done.
func (p *progress) at(done int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		p.bar.Set64(done) // fails only where the terminal does
	}
}

// add says how many more are done: it counts what is written to it.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		p.bar.Add(len(b))
	}
	return len(b), nil
}

// say writes a line beside the bar.
func (p *progress) say(format string, values ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		p.bar.Clear()
	}
	fmt.Fprintf(p.out, format+"\n", values...)
}

// retrying tells that a connection broke.
func (p *progress) retrying(err error, wait time.Duration) {
	p.say("%v; trying again in %s", err, wait.Round(time.Second/10))
}

// end takes the bar away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		p.bar.Clear()
		p.bar = nil
	}
}
