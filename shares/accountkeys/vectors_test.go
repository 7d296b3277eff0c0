package accountkeys

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thorpe/shares/sealed"
)

var update = flag.Bool("update", false, "write the vectors anew")

const vectorFolder = "testdata/vectors"

// vector is one file below testdata/vectors; docs/format.md describes its shape. Binary values are base64url.
type vector struct {
	Name  string `json:"name"`
	About string `json:"about"`
	Kind  string `json:"kind"` // which of the functions below tests it

	Password    string `json:"password,omitempty"`
	Salt        binary `json:"salt,omitempty"`
	RecoveryKey binary `json:"recovery_key,omitempty"`
	AccountKey  binary `json:"account_key,omitempty"`
	Text        string `json:"text,omitempty"`

	Key     binary `json:"key,omitempty"`
	Purpose string `json:"purpose,omitempty"`
	Account binary `json:"account,omitempty"`
	Item    binary `json:"item,omitempty"`
	LinkID  binary `json:"link_id,omitempty"`
	Box     binary `json:"box,omitempty"`

	Expect expectation `json:"expect"`
}

type expectation struct {
	Error string `json:"error,omitempty"`

	Auth      binary    `json:"auth,omitempty"`
	Wrap      binary    `json:"wrap,omitempty"`
	Notes     binary    `json:"notes,omitempty"`
	Uploads   binary    `json:"uploads,omitempty"`
	Plaintext binary    `json:"plaintext,omitempty"`
	Key       binary    `json:"key,omitempty"`
	Text      string    `json:"text,omitempty"`
	Note      *noteJSON `json:"note,omitempty"`
}

type binary []byte

func (b binary) MarshalText() ([]byte, error) {
	return []byte(base64.RawURLEncoding.EncodeToString(b)), nil
}

func (b *binary) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.Strict().DecodeString(string(text))
	return err
}

// fixed gives n bytes that count up from a first one: the generator's stand-in for chance.
func fixed(first byte, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = first + byte(i)
	}
	return b
}

