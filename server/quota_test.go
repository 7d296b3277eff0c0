package server_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"thorpe/server/accounts"
	"thorpe/server/database"
)

// setQuota does what the command does, in a process of its own.
func (b *browser) setQuota(bytes int64) {
	b.t.Helper()
	db, err := database.Open(b.t.Context(), filepath.Join(b.Folder, "thorpe.db"))
	must(b.t, err)
	defer db.Close()
	store, err := accounts.New(b.t.Context(), db, b.Now, slog.New(slog.DiscardHandler))
	must(b.t, err)
	defer store.Close()
	account, err := store.ByName(b.t.Context(), b.Name)
	must(b.t, err)
	must(b.t, store.SetQuota(b.t.Context(), account.ID, bytes))
}

type space struct {
	Free, Used int64
	Quota      *int64
}

func (b *browser) space() (s space) {
	b.t.Helper()
	b.call(200, "GET", "/api/space", nil, &s)
	return s
}

func (b *browser) wantUsed(what string, want int64) {
	b.t.Helper()
	if got := b.space().Used; got != want {
		b.t.Errorf("%s: %d bytes are used, want %d", what, got, want)
	}
}

func (b *browser) offset(at string) int64 {
	b.t.Helper()
	offset, err := strconv.ParseInt(b.tus("HEAD", at, nil).Header.Get("Upload-Offset"), 10, 64)
	must(b.t, err)
	return offset
}

// H10: what somebody sets at the machine binds the running server's next request, at each door.
func TestAQuotaIsInForceAtOnce(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	_, secret := ann.appPassword("laptop")
	put := func(name string, size, want int) {
		t.Helper()
		wantStatus(t, "PUT "+name, r.dav("PUT", "/dav/"+name, "ann", secret, bytes.NewReader(make([]byte, size))), want)
	}
	put("first", 1000, 201)
	if s := ann.space(); s.Quota != nil || s.Used != 1000 || s.Free < 1<<20 {
		t.Errorf("without a quota: %+v", s)
	}
	ann.setQuota(1500)
	if s := ann.space(); s.Quota == nil || *s.Quota != 1500 || s.Used != 1000 || s.Free != 500 {
		t.Errorf("with a quota: %+v", s)
	}
	put("second", 501, 507)
	wantStatus(t, "PUT at the other door", ann.request("PUT", "/files/second", bytes.NewReader(make([]byte, 501)), nil), 507)
	wantCode(t, "a sealed upload", ann.tus("POST", "/api/uploads/sealed", nil, "Upload-Length", "501"), 507, "no_space")
	wantCode(t, "an upload into the drive", ann.tus("POST", "/api/uploads/drive", nil, "Upload-Length", "501", "Upload-Metadata", "path "+b64("second")), 507, "no_space")
	wantStatus(t, "somebody else's", bob.request("PUT", "/files/theirs", bytes.NewReader(make([]byte, 501)), nil), 201)
	put("second", 500, 201)
	ann.setQuota(1000)
	if s := ann.space(); s.Used != 1500 || s.Free != 0 {
		t.Errorf("with a quota below what is there: %+v", s)
	}
	put("third", 1, 507)
	ann.setQuota(0)
	put("third", 1, 201)
	if s := ann.space(); s.Quota != nil || s.Used != 1501 || s.Free < 1<<20 {
		t.Errorf("without a quota again: %+v", s)
	}
	wantCode(t, "nobody's space", r.newBrowser().request("GET", "/api/space", nil, nil), 401, "not_signed_in")
}

