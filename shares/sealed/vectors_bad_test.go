package sealed

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// addJSONVectors: what a manifest's text may and may not be.
func addJSONVectors(add func(spec)) {
	const plain = `{"format":1,"key":"KEY","files":[{"path":"a.txt","size":5}]}`
	utf16LE := func(s string) string {
		var b strings.Builder
		for _, unit := range utf16.Encode([]rune(s)) {
			b.WriteByte(byte(unit))
			b.WriteByte(byte(unit >> 8))
		}
		return b.String()
	}
	for _, j := range []struct {
		name, about, json string
		err               Error
	}{
		{"json-escaped-names", "names may be written with escapes", `{"\u0066ormat":1,"key":"KEY","files":[{"p\u0061th":"a\u002etxt","size":5}]}`, ""},
		{"json-folded-names-ignored", "names that differ in case are others", `{"Format":2,"format":1,"KEY ":0,"Key":1,"key":"KEY","FILES":0,"files":[{"path":"a.txt","Path":"b.txt","size":5,"SIZE":6}],"Padding":-1,"TITLE":0}`, ""},
		{"json-folded-format", "a format of another case is absent", `{"Format":1,"key":"KEY","files":[]}`, BadMember},
		{"json-folded-files", "files of another case are absent", `{"format":1,"key":"KEY","Files":[]}`, BadMember},
		{"json-folded-path", "a path of another case is absent", `{"format":1,"key":"KEY","files":[{"Path":"a.txt","size":5}]}`, BadMember},
		{"json-folded-kelvin", "U+212A folds to k, and is another name", "{\"format\":1,\"\u212aey\":\"KEY\",\"files\":[]}", BadMember},
		{"json-doubled", "of two members the last holds, whole", `{"format":2,"files":[{"path":"x","size":1,"type":"text/plain"},{"path":"y","size":2}],"title":"a","key":"x","key":"KEY","title":"b","files":[{"path":"a.txt","size":5}],"format":1}`, ""},
		{"json-doubled-in-file", "the same within a file", `{"format":1,"key":"KEY","files":[{"path":"x","size":1.5,"path":"a.txt","size":5}]}`, ""},
		{"json-doubled-last-bad", "the last holds also when it is the bad one", `{"format":1,"key":"KEY","files":[{"path":"a.txt","size":5,"size":"5"}]}`, BadMember},
		{"json-doubled-escaped", "also when one is written with escapes", `{"format":1,"key":"KEY","files":[{"path":"a.txt","size":7,"\u0073ize":5}]}`, ""},
		{"json-unknown", "unknown members are ignored, whatever they hold", `{"format":1,"x":{"y":[1e400,"\ud800",null]},"\ud800":1,"__proto__":{"padding":-1},"key":"KEY","files":[{"path":"a.txt","size":5,"sha256":1}]}`, ""},
		{"json-type-ignored", "types and times that are not understood are ignored", `{"format":1,"key":"KEY","files":[` +
			`{"path":"a","size":1,"type":1,"modified":1},{"path":"b","size":1,"type":null,"modified":null},{"path":"c","size":1,"type":"text","modified":"yesterday"},` +
			`{"path":"d","size":1,"type":"text/html; charset=utf-8","modified":"2026-02-30T00:00:00Z"},{"path":"e","size":1,"type":"\ud800","modified":"2026-02-28T24:00:00Z"},` +
			`{"path":"f","size":1,"type":" text/html","modified":"2026-02-28 10:00:00Z"},{"path":"g","size":1,"type":"","modified":"2026-02-28T10:00:60Z"},` +
			`{"path":"h","size":1,"type":"text/html\n","modified":"2026-02-28T10:00:00+01:00"},{"path":"i","size":1,"type":{},"modified":"2025-02-29T10:00:00Z"},` +
			`{"path":"j","size":1,"type":"text/","modified":"0000-01-01T00:00:00Z"},{"path":"k","size":1,"type":"image/svg+xml","modified":"0001-01-01T00:00:01Z"}]}`, ""},
		{"json-empty", "no text at all", ``, BadJSON},
		{"json-array", "an array", `[` + plain + `]`, BadJSON},
		{"json-null", "null", `null`, BadJSON},
		{"json-string", "a string", `"x"`, BadJSON},
		{"json-cut", "the closing brace is missing", plain[:len(plain)-1], BadJSON},
		{"json-two", "two objects", plain + plain, BadJSON},
		{"json-nul", "NUL in place of spaces", plain + strings.Repeat("\x00", 10), BadJSON},
		{"json-comment", "a comment", plain + " // note", BadJSON},
		{"json-comma", "a comma at the end", `{"format":1,"key":"KEY","files":[],}`, BadJSON},
		{"json-quotes", "single quotes", `{'format':1,"key":"KEY","files":[]}`, BadJSON},
		{"json-control", "a line break in a string", "{\"format\":1,\"title\":\"a\nb\",\"key\":\"KEY\",\"files\":[]}", BadJSON},
		{"json-escape", "an escape that JSON lacks", `{"format":1,"title":"\x41","key":"KEY","files":[]}`, BadJSON},
		{"json-nbsp", "U+00A0 is no white space", "\u00a0" + plain, BadJSON},
		{"json-bom", "a byte order mark", "\ufeff" + plain, BadJSON},
		{"json-utf16-bom", "UTF-16 with a byte order mark", utf16LE("\ufeff" + plain), BadUTF8},
		{"json-utf16", "UTF-16 without one", utf16LE(plain), BadJSON},
		{"json-latin1", "a byte of Latin-1", "{\"format\":1,\"title\":\"\xe9\",\"key\":\"KEY\",\"files\":[]}", BadUTF8},
		{"json-overlong", "a slash in two bytes", "{\"format\":1,\"title\":\"\xc0\xaf\",\"key\":\"KEY\",\"files\":[]}", BadUTF8},
		{"json-surrogate-bytes", "half a surrogate pair in three bytes", "{\"format\":1,\"title\":\"\xed\xa0\x80\",\"key\":\"KEY\",\"files\":[]}", BadUTF8},
		{"json-beyond-unicode", "U+110000", "{\"format\":1,\"title\":\"\xf4\x90\x80\x80\",\"key\":\"KEY\",\"files\":[]}", BadUTF8},

		{"format-absent", "no format", `{"key":"KEY","files":[]}`, BadMember},
		{"format-null", "format null", `{"format":null,"key":"KEY","files":[]}`, BadMember},
		{"format-string", "a format in quotes", `{"format":"1","key":"KEY","files":[]}`, BadMember},
		{"format-true", "a format of true", `{"format":true,"key":"KEY","files":[]}`, BadMember},
		{"format-0", "format 0", `{"format":0,"key":"KEY","files":[]}`, UnknownFormat},
		{"format-2", "format 2, before all else that is wrong", `{"format":2}`, UnknownFormat},
		{"key-absent", "no key", `{"format":1,"files":[]}`, BadMember},
		{"key-null", "key null", `{"format":1,"key":null,"files":[]}`, BadMember},
		{"key-number", "a key that is a number", `{"format":1,"key":1,"files":[]}`, BadMember},
		{"key-short", "31 bytes", `{"format":1,"key":"` + strings.Repeat("A", 42) + `","files":[]}`, BadKey},
		{"key-long", "33 bytes", `{"format":1,"key":"` + strings.Repeat("A", 44) + `","files":[]}`, BadKey},
		{"key-padded", "padding", `{"format":1,"key":"KEY=","files":[]}`, BadKey},
		{"key-spare-bits", "spare bits that are not zero", `{"format":1,"key":"` + strings.Repeat("A", 42) + `B","files":[]}`, BadKey},
		{"key-line-break", "a line break", `{"format":1,"key":"KEY\n","files":[]}`, BadKey},
		{"key-plus", "a character of the other base64", `{"format":1,"key":"+` + strings.Repeat("A", 42) + `","files":[]}`, BadKey},
		{"key-surrogate", "half a surrogate pair", `{"format":1,"key":"\ud800` + strings.Repeat("A", 42) + `","files":[]}`, BadKey},
		{"files-absent", "no files", `{"format":1,"key":"KEY"}`, BadMember},
		{"files-null", "files null", `{"format":1,"key":"KEY","files":null}`, BadMember},
		{"files-object", "files as an object", `{"format":1,"key":"KEY","files":{}}`, BadMember},
		{"file-string", "a file that is a string", `{"format":1,"key":"KEY","files":["a.txt"]}`, BadMember},
		{"file-null", "a file that is null", `{"format":1,"key":"KEY","files":[null]}`, BadMember},
		{"file-array", "a file that is an array", `{"format":1,"key":"KEY","files":[["a.txt",5]]}`, BadMember},
		{"path-absent", "no path", `{"format":1,"key":"KEY","files":[{"size":5}]}`, BadMember},
		{"path-null", "path null", `{"format":1,"key":"KEY","files":[{"path":null,"size":5}]}`, BadMember},
		{"path-number", "a path that is a number", `{"format":1,"key":"KEY","files":[{"path":5,"size":5}]}`, BadMember},
		{"size-absent", "no size", `{"format":1,"key":"KEY","files":[{"path":"a"}]}`, BadMember},
		{"size-null", "size null", `{"format":1,"key":"KEY","files":[{"path":"a","size":null}]}`, BadMember},
		{"size-string", "a size in quotes", `{"format":1,"key":"KEY","files":[{"path":"a","size":"5"}]}`, BadMember},
		{"title-null", "title null", `{"format":1,"title":null,"key":"KEY","files":[]}`, BadMember},
		{"title-number", "a title that is a number", `{"format":1,"title":5,"key":"KEY","files":[]}`, BadMember},
		{"title-long", "201 code points", `{"format":1,"title":"` + strings.Repeat("\u00e9", 201) + `","key":"KEY","files":[]}`, TextTooLong},
		{"note-null", "note null", `{"format":1,"note":null,"key":"KEY","files":[]}`, BadMember},
		{"note-array", "a note that is an array", `{"format":1,"note":["a"],"key":"KEY","files":[]}`, BadMember},
		{"note-long", "4,001 code points", `{"format":1,"note":"` + strings.Repeat("a", 4001) + `","key":"KEY","files":[]}`, TextTooLong},
		{"revision-null", "revision null", `{"format":1,"revision":null,"key":"KEY","files":[]}`, BadMember},
		{"revision-half", "revision 1.5", `{"format":1,"revision":1.5,"key":"KEY","files":[]}`, BadNumber},
		{"padding-string", "padding in quotes", `{"format":1,"padding":"0","key":"KEY","files":[]}`, BadMember},
		{"padding-negative", "negative padding that makes up for a size", `{"format":1,"padding":-5,"key":"KEY","files":[{"path":"a","size":10}]}`, BadNumber},
		{"folders-null", "folders null", `{"format":1,"folders":null,"key":"KEY","files":[]}`, BadMember},
		{"folders-string", "folders as a string", `{"format":1,"folders":"a","key":"KEY","files":[]}`, BadMember},
		{"folder-number", "a folder that is a number", `{"format":1,"folders":[1],"key":"KEY","files":[]}`, BadMember},

		{"number-exponent", "1e3 is 1000", `{"format":1e0,"key":"KEY","files":[{"path":"a","size":1e3}]}`, ""},
		{"number-point", "5.0 is 5, 50E-1 too, and -0 is 0", `{"format":1.0,"padding":-0,"key":"KEY","files":[{"path":"a","size":5.0},{"path":"b","size":50E-1}]}`, ""},
		{"number-half", "1.5", `{"format":1,"key":"KEY","files":[{"path":"a","size":1.5}]}`, BadNumber},
		{"number-negative", "-1", `{"format":1,"key":"KEY","files":[{"path":"a","size":-1}]}`, BadNumber},
		{"number-large", "2^50 + 1", `{"format":1,"key":"KEY","files":[{"path":"a","size":1125899906842625}]}`, BadNumber},
		{"number-infinite", "1e400", `{"format":1,"key":"KEY","files":[{"path":"a","size":1e400}]}`, BadNumber},
		{"number-leading-zero", "05 is no JSON", `{"format":1,"key":"KEY","files":[{"path":"a","size":05}]}`, BadJSON},
		{"number-sum", "two sizes of 2^49 and one byte", `{"format":1,"key":"KEY","files":[{"path":"a","size":562949953421312},{"path":"b","size":562949953421312},{"path":"c","size":1}]}`, BadNumber},
		{"number-sum-padding", "2^50 bytes and a byte of padding", `{"format":1,"padding":1,"key":"KEY","files":[{"path":"a","size":1125899906842624}]}`, BadNumber},
		{"number-sum-overflow", "sums that overflow 64 bits", `{"format":1,"key":"KEY","files":[` + strings.Repeat(`{"path":"a","size":1125899906842624},`, 20000)[:len(`{"path":"a","size":1125899906842624},`)*100-1] + `]}`, BadNumber},

		{"surrogate-title", "half a surrogate pair in the title", `{"format":1,"title":"\ud83d","key":"KEY","files":[]}`, LoneSurrogate},
		{"surrogate-note", "the halves in the wrong order", `{"format":1,"note":"\ude00\ud83d","key":"KEY","files":[]}`, LoneSurrogate},
		{"surrogate-path", "half a surrogate pair in a path", `{"format":1,"key":"KEY","files":[{"path":"a\uDE00","size":1}]}`, LoneSurrogate},
		{"surrogate-folder", "half a surrogate pair in a folder", `{"format":1,"folders":["\ud83d\u0041"],"key":"KEY","files":[]}`, LoneSurrogate},
		{"surrogate-pair", "a whole pair, and a backslash before what looks like half of one", `{"format":1,"title":"\uD83D\ude00 \\ud83d","key":"KEY","files":[]}`, ""},
	} {
		s := spec{name: j.name, about: j.about, json: j.json, err: j.err}
		if strings.HasPrefix(j.name, "json-utf16") {
			s.exact = true
		}
		if j.json == "" {
			s.json = " "
		}
		if j.err != "" {
			s.at = "manifest"
		}
		add(s)
	}
	add(spec{
		name: "number-rounds", about: "1125899906842624.05 is read as 2^50, so that the content is too short", at: "content", err: CutOff,
		json: `{"format":1,"key":"KEY","files":[{"path":"a","size":1125899906842624.05}]}`, size: 5,
	})
}

