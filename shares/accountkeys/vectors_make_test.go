package accountkeys

import (
	"encoding/base64"
	"strings"
	"testing"

	"thorpe/shares/sealed"
)

var (
	testAccount    = AccountID(fixed(0xa0, 16))
	testAccountKey = Key(fixed(0x20, KeySize))
	testRecovery   = Key(fixed(0x40, KeySize))
	testLink       = sealed.Link{Secret: [KeySize]byte(fixed(0x80, KeySize)), Password: true}
	testNonce      = [nonceSize]byte(fixed(0xe0, nonceSize))
)

// makeVectors computes every vector from fixed values.
func makeVectors(t *testing.T) []vector {
	var all []vector
	add := func(v vector) { all = append(all, v) }

	for _, p := range []struct{ name, about, password string }{
		{"password", "auth and wrap key of a login password", "correct horse battery staple"},
		{"password-nfkc", "a full-width letter and a combining accent: NFKC comes before the hash", "\uff21e\u0301"},
	} {
		v := vector{Name: p.name, About: p.about, Kind: "password", Password: p.password, Salt: fixed(0x10, SaltSize)}
		keys, err := FromPassword(p.password, v.Salt)
		if err != nil {
			t.Fatal(err)
		}
		v.Expect.Auth, v.Expect.Wrap = keys.Auth[:], keys.Wrap[:]
		add(v)
	}
	add(vector{
		Name: "password-empty", About: "a login password has the bounds of a link's", Kind: "password",
		Salt: fixed(0x10, SaltSize), Expect: expectation{Error: "password_empty"},
	})
	add(vector{
		Name: "password-control", About: "a login password has the bounds of a link's", Kind: "password",
		Password: "tab\there", Salt: fixed(0x10, SaltSize), Expect: expectation{Error: "password_control"},
	})

	recovery := FromRecovery(testRecovery)
	add(vector{
		Name: "recovery", About: "auth key, wrap key and text of a recovery key", Kind: "recovery", RecoveryKey: testRecovery[:],
		Expect: expectation{Auth: recovery.Auth[:], Wrap: recovery.Wrap[:], Text: FormatRecoveryKey(testRecovery)},
	})
	notes, uploads := NotesKey(testAccountKey), UploadsKey(testAccountKey)
	add(vector{
		Name: "account", About: "what the account key gives", Kind: "account", AccountKey: testAccountKey[:],
		Expect: expectation{Notes: notes[:], Uploads: uploads[:]},
	})
	addRecoveryTexts(add)
	addBoxes(add, recovery.Wrap, notes, uploads)
	addNotes(t, add, notes)
	return all
}

func addRecoveryTexts(add func(vector)) {
	good := FormatRecoveryKey(testRecovery)
	zeros := FormatRecoveryKey(Key{})
	plain := strings.ReplaceAll(good, "-", "")
	swapped := plain[:1] + plain[2:3] + plain[1:2] + plain[3:] // characters 2 and 3 change places
	for _, r := range []struct {
		name, about, text string
		key               Key
		err               Error
	}{
		{"recovery-text", "as it is written", good, testRecovery, ""},
		{"recovery-text-plain", "small letters without groups", strings.ToLower(plain), testRecovery, ""},
		{"recovery-text-spaces", "spaces, line breaks, long dashes", " " + strings.ReplaceAll(good, "-", " \u2013\n"), testRecovery, ""},
		{"recovery-text-confused", "the letter O for 0, I and l for 1", strings.NewReplacer("0", "O", "1", "l").Replace(zeros), Key{}, ""},
		{"recovery-text-slip", "one character is another", replaceAt(plain, 20), Key{}, RecoveryKeyChecksum},
		{"recovery-text-slip-in-checksum", "the last character is another", replaceAt(plain, 55), Key{}, RecoveryKeyChecksum},
		{"recovery-text-swapped", "two neighbours changed places", swapped, Key{}, RecoveryKeyChecksum},
		{"recovery-text-short", "the last group is missing", good[:len(good)-5], Key{}, RecoveryKeyLength},
		{"recovery-text-long", "one character too many", good + "0", Key{}, RecoveryKeyLength},
		{"recovery-text-empty", "nothing but a dash", "-", Key{}, RecoveryKeyLength},
		{"recovery-text-character", "U stands in no recovery key", "U" + plain[1:], Key{}, RecoveryKeyCharacter},
		{"recovery-text-unicode", "a full-width digit is no digit", "\uff10" + plain[1:], Key{}, RecoveryKeyCharacter},
	} {
		v := vector{Name: r.name, About: r.about, Kind: "recovery_text", Text: r.text, Expect: expectation{Error: string(r.err)}}
		if r.err == "" {
			v.Expect.Key = r.key[:]
		}
		add(v)
	}
}

// replaceAt puts another character of the alphabet in place i.
func replaceAt(text string, i int) string {
	next := recoveryAlphabet[(strings.IndexByte(recoveryAlphabet, text[i])+1)%len(recoveryAlphabet)]
	return text[:i] + string(next) + text[i+1:]
}

