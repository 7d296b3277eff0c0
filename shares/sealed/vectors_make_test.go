package sealed

import (
	"crypto/sha256"
	"encoding/json"
	"math/bits"
	"strings"
	"testing"
)

// fixed gives n bytes that count up from a first one: the generator's stand-in for chance.
func fixed(first byte, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = first + byte(i)
	}
	return b
}

func named(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// spec is a case before it is sealed. Its zero value is a link without password to one file "a.txt" of 5 bytes.
type spec struct {
	name, about string

	link      Link
	password  string
	otherKeys *Keys // seal the manifest with the keys of another link

	json    string        // the manifest's text, KEY standing for the content key; made from manifest if empty
	members *manifestJSON // without format and key
	rule    *plaintext    // the manifest's text as a rule
	exact   bool          // do not pad the manifest's text
	size    int64         // the content's plaintext, if it is not the manifest's total

	manifest func(*recipe)
	content  func(*recipe)

	at     string
	err    Error
	or     []string
	opened int64
}

// makeVectors computes every vector from fixed values.
func makeVectors(t *testing.T) []vector {
	var all []vector
	add := func(s spec) { all = append(all, s.vector(t)) }
	addVectorsThatOpen(add)
	all = append(all, linkVectors()...)
	all = append(all, passwordVectors(t)...)
	addJSONVectors(add)
	addPathVectors(add)
	addManifestVectors(add)
	addContentVectors(add)
	return all
}

// vector seals the case.
func (s spec) vector(t *testing.T) vector {
	t.Helper()
	if s.link.Secret == [KeySize]byte{} {
		s.link.Secret = [KeySize]byte(fixed(0, KeySize))
	}
	keys, err := s.link.Keys(s.password)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	hash := keys.TokenHash()
	v := vector{Name: s.name, About: s.about, Fragment: s.link.Fragment(), ID: keys.ID[:], TokenHash: hash[:]}
	if s.link.Password {
		v.Password = &s.password
	}
	key := named("content key of " + s.name)
	manifest := recipe{Salt: named("manifest salt of " + s.name), Plaintext: s.manifestText(t, base64url.EncodeToString(key))}
	manifest.Pieces = pieces(int64(len(manifest.Plaintext.bytes())))
	if s.manifest != nil {
		s.manifest(&manifest)
	}
	keyOf := keys.manifestKey
	if s.otherKeys != nil {
		keyOf = s.otherKeys.manifestKey
	}
	sealed := manifest.build(keyOf)
	if s.rule != nil {
		v.ManifestRule = &manifest
	} else {
		v.Manifest = sealed
	}
	v.Expect = expectation{Error: string(s.err), At: s.at, Or: s.or}
	m, err := OpenManifest(keys, sealed)
	if (err != nil) != (s.at == "manifest") {
		t.Fatalf("%s: manifest: %v", s.name, err)
	}
	if err != nil {
		return v
	}
	content := recipe{Key: key}
	if s.size == 0 {
		s.size = m.Total()
	}
	content.Plaintext = plaintext{Pattern: s.size - m.Padding, Zeros: m.Padding}
	content.Pieces = pieces(s.size)
	if s.content != nil {
		s.content(&content)
	}
	if stream := content.build(nil); len(stream) > 2000 {
		v.ContentRule = &content
	} else {
		v.Content = stream
	}
	if s.at == "content" {
		v.Expect.Opened = &s.opened
		return v
	}
	v.Expect = describe(m, content.Plaintext.bytes())
	if len(v.Expect.Files) > 20 {
		v.Expect.Files = nil
	}
	return v
}

// manifestText is the plaintext of the manifest.
func (s spec) manifestText(t *testing.T, key string) plaintext {
	if s.rule != nil {
		rule := *s.rule
		rule.Before = strings.ReplaceAll(rule.Before, "KEY", key)
		return rule
	}
	text := s.json
	if text == "" {
		m := manifestJSON{Revision: 1, Files: []fileJSON{{Path: "a.txt", Size: 5}}}
		if s.members != nil {
			m = *s.members
		}
		m.Format, m.Key = format, key
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		text = string(b)
	}
	text = strings.ReplaceAll(text, "KEY", key)
	if !s.exact {
		text += strings.Repeat(" ", max(minManifest, 1<<bits.Len(uint(len(text)-1)))-len(text))
	}
	return plaintext{raw: []byte(text)}
}

// pieces are the chunks of a whole stream.
func pieces(size int64) []piece {
	list := make([]piece, chunkCount(size))
	for i := range list {
		start := int64(i) * ChunkSize
		list[i] = piece{Index: int64(i), Last: i == len(list)-1, Start: start, Size: min(ChunkSize, size-start), Nonce: uint64(i)}
	}
	return list
}

// one is a manifest of one file.
func one(path string, size int64) *manifestJSON {
	return &manifestJSON{Revision: 1, Files: []fileJSON{{Path: path, Size: size}}}
}

func list(paths ...string) *manifestJSON {
	m := &manifestJSON{Revision: 1, Files: []fileJSON{}}
	for i, path := range paths {
		m.Files = append(m.Files, fileJSON{Path: path, Size: int64(i + 1)})
	}
	return m
}
