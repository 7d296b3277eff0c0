package certificates

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"
)

// lookAfter is how often the files are looked at, at most: with the first handshake after it.
const lookAfter = time.Second

// Files is a certificate and its key in two PEM files. They may be changed at any time, by renaming or in place; the next handshake looks.
type Files struct {
	cert, key string
	log       *slog.Logger
	now       func() time.Time

	mu     sync.Mutex
	pair   *tls.Certificate
	state  [2]fs.FileInfo // of the files when they were last read
	looked time.Time
}

// OpenFiles reads the certificate (with its chain behind it) and its key. Errors are sentences for the operator. A certificate
// that has expired is taken, with a warning: pages that warn say more than a server that does not start.
func OpenFiles(cert, key string, log *slog.Logger, now func() time.Time) (*Files, error) {
	f := &Files{cert: cert, key: key, log: log, now: now, looked: now()}
	var err error
	if f.state, err = f.stat(); err != nil {
		return nil, err
	}
	if f.pair, err = f.load(); err != nil {
		return nil, err
	}
	if err := inForce(f.pair.Leaf, now()); err != nil {
		log.Warn("the certificate can't be trusted: "+err.Error(), "file", cert)
	}
	return f, nil
}

// Leaf is the certificate in force.
func (f *Files) Leaf() *x509.Certificate {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pair.Leaf
}

// Get answers a handshake with what the files hold, or with what they held when they were last good.
func (f *Files) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.looked).Abs() >= lookAfter { // also when the clock was set back
		f.looked = now
		f.look()
	}
	return f.pair, nil
}

// look takes new files, if there are new ones and they are good, and says so or why not, once for each change.
func (f *Files) look() {
	state, err := f.stat()
	if err == nil && same(state[0], f.state[0]) && same(state[1], f.state[1]) {
		return
	}
	var pair *tls.Certificate
	if err == nil {
		pair, err = f.load()
	} else if f.state[0] == nil {
		return // they were not there the last time either
	}
	f.state = state
	if err == nil && inForce(f.pair.Leaf, f.now()) == nil {
		err = inForce(pair.Leaf, f.now())
	}
	if err != nil {
		f.log.Error("the new certificate can't be used, and the old one stays in force: "+err.Error(), "until", day(f.pair.Leaf.NotAfter))
		return
	}
	f.pair = pair
	f.log.Info("a new certificate is in force", "file", f.cert, "until", day(pair.Leaf.NotAfter))
}

// stat is the state of both files, or none and an error.
func (f *Files) stat() (state [2]fs.FileInfo, err error) {
	for i, name := range []string{f.cert, f.key} {
		if state[i], err = os.Stat(name); err != nil {
			return [2]fs.FileInfo{}, fmt.Errorf("%s can't be read: %w", name, inner(err))
		}
	}
	return state, nil
}

func same(a, b fs.FileInfo) bool {
	return b != nil && os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// maxFile is the bytes of a certificate with its chain, or of a key.
const maxFile = 1 << 20

func (f *Files) load() (*tls.Certificate, error) {
	var content [2][]byte
	for i, name := range []string{f.cert, f.key} {
		info, err := os.Stat(name)
		if err == nil && info.Size() > maxFile {
			return nil, fmt.Errorf("%s is too large to be a certificate or a key", name)
		}
		if err == nil {
			content[i], err = os.ReadFile(name)
		}
		if err != nil {
			return nil, fmt.Errorf("%s can't be read: %w", name, inner(err))
		}
	}
	if bytes.Contains(content[1], []byte("ENCRYPTED")) { // of PKCS #8, or of OpenSSL's own
		return nil, fmt.Errorf("%s is encrypted with a passphrase, which nobody is there to type: decrypt it (openssl pkey -in FILE -out FILE)", f.key)
	}
	pair, err := tls.X509KeyPair(content[0], content[1]) // its errors say nothing of the key but its kind
	if err != nil {
		return nil, fmt.Errorf("%s and %s are no certificate and its key: %w", f.cert, f.key, err)
	}
	return &pair, nil
}

// inner is what lies below an error about a path that the sentence around it names already.
func inner(err error) error {
	if p, ok := err.(*fs.PathError); ok {
		return p.Err
	}
	return err
}
