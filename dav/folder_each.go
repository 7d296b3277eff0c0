package dav

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
)

// batch is how many entries of a folder are read at a time.
const batch = 256

// entries is a batch on its way, and why it is the last.
type entries struct {
	stats []stat
	err   error
}

// each calls do for every entry, as it is found; what goes while it is read is left out. do gets a stat that is its own only until it returns.
func (d *folder) each(do func(*stat) error) error {
	return d.batches(func(stats []stat) error {
		for i := range stats {
			if err := do(&stats[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// batches is each for many entries at a time. Those of a large folder are looked at while do is busy with the ones before.
func (d *folder) batches(do func([]stat) error) error {
	f, err := d.reader()
	if err != nil {
		return fmt.Errorf("reading a folder: %w", err)
	}
	defer f.Close()
	first := d.next(f, nil)
	if err := do(first.stats); err != nil || first.err != nil {
		return end(err, first.err)
	}

	read, free, stop := make(chan entries, 1), make(chan []stat, 2), make(chan struct{})
	free <- nil
	free <- first.stats
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(read)
		for {
			select {
			case <-stop:
				return
			case stats := <-free:
				next := d.next(f, stats)
				read <- next
				if next.err != nil {
					return
				}
			}
		}
	})
	defer reading.Wait()
	defer close(stop)
	for next := range read {
		if err := do(next.stats); err != nil || next.err != nil {
			return end(err, next.err)
		}
		free <- next.stats
	}
	return nil
}

// end is what batches answers: do's error, or that of reading, which is no error at the folder's end.
func end(err, read error) error {
	if err == nil && read != io.EOF {
		err = read
	}
	return err
}

// next reads the next batch of an open folder, into stats if there is room.
func (d *folder) next(f *os.File, stats []stat) entries {
	names, err := f.Readdirnames(batch)
	stats = stats[:0]
	for _, name := range names {
		stats = append(stats, stat{})
		if lerr := d.look(name, &stats[len(stats)-1]); errors.Is(lerr, fs.ErrNotExist) {
			stats = stats[:len(stats)-1]
		} else if lerr != nil {
			return entries{stats[:len(stats)-1], fmt.Errorf("reading a folder: %w", lerr)}
		}
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("reading a folder: %w", err)
	}
	if err == nil && len(names) < batch {
		err = io.EOF
	}
	return entries{stats, err}
}
