package sealed

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func pattern(n int64) []byte { return plaintext{Pattern: n}.bytes() }

func TestWriterAndReader(t *testing.T) {
	for _, n := range []int64{0, 1, ChunkSize - 1, ChunkSize, ChunkSize + 1, 2 * ChunkSize, 2*ChunkSize + 500} {
		for _, step := range []int{1 << 20, 100_003} {
			key := NewContentKey()
			var stream bytes.Buffer
			w := NewWriter(key, &stream)
			for rest := pattern(n); len(rest) > 0; {
				k, err := w.Write(rest[:min(step, len(rest))])
				if err != nil {
					t.Fatal(err)
				}
				rest = rest[k:]
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write([]byte("x")); err == nil {
				t.Error("a closed writer took more")
			}
			if int64(stream.Len()) != SealedLength(n) {
				t.Errorf("%d bytes became %d, want %d", n, stream.Len(), SealedLength(n))
			}
			r, err := NewReader(key, &stream, n)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, pattern(n)) {
				t.Errorf("%d bytes came back as %d: %v", n, len(got), err)
			}
		}
	}
}

func TestReaderFollowsItsInterface(t *testing.T) {
	key := NewContentKey()
	var stream bytes.Buffer
	w := NewWriter(key, &stream)
	plain := pattern(2*ChunkSize + 500)
	w.Write(plain)
	w.Close()
	r, _ := NewReader(key, bytes.NewReader(stream.Bytes()), int64(len(plain)))
	if err := iotest.TestReader(r, plain); err != nil {
		t.Error(err)
	}
	pipeline, _ := NewPipeline(key, bytes.NewReader(stream.Bytes()), int64(len(plain)), 0, int64(len(plain)))
	defer pipeline.Close()
	if err := iotest.TestReader(pipeline, plain); err != nil {
		t.Error(err)
	}
	at, _ := NewReaderAt(key, bytes.NewReader(stream.Bytes()), int64(len(plain)))
	if err := iotest.TestReader(io.NewSectionReader(at, 0, at.Size()), plain); err != nil {
		t.Error(err)
	}
	if n, err := at.ReadAt(make([]byte, 10), at.Size()+5); n != 0 || err != io.EOF {
		t.Errorf("past the end: %d, %v", n, err)
	}
}

// TestSourceErrorsPassThrough: a broken connection is not a content that was cut off.
func TestSourceErrorsPassThrough(t *testing.T) {
	broken := errors.New("broken")
	key := NewContentKey()
	r, _ := NewReader(key, io.MultiReader(bytes.NewReader(make([]byte, 100)), iotest.ErrReader(broken)), 1000)
	if _, err := io.ReadAll(r); !errors.Is(err, broken) || errors.Is(err, CutOff) {
		t.Errorf("got %v", err)
	}
}

// TestResealedChunk: a chunk of a broken upload is sealed again with a new nonce, and fits its neighbours. (A17)
func TestResealedChunk(t *testing.T) {
	plain := pattern(ChunkSize + 10)
	key := NewContentKey()
	chunks, err := NewChunks(key, int64(len(plain)))
	if err != nil {
		t.Fatal(err)
	}
	first, err := chunks.Seal(nil, 0, plain[:ChunkSize])
	if err != nil {
		t.Fatal(err)
	}
	again, _ := chunks.Seal(nil, 0, plain[:ChunkSize])
	if bytes.Equal(first[:nonceSize], again[:nonceSize]) {
		t.Error("the nonce was used again")
	}
	stream, _ := chunks.Seal(again, 1, plain[ChunkSize:])
	r, _ := NewReader(key, bytes.NewReader(stream), int64(len(plain)))
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("resealed: %v", err)
	}
	for _, bad := range []struct {
		i int64
		n int
	}{{-1, ChunkSize}, {2, 0}, {0, 10}, {1, ChunkSize}, {1, 9}} {
		if _, err := chunks.Seal(nil, bad.i, make([]byte, bad.n)); err == nil {
			t.Errorf("sealed %d bytes as chunk %d", bad.n, bad.i)
		}
	}
}