// addPathVectors: each rule of a path, broken.
func addPathVectors(add func(spec)) {
	for _, p := range []struct{ name, about, path string }{
		{"path-empty", "no path", ""},
		{"path-slash", "nothing but a slash", "/"},
		{"path-absolute", "a slash before it", "/a"},
		{"path-slash-end", "a slash after it", "a/"},
		{"path-empty-part", "two slashes", "a//b"},
		{"path-dot", "a single dot", "."},
		{"path-dot-part", "a dot as a part", "a/./b"},
		{"path-dots", "two dots", ".."},
		{"path-dots-first", "out of the folder", "../a"},
		{"path-dots-last", "two dots at the end", "a/.."},
		{"path-part-long", "a part of 256 bytes", "a/" + strings.Repeat("b", 256) + "/c"},
		{"path-part-long-utf8", "a part of 129 characters and 258 bytes", strings.Repeat("\u00e9", 129)},
		{"path-long", "4,097 bytes", strings.Repeat(strings.Repeat("a", 255)+"/", 16) + "b"},
		{"path-backslash", "a backslash", `a\b`},
		{"path-drive", "a drive and a backslash", `C:\a`},
		{"path-replacement", "U+FFFD", "a\ufffd"},
		{"path-nul", "U+0000", "a\x00.txt"},
		{"path-line", "U+000A", "a\nb"},
		{"path-1f", "U+001F", "a\x1fb"},
		{"path-7f", "U+007F", "a\x7fb"},
		{"path-85", "U+0085", "a\u0085b"},
		{"path-9f", "U+009F", "a\u009fb"},
		{"path-2028", "U+2028", "a\u2028b"},
		{"path-2029", "U+2029", "a\u2029b"},
		{"path-202a", "U+202A", "a\u202ab"},
		{"path-202e", "U+202E turns the text around", "a\u202etxt.exe"},
		{"path-2066", "U+2066", "a\u2066b"},
		{"path-2069", "U+2069", "a\u2069b"},
	} {
		add(spec{name: p.name, about: p.about, members: one(p.path, 5), at: "manifest", err: BadPath})
	}
	folders := func(m *manifestJSON, folders ...string) *manifestJSON {
		m.Folders = folders
		return m
	}
	for _, p := range []struct {
		name, about string
		members     *manifestJSON
		err         Error
	}{
		{"folder-dots", "the rules hold for folders too", folders(list(), "a/../b"), BadPath},
		{"folder-empty", "an empty folder name", folders(list(), ""), BadPath},
		{"path-twice", "a path twice", list("a/b", "c", "a/b"), PathTwice},
		{"path-twice-nfc", "a path once in NFC and once in NFD", list("\u00e9", "e\u0301"), PathTwice},
		{"path-twice-angstrom", "U+212B is U+00C5 in NFC", list("\u212b", "\u00c5"), PathTwice},
		{"folder-twice", "a folder twice", folders(list(), "a", "a"), PathTwice},
		{"folder-file", "a folder with a file's path", folders(list("a"), "a"), PathTwice},
		{"path-conflict", "a file in another", list("a", "a/b"), PathConflict},
		{"path-conflict-far", "with names between the two", list("a!b", "a/b/c/d", "a", "a b", "a0"), PathConflict},
		{"path-conflict-nfc", "one of them in NFD", list("e\u0301/a", "\u00e9"), PathConflict},
		{"path-conflict-folder", "a folder in a file", folders(list("a"), "a/b"), PathConflict},
	} {
		add(spec{name: p.name, about: p.about, members: p.members, at: "manifest", err: p.err})
	}
}