func addBoxes(add func(vector), recoveryWrap, notes, uploads Key) {
	wrap := Key(fixed(0x60, KeySize))
	linkID := testLink.ID()
	uploadID := []byte("AAECAwQFBgcICQoLDA0ODw")
	box := func(name, about string, key Key, purpose Purpose, item, plaintext []byte) vector {
		return vector{
			Name: name, About: about, Kind: "box", Key: key[:], Purpose: string(purpose), Account: testAccount[:], Item: item,
			Box: sealBox(testNonce, key, purpose, testAccount, item, plaintext), Expect: expectation{Plaintext: plaintext},
		}
	}
	base := box("box-wrap", "the account key under the wrap key", wrap, PurposeWrap, nil, testAccountKey[:])
	add(base)
	add(box("box-recovery", "the account key under the recovery wrap key", recoveryWrap, PurposeRecovery, nil, testAccountKey[:]))
	add(box("box-link", "any bytes under the notes key; the item is the link id", notes, PurposeLink, linkID[:], []byte("a note")))
	add(box("box-upload", "any bytes under the uploads key; the item is the upload id in ASCII", uploads, PurposeUpload, uploadID, []byte("{}")))

	refuse := func(name, about string, change func(v *vector)) {
		v := base
		v.Box = append(binary(nil), base.Box...)
		change(&v)
		v.Name, v.About, v.Expect = name, about, expectation{Error: string(BadBox)}
		add(v)
	}
	refuse("box-nonce-changed", "one bit of the nonce", func(v *vector) { v.Box[0] ^= 1 })
	refuse("box-ciphertext-changed", "one bit of the ciphertext", func(v *vector) { v.Box[12] ^= 0x80 })
	refuse("box-tag-changed", "one bit of the tag", func(v *vector) { v.Box[len(v.Box)-1] ^= 1 })
	refuse("box-cut", "the last byte is missing", func(v *vector) { v.Box = v.Box[:len(v.Box)-1] })
	refuse("box-extended", "a byte too many", func(v *vector) { v.Box = append(v.Box, 0) })
	refuse("box-short", "shorter than a nonce and a tag", func(v *vector) { v.Box = v.Box[:27] })
	refuse("box-other-purpose", "the wrap box in the recovery slot", func(v *vector) { v.Purpose = string(PurposeRecovery) })
	refuse("box-other-account", "the box of another account", func(v *vector) { v.Account = fixed(0xb0, 16) })
	refuse("box-other-item", "a box moved to an item", func(v *vector) { v.Item = linkID[:] })
	refuse("box-other-key", "another key", func(v *vector) { v.Key = fixed(0x61, KeySize) })
}

func addNotes(t *testing.T, add func(vector), notes Key) {
	id := testLink.ID()
	secret := base64.RawURLEncoding.EncodeToString(testLink.Secret[:])
	note := func(name, about string, id sealed.ID, plaintext string, expect expectation) {
		add(vector{
			Name: name, About: about, Kind: "note", AccountKey: testAccountKey[:], Account: testAccount[:], LinkID: id[:],
			Box: sealBox(testNonce, notes, PurposeLink, testAccount, id[:], []byte(plaintext)), Expect: expect,
		})
	}
	whole := Note{Link: testLink, Password: "hunter2", Title: "Summer <1> & \"2\" \u00e9", Revision: 3}
	plaintext, err := whole.marshal()
	if err != nil {
		t.Fatal(err)
	}
	want := noteJSON{Secret: secret, Password: whole.Password, Title: whole.Title, Revision: 3}
	note("note", "a note with all its members", id, string(plaintext), expectation{Note: &want})
	note("note-least", "a note of a link without password and title", id, `{"secret":"`+secret+`","revision":1}`,
		expectation{Note: &noteJSON{Secret: secret, Revision: 1}})
	note("note-exact-names", "names match exactly, the last of two holds, unknown ones are ignored", id,
		`{"Secret":1,"secret":"","secret":"`+secret+`","TITLE":"no","title":"no","title":"yes","x":null}`,
		expectation{Note: &noteJSON{Secret: secret, Title: "yes", Revision: 1}})
	note("note-files", "a note that says how many files there are", id, `{"secret":"`+secret+`","revision":1,"files":12}`,
		expectation{Note: &noteJSON{Secret: secret, Revision: 1, Files: new(int64(12))}})
	note("note-files-none", "a note of a link to folders alone", id, `{"secret":"`+secret+`","revision":1,"files":0}`,
		expectation{Note: &noteJSON{Secret: secret, Revision: 1, Files: new(int64(0))}})
	refused := expectation{Error: string(BadBox)}
	other := sealed.ID(fixed(0xc0, 16))
	note("note-other-link", "a note whose secret gives another link id than its row's", other, string(plaintext), refused)
	note("note-no-json", "something else than a note", id, "a note", refused)
	note("note-null", "a title that is null", id, `{"secret":"`+secret+`","title":null}`, refused)
	note("note-files-null", "a number of files that is null", id, `{"secret":"`+secret+`","files":null}`, refused)
	note("note-files-half", "a number of files that is no integer", id, `{"secret":"`+secret+`","files":0.5}`, refused)
	note("note-padded-secret", "a secret in other base64", id, `{"secret":"`+secret+`="}`, refused)
	note("note-utf8", "a title that is no UTF-8", id, `{"secret":"`+secret+`","title":"`+"\xff"+`"}`, refused)
}
