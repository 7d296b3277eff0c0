package accountkeys

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"thorpe/shares/sealed"
)

var update = flag.Bool("update", false, "write the vectors anew")

const vectorFolder = "../testdata/vectors"

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
		text, err := json.MarshalIndent(v, "", " ")
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

// TestVectors reads the files alone, as any other implementation would.
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
			Password: note.Password, Title: note.Title, Revision: note.Revision,
		}
		if got != *v.Expect.Note {
			t.Errorf("note is %+v, want %+v", got, *v.Expect.Note)
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