// H10
func TestASealedUploadGoesOnWhenTheQuotaIsRaised(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	content := random(4 * sealedChunk)
	ann.setQuota(3*sealedChunk + sealedChunk/2)
	wantCode(t, "one that says how long it is", ann.tus("POST", "/api/uploads/sealed", nil, "Upload-Length", strconv.Itoa(len(content))), 507, "no_space")

	at := ann.newUpload("sealed", "Upload-Defer-Length", "1")
	wantStatus(t, "what fits", ann.tus("PATCH", at, bytes.NewReader(content[:2*sealedChunk]), "Upload-Offset", "0"), 204)
	ann.wantUsed("after what fits", 2*sealedChunk)
	long := strconv.Itoa(2 * sealedChunk)
	wantCode(t, "a request that does not fit", ann.tus("PATCH", at, bytes.NewReader(content[2*sealedChunk:]), "Upload-Offset", long), 507, "no_space")
	unknown := io.MultiReader(bytes.NewReader(content[2*sealedChunk:]))
	wantCode(t, "one that shows it on the way", ann.tus("PATCH", at, unknown, "Upload-Offset", long), 507, "no_space")
	if got := ann.offset(at); got != 2*sealedChunk {
		t.Errorf("refused, it stands at %d", got)
	}
	ann.wantUsed("what was refused", 2*sealedChunk)

	ann.setQuota(int64(len(content)))
	wantStatus(t, "the rest", ann.tus("PATCH", at, bytes.NewReader(content[2*sealedChunk:]), "Upload-Offset", long, "Upload-Length", strconv.Itoa(len(content))), 204)
	hash := random(32)
	fields := map[string]any{
		"id": text(random(16)), "token_hash": text(hash), "upload": strings.TrimPrefix(at, "/api/uploads/"), "note": text([]byte("a box")), "expires": nil, "max_visits": nil,
	}
	wantCode(t, "a manifest that does not fit", ann.publish(fields, random(smallManifest)), 507, "no_space")
	ann.setQuota(int64(len(content)) + smallManifest)
	wantStatus(t, "one that fits", ann.publish(fields, random(smallManifest)), 201)
	ann.wantUsed("the link", int64(len(content))+smallManifest)
	if free := ann.space().Free; free != 0 {
		t.Errorf("%d bytes are free", free)
	}
}

// H10: a quota is one for all that an account keeps, and nothing counts twice.
func TestDriveAndLinksShareTheQuota(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	const quota = 1_000_000
	ann.setQuota(quota)
	put := func(name string, size, want int) {
		t.Helper()
		wantStatus(t, "PUT "+name, ann.request("PUT", "/files/"+name, bytes.NewReader(make([]byte, size)), nil), want)
	}
	l := ann.link(400_000, nil)
	const link = 400_000 + smallManifest
	ann.wantUsed("a link", link)
	put("a", quota-link+1, 507)
	put("a", 100_000, 201)
	half := ann.newUpload("sealed", "Upload-Length", "262272")
	wantStatus(t, "half an upload", ann.tus("PATCH", half, bytes.NewReader(random(sealedChunk)), "Upload-Offset", "0"), 204)
	const rest = quota - link - 100_000 - sealedChunk
	ann.wantUsed("a link, a file and half an upload", quota-rest)
	put("b", rest+1, 507)
	wantCode(t, "a byte too many for the drive", ann.tus("POST", "/api/uploads/drive", nil, "Upload-Length", strconv.Itoa(rest+1), "Upload-Metadata", "path "+b64("b")), 507, "no_space")

	// A file that comes as an upload, and fills the quota to its last byte.
	at := ann.newUpload("drive", "Upload-Length", strconv.Itoa(rest), "Upload-Metadata", "path "+b64("b"))
	wantStatus(t, "its first part", ann.tus("PATCH", at, bytes.NewReader(make([]byte, rest-1)), "Upload-Offset", "0"), 204)
	ann.wantUsed("all but a byte", quota-1)
	wantStatus(t, "its last byte", ann.tus("PATCH", at, bytes.NewReader(make([]byte, 1)), "Upload-Offset", strconv.Itoa(rest-1)), 204)
	ann.wantUsed("a full quota", quota)
	put("c", 1, 507)
	put("c", 0, 201)

	wantStatus(t, "deleting the link", ann.request("DELETE", "/api/links/"+l.id, nil, nil), 204)
	ann.wantUsed("without the link", quota-link)
	put("c", link, 204)
	wantStatus(t, "deleting the half upload", ann.tus("DELETE", half, nil), 204)
	ann.wantUsed("without the upload", quota-sealedChunk)
	wantStatus(t, "deleting a file", ann.request("DELETE", "/files/a", nil, nil), 204)
	ann.wantUsed("without a file", quota-sealedChunk-100_000)
}

