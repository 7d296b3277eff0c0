package sealed

import (
	"fmt"
	"strings"
	"testing"
)

func addVectorsThatOpen(add func(spec)) {
	for _, n := range []int64{0, 1, 262143, 262144, 262145, 524288, 524788} {
		add(spec{name: fmt.Sprintf("length-%d", n), about: "one file of this length, without padding", members: one("file.bin", n)})
	}
	many := &manifestJSON{Revision: 1}
	var sum int64
	for i := range 300 {
		size := int64(i*i) % 1000
		many.Files = append(many.Files, fileJSON{Path: fmt.Sprintf("folder %d/%03d.txt", i%7, i), Size: size})
		sum += size
	}
	many.Padding = Padding(sum)
	add(spec{name: "many-files", about: "300 files in 7 folders", members: many})
	add(spec{name: "empty-file", about: "files of no bytes, first, between and last", members: &manifestJSON{Revision: 1, Files: []fileJSON{
		{Path: "first", Size: 0}, {Path: "second", Size: 5}, {Path: "third", Size: 0}, {Path: "fourth", Size: 7}, {Path: "fifth", Size: 0},
	}}})
	add(spec{name: "no-file", about: "nothing at all", members: &manifestJSON{Revision: 1, Files: []fileJSON{}}})
	add(spec{name: "no-file-a-folder", about: "nothing but a folder", members: &manifestJSON{Revision: 1, Files: []fileJSON{}, Folders: []string{"empty/folder"}}})
	for _, n := range []int64{1, 200000, 262145} {
		m := one("file.bin", n)
		m.Padding = Padding(n)
		add(spec{name: fmt.Sprintf("padding-%d", n), about: "one file of this length, padded as writers do", members: m})
	}
	add(spec{name: "padding-chunk", about: "a whole last chunk of padding", members: &manifestJSON{Revision: 1, Files: []fileJSON{{Path: "a", Size: ChunkSize}}, Padding: ChunkSize}})
	add(spec{name: "all-members", about: "every member that the format names", members: &manifestJSON{
		Revision: 7, Title: "Summer <b>", Note: "The ones\nfrom the lake", Padding: 3, Folders: []string{"lake/empty", "leer"},
		Files: []fileJSON{
			{Path: "lake/IMG_1.jpg", Size: 9, Type: "image/jpeg", Modified: "2026-08-01T10:00:00Z"},
			{Path: "lake/plan.pdf", Size: 4, Type: "application/pdf", Modified: "2024-02-29T23:59:59.5Z"},
		},
	}})
	add(spec{name: "title-longest", about: "200 code points of two UTF-16 units each", members: &manifestJSON{
		Revision: 1, Title: strings.Repeat("\U0001F600", MaxTitle), Note: strings.Repeat("\u00e9", MaxNote), Files: []fileJSON{{Path: "a", Size: 1}},
	}})
	add(spec{name: "path-nfd", about: "a decomposed path comes out in NFC", members: one("e\u0301te\u0301/A\u030angstro\u0308m \uac00\u1100\u1161\u11a8", 5)})
	add(spec{
		name: "path-nfd-marks", about: "40 combining characters on one letter, out of order: NFC puts nothing between them",
		members: one("a"+strings.Repeat("\u0301\u0323", 20)+".txt", 5),
	})
	add(spec{name: "path-odd", about: "names that are fine here, whatever one system makes of them", members: list(
		".hidden", "...", "a.", " ", "CON", "a:b", "<>|?*\"", "a.txt", "A.txt", "\U0001F468\u200d\U0001F469\u200d\U0001F467", "\u05e9\u05dc\u05d5\u05dd",
		"\u200f", "~", "-rf", "%2e%2e", "__proto__", "constructor/toString", "\ufeff", "\u00ad", "a b/c d", "a b!", "\u2025", "\U0010ffff",
	)})
	add(spec{name: "path-longest", about: "parts of 255 bytes and a path of 4,096", members: one(strings.Repeat(strings.Repeat("\u00e9", 127)+"x/", 15)+"a/"+strings.Repeat("b", 254), 5)})
	add(spec{name: "folders-and-files", about: "folders that hold files or other folders are fine", members: &manifestJSON{
		Revision: 1, Files: []fileJSON{{Path: "a/b/c", Size: 1}, {Path: "a/b!", Size: 1}}, Folders: []string{"a", "a/b", "a/b/d"},
	}})
	add(spec{name: "manifest-chunks", about: "a manifest of several chunks", rule: &plaintext{
		Before: `{"format":1,"revision":1,"key":"KEY","files":[`, Each: `{"path":"a folder with a long name, so that the manifest grows/%d.txt","size":1}`,
		Count: 6000, After: `]}`, Size: 524288,
	}})
	add(spec{name: "manifest-unpadded", about: "padding is the writer's duty", json: `{"format":1,"key":"KEY","files":[]}`, exact: true})
	add(spec{name: "manifest-white-space", about: "JSON white space around and between", json: "\t\r\n { \"format\" :\n1, \"key\":\"KEY\",\"files\":[ ] }\r\n"})

	password := Link{Secret: [KeySize]byte(fixed(0x40, KeySize)), Password: true}
	for _, p := range []struct{ name, about, password string }{
		{"password", "a link with a password", "correct horse battery staple"},
		{"password-nfkc", "NFKC: a full-width letter, a ligature, a combining accent", "\uff21\ufb01e\u0301"},
		{"password-spaces", "nothing is trimmed or folded", "  Pass word  "},
		{"password-longest", "1,024 bytes", strings.Repeat("\u00e9", 512)},
		{"password-marks", "40 combining characters on one letter, out of order: NFKC puts nothing between them", "a" + strings.Repeat("\u0301\u0323", 20)},
		{"password-odd", "U+0080, U+FEFF and U+FFFD are characters like others", "\u0080\ufeff\ufffd"},
	} {
		add(spec{name: p.name, about: p.about, link: password, password: p.password})
	}
}