// addManifestVectors: sealed manifests that do not open.
func addManifestVectors(add func(spec)) {
	other := Link{Secret: [KeySize]byte(fixed(0x60, KeySize))}
	otherKeys, err := other.Keys("")
	if err != nil {
		panic(err)
	}
	large := &plaintext{
		Before: `{"format":1,"revision":1,"key":"KEY","files":[`, Each: `{"path":"a folder with a long name, so that the manifest grows/%d.txt","size":1}`,
		Count: 6000, After: `]}`, Size: 524288,
	}
	full := *large
	full.Count, full.Size = 3000, ChunkSize
	end := int64(manifestSaltSize + 2*SealedChunkSize)
	for _, m := range []struct {
		name, about string
		rule        *plaintext
		err         Error
		change      func(*recipe)
	}{
		{"manifest-salt-changed", "one bit of the salt", nil, BadTag, func(r *recipe) { r.Flip = []int64{0} }},
		{"manifest-nonce-changed", "one bit of the nonce", nil, BadTag, func(r *recipe) { r.Flip = []int64{32} }},
		{"manifest-ciphertext-changed", "one bit of the ciphertext", nil, BadTag, func(r *recipe) { r.Flip = []int64{100} }},
		{"manifest-tag-changed", "one bit of the tag", nil, BadTag, func(r *recipe) { r.Flip = []int64{32 + 12 + 4096 + 15} }},
		{"manifest-empty", "nothing", nil, BadLength, func(r *recipe) { r.Cut = new(int64(0)) }},
		{"manifest-only-salt", "a salt and nothing after it", nil, BadLength, func(r *recipe) { r.Cut = new(int64(32)) }},
		{"manifest-short", "27 bytes after the salt", nil, BadLength, func(r *recipe) { r.Cut = new(int64(32 + 27)) }},
		{"manifest-cut", "the last byte is missing", nil, BadTag, func(r *recipe) { r.Cut = new(int64(32 + 28 + 4095)) }},
		{"manifest-extended", "a byte too many", nil, BadTag, func(r *recipe) { r.Append = []byte{0} }},
		{"manifest-long", "longer than any manifest", large, ManifestTooLong, func(r *recipe) { r.Zeros = MaxSealedManifest - end + 1 }},
		{"manifest-cut-edge", "cut after a whole chunk", large, BadTag, func(r *recipe) { r.Cut = new(int64(32 + SealedChunkSize)) }},
		{"manifest-cut-inside", "cut inside the second chunk", large, BadTag, func(r *recipe) { r.Cut = new(int64(32 + SealedChunkSize + 1000)) }},
		{"manifest-cut-rest-28", "28 bytes of the second chunk are left", large, BadLength, func(r *recipe) { r.Cut = new(int64(32 + SealedChunkSize + 28)) }},
		{"manifest-cut-rest-1", "one byte of the second chunk is left", large, BadLength, func(r *recipe) { r.Cut = new(int64(32 + SealedChunkSize + 1)) }},
		{"manifest-cut-rest-29", "29 bytes of the second chunk are left", large, BadTag, func(r *recipe) { r.Cut = new(int64(32 + SealedChunkSize + 29)) }},
		{"manifest-extended-28", "28 bytes too many after two full chunks", large, BadLength, func(r *recipe) { r.Zeros = 28 }},
		{"manifest-extended-chunk", "its last chunk once more", large, BadTag, func(r *recipe) { r.Pieces = append(r.Pieces, r.Pieces[1]) }},
		{"manifest-swapped", "two chunks changed places", large, BadTag, func(r *recipe) { r.Pieces[0], r.Pieces[1] = r.Pieces[1], r.Pieces[0] }},
		{"manifest-repeated", "the first chunk in place of the second", large, BadTag, func(r *recipe) { r.Pieces[1] = r.Pieces[0] }},
		{"manifest-mixed", "the second chunk of another manifest of this link", large, BadTag, func(r *recipe) { r.Pieces[1].Salt = named("another salt") }},
		{"manifest-last-byte-early", "the first of two chunks says that it is the last", large, BadTag, func(r *recipe) { r.Pieces[0].Last = true }},
		{"manifest-last-byte-missing", "the last chunk does not say that it is", large, BadTag, func(r *recipe) { r.Pieces[1].Last = false }},
		{"manifest-empty-last", "an empty last chunk after a full one", &full, BadLength, func(r *recipe) {
			r.Pieces[0].Last = false
			r.Pieces = append(r.Pieces, piece{Index: 1, Last: true, Start: ChunkSize, Nonce: 1})
		}},
	} {
		add(spec{name: m.name, about: m.about, rule: m.rule, manifest: m.change, at: "manifest", err: m.err})
	}
	add(spec{name: "manifest-other-link", about: "the manifest of another link", otherKeys: otherKeys, at: "manifest", err: BadTag})
}