// TestEveryByteOfASealedManifestCounts: A1.
func TestEveryByteOfASealedManifestCounts(t *testing.T) {
	keys, _ := NewLink(false).Keys("")
	m := &Manifest{Revision: 1, Key: NewContentKey(), Files: []File{{Path: "a", Size: 1}}}
	sealed, err := SealManifest(keys, m)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		sealed[i] ^= 0x10
		if _, err := OpenManifest(keys, sealed); !errors.Is(err, BadTag) {
			t.Fatalf("byte %d: %v", i, err)
		}
		sealed[i] ^= 0x10
	}
	if _, err := OpenManifest(keys, sealed); err != nil {
		t.Fatal(err)
	}
}

func TestManifestRoundTrip(t *testing.T) {
	l := NewLink(true)
	keys, err := l.Keys("hunter2")
	if err != nil {
		t.Fatal(err)
	}
	m := &Manifest{
		Revision: 4, Title: "<Summer> & \u2028", Note: "n", Key: NewContentKey(), Padding: 9, Folders: []string{"x/y"},
		Files: []File{
			{Path: "a \"b\".txt", Size: 3, Type: "text/plain", Modified: time.Date(2026, 8, 1, 10, 0, 0, 0, time.FixedZone("", 3600))},
			{Path: "c", Size: 4, Modified: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)},
		},
	}
	sealed, err := SealManifest(keys, m)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := SealManifest(keys, m)
	if bytes.Equal(sealed[:manifestSaltSize], again[:manifestSaltSize]) {
		t.Error("two manifests share a salt")
	}
	if len(sealed) != manifestSaltSize+minManifest+ChunkOverhead {
		t.Errorf("sealed manifest has %d bytes", len(sealed))
	}
	got, err := ReadManifest(keys, iotest.OneByteReader(bytes.NewReader(sealed)))
	if err != nil {
		t.Fatal(err)
	}
	m.Files[0].Modified = m.Files[0].Modified.UTC()
	m.Files[1].Modified = time.Time{}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", m) || got.Key != m.Key {
		t.Errorf("got %+v, want %+v", got, m)
	}
	without, _ := Link{Secret: l.Secret}.Keys("")
	if _, err := OpenManifest(without, sealed); !errors.Is(err, BadTag) {
		t.Errorf("without the password: %v", err) // A20
	}
}

func TestSealManifestRefusesWhatAReaderWould(t *testing.T) {
	keys, _ := NewLink(false).Keys("")
	for _, c := range []struct {
		m    Manifest
		want Error
	}{
		{Manifest{Files: []File{{Path: "../a"}}}, BadPath},
		{Manifest{Files: []File{{Path: "a"}, {Path: "a"}}}, PathTwice},
		{Manifest{Files: []File{{Path: "a", Size: -1}}}, BadNumber},
		{Manifest{Files: []File{{Path: "a", Size: MaxSize}}, Padding: 1}, BadNumber},
		{Manifest{Title: strings.Repeat("a", 201)}, TextTooLong},
		{Manifest{Title: "\xff"}, LoneSurrogate},
		{Manifest{Folders: []string{"\xff"}}, LoneSurrogate},
	} {
		if _, err := SealManifest(keys, &c.m); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %s", c.m, err, c.want.Code())
		}
	}
}

func TestPadding(t *testing.T) {
	for _, c := range []struct{ sum, padded int64 }{
		{0, 0}, {1, 4096}, {4096, 4096}, {4097, 8192}, {131072, 131072}, {131073, 135168}, {262144, 262144}, {262145, 270336}, {1 << 30, 1 << 30}, {1<<30 + 1, 1<<30 + 1<<25}, {MaxSize, MaxSize},
	} {
		if got := c.sum + Padding(c.sum); got != c.padded {
			t.Errorf("%d bytes are padded to %d, want %d", c.sum, got, c.padded)
		}
	}
	for range 10000 {
		sum := rand.Int64N(MaxSize >> rand.IntN(50))
		if p := Padding(sum); p < 0 || sum > 128<<10 && p > sum/32 {
			t.Fatalf("%d bytes get %d of padding", sum, p)
		}
	}
}