func linkVectors() []vector {
	good := Link{Secret: [KeySize]byte(fixed(0xf0, KeySize))}.Fragment()
	raw := func(first, second byte, length int) string {
		return base64url.EncodeToString(append([]byte{first, second}, fixed(0xf0, length)...))
	}
	var all []vector
	for _, l := range []struct {
		name, about, fragment string
		err                   Error
	}{
		{"link-empty", "nothing after the #", "", LinkCutOff},
		{"link-cut-1", "the last character is missing", good[:45], LinkCutOff},
		{"link-cut-45", "all but one are missing", good[:1], LinkCutOff},
		{"link-long", "a character too many", good + "A", LinkTooLong},
		{"link-padded", "padding", good + "==", LinkNotBase64URL},
		{"link-spare-bits", "the four spare bits are not zero", good[:45] + "9", LinkNotBase64URL},
		{"link-plus", "a character of the other base64", good[:10] + "+" + good[11:], LinkNotBase64URL},
		{"link-line-break", "a line break within", good[:20] + "\n" + good[20:], LinkNotBase64URL},
		{"link-space", "a space at the end", good + " ", LinkNotBase64URL},
		{"link-not-ascii", "a character beyond ASCII", good[:10] + "\u00e9" + good[11:], LinkNotBase64URL},
		{"link-format-0", "format 0", raw(0, 0, 32), UnknownFormat},
		{"link-format-2", "format 2", raw(2, 0, 32), UnknownFormat},
		{"link-format-2-long", "format 2 with another length", raw(2, 0, 40), UnknownFormat},
		{"link-format-129", "the highest bit of the format", raw(129, 0, 32), UnknownFormat},
		{"link-flag-2", "a flag that format 1 does not know", raw(1, 2, 32), UnknownFlags},
		{"link-flag-3", "the password's flag and an unknown one", raw(1, 3, 32), UnknownFlags},
		{"link-flag-128", "the highest flag", raw(1, 128, 32), UnknownFlags},
	} {
		all = append(all, vector{Name: l.name, About: l.about, Fragment: l.fragment, Expect: expectation{Error: string(l.err), At: "link"}})
	}
	return all
}

func passwordVectors(t *testing.T) []vector {
	link := Link{Secret: [KeySize]byte(fixed(0x40, KeySize)), Password: true}
	var all []vector
	for _, p := range []struct {
		name, about string
		password    *string
		utf16       []uint16
		err         Error
	}{
		{"password-needed", "no password", nil, nil, PasswordNeeded},
		{"password-empty", "an empty password", new(""), nil, PasswordEmpty},
		{"password-long", "1,025 bytes", new(strings.Repeat("a", 1025)), nil, PasswordTooLong},
		{"password-long-nfkc", "96 bytes that NFKC makes 1,056", new(strings.Repeat("\ufdfa", 32)), nil, PasswordTooLong},
		{"password-nul", "U+0000", new("a\x00"), nil, PasswordControl},
		{"password-tab", "U+0009", new("a\tb"), nil, PasswordControl},
		{"password-line", "a line break at its end", new("hunter2\n"), nil, PasswordControl},
		{"password-unit", "U+001F", new("\x1f"), nil, PasswordControl},
		{"password-delete", "U+007F", new("a\x7f"), nil, PasswordControl},
		{"password-surrogate-high", "half a surrogate pair", nil, []uint16{'a', 0xD83D}, PasswordLoneSurrogate},
		{"password-surrogate-low", "the other half", nil, []uint16{0xDE00, 'a'}, PasswordLoneSurrogate},
	} {
		v := vector{Name: p.name, About: p.about, Fragment: link.Fragment(), Password: p.password, PasswordUTF16: p.utf16}
		v.Expect = expectation{Error: string(p.err), At: "password"}
		all = append(all, v)
	}
	wrong := spec{name: "password-wrong", about: "another password than the one it was sealed with", link: link, password: "right"}.vector(t)
	wrong.Password = new("Right")
	wrong.Expect = expectation{Error: string(WrongToken), At: "token"}
	return append(all, wrong)
}
