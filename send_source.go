package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"sort"
	"sync"

	"thorpe/shares/client"
)

// fileSource is the content of a link: the files' bytes one after another, then zero bytes. It holds one file open at a
// time.
type fileSource struct {
	files  []foundFile
	starts []int64 // of each file, and behind the last one
	size   int64

	mu    sync.Mutex
	index int // of the open file
	open  *os.File
}

// source is the content of these files with padding behind them. The caller closes it.
func (f *foundFiles) source(padding int64) *fileSource {
	s := &fileSource{files: f.files, starts: make([]int64, 1, len(f.files)+1)}
	for _, file := range f.files {
		s.size += file.info.Size()
		s.starts = append(s.starts, s.size)
	}
	s.size += padding
	return s
}

// Size is the length with padding.
func (s *fileSource) Size() int64 { return s.size }

// ReadAt follows io.ReaderAt; it fails with client.ErrChanged, and the file's name, where a file is no longer the one
// that was found.
func (s *fileSource) ReadAt(p []byte, offset int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	read := 0
	for read < len(p) && offset < s.size {
		n, err := s.readSome(p[read:], offset)
		read += n
		offset += int64(n)
		if err != nil {
			return read, err
		}
	}
	if read < len(p) {
		return read, io.EOF
	}
	return read, nil
}

// readSome reads from the one file, or the padding, in which offset lies.
func (s *fileSource) readSome(p []byte, offset int64) (int, error) {
	i := sort.Search(len(s.files), func(i int) bool { return s.starts[i+1] > offset })
	if i == len(s.files) {
		n := int(min(int64(len(p)), s.size-offset))
		clear(p[:n])
		return n, nil
	}
	if err := s.use(i); err != nil {
		return 0, err
	}
	p = p[:min(int64(len(p)), s.starts[i+1]-offset)]
	n, err := s.open.ReadAt(p, offset-s.starts[i])
	if n == len(p) {
		return n, nil
	}
	if err == io.EOF {
		err = client.ErrChanged // it is shorter now
	}
	return n, fmt.Errorf("%q: %w", s.files[i].disk, err)
}

// use opens file i, if it is still the one that was found.
func (s *fileSource) use(i int) error {
	if s.open != nil && s.index == i {
		return nil
	}
	if err := s.close(); err != nil {
		return err
	}
	file, err := os.Open(s.files[i].disk)
	if err != nil {
		return fmt.Errorf("%q %w: %w", s.files[i].disk, client.ErrChanged, err)
	}
	info, err := file.Stat()
	if err == nil && !s.files[i].isStill(info) {
		err = fmt.Errorf("%q %w", s.files[i].disk, client.ErrChanged)
	}
	if err != nil {
		file.Close()
		return err
	}
	s.open, s.index = file, i
	return nil
}

// isStill tells whether info is of the file that was found, with the size and time that it had.
func (f *foundFile) isStill(info fs.FileInfo) bool {
	return os.SameFile(info, f.info) && info.Mode().IsRegular() && info.Size() == f.info.Size() && info.ModTime().Equal(f.info.ModTime())
}

// Unchanged looks at every file again.
func (s *fileSource) Unchanged() error {
	for i := range s.files {
		info, err := os.Lstat(s.files[i].disk)
		if err != nil || !s.files[i].isStill(info) {
			return fmt.Errorf("%q %w", s.files[i].disk, client.ErrChanged)
		}
	}
	return nil
}

// Close closes the file that is open.
func (s *fileSource) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.close()
}

func (s *fileSource) close() error {
	if s.open == nil {
		return nil
	}
	err := s.open.Close()
	s.open = nil
	return err
}
