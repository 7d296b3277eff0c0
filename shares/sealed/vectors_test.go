package sealed

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write the vectors anew")

const vectorFolder = "../testdata/vectors"

// vector is one file below testdata/vectors; docs/format.md, part 3, describes its shape. Binary values are base64url.
type vector struct {
	Name  string `json:"name"`
	About string `json:"about"`

	Fragment      string   `json:"fragment"`
	Password      *string  `json:"password,omitempty"`
	PasswordUTF16 []uint16 `json:"password_utf16,omitempty"` // in place of password: text that is no Unicode
	ID            b64      `json:"id,omitempty"`
	TokenHash     b64      `json:"token_hash,omitempty"` // what the server holds

	Manifest     b64     `json:"manifest,omitempty"`
	ManifestRule *recipe `json:"manifest_rule,omitempty"` // in place of manifest
	Content      b64     `json:"content,omitempty"`
	ContentRule  *recipe `json:"content_rule,omitempty"` // in place of content

	Expect expectation `json:"expect"`
}

type expectation struct {
	// Of a refusal: its name, where it is found ("link", "password", "token", "manifest" or "content"), other names
	// that are right for a reader that knows the length beforehand, and how many bytes of the content a streaming
	// reader gives before it.
	Error  string   `json:"error,omitempty"`
	At     string   `json:"at,omitempty"`
	Or     []string `json:"or,omitempty"`
	Opened *int64   `json:"opened,omitempty"`

	// Of a link that opens. Files is left out where there are many; Digest is always there.
	Revision int64          `json:"revision,omitempty"`
	Title    string         `json:"title,omitempty"`
	Note     string         `json:"note,omitempty"`
	Padding  int64          `json:"padding,omitempty"`
	Folders  []string       `json:"folders,omitempty"`
	Files    []expectedFile `json:"files,omitempty"`
	Count    int            `json:"count,omitempty"`
	Digest   string         `json:"digest,omitempty"`
}

type expectedFile struct {
	Path     string `json:"path"`
	Size     int64  `json:"size"`
	Type     string `json:"type,omitempty"`
	Modified string `json:"modified,omitempty"`
	SHA256   string `json:"sha256"`
}

// recipe says how to build a sealed manifest or content: seal the pieces one after another, then flip bits, cut, and
// append.
type recipe struct {
	Salt      b64       `json:"salt,omitempty"` // of a manifest, and stands before its pieces
	Key       b64       `json:"key,omitempty"`  // of a content
	Plaintext plaintext `json:"plaintext"`
	Pieces    []piece   `json:"pieces"`
	Flip      []int64   `json:"flip,omitempty"` // offsets at which the lowest bit is turned
	Cut       *int64    `json:"cut,omitempty"`  // how many bytes are kept
	Append    b64       `json:"append,omitempty"`
	Zeros     int64     `json:"zeros,omitempty"` // how many zero bytes are appended after that
}

// piece is one chunk, sealed as what it says it is.
type piece struct {
	Index int64  `json:"index"`
	Last  bool   `json:"last"`
	Start int64  `json:"start"`
	Size  int64  `json:"size"`
	Nonce uint64 `json:"nonce"`          // as 12 bytes, big endian
	Salt  b64    `json:"salt,omitempty"` // in place of the manifest's
	Key   b64    `json:"key,omitempty"`  // in place of the content's
}

// plaintext is either Pattern bytes, byte i being (31*i + floor(i/256)) mod 256, and then Zeros zero bytes; or Before,
// then Count times Each with "%d" replaced by 0, 1, 2 ..., joined by ",", then After, then spaces up to Size bytes.
type plaintext struct {
	Pattern int64  `json:"pattern,omitempty"`
	Zeros   int64  `json:"zeros,omitempty"`
	Before  string `json:"before,omitempty"`
	Each    string `json:"each,omitempty"`
	Count   int    `json:"count,omitempty"`
	After   string `json:"after,omitempty"`
	Size    int    `json:"size,omitempty"`

	raw []byte // of a manifest that is not stored as a rule
}

type b64 []byte

func (b b64) MarshalText() ([]byte, error) {
	return []byte(base64.RawURLEncoding.EncodeToString(b)), nil
}

func (b *b64) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.Strict().DecodeString(string(text))
	return err
}

func (p plaintext) bytes() []byte {
	if p.raw != nil {
		return p.raw
	}
	if p.Before != "" {
		items := make([]string, p.Count)
		for i := range items {
			items[i] = strings.ReplaceAll(p.Each, "%d", fmt.Sprint(i))
		}
		text := p.Before + strings.Join(items, ",") + p.After
		return []byte(text + strings.Repeat(" ", max(0, p.Size-len(text))))
	}
	b := make([]byte, p.Pattern+p.Zeros)
	for i := range b[:p.Pattern] {
		b[i] = byte(31*i + i/256)
	}
	return b
}

