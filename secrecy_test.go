package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"thorpe/shares/accountkeys"
	"thorpe/shares/sealed"
	"thorpe/static/browsertest"
)

// What must stay between sender and recipient.
const (
	secretTitle = "Klassentreffen der Verschwundenen"
	secretNote  = "Bitte niemandem weitersagen, auch nicht Onkel Friedrich"
	secretName  = "Kontoauszüge Liechtenstein 2026.txt"
	secretLine  = "Die Schatzkarte liegt unter der dritten Diele von links."
)

// observed is a server that a wire listens to, and somebody with an account on it.
type observed struct {
	*wire
	server *process
	ann    *person
}

func newObserved(t *testing.T) *observed {
	t.Helper()
	o := &observed{}
	o.wire = newWire(t)
	_, port, err := net.SplitHostPort(o.wire.Addr)
	if err != nil {
		t.Fatal(err)
	}
	o.server = startServer(t, t.TempDir(), "--url", "http://localhost:"+port)
	o.wire.LeadTo(o.server.Addr)
	o.ann = newcomer(t, o.server, "ann")
	return o
}

// everywhere is all that the server was sent, keeps and has logged. What lies below skip of the data folder is left out.
func (o *observed) everywhere(t *testing.T, skip string) []place {
	return append(append(o.Heard(), filesOf(t, o.server.Data, skip)...), place{"the log", []byte(o.server.Stderr())})
}

// secrets are what must not be found of a link: its own keys, its account's, what people typed, and what was shared.
func (o *observed) secrets(t *testing.T, link string, plaintext []byte) (keys, contents []secret) {
	t.Helper()
	_, parsed, err := sealed.ParseURL(link)
	if err != nil {
		t.Fatal(err)
	}
	linkKeys, err := parsed.Keys("")
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest("GET", "http://"+o.server.Addr+"/api/links/"+linkKeys.ID.String()+"/manifest", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+base64.RawURLEncoding.EncodeToString(linkKeys.Token[:]))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	manifest, err := sealed.ReadManifest(linkKeys, answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if manifest.Title != secretTitle || manifest.Note != secretNote {
		t.Errorf("the manifest says %q, %q", manifest.Title, manifest.Note)
	}
	recovery, err := accountkeys.ParseRecoveryKey(o.ann.RecoveryKey)
	if err != nil {
		t.Fatal(err)
	}
	accountKey := o.accountKey(t)
	keys = []secret{
		newSecret("the link's secret", parsed.Secret[:]),
		newSecret("the link itself", []byte(link[strings.Index(link, "#")+1:])),
		newSecret("the content key", manifest.Key[:]),
		newSecret("the account key", accountKey[:]),
		newSecret("the recovery key", recovery[:]),
		newSecret("the recovery key as shown", []byte(strings.Join(strings.Fields(o.ann.RecoveryKey), "-"))),
		newSecret("the password", []byte(password)),
		newSecret("the title", []byte(secretTitle)),
		newSecret("the note", []byte(secretNote)),
	}
	contents = []secret{newSecret("a file name", []byte(secretName)), newSecret("a line of the file", []byte(secretLine))}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		at := random.IntN(len(plaintext) - 32)
		contents = append(contents, newSecret("a piece of the file", plaintext[at:at+32]))
	}
	return keys, contents
}