func TestVectorsAreUpToDate(t *testing.T) {
	vectors := makeVectors(t)
	if *update {
		if err := os.MkdirAll(vectorFolder, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	names := map[string]bool{}
	for _, v := range vectors {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, '\n')
		file := filepath.Join(vectorFolder, v.Name+".json")
		names[v.Name+".json"] = true
		if *update {
			if err := os.WriteFile(file, text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(file); err != nil || !bytes.Equal(have, text) {
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

// TestVectors reads the files alone, as any other implementation would. A1, A2: boxes that were changed, or moved to another
// slot, account or item.
func TestVectors(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(vectorFolder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors", err)
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
			v.test(t)
		})
	}
}

func (v *vector) test(t *testing.T) {
	switch v.Kind {
	case "password":
		keys, err := FromPassword(v.Password, v.Salt)
		v.check(t, err)
		v.same(t, "auth", keys.Auth, v.Expect.Auth)
		v.same(t, "wrap", keys.Wrap, v.Expect.Wrap)
	case "recovery":
		keys := FromRecovery(Key(v.RecoveryKey))
		v.same(t, "auth", keys.Auth, v.Expect.Auth)
		v.same(t, "wrap", keys.Wrap, v.Expect.Wrap)
		if text := FormatRecoveryKey(Key(v.RecoveryKey)); text != v.Expect.Text {
			t.Errorf("recovery key is written %s, want %s", text, v.Expect.Text)
		}
	case "recovery_text":
		key, err := ParseRecoveryKey(v.Text)
		v.check(t, err)
		v.same(t, "key", key, v.Expect.Key)
	case "account":
		v.same(t, "notes", NotesKey(Key(v.AccountKey)), v.Expect.Notes)
		v.same(t, "uploads", UploadsKey(Key(v.AccountKey)), v.Expect.Uploads)
	case "box":
		plaintext, err := OpenBox(Key(v.Key), Purpose(v.Purpose), AccountID(v.Account), v.Item, v.Box)
		v.check(t, err)
		if !bytes.Equal(plaintext, v.Expect.Plaintext) {
			t.Errorf("box holds %x, want %x", plaintext, v.Expect.Plaintext)
		}
	case "note":
		note, err := OpenNote(Key(v.AccountKey), AccountID(v.Account), sealed.ID(v.LinkID), v.Box)
		v.check(t, err)
		if err != nil {
			return
		}
		got := noteJSON{
			Secret:   base64.RawURLEncoding.EncodeToString(note.Link.Secret[:]),
			Password: note.Password, Title: note.Title, Revision: note.Revision, Files: note.Files,
		}
		if diff := cmp.Diff(*v.Expect.Note, got); diff != "" {
			t.Error("(-want +got)", diff)
		}
	default:
		t.Fatalf("unknown kind %q", v.Kind)
	}
}

func (v *vector) check(t *testing.T, err error) {
	t.Helper()
	code := ""
	if refused, ok := errors.AsType[interface {
		error
		Code() string
	}](err); ok {
		code = refused.Code()
	} else if err != nil {
		t.Fatalf("error without a code: %v", err)
	}
	if code != v.Expect.Error {
		t.Fatalf("error is %q, want %q", code, v.Expect.Error)
	}
}

func (v *vector) same(t *testing.T, name string, got Key, want binary) {
	t.Helper()
	if v.Expect.Error == "" && !bytes.Equal(got[:], want) {
		t.Errorf("%s is %x, want %x", name, got[:], []byte(want))
	}
}

// TestWhatTheServerHoldsOpensNothing: A18. What sign-in and recovery show, and what the server keeps, open no box.
func TestWhatTheServerHoldsOpensNothing(t *testing.T) {
	a, err := New("correct horse battery staple")
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range [][]byte{a.Auth[:], a.RecoveryAuth[:], a.ID[:], a.Salt[:]} {
		hash := Key(sha256.Sum256(known))
		keys := []Key{hash, FromRecovery(hash).Wrap}
		if len(known) == KeySize {
			keys = append(keys, Key(known), derive(known, labelWrap), derive(known, labelRecoveryWrap), FromRecovery(Key(known)).Wrap)
		}
		for _, key := range keys {
			_, wrapErr := OpenAccountKey(key, a.ID, a.Wrap)
			_, recoveryErr := OpenRecovery(key, a.ID, a.Recovery)
			if wrapErr == nil || recoveryErr == nil {
				t.Error("what the server knows opens a box")
			}
		}
	}
	keys, err := FromPassword("correct horse battery staple", a.Salt[:])
	if err != nil {
		t.Fatal(err)
	}
	byPassword, err := OpenAccountKey(keys.Wrap, a.ID, a.Wrap)
	if err != nil {
		t.Fatal(err)
	}
	byRecovery, err := OpenRecovery(FromRecovery(a.RecoveryKey).Wrap, a.ID, a.Recovery)
	if err != nil || byPassword != byRecovery {
		t.Errorf("password and recovery key give different account keys: %v", err)
	}
	if _, err := OpenAccountKey(keys.Wrap, a.ID, a.Recovery); err != BadBox {
		t.Errorf("the other box in its place: %v", err)
	}
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v", keys, keys, keys), fmt.Sprintf("%v %#v", a.RecoveryKey, &a.RecoveryKey)} {
		if strings.Contains(shown, "0x") || strings.Contains(shown, "[") {
			t.Errorf("a key shows itself: %s", shown)
		}
	}
}

// FuzzParseRecoveryKey: what is taken is a key whose text is taken for the same key.
func FuzzParseRecoveryKey(f *testing.F) {
	f.Add(FormatRecoveryKey(Key{}))
	f.Add(strings.ToLower(FormatRecoveryKey(testRecovery)))
	f.Add("O0-lL iI")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParseRecoveryKey(text)
		if err != nil {
			if _, ok := errors.AsType[Error](err); !ok || key != (Key{}) {
				t.Fatal(err)
			}
			return
		}
		if again, err := ParseRecoveryKey(FormatRecoveryKey(key)); err != nil || again != key {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

// FuzzOpenNote: whatever an opened box holds, it is refused or is a note that can be written again.
func FuzzOpenNote(f *testing.F) {
	note := Note{Link: testLink, Password: "hunter2", Title: "Summer", Revision: 3}
	text, err := note.marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","revision":1e3,"files":0}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		note, ok := unmarshalNote(text)
		if !ok {
			return
		}
		again, err := note.marshal()
		if err != nil || len(again)%notePadding != 0 {
			t.Fatal(len(again), err)
		}
		if back, ok := unmarshalNote(again); !ok || !cmp.Equal(back, note) {
			t.Fatalf("came back as %+v, was %+v", back, note)
		}
	})
}