// build follows the recipe; keyOf gives the key of a manifest's salt.
func (r *recipe) build(keyOf func(salt []byte) [KeySize]byte) []byte {
	plain := r.Plaintext.bytes()
	out := append([]byte(nil), r.Salt...)
	for _, p := range r.Pieces {
		var key [KeySize]byte
		switch {
		case p.Key != nil:
			key = [KeySize]byte(p.Key)
		case p.Salt != nil:
			key = keyOf(p.Salt)
		case r.Key != nil:
			key = [KeySize]byte(r.Key)
		default:
			key = keyOf(r.Salt)
		}
		var nonce [nonceSize]byte
		for i := range 8 {
			nonce[4+i] = byte(p.Nonce >> (56 - 8*i))
		}
		out = sealChunk(out, newGCM(key), nonce, p.Index, p.Last, plain[p.Start:p.Start+p.Size])
	}
	for _, offset := range r.Flip {
		out[offset] ^= 1
	}
	if r.Cut != nil {
		out = out[:*r.Cut]
	}
	out = append(out, r.Append...)
	return append(out, make([]byte, r.Zeros)...)
}

// passwordText is the password as a Go string; half a surrogate pair becomes the three bytes that UTF-8 would give it,
// if it did.
func (v *vector) passwordText() string {
	if v.PasswordUTF16 == nil {
		if v.Password == nil {
			return ""
		}
		return *v.Password
	}
	var b []byte
	for _, unit := range v.PasswordUTF16 {
		if 0xD800 <= unit && unit <= 0xDFFF {
			b = append(b, 0xED, 0x80|byte(unit>>6&0x3F), 0x80|byte(unit&0x3F))
		} else {
			b = utf8.AppendRune(b, rune(unit))
		}
	}
	return string(b)
}

// forEachVector reads the files alone, as any other implementation would.
func forEachVector(t *testing.T, f func(t *testing.T, v *vector)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(vectorFolder, "*.json"))
	if err != nil || len(files) < 100 {
		t.Fatal("vectors are missing", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var v vector
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&v); err != nil {
				t.Fatal(err)
			}
			f(t, &v)
		})
	}
}

func code(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	refused, ok := errors.AsType[Error](err)
	if !ok {
		t.Fatalf("error without a name: %v", err)
	}
	if sentences[refused] == "" {
		t.Fatalf("error without a sentence: %q", refused.Code())
	}
	return refused.Code()
}

// TestVectors opens each case whole, byte by byte, and by range, and expects the same of all three. (A1-A11, A14, A16,
// A20 against the reader.)
func TestVectors(t *testing.T) {
	forEachVector(t, func(t *testing.T, v *vector) {
		t.Parallel()
		// refused ends the test where an error is expected at this stage.
		refused := func(at string, err error) bool {
			t.Helper()
			want := ""
			if v.Expect.At == at {
				want = v.Expect.Error
			}
			if got := code(t, err); got != want {
				t.Fatalf("at the %s: error %q, want %q", at, got, want)
			}
			return want != ""
		}
		link, err := ParseFragment(v.Fragment)
		if refused("link", err) {
			return
		}
		if link.Fragment() != v.Fragment {
			t.Error("the fragment comes out different")
		}
		if link.Password && v.Password == nil && v.PasswordUTF16 == nil {
			refused("password", PasswordNeeded)
			return
		}
		keys, err := link.Keys(v.passwordText())
		if refused("password", err) {
			return
		}
		if !bytes.Equal(keys.ID[:], v.ID) {
			t.Errorf("id is %s", keys.ID)
		}
		if hash := keys.TokenHash(); !bytes.Equal(hash[:], v.TokenHash) {
			err = WrongToken
		}
		if refused("token", err) {
			return
		}
		sealed := []byte(v.Manifest)
		if v.ManifestRule != nil {
			sealed = v.ManifestRule.build(keys.manifestKey)
		}
		m, err := OpenManifest(keys, sealed)
		_, streamedErr := ReadManifest(keys, iotest.OneByteReader(bytes.NewReader(sealed[:min(len(sealed), 1<<20)])))
		if len(sealed) <= 1<<20 && code(t, streamedErr) != code(t, err) {
			t.Errorf("streamed manifest: %v, whole: %v", streamedErr, err)
		}
		if refused("manifest", err) {
			return
		}
		content := []byte(v.Content)
		if v.ContentRule != nil {
			content = v.ContentRule.build(nil)
		}
		v.openWhole(t, m, content)
		v.openByteByByte(t, m, content)
		v.openPipeline(t, m, content)
		v.openRanges(t, m, content)
	})
}