// accountKey opens the account key as its owner would: by the password.
func (o *observed) accountKey(t *testing.T) accountkeys.Key {
	t.Helper()
	data, err := DataFlag{Data: o.server.Data}.openData(t.Context(), false, false)
	if err != nil {
		t.Fatal(err)
	}
	defer data.close()
	var id, salt, wrap []byte
	if err := data.db.QueryRow("SELECT id, salt, wrap_box FROM accounts").Scan(&id, &salt, &wrap); err != nil {
		t.Fatal(err)
	}
	derived, err := accountkeys.FromPassword(password, salt)
	if err != nil {
		t.Fatal(err)
	}
	key, err := accountkeys.OpenAccountKey(derived.Wrap, accountkeys.AccountID(id), wrap)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// secretFile makes the file that is shared, and returns its path and content.
func secretFile(t *testing.T) (path string, content []byte) {
	t.Helper()
	content = make([]byte, 700_000)
	rand.NewChaCha8([32]byte{2}).Read(content)
	copy(content[300_000:], secretLine)
	path = filepath.Join(t.TempDir(), secretName)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, content
}

// describeLink fills in title and note and makes the link.
func (p *person) describeLink() (link string) {
	p.t.Helper()
	p.Fill("Title", secretTitle)
	p.Fill("Note", secretNote)
	return p.createLink()
}

// openAndSave opens the link in a browser of its own and saves the one file that it holds.
func openAndSave(t *testing.T, link string, want []byte) *browsertest.Browser {
	t.Helper()
	friend := browsertest.New(t)
	friend.Open(link)
	friend.WaitText(secretTitle)
	path, state := friend.Download(func() { friend.Click("Download") })
	got, err := os.ReadFile(path)
	if state != "completed" || err != nil || !bytes.Equal(got, want) {
		t.Fatalf("the download: %s, %d bytes, %v", state, len(got), err)
	}
	return friend
}

// A13, B2, B3, B7: whatever the server is sent, keeps and logs, from making a link of files on this computer to opening it elsewhere, holds nothing that
// opens the link, the account, or tells what was shared.
func TestTheServerLearnsNothingOfWhatIsSharedFromThisComputer(t *testing.T) {
	t.Parallel()
	o := newObserved(t)
	path, content := secretFile(t)
	o.ann.Choose(func() {
		o.ann.Click("New")
		o.ann.Click("Share files from this computer")
	}, path)
	link := o.ann.describeLink()
	friend := openAndSave(t, link, content)
	keys, contents := o.secrets(t, link, content)
	secrets := append(keys, contents...)
	for _, where := range found(secrets, append(o.everywhere(t, ""), stored(friend))) {
		t.Errorf("found %s", where)
	}

	// The search would find it: a page that tells its address, a server that keeps a name and logs a key.
	friend.Eval(`fetch("/s/worker.js?" + location.hash.slice(1)).then(() => true)`, nil)
	if err := os.WriteFile(filepath.Join(o.server.Data, "incoming", "leak"), []byte("x"+base64.StdEncoding.EncodeToString([]byte("name="+secretName))), 0o600); err != nil {
		t.Fatal(err)
	}
	o.server.log([]byte(hex.EncodeToString([]byte(password))))
	leaks := strings.Join(found(secrets, o.everywhere(t, "")), "\n")
	for _, want := range []string{"the link itself in connection", "a file name in the data folder's incoming/leak", "the password in the log"} {
		if !strings.Contains(leaks, want) {
			t.Errorf("a leak on purpose was not found: %s; only %s", want, leaks)
		}
	}
}

// stored is what a browser that opened a link keeps of it beyond the tab: B7 of the attacks. The fragment stays in the address bar and
// the history, so that a reload works; that is said in docs/threat-model.md.
func stored(b *browsertest.Browser) place {
	var content string
	b.Eval(`(async () => {
		const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, ...await caches.keys(), JSON.stringify(history.state)];
		for (const {name} of await indexedDB.databases()) {
			const db = await new Promise(done => { const opening = indexedDB.open(name); opening.onsuccess = () => done(opening.result) });
			for (const store of db.objectStoreNames) {
				const all = await new Promise(done => { const asked = db.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result) });
				found.push(name, store, JSON.stringify(all, (_, v) => v instanceof Uint8Array ? Array.from(v, b => b.toString(16).padStart(2, "0")).join("") : v));
			}
			db.close();
		}
		return found.join("\n");
	})()`, &content)
	return place{"what the recipient's browser stores", []byte(content)}
}

// The same for a share from the drive, where the file lies plain: its name and content occur below drive/ and in what went
// through /files/, and nowhere else.
func TestTheServerLearnsNothingMoreOfWhatIsSharedFromTheDrive(t *testing.T) {
	t.Parallel()
	o := newObserved(t)
	path, content := secretFile(t)
	o.ann.Drop(path)
	o.ann.WaitText("1 file uploaded")
	o.ann.Click("Share " + secretName)
	o.ann.WaitText("They also lie in your drive, where the server can read them.")
	link := o.ann.describeLink()
	openAndSave(t, link, content)
	keys, contents := o.secrets(t, link, content)
	for _, where := range found(keys, o.everywhere(t, "")) {
		t.Errorf("found %s", where)
	}
	elsewhere := append(filesOf(t, o.server.Data, "drive"), place{"the log", []byte(o.server.Stderr())})
	requests := o.Requests(t)
	elsewhere = append(elsewhere, slices.DeleteFunc(slices.Clone(requests), func(p place) bool { return strings.Contains(p.name, " /files/") })...)
	for _, where := range found(contents, elsewhere) {
		t.Errorf("found %s", where)
	}
	if len(found(contents, requests)) == 0 || len(found(contents, filesOf(t, o.server.Data, ""))) == 0 {
		t.Error("the search does not find the file where it lies plain")
	}
}

func TestSecretsAreFoundInEveryWriting(t *testing.T) {
	t.Parallel()
	value := make([]byte, 32)
	rand.NewChaCha8([32]byte{3}).Read(value)
	s := newSecret("it", value)
	for _, before := range []string{"", "a", "ab", "abc"} {
		long := append(append([]byte(before), value...), "behind it"...)
		for name, written := range map[string]string{
			"raw": string(long), "hex": hex.EncodeToString(long), "HEX": strings.ToUpper(hex.EncodeToString(long)),
			"base64": base64.StdEncoding.EncodeToString(long), "base64url": base64.RawURLEncoding.EncodeToString(long),
		} {
			where := found([]secret{s}, []place{{"there", []byte("noise" + written + "noise")}})
			if len(where) != 1 {
				t.Errorf("not found as %s behind %q", name, before)
			}
		}
	}
	other := make([]byte, 1<<20)
	io.ReadFull(rand.NewChaCha8([32]byte{4}), other)
	if where := found([]secret{s}, []place{{"noise", other}}); len(where) != 0 {
		t.Errorf("found in noise: %v", where)
	}
}
