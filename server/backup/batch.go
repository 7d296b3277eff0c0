package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
)

// A batch is so much at most: then the disk is told to write it, and it is read back.
const (
	batchFiles = 1000
	batchBytes = 1 << 30
)

// add takes in a copy, which is not on the disk yet.
func (r *run) add(s *staged) error {
	r.batch = append(r.batch, s)
	if r.bytes += s.Size; len(r.batch) < batchFiles && r.bytes < batchBytes {
		return nil
	}
	return r.flush()
}

// flush sees to it that what was copied is on the disk, as it was read, and notes it.
func (r *run) flush() error {
	if len(r.batch) > 0 {
		r.step("before a batch")
		if _, err := syncAll(r.repo); err != nil {
			return fmt.Errorf("syncing what was copied: %w", err)
		}
	}
	hashes, err := r.readBack()
	if err != nil {
		return fmt.Errorf("reading back what was copied: %w", err)
	}
	for i, s := range r.batch {
		if s.Hash == "" {
			s.Hash = hashes[i]
		}
		if s.Hash != hashes[i] {
			return errors.New("what was copied reads back differently: the disk of the backup, or this machine's memory, is faulty")
		}
		if err := r.journal.write(line{entry: &s.entry}); err != nil {
			return err
		}
	}
	r.batch, r.bytes = nil, 0
	return r.journal.flush()
}

// readers is how many files are read back at a time: a disk that has several to look for finds them quicker.
const readers = 8

// readBack answers the hashes of what the batch has on the disk.
func (r *run) readBack() ([]string, error) {
	hashes, errs := make([]string, len(r.batch)), make([]error, len(r.batch))
	var next atomic.Int64
	var reading sync.WaitGroup
	for range min(readers, len(r.batch)) {
		reading.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(r.batch)); i = next.Add(1) - 1 {
				hashes[i], errs[i] = hashFile(r.ctx, r.repo, r.in(r.batch[i].Path))
			}
		})
	}
	reading.Wait()
	return hashes, errors.Join(errs...)
}

// hashFile reads a file from the disk, rather than from memory, where that can be asked for.
func hashFile(ctx context.Context, root *os.Root, p string) (string, error) {
	f, err := root.OpenFile(p, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	forget(f)
	hash := sha256.New()
	if _, err := copyBytes(ctx, hash, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
