package shares

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"iter"
)

// objects keeps byte strings under names. It knows nothing of what they are: the database says which of them live, and
// how many bytes of each count. Everything a link is made of goes through here, so that another machine's disk, or a
// service such as S3, can take the folder's place.
type objects interface {
	// create makes an empty object. When it returns, the object outlasts a power cut.
	create(ctx context.Context, name objectName) error

	// append opens an object to write behind its first at bytes; what it holds beyond them is discarded. An object
	// that is shorter is errObjectTruncated; one that is not there, fs.ErrNotExist.
	append(ctx context.Context, name objectName, at int64) (appender, error)

	// open opens an object to read any range of it. On a disk it is an *os.File, so that the kernel can send it.
	open(ctx context.Context, name objectName) (io.ReadSeekCloser, error)

	// size returns how many bytes an object has.
	size(ctx context.Context, name objectName) (int64, error)

	// delete removes an object; one that is not there is no error.
	delete(ctx context.Context, name objectName) error

	// all lists the objects in no order. It ends after an error.
	all(ctx context.Context) iter.Seq2[objectName, error]
}

// appender takes bytes for an object. They outlast a power cut once Sync has returned nil.
type appender interface {
	io.WriteCloser
	Sync() error
}

// objectName is random and says nothing about its object.
type objectName [16]byte

func newObjectName() objectName {
	var name objectName
	rand.Read(name[:]) // never fails
	return name
}

// String is the name in hexadecimal: not every file system tells capital letters from small ones.
func (n objectName) String() string { return hex.EncodeToString(n[:]) }
