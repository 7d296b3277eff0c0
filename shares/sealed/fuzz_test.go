package sealed

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// FuzzParseFragment: a fragment is refused with a name, or comes out of Fragment as it went in.
func FuzzParseFragment(f *testing.F) {
	for _, v := range linkVectors() {
		f.Add(v.Fragment)
	}
	f.Add(Link{Password: true}.Fragment())
	f.Fuzz(func(t *testing.T, s string) {
		l, err := ParseFragment(s)
		if err != nil {
			if _, ok := errors.AsType[Error](err); !ok || l != (Link{}) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if l.Fragment() != s {
			t.Fatalf("%q came out as %q", s, l.Fragment())
		}
		if _, again, err := ParseURL(l.URL("https://example.org")); err != nil || again != l {
			t.Fatal(err)
		}
	})
}

// FuzzCheckPath: what is taken is in NFC, keeps every rule, and is taken again unchanged.
func FuzzCheckPath(f *testing.F) {
	for _, s := range []string{"a/b", "e\u0301", "..", "a//b", "\u202e", strings.Repeat("a\u0301", 40), "a" + strings.Repeat("\u0301", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		p, err := CheckPath(s)
		if err != nil {
			if !errors.Is(err, BadPath) {
				t.Fatal(err)
			}
			return
		}
		if again, err := CheckPath(p); err != nil || again != p {
			t.Fatalf("%q became %q, and that %q, %v", s, p, again, err)
		}
		if len(p) > MaxPath || strings.HasPrefix(p, "/") || strings.ContainsAny(p, "\\\x00\n\u202e\u2066\ufffd") || strings.Contains("/"+p+"/", "/../") || strings.Contains("/"+p+"/", "//") {
			t.Fatalf("%q was taken as %q", s, p)
		}
	})
}

// FuzzParseManifest: a manifest is refused with a name, or can be written again and reads the same.
func FuzzParseManifest(f *testing.F) {
	key := strings.Repeat("A", 43)
	f.Add([]byte(`{"format":1,"key":"` + key + `","files":[{"path":"a.txt","size":5}]}`))
	f.Add([]byte(`{"format":1e0,"key":"` + key + `","title":"\ud83d\ude00","folders":["x"],"padding":3,"revision":2,"files":[{"path":"e\u0301","size":1e3,"type":"text/plain","modified":"2026-08-01T10:00:00Z"}]}`))
	f.Add([]byte(`{"format":1,"key":"` + key + `","files":[{"Path":"a","size":-1,"size":1.5,"path":"a\ud800"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ParseManifest(text)
		if err != nil {
			if _, ok := errors.AsType[Error](err); !ok {
				t.Fatalf("error without a name: %v", err)
			}
			return
		}
		if m.Total() < 0 || m.Total() > MaxSize {
			t.Fatalf("the total is %d", m.Total())
		}
		for i := range m.Files {
			m.Files[i].Modified = m.Files[i].Modified.Truncate(1e9) // what a writer writes
		}
		again, err := marshalManifest(m)
		if err != nil {
			t.Fatalf("cannot be written again: %v", err)
		}
		back, err := ParseManifest(again)
		if err != nil || back.Total() != m.Total() || back.Title != m.Title || len(back.Files) != len(m.Files) || len(back.Folders) != len(m.Folders) {
			t.Fatalf("came back as %+v, %v", back, err)
		}
		for i := range m.Files {
			if back.Files[i] != m.Files[i] {
				t.Fatalf("file %d came back as %+v, was %+v", i, back.Files[i], m.Files[i])
			}
		}
	})
}

// FuzzReader: of a stream that was changed anyhow, only what was sealed comes out, from its start, and never its end.
func FuzzReader(f *testing.F) {
	plain := pattern(ChunkSize + 300)
	key := ContentKey(named("fuzzed"))
	var stream bytes.Buffer
	w := NewWriter(key, &stream)
	if _, err := w.Write(plain); err != nil {
		f.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	whole := stream.Bytes()
	f.Add(uint32(0), uint32(0), []byte{}, uint32(len(plain)))
	f.Add(uint32(5), uint32(1), []byte{7}, uint32(len(plain)))
	f.Add(uint32(SealedChunkSize), uint32(328), []byte{}, uint32(len(plain)))
	f.Add(uint32(len(whole)), uint32(0), []byte("x"), uint32(len(plain)))
	f.Fuzz(func(t *testing.T, at, remove uint32, put []byte, size uint32) {
		a := min(int(at), len(whole))
		b := min(a+int(remove), len(whole))
		changed := append(append(append([]byte(nil), whole[:a]...), put...), whole[b:]...)
		r, err := NewReader(key, iotest.HalfReader(bytes.NewReader(changed)), int64(size))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if !bytes.HasPrefix(plain, got) {
			t.Fatal("something else came out")
		}
		same := bytes.Equal(changed, whole) && int(size) == len(plain)
		if (err == nil) != same {
			t.Fatalf("changed: %t, error: %v", !same, err)
		}
		if _, ok := errors.AsType[Error](err); err != nil && !ok {
			t.Fatalf("error without a name: %v", err)
		}
	})
}

// FuzzPlainLength: it is the inverse of SealedLength, and refuses all else.
func FuzzPlainLength(f *testing.F) {
	for _, n := range []int64{-1, 0, 27, 28, 29, SealedChunkSize, SealedChunkSize + 1, SealedChunkSize + 28, SealedChunkSize + 29, 1 << 62} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n int64) {
		if plain, err := PlainLength(n); err == nil && (plain < 0 || plain > MaxSize || SealedLength(plain) != n) {
			t.Fatalf("%d holds %d", n, plain)
		}
		if n >= 0 && n <= MaxSize {
			if plain, err := PlainLength(SealedLength(n)); err != nil || plain != n {
				t.Fatalf("%d bytes sealed hold %d, %v", n, plain, err)
			}
		}
	})
}