// H10
func TestUploadsAtOnceKeepWithinTheQuota(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	const quota, each, many = 7 * sealedChunk / 2, 2 * sealedChunk, 6
	ann.setQuota(quota)
	uploads := make([]string, many)
	for i := range uploads {
		uploads[i] = ann.newUpload("sealed", "Upload-Length", strconv.Itoa(each))
	}
	status := make(chan int, many)
	var all sync.WaitGroup
	for _, at := range uploads {
		all.Go(func() {
			b := &browser{rig: ann.rig, cookies: ann.cookies}
			answer := b.tus("PATCH", at, bytes.NewReader(make([]byte, each)), "Upload-Offset", "0")
			io.Copy(io.Discard, answer.Body)
			status <- answer.StatusCode
		})
	}
	all.Wait()
	close(status)
	took := int64(0)
	for s := range status {
		switch s {
		case http.StatusNoContent:
			took++
		case http.StatusInsufficientStorage:
		default:
			t.Errorf("status %d", s)
		}
	}
	if took > 1 {
		t.Errorf("%d uploads were taken; one fits", took)
	}
	ann.wantUsed("afterwards", took*each)
	ann.setQuota(many * each)
	for _, at := range uploads {
		offset := ann.offset(at)
		wantStatus(t, "with more room", ann.tus("PATCH", at, bytes.NewReader(make([]byte, each-offset)), "Upload-Offset", strconv.FormatInt(offset, 10)), 204)
	}
	ann.wantUsed("all of them", many*each)
}

// Whoever is at their quota is told so; the operator's log holds no error for it.
func TestAFullQuotaIsNoFaultOfTheServer(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	_, secret := ann.appPassword("laptop")
	at := ann.newUpload("sealed", "Upload-Defer-Length", "1")
	ann.setQuota(1000)
	wantStatus(t, "PUT", r.dav("PUT", "/dav/a", "ann", secret, bytes.NewReader(make([]byte, 1001))), 507)
	wantStatus(t, "PUT at the other door", ann.request("PUT", "/files/a", bytes.NewReader(make([]byte, 1001)), nil), 507)
	said := wantCode(t, "a sealed upload", ann.tus("POST", "/api/uploads/sealed", nil, "Upload-Length", "1001"), 507, "no_space")
	if !strings.Contains(said["message"], "quota") || strings.Contains(said["message"], "disk") {
		t.Errorf("at a full quota it is said: %s", said["message"])
	}
	wantCode(t, "more of one", ann.tus("PATCH", at, bytes.NewReader(make([]byte, sealedChunk)), "Upload-Offset", "0"), 507, "no_space")
	wantCode(t, "one into the drive", ann.tus("POST", "/api/uploads/drive", nil, "Upload-Length", "1001", "Upload-Metadata", "path "+b64("a")), 507, "no_space")
	for line := range strings.Lines(r.Log()) {
		if !strings.Contains(line, "level=INFO") {
			t.Errorf("at a full quota the log says: %s", line)
		}
	}
}

func TestTheOperatorSeesWhatPeopleUse(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	wantStatus(t, "PUT", bob.request("PUT", "/files/a", bytes.NewReader(make([]byte, 100)), nil), 201)
	bob.link(1000, nil)
	bob.setQuota(5_000_000_000_000)
	var list struct {
		People []struct {
			Name  string
			Used  int64
			Quota *int64
		}
	}
	ann.call(200, "GET", "/api/people", nil, &list)
	if len(list.People) != 2 || list.People[0].Used != 0 || list.People[0].Quota != nil ||
		list.People[1].Used != 1100+smallManifest || list.People[1].Quota == nil || *list.People[1].Quota != 5_000_000_000_000 {
		t.Errorf("%+v", list)
	}
}