func (v *vector) openWhole(t *testing.T, m *Manifest, content []byte) {
	r, err := NewReader(m.Key, bytes.NewReader(content), m.Total())
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	v.checkContent(t, "whole", m, got, err)
	if _, again := r.Read(make([]byte, 1)); err != nil && again == nil {
		t.Error("a reader that failed went on")
	}
}

func (v *vector) openByteByByte(t *testing.T, m *Manifest, content []byte) {
	r, err := NewReader(m.Key, iotest.OneByteReader(bytes.NewReader(content)), m.Total())
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(iotest.OneByteReader(r))
	v.checkContent(t, "byte by byte", m, got, err)
}

func (v *vector) openPipeline(t *testing.T, m *Manifest, content []byte) {
	for how, consumer := range map[string]func(io.Reader) io.Reader{
		"by a pipeline":               func(r io.Reader) io.Reader { return r },
		"by a pipeline, byte by byte": iotest.OneByteReader,
	} {
		p, err := NewPipeline(m.Key, iotest.HalfReader(bytes.NewReader(content)), m.Total(), 0, m.Total())
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(consumer(p))
		v.checkContent(t, how, m, got, err)
		p.Close()
	}
}

// openRanges reads ranges of an odd length in order, and then, of a content that opens, each file by itself from the
// last to the first.
func (v *vector) openRanges(t *testing.T, m *Manifest, content []byte) {
	r, err := NewReaderAt(m.Key, bytes.NewReader(content), m.Total())
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 0, len(content))
	buf := make([]byte, 100_003)
	for err == nil {
		var n int
		n, err = r.ReadAt(buf, int64(len(got)))
		got = append(got, buf[:n]...)
	}
	if err == io.EOF {
		err = nil
	}
	v.checkContent(t, "by range", m, got, err)
	if v.Expect.Error != "" {
		return
	}
	end := m.Total() - m.Padding
	for i := len(m.Files) - 1; i >= 0; i-- {
		f := m.Files[i]
		end -= f.Size
		one, err := io.ReadAll(io.NewSectionReader(r, end, f.Size))
		if err != nil || !bytes.Equal(one, got[end:end+f.Size]) {
			t.Fatalf("file %d by range: %v", i, err)
		}
	}
}

func (v *vector) checkContent(t *testing.T, how string, m *Manifest, got []byte, err error) {
	t.Helper()
	if v.Expect.Error != "" {
		if c := code(t, err); c != v.Expect.Error {
			t.Errorf("%s: error %q, want %q", how, c, v.Expect.Error)
		}
		if v.Expect.Opened == nil || int64(len(got)) != *v.Expect.Opened {
			t.Errorf("%s: %d bytes came out before the refusal", how, len(got))
		}
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", how, err)
	}
	if int64(len(got)) != m.Total() {
		t.Fatalf("%s: %d bytes, want %d", how, len(got), m.Total())
	}
	e := describe(m, got)
	if v.Expect.Files == nil {
		e.Files = nil
	}
	if !reflect.DeepEqual(e, v.Expect) {
		t.Errorf("%s: got\n%+v\nwant\n%+v", how, e, v.Expect)
	}
}

// describe is what is expected of an opened link.
func describe(m *Manifest, content []byte) expectation {
	e := expectation{Revision: m.Revision, Title: m.Title, Note: m.Note, Padding: m.Padding, Folders: m.Folders, Count: len(m.Files)}
	digest := sha256.New()
	for _, f := range m.Files {
		sum := sha256.Sum256(content[:f.Size])
		content = content[f.Size:]
		x := expectedFile{Path: f.Path, Size: f.Size, Type: f.Type, SHA256: hex.EncodeToString(sum[:])}
		if !f.Modified.IsZero() {
			x.Modified = f.Modified.Format(time.RFC3339Nano)
		}
		e.Files = append(e.Files, x)
		fmt.Fprintf(digest, "%s\t%d\t%s\n", x.Path, x.Size, x.SHA256)
	}
	e.Digest = hex.EncodeToString(digest.Sum(nil))
	return e
}

func TestVectorsAreUpToDate(t *testing.T) {
	if *update {
		if err := os.MkdirAll(vectorFolder, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	names := map[string]bool{}
	for _, v := range makeVectors(t) {
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(vectorFolder, v.Name+".json")
		if names[v.Name+".json"] {
			t.Errorf("two vectors are called %s", v.Name)
		}
		names[v.Name+".json"] = true
		if *update {
			if err := os.WriteFile(file, text.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(file); err != nil || !bytes.Equal(have, text.Bytes()) {
			t.Errorf("%s is not what the generator makes (%v); run go test -update, but only if the format really changes", file, err)
		}
	}
	entries, err := os.ReadDir(vectorFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !names[e.Name()] {
			t.Errorf("%s comes from no generator", e.Name())
		}
	}
}