func TestParseURL(t *testing.T) {
	l := NewLink(false)
	for _, ok := range []string{"https://example.org/s/#", "http://127.0.0.1:8080/s/#", "https://[::1]:8443/s/#", "https://example.org/s#", "https://example.org/s/%23", "https://example.org/s/%2523", "https://example.org/s%2523",
		"https://example.org/cloud/s/#", "https://example.org/a/b-1.x_/s/%23", "https://example.org/s/s#"} {
		server, got, err := ParseURL(ok + l.Fragment())
		if err != nil || got != l || !slices.Contains([]string{"/s/#", "/s#", "/s/%23", "/s/%2523", "/s%2523"}, strings.TrimPrefix(ok, server)) {
			t.Errorf("%s: %q, %v", ok, server, err)
		}
	}
	for _, at := range []string{"https://example.org", "https://example.org/cloud"} {
		if server, got, err := ParseURL(l.URL(at)); err != nil || got != l || server != at {
			t.Errorf("%s: %q, %v", at, server, err)
		}
	}
	for _, bad := range []string{"", "#", "example.org/s/#", "ftp://example.org/s/#", "https:///s/#", "https://example.org/#", "https://a:b@example.org/s/#", "https://example.org/s/?x#", "https://example.org//s/#", "https://example.org/../s/#", "https://example.org/x%20y/s/#", "https://example.org/x/#", "https://example.org/cloud/s//#", "https://example.org/ss/#", "https://%zz/s/#", "https://example.org/s/%25", "https://example.org/s/%252523"} {
		if _, _, err := ParseURL(bad + l.Fragment()); !errors.Is(err, ErrNoLink) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, _, err := ParseURL("https://example.org/s/#" + l.Fragment()[:40]); !errors.Is(err, LinkCutOff) || strings.Contains(err.Error(), l.Fragment()[:10]) {
		t.Errorf("cut off: %v", err)
	}
}

// TestSecretsHideThemselves: nothing that opens a link appears where values are printed. (A13)
func TestSecretsHideThemselves(t *testing.T) {
	l := Link{Secret: [KeySize]byte(bytes.Repeat([]byte{0xAB}, KeySize))}
	keys, _ := l.Keys("")
	key := ContentKey(l.Secret)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		text := fmt.Sprintf(format+format+format, l, keys, key) + fmt.Sprintf(format, &l) + fmt.Sprintf(format, []any{l, keys, key, Manifest{Key: key}})
		for _, secret := range []string{"171", "ab ", "0xab", "q6ur"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows a secret: %s", format, text)
			}
		}
	}
}

// TestNormalizeMatchesTheTables compares the long way with x/text's short one, which is right where runs are short, and
// checks what the two rest on.
func TestNormalizeMatchesTheTables(t *testing.T) {
	long := strings.Repeat("\u0323", 31)
	for r := rune(0x80); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		s := string(r)
		if class(s) == 0 && startsWithMark(r) != (class(norm.NFKD.String(s)) != 0) {
			t.Errorf("%U: startsWithMark is wrong", r)
		}
		marks, runes := 0, []rune(norm.NFKD.String(s))
		for len(runes) > 0 && class(string(runes[len(runes)-1])) != 0 {
			marks++
			runes = runes[:len(runes)-1]
		}
		if marks > 4 || class(s) == 0 && !startsWithMark(r) && marks > 3 {
			t.Errorf("%U ends in %d combining characters", r, marks)
		}
		if norm.NFKD.IsNormalString(s) && class(s) == 0 && r%101 != 0 {
			continue // a letter that is only itself; a few of the million are enough
		}
		for _, form := range []norm.Form{norm.NFC, norm.NFKC} {
			// A line break stops all normalisation, so the long run behind it forces the long way and changes nothing
			// before it.
			got, _, _ := strings.Cut(normalize(form, s+"\n"+long), "\n")
			if want := form.String(s); got != want {
				t.Fatalf("%U: %+q, want %+q", r, got, want)
			}
		}
	}
}