// addContentVectors: contents that do not open, or not to their end.
func addContentVectors(add func(spec)) {
	const size = 2*ChunkSize + 500
	for _, c := range []struct {
		name, about string
		size        int64 // of the manifest's one file
		err         Error
		or          []string
		opened      int64
		change      func(*recipe)
	}{
		{"content-empty", "nothing", size, CutOff, nil, 0, func(r *recipe) { r.Cut = new(int64(0)) }},
		{"content-cut-edge", "cut after a whole chunk", size, CutOff, nil, 2 * ChunkSize, func(r *recipe) { r.Cut = new(int64(2 * SealedChunkSize)) }},
		{"content-cut-first-edge", "cut after the first chunk", size, CutOff, nil, ChunkSize, func(r *recipe) { r.Cut = new(int64(SealedChunkSize)) }},
		{"content-cut-inside", "cut inside a chunk", size, CutOff, nil, ChunkSize, func(r *recipe) { r.Cut = new(int64(SealedChunkSize + 1000)) }},
		{"content-cut-last", "the last byte is missing", size, CutOff, nil, 2 * ChunkSize, func(r *recipe) { r.Cut = new(int64(2*SealedChunkSize + 28 + 499)) }},
		{"content-extended", "a byte too many", size, TooLong, nil, 2 * ChunkSize, func(r *recipe) { r.Append = []byte{0} }},
		{"content-extended-chunk", "a whole chunk too many", size, TooLong, nil, 2 * ChunkSize, func(r *recipe) { r.Pieces = append(r.Pieces, r.Pieces[0]) }},
		{"content-extended-last", "the last chunk once more", size, TooLong, nil, 2 * ChunkSize, func(r *recipe) { r.Pieces = append(r.Pieces, r.Pieces[2]) }},
		{"content-swapped", "two chunks changed places", size, BadTag, nil, 0, func(r *recipe) { r.Pieces[0], r.Pieces[1] = r.Pieces[1], r.Pieces[0] }},
		{"content-repeated", "a chunk in place of the next", size, BadTag, nil, ChunkSize, func(r *recipe) { r.Pieces[1] = r.Pieces[0] }},
		{"content-inserted", "a chunk twice, all others after it", size, BadTag, []string{"too_long"}, ChunkSize, func(r *recipe) {
			r.Pieces = []piece{r.Pieces[0], r.Pieces[0], r.Pieces[1], r.Pieces[2]}
		}},
		{"content-dropped", "a chunk in the middle is missing", size, CutOff, nil, ChunkSize, func(r *recipe) { r.Pieces = []piece{r.Pieces[0], r.Pieces[2]} }},
		{"content-dropped-first", "the first chunk is missing", size, BadTag, []string{"cut_off"}, 0, func(r *recipe) { r.Pieces = r.Pieces[1:] }},
		{"content-nonce-changed", "one bit of a nonce", size, BadTag, nil, ChunkSize, func(r *recipe) { r.Flip = []int64{SealedChunkSize} }},
		{"content-ciphertext-changed", "one bit of the ciphertext", size, BadTag, nil, ChunkSize, func(r *recipe) { r.Flip = []int64{SealedChunkSize + 5000} }},
		{"content-tag-changed", "one bit of the last tag", size, BadTag, nil, 2 * ChunkSize, func(r *recipe) { r.Flip = []int64{2*SealedChunkSize + 527} }},
		{"content-other-key", "a chunk at its place, but of another content", size, BadTag, nil, ChunkSize, func(r *recipe) { r.Pieces[1].Key = named("another key") }},
		{"content-last-byte-missing", "the last chunk does not say that it is", size, BadTag, nil, 2 * ChunkSize, func(r *recipe) { r.Pieces[2].Last = false }},
		{"content-last-byte-early", "the first chunk says that it is the last", size, BadTag, nil, 0, func(r *recipe) { r.Pieces[0].Last = true }},
		{"content-last-byte-two", "a last chunk before the last", size, BadTag, nil, ChunkSize, func(r *recipe) { r.Pieces[1].Last = true }},
		{"content-empty-last", "an empty last chunk after a full one", ChunkSize, TooLong, []string{"bad_tag"}, 0, func(r *recipe) {
			r.Pieces[0].Last = false
			r.Pieces = append(r.Pieces, piece{Index: 1, Last: true, Start: ChunkSize, Nonce: 1})
		}},
	} {
		add(spec{name: c.name, about: c.about, members: one("file.bin", c.size), content: c.change, at: "content", err: c.err, or: c.or, opened: c.opened})
	}
	for _, c := range []struct {
		name, about   string
		claimed, real int64
		err           Error
		opened        int64
	}{
		{"total-more", "the manifest names a byte more than there is", 101, 100, CutOff, 0},
		{"total-less", "the manifest names a byte less than there is", 99, 100, TooLong, 0},
		{"total-chunk-more", "the manifest names a chunk more than there is", size + ChunkSize, size, CutOff, 2 * ChunkSize},
		{"total-chunk-less", "the manifest names a chunk less than there is", 2 * ChunkSize, size, TooLong, ChunkSize},
		{"total-nothing", "the manifest names no byte, and there is one", 0, 1, TooLong, 0},
	} {
		m := one("file.bin", c.claimed)
		add(spec{name: c.name, about: c.about, members: m, size: c.real, at: "content", err: c.err, opened: c.opened})
	}
	m := one("file.bin", 100)
	m.Padding = 100
	add(spec{name: "total-padding", about: fmt.Sprintf("padding that is not there: %d bytes are missing", m.Padding), members: m, at: "content", err: CutOff, content: func(r *recipe) {
		r.Plaintext, r.Pieces = plaintext{Pattern: 100}, pieces(100)
	}})
}
