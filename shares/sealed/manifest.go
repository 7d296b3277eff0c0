package sealed

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"math/bits"
	"time"
	"unicode/utf8"
)

// A sealed manifest is a salt and a sealed stream under the key that the salt gives, so that no two manifests share a
// key.
const (
	manifestSaltSize = 32

	minManifest = 4096
	// MaxManifest is the longest manifest in bytes, padding included.
	MaxManifest = 64 << 20
	// MaxSealedManifest is the longest sealed manifest in bytes.
	MaxSealedManifest = manifestSaltSize + MaxManifest + ChunkOverhead*(MaxManifest/ChunkSize)

	// MaxTitle and MaxNote are in code points.
	MaxTitle = 200
	MaxNote  = 4000
)

// Manifest says what a link holds. Title, note, paths and types are the sender's claims.
type Manifest struct {
	// Revision counts the sealings of one link, from 1.
	Revision int64
	Title    string
	Note     string
	// Key is the content key.
	Key   ContentKey
	Files []File
	// Folders are those without files.
	Folders []string
	// Padding is the number of zero bytes after the last file.
	Padding int64
}

// File is one file of a link. The content is the files' bytes in order, with nothing between them: a file starts at the
// sum of the sizes before it.
type File struct {
	// Path is relative, in NFC, its parts joined by "/".
	Path string
	Size int64
	// Type is a media type without parameters, or empty.
	Type string
	// Modified is in UTC, or zero.
	Modified time.Time
}

// Total is the length of the content's plaintext: the sizes and the padding.
func (m *Manifest) Total() int64 {
	total := m.Padding
	for _, f := range m.Files {
		total += f.Size
	}
	return total
}

// Padding is how many zero bytes a writer puts after files of this many bytes, so that the sealed length shows theirs
// only roughly: it adds at most 1/32 above 128 KiB.
func Padding(sum int64) int64 {
	unit := max(4096, int64(1)<<max(0, bits.Len64(uint64(max(1, sum)))-1-5))
	return (unit - sum%unit) % unit
}

type manifestJSON struct {
	Format   int        `json:"format"`
	Revision int64      `json:"revision"`
	Title    string     `json:"title,omitempty"`
	Note     string     `json:"note,omitempty"`
	Key      string     `json:"key"`
	Files    []fileJSON `json:"files"`
	Folders  []string   `json:"folders,omitempty"`
	Padding  int64      `json:"padding"`
}

type fileJSON struct {
	Path     string `json:"path"`
	Size     int64  `json:"size"`
	Type     string `json:"type,omitempty"`
	Modified string `json:"modified,omitempty"`
}

// SealManifest seals a manifest under a new salt. It refuses, with the same errors, what a reader would refuse.
func SealManifest(keys *Keys, m *Manifest) ([]byte, error) {
	plaintext, err := marshalManifest(m)
	if err != nil {
		return nil, fmt.Errorf("sealing the manifest: %w", err)
	}
	sealed := make([]byte, manifestSaltSize, manifestSaltSize+SealedLength(int64(len(plaintext))))
	rand.Read(sealed) // never fails
	chunks, err := newChunks(keys.manifestKey(sealed), int64(len(plaintext)))
	if err != nil {
		return nil, fmt.Errorf("sealing the manifest: %w", err)
	}
	for i := range chunks.Count() {
		sealed, err = chunks.Seal(sealed, i, plaintext[i*ChunkSize:][:chunks.PlainSize(i)])
		if err != nil {
			return nil, fmt.Errorf("sealing the manifest: %w", err)
		}
	}
	return sealed, nil
}

// marshalManifest writes the JSON, padded to a power of two, and reads it again as the other end will.
func marshalManifest(m *Manifest) ([]byte, error) {
	j := manifestJSON{
		Format: format, Revision: m.Revision, Title: m.Title, Note: m.Note, Key: base64url.EncodeToString(m.Key[:]),
		Files: make([]fileJSON, len(m.Files)), Folders: m.Folders, Padding: m.Padding,
	}
	texts := append([]string{m.Title, m.Note}, m.Folders...)
	for i, f := range m.Files {
		j.Files[i] = fileJSON{Path: f.Path, Size: f.Size, Type: f.Type}
		if year := f.Modified.UTC().Year(); !f.Modified.IsZero() && year >= 1 && year <= 9999 {
			j.Files[i].Modified = f.Modified.UTC().Format(time.RFC3339)
		}
		texts = append(texts, f.Path)
	}
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return nil, LoneSurrogate // what encoding/json would quietly replace
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(j); err != nil {
		return nil, err
	}
	plaintext := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	if len(plaintext) > MaxManifest {
		return nil, ManifestTooLong
	}
	size := max(minManifest, 1<<bits.Len(uint(len(plaintext)-1)))
	plaintext = append(plaintext, bytes.Repeat([]byte(" "), size-len(plaintext))...)
	if _, err := ParseManifest(plaintext); err != nil {
		return nil, err
	}
	return plaintext, nil
}

// ReadManifest reads a sealed manifest to its end and opens it. It reads no more than the longest there can be, and
// refuses with ManifestTooLong, BadLength, BadTag, or as ParseManifest does.
func ReadManifest(keys *Keys, src io.Reader) (*Manifest, error) {
	sealed, err := io.ReadAll(io.LimitReader(src, MaxSealedManifest+1))
	if err != nil {
		return nil, fmt.Errorf("reading the manifest: %w", err)
	}
	return OpenManifest(keys, sealed)
}

// OpenManifest opens a sealed manifest, and refuses as ReadManifest does.
func OpenManifest(keys *Keys, sealed []byte) (*Manifest, error) {
	if len(sealed) > MaxSealedManifest {
		return nil, ManifestTooLong
	}
	size, err := PlainLength(int64(len(sealed)) - manifestSaltSize)
	if err != nil {
		return nil, err
	}
	salt, stream := sealed[:manifestSaltSize], sealed[manifestSaltSize:]
	chunks, err := newChunks(keys.manifestKey(salt), size)
	if err != nil {
		return nil, err
	}
	plaintext := make([]byte, 0, size)
	for i := range chunks.Count() {
		plaintext, err = chunks.Open(plaintext, i, stream[i*SealedChunkSize:][:chunks.SealedSize(i)])
		if err != nil {
			return nil, fmt.Errorf("chunk %d of the manifest: %w", i, err)
		}
	}
	return ParseManifest(plaintext)
}