// FuzzNormalize: both ways agree on text with short runs, and the long way is idempotent on all.
func FuzzNormalize(f *testing.F) {
	f.Add("e\u0301\u0323")
	f.Add("\u1100\u1161\u11a8\u0344\u0f73")
	f.Add("\u0928\u093c\u09c7\u09be")
	long := strings.Repeat("\u0323", 31)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.Contains(s, "\n") {
			return
		}
		for _, form := range []norm.Form{norm.NFC, norm.NFKC} {
			got, _, _ := strings.Cut(normalize(form, s+"\n"+long), "\n")
			if longestRun(s) <= 30 && got != form.String(s) {
				t.Errorf("%+q: the long way gives %+q, the short one %+q", s, got, form.String(s))
			}
			if again := normalize(form, got); again != got {
				t.Errorf("%+q: %+q became %+q", s, got, again)
			}
			if longestRun(s) > 30 && strings.Count(got, "\u034f") > strings.Count(s, "\u034f") {
				t.Errorf("%+q: something was put in", s)
			}
		}
	})
}

// TestWorkedExample holds docs/format.md to the code: its example, line for line.
func TestWorkedExample(t *testing.T) {
	l := Link{Secret: [KeySize]byte(fixed(0, KeySize)), Password: true}
	salt := l.PasswordSalt()
	stretched, err := Stretch("hunter2", salt[:])
	if err != nil {
		t.Fatal(err)
	}
	keys, err := l.Keys("hunter2")
	if err != nil {
		t.Fatal(err)
	}
	hash := keys.TokenHash()
	manifestSalt := fixed(0x40, manifestSaltSize)
	manifestKey := keys.manifestKey(manifestSalt)
	contentKey := [KeySize]byte(fixed(0x80, KeySize))
	content := sealChunk(nil, newGCM(contentKey), [nonceSize]byte(fixed(0xc0, nonceSize)), 0, true, []byte("hello"))
	text := `{"format":1,"key":"` + base64url.EncodeToString(contentKey[:]) + `","files":[{"path":"a.txt","size":5}]}`
	padded := text + strings.Repeat(" ", minManifest-len(text))
	manifest := sealChunk(manifestSalt, newGCM(manifestKey), [nonceSize]byte(fixed(0xe0, nonceSize)), 0, true, []byte(padded))
	if m, err := OpenManifest(keys, manifest); err != nil || len(m.Files) != 1 {
		t.Fatal(err)
	}
	sum := sha256.Sum256(manifest)

	var want strings.Builder
	line := func(name string, b []byte) {
		for i := 0; i < len(b); i += 32 {
			fmt.Fprintf(&want, "    %-16s%s\n", name, hex.EncodeToString(b[i:min(i+32, len(b))]))
			name = ""
		}
	}
	line("secret", l.Secret[:])
	fmt.Fprintf(&want, "    %-16s%s\n", "fragment", l.Fragment())
	line("link id", keys.ID[:])
	fmt.Fprintf(&want, "    %-16s%s\n", "in base64url", keys.ID)
	line("password salt", salt[:])
	line("stretched", stretched[:])
	line("access token", keys.Token[:])
	line("token hash", hash[:])
	line("manifest salt", manifestSalt)
	line("manifest key", manifestKey[:])
	line("content key", contentKey[:])
	line("chunk 0 data", chunkData(0, true))
	line("content", content)
	fmt.Fprintf(&want, "    %-16s%s\n", "manifest", text)
	fmt.Fprintf(&want, "    %-16s%d bytes, then %d spaces\n", "", len(text), minManifest-len(text))
	line("sealed manifest", manifest[:32+12+20])
	fmt.Fprintf(&want, "    %-16s... %d bytes in all, ending in the tag\n", "", len(manifest))
	line("", manifest[len(manifest)-16:])
	line("its SHA-256", sum[:])

	doc, err := os.ReadFile("../../docs/format.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), want.String()) {
		t.Errorf("docs/format.md lacks this example:\n%s", want.String())
	}
	for name := range sentences {
		if !strings.Contains(string(doc), "| `"+name.Code()+"` |") {
			t.Errorf("docs/format.md lacks the name %s", name.Code())
		}
	}
}
