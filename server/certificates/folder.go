package certificates

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"golang.org/x/crypto/acme/autocert"
)

// folder is a folder of the data folder that only the server's own user reads. It is an [autocert.Cache]: what is put is there
// whole or not at all, also after a power cut, where autocert's own cache could leave half an account key, which it never gets over.
type folder struct {
	root *os.Root
	name string
}

func openFolder(root *os.Root, name string) (folder, error) {
	if err := root.MkdirAll(name, 0o700); err != nil {
		return folder{}, fmt.Errorf("making %s: %w", name, err)
	}
	return folder{root, name}, root.Chmod(name, 0o700)
}

// Get implements autocert.Cache.
func (f folder) Get(_ context.Context, name string) ([]byte, error) {
	content, err := f.root.ReadFile(path.Join(f.name, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, autocert.ErrCacheMiss
	}
	return content, err
}

// Put implements autocert.Cache.
func (f folder) Put(_ context.Context, name string, content []byte) (err error) {
	at := path.Join(f.name, name)
	unfinished := at + "." + rand.Text()
	defer func() {
		if err != nil {
			f.root.Remove(unfinished)
		}
	}()
	file, err := f.root.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return f.root.Rename(unfinished, at)
}

// Delete implements autocert.Cache.
func (f folder) Delete(_ context.Context, name string) error {
	err := f.root.Remove(path.Join(f.name, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
