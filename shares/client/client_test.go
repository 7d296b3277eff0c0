package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"thorpe/shares/accountkeys"
	"thorpe/shares/sealed"
)

// newRig is a client of a server that answers with handle.
func newRig(t *testing.T, handle http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	c := New(server.URL)
	t.Cleanup(c.Close)
	c.Retries = Retries{First: time.Millisecond, Longest: 2 * time.Millisecond, Attempts: 4, Stall: 20 * time.Second}
	c.Session = &Session{CookieName: "thorpe", Cookie: "SECRETSESSION", AccountKey: accountkeys.NewKey()}
	return c
}

// broken answers as a server does that dies.
func broken(w http.ResponseWriter) { panic(http.ErrAbortHandler) }

// source is a plaintext in memory.
type source struct {
	*bytes.Reader
	changed atomic.Bool
}

func (s *source) Unchanged() error {
	if s.changed.Load() {
		return ErrChanged
	}
	return nil
}

func newSource(n int) (*source, []byte) {
	plain := make([]byte, n)
	rand.Read(plain)
	return &source{Reader: bytes.NewReader(plain)}, plain
}

// fakeUploads is a server's side of one upload.
type fakeUploads struct {
	mu      sync.Mutex
	length  int
	have    []byte
	nonces  map[string]bool
	patches int
	deleted bool
	// received is every chunk that came, in pieces or whole, also what was dropped of it.
	received []receivedChunk
	// breaks says what to do with a PATCH of this number, from 1: how many bytes of it to read before breaking off, or
	// -1 for none of that.
	breaks func(patch int) int64
	// refuses, if it says so, answers instead.
	refuses func(w http.ResponseWriter, r *http.Request, patch int) bool
}

type receivedChunk struct {
	index int
	bytes []byte
}

func (f *fakeUploads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if cookie, err := r.Cookie("thorpe"); err != nil || cookie.Value != "SECRETSESSION" || r.Header.Get("Tus-Resumable") != "1.0.0" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	switch {
	case r.Method == http.MethodPost:
		f.length = -1
		if r.Header.Get("Upload-Defer-Length") != "1" {
			f.length, _ = strconv.Atoi(r.Header.Get("Upload-Length"))
		}
		w.Header().Set("Location", "/api/uploads/THEUPLOAD")
		w.WriteHeader(http.StatusCreated)
		return
	case r.URL.Path != "/api/uploads/THEUPLOAD":
		w.WriteHeader(http.StatusNotFound)
		return
	case r.Method == http.MethodDelete:
		f.deleted = true
		w.WriteHeader(http.StatusNoContent)
		return
	case r.Method == http.MethodPatch:
		f.patches++
		if f.refuses != nil && f.refuses(w, r, f.patches) {
			return
		}
		if r.Header.Get("Upload-Offset") != strconv.Itoa(len(f.have)) {
			w.WriteHeader(http.StatusConflict)
			io.WriteString(w, `{"code":"wrong_offset"}`)
			return
		}
		if told := r.Header.Get("Upload-Length"); told != "" {
			length, _ := strconv.Atoi(told)
			if f.length != -1 && f.length != length {
				panic("two lengths")
			}
			f.length = length
		}
		limit := int64(1 << 40)
		if f.breaks != nil {
			if n := f.breaks(f.patches); n >= 0 {
				limit = n
			}
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, limit))
		f.take(body)
		if err != nil || limit < 1<<40 {
			broken(w)
		}
	}
	w.Header().Set("Upload-Offset", strconv.Itoa(len(f.have)))
	if f.length != -1 {
		w.Header().Set("Upload-Length", strconv.Itoa(f.length))
	}
	if r.Method == http.MethodPatch {
		w.WriteHeader(http.StatusNoContent)
	}
}

// take keeps whole chunks only, and notes every nonce that it saw, also of those that it drops.
func (f *fakeUploads) take(body []byte) {
	if f.nonces == nil {
		f.nonces = map[string]bool{}
	}
	for at := 0; at+12 <= len(body); at += sealed.SealedChunkSize {
		nonce := string(body[at : at+12])
		if f.nonces[nonce] {
			panic("a nonce came twice")
		}
		f.nonces[nonce] = true
		index := (len(f.have) + at) / sealed.SealedChunkSize
		f.received = append(f.received, receivedChunk{index, bytes.Clone(body[at:min(len(body), at+sealed.SealedChunkSize)])})
	}
	f.have = append(f.have, body...)
	if len(f.have) != f.length {
		f.have = f.have[:len(f.have)/sealed.SealedChunkSize*sealed.SealedChunkSize]
	}
}

// TestUploadResumes: A17. Wherever it breaks, what arrives opens, and no nonce is used twice.
func TestUploadResumes(t *testing.T) {
	const n = sealed.SealedChunkSize
	for name, breaks := range map[string]func(int) int64{
		"never":              func(int) int64 { return -1 },
		"before a byte":      func(patch int) int64 { return map[int]int64{1: 0, 2: 0}[patch] - boolInt(patch > 2) },
		"inside a chunk":     func(patch int) int64 { return map[int]int64{1: n + 100, 2: 200, 3: n}[patch] - boolInt(patch > 3) },
		"at a chunk's edge":  func(patch int) int64 { return map[int]int64{1: n, 2: n}[patch] - boolInt(patch > 2) },
		"in the last chunk":  func(patch int) int64 { return map[int]int64{1: 3*n + 5}[patch] - boolInt(patch > 1) },
		"after the last one": func(patch int) int64 { return map[int]int64{1: 3*n + 528}[patch] - boolInt(patch > 1) },
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeUploads{breaks: breaks}
			c := newRig(t, f.ServeHTTP)
			src, plain := newSource(3*sealed.ChunkSize + 500)
			key := sealed.NewContentKey()
			last := int64(0)
			id, err := c.Upload(t.Context(), key, src, func(sent int64) { last = sent })
			if err != nil || id != "THEUPLOAD" {
				t.Fatal(id, err)
			}
			if last != int64(f.length) || f.deleted {
				t.Errorf("progress ends at %d of %d; deleted: %t", last, f.length, f.deleted)
			}
			r, err := sealed.NewReader(key, bytes.NewReader(f.have), int64(len(plain)))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("what arrived does not open: %v", err)
			}
		})
	}
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// TestUploadGivesUpWhatChanged: A17. A source that changed before a resume is not sealed again under the same key.
func TestUploadGivesUpWhatChanged(t *testing.T) {
	f := &fakeUploads{}
	src, _ := newSource(3 * sealed.ChunkSize)
	f.breaks = func(patch int) int64 {
		src.changed.Store(true)
		return 100
	}
	c := newRig(t, f.ServeHTTP)
	if _, err := c.Upload(t.Context(), sealed.NewContentKey(), src, nil); !errors.Is(err, ErrChanged) {
		t.Errorf("got %v", err)
	}
	if f.patches != 1 || !f.deleted {
		t.Errorf("%d requests, deleted: %t", f.patches, f.deleted)
	}
}

type failingSource struct{ *source }

func (f failingSource) ReadAt(p []byte, offset int64) (int, error) {
	if offset > 0 {
		return 0, errors.New("the disk is broken")
	}
	return f.source.ReadAt(p, offset)
}

func TestUploadFailsWithItsSource(t *testing.T) {
	f := &fakeUploads{}
	src, _ := newSource(3 * sealed.ChunkSize)
	c := newRig(t, f.ServeHTTP)
	if _, err := c.Upload(t.Context(), sealed.NewContentKey(), failingSource{src}, nil); err == nil || !strings.Contains(err.Error(), "the disk is broken") {
		t.Errorf("got %v", err)
	}
	if f.patches > 1 || !f.deleted {
		t.Errorf("%d requests, deleted: %t", f.patches, f.deleted)
	}
}

// TestUploadAndAStrangeServer: what a server says about offsets is checked before it is used.
func TestUploadAndAStrangeServer(t *testing.T) {
	for _, offset := range []string{"", "-1", "1", "262171", "99999999999", "x"} {
		f := &fakeUploads{refuses: func(w http.ResponseWriter, r *http.Request, patch int) bool {
			io.Copy(io.Discard, r.Body)
			w.Header().Set("Upload-Offset", offset)
			w.WriteHeader(http.StatusNoContent)
			return true
		}}
		c := newRig(t, f.ServeHTTP)
		src, _ := newSource(2 * sealed.ChunkSize)
		if _, err := c.Upload(t.Context(), sealed.NewContentKey(), src, nil); !errors.Is(err, errNotThorpe) {
			t.Errorf("offset %q: %v", offset, err)
		}
	}
	for _, place := range []string{"", "https://evil.example/api/uploads/x", "//evil.example/api/uploads/x", "/api/uploads/", "/api/uploads/../links", "/elsewhere/x", "/api/uploads/a/b"} {
		c := newRig(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", place)
			w.WriteHeader(http.StatusCreated)
		})
		src, _ := newSource(10)
		if _, err := c.Upload(t.Context(), sealed.NewContentKey(), src, nil); !errors.Is(err, errNotThorpe) {
			t.Errorf("place %q: %v", place, err)
		}
	}
}

func TestUploadTriesAgainWhatMayPass(t *testing.T) {
	for status, code := range map[int]string{423: "upload_busy", 409: "wrong_offset", 429: "slow_down", 503: "", 500: "internal"} {
		f := &fakeUploads{refuses: func(w http.ResponseWriter, r *http.Request, patch int) bool {
			if patch == 1 {
				w.WriteHeader(status)
				fmt.Fprintf(w, `{"code":%q}`, code)
			}
			return patch == 1
		}}
		c := newRig(t, f.ServeHTTP)
		src, _ := newSource(1000)
		if _, err := c.Upload(t.Context(), sealed.NewContentKey(), src, nil); err != nil || f.patches != 2 {
			t.Errorf("%d %s: %d requests, %v", status, code, f.patches, err)
		}
	}
	for _, status := range []int{400, 401, 403, 404, 413} {
		f := &fakeUploads{refuses: func(w http.ResponseWriter, r *http.Request, patch int) bool {
			w.WriteHeader(status)
			return true
		}}
		c := newRig(t, f.ServeHTTP)
		src, _ := newSource(1000)
		if _, err := c.Upload(t.Context(), sealed.NewContentKey(), src, nil); err == nil || f.patches != 1 {
			t.Errorf("%d: %d requests, %v", status, f.patches, err)
		}
	}
}

// TestALinksLifeBeginsWhenItIsPublished: not with an attempt that failed, however long the way to the next was.
func TestALinksLifeBeginsWhenItIsPublished(t *testing.T) {
	keys, _ := sealed.NewLink(false).Keys("")
	attempts := 0
	var described struct{ Expires *time.Time }
	c := newRig(t, func(w http.ResponseWriter, r *http.Request) {
		if attempts++; attempts == 1 {
			time.Sleep(1100 * time.Millisecond)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if err := json.Unmarshal([]byte(r.FormValue("link")), &described); err != nil {
			t.Error(err)
		}
	})
	link := NewLink{Keys: keys, Upload: "UP", Manifest: []byte("m"), Note: []byte("n"), Lifetime: time.Second}
	begun := time.Now()
	if err := c.Publish(t.Context(), link); err != nil || attempts != 2 {
		t.Fatalf("%d attempts, %v", attempts, err)
	}
	soonest := begun.Add(1100 * time.Millisecond).Add(link.Lifetime).Truncate(time.Second) // the server counts in seconds
	if latest := time.Now().Add(link.Lifetime); described.Expires == nil || described.Expires.Before(soonest) || described.Expires.After(latest) {
		t.Errorf("it ends at %v, want %v to %v", described.Expires, soonest, latest)
	}
	link.Lifetime = 0
	if err := c.Publish(t.Context(), link); err != nil || described.Expires != nil {
		t.Errorf("one without an end ends at %v, %v", described.Expires, err)
	}
}

// TestPublishWhoseAnswerIsLost publishes once.
func TestPublishWhoseAnswerIsLost(t *testing.T) {
	keys, _ := sealed.NewLink(false).Keys("")
	taken := false
	takenBack := false
	c := newRig(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			takenBack = r.URL.Path == "/api/uploads/UP"
			return
		}
		if r.FormValue("link") == "" {
			t.Error("no part called link")
		}
		var link struct{ ID, Token_Hash, Upload, Note string }
		if err := json.Unmarshal([]byte(r.FormValue("link")), &link); err != nil || link.Upload != "UP" || link.ID != keys.ID.String() {
			t.Errorf("link is %+v, %v", link, err)
		}
		if taken {
			w.WriteHeader(http.StatusConflict)
			io.WriteString(w, `{"code":"id_taken","message":"That id was published before."}`)
			return
		}
		taken = true
		broken(w)
	})
	link := NewLink{Keys: keys, Upload: "UP", Manifest: []byte("m"), Note: []byte("n"), Lifetime: time.Hour, MaxVisits: 3}
	if err := c.Publish(t.Context(), link); err != nil || takenBack {
		t.Errorf("%v, taken back: %t", err, takenBack)
	}
	if err := c.Publish(t.Context(), link); !HasCode(err, "id_taken") || !takenBack {
		t.Errorf("published twice: %v, taken back: %t", err, takenBack)
	}
}

// fakeContent serves one content by ranges and breaks off after so many bytes of each answer.
type fakeContent struct {
	content []byte
	after   int
	etag    func(request int) string
	change  func(w http.ResponseWriter, r *http.Request, request int) bool

	mu       sync.Mutex
	requests int
}

func (f *fakeContent) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.requests++
	request := f.requests
	f.mu.Unlock()
	if r.Header.Get("Cookie") != "" {
		panic("a cookie came with a link's request")
	}
	etag := `"e"`
	if f.etag != nil {
		etag = f.etag(request)
	}
	w.Header().Set("ETag", etag)
	if f.change != nil && f.change(w, r, request) {
		return
	}
	http.ServeContent(&cutWriter{w, f.after}, r, "", time.Time{}, bytes.NewReader(f.content))
}

type cutWriter struct {
	http.ResponseWriter
	left int
}

func (w *cutWriter) Write(p []byte) (int, error) {
	if len(p) > w.left {
		w.ResponseWriter.Write(p[:w.left])
		w.ResponseWriter.(http.Flusher).Flush()
		broken(w.ResponseWriter)
	}
	w.left -= len(p)
	return w.ResponseWriter.Write(p)
}

// fetch reads a content of size bytes whole.
func fetch(t *testing.T, f *fakeContent, size int) ([]byte, error) {
	t.Helper()
	keys, _ := sealed.NewLink(false).Keys("")
	r := newRig(t, f.ServeHTTP).Content(t.Context(), keys, NewTicket(), int64(size))
	defer r.Close()
	return io.ReadAll(r)
}

func TestContentGoesOn(t *testing.T) {
	_, content := newSource(1_000_000)
	f := &fakeContent{content: content, after: 150_000}
	got, err := fetch(t, f, len(content))
	if err != nil || !bytes.Equal(got, content) || f.requests != 7 {
		t.Errorf("%d bytes in %d requests: %v", len(got), f.requests, err)
	}
	// A server that knows no ranges, but whose connection holds longer each time.
	f = &fakeContent{content: content, change: func(w http.ResponseWriter, r *http.Request, request int) bool {
		r.Header.Del("Range")
		http.ServeContent(&cutWriter{w, 300_000 * request}, r, "", time.Time{}, bytes.NewReader(content))
		return true
	}}
	if got, err = fetch(t, f, len(content)); err != nil || !bytes.Equal(got, content) {
		t.Errorf("without ranges: %d bytes: %v", len(got), err)
	}
	// Nothing comes at all, again and again.
	f = &fakeContent{content: content}
	if got, err = fetch(t, f, len(content)); err == nil || len(got) != 0 || f.requests != 4 {
		t.Errorf("nothing: %d bytes in %d requests: %v", len(got), f.requests, err)
	}
	// It ends too early, or goes on: that is for who opens it.
	for _, size := range []int{len(content) - 1, len(content) + 1} {
		if got, err = fetch(t, &fakeContent{content: content, after: 1 << 30}, size); err != nil || len(got) != len(content) {
			t.Errorf("of another length: %d bytes: %v", len(got), err)
		}
	}
}

func TestContentThatChangesBetweenRanges(t *testing.T) {
	_, content := newSource(500_000)
	for name, f := range map[string]*fakeContent{
		"another ETag": {etag: func(request int) string { return strconv.Quote(strconv.Itoa(request)) }},
		"no ETag":      {etag: func(int) string { return "" }},
		"another range": {change: func(w http.ResponseWriter, r *http.Request, request int) bool {
			if request == 2 {
				r.Header.Set("Range", "bytes=7-")
			}
			return false
		}},
	} {
		f.content, f.after = content, 150_000
		if got, err := fetch(t, f, len(content)); err == nil || len(got) >= 200_000 {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

func TestStalledConnectionIsBroken(t *testing.T) {
	_, content := newSource(1000)
	release := make(chan struct{})
	f := &fakeContent{content: content, after: 1 << 30}
	f.change = func(w http.ResponseWriter, r *http.Request, request int) bool {
		if request > 1 {
			return false
		}
		w.Header().Set("Content-Length", "1000")
		w.Write(content[:500])
		w.(http.Flusher).Flush()
		select { // until the client hangs up
		case <-r.Context().Done():
		case <-release:
		}
		return true
	}
	keys, _ := sealed.NewLink(false).Keys("")
	c := newRig(t, f.ServeHTTP)
	defer close(release)
	c.Retries.Stall, c.Retries.Attempts = 100*time.Millisecond, 100
	r := c.Content(t.Context(), keys, NewTicket(), 1000)
	defer r.Close()
	if got, err := io.ReadAll(iotest.OneByteReader(r)); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestContentEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	keys, _ := sealed.NewLink(false).Keys("")
	c := newRig(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := io.ReadAll(c.Content(ctx, keys, NewTicket(), 100)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestRedirectsAreRefused, and nothing secret goes where they point.
func TestRedirectsAreRefused(t *testing.T) {
	reached := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		c := newRig(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL+r.URL.Path, status) })
		keys, _ := sealed.NewLink(false).Keys("")
		_, err := c.Manifest(t.Context(), keys)
		_, contentErr := io.ReadAll(c.Content(t.Context(), keys, NewTicket(), 100))
		_, signInErr := c.SignIn(t.Context(), "ann", "password")
		src, _ := newSource(10)
		_, uploadErr := c.Upload(t.Context(), sealed.NewContentKey(), src, nil)
		for _, err := range []error{err, c.Ticket(t.Context(), keys, NewTicket()), contentErr, signInErr, uploadErr} {
			if !errors.Is(err, errRedirect) {
				t.Errorf("%d: %v", status, err)
			}
		}
	}
	if reached {
		t.Error("a redirect was followed")
	}
}

// TestErrorsHoldNoSecrets: not even where a server sends back what it was sent.
func TestErrorsHoldNoSecrets(t *testing.T) {
	keys, _ := sealed.NewLink(false).Keys("")
	token := base64.RawURLEncoding.EncodeToString(keys.Token[:])
	ticket := NewTicket()
	c := newRig(t, func(w http.ResponseWriter, r *http.Request) { broken(w) })
	_, err := c.Manifest(t.Context(), keys)
	_, contentErr := io.ReadAll(c.Content(t.Context(), keys, ticket, 100))
	src, _ := newSource(10)
	_, uploadErr := c.Upload(t.Context(), sealed.NewContentKey(), src, nil)
	text := fmt.Sprintf("%v %+v %v %v %v %+v %#v %v", err, err, contentErr, c.Ticket(t.Context(), keys, ticket), uploadErr, *c.Session, c.Session, ticket)
	for _, secret := range []string{token, keys.ID.String(), "SECRETSESSION", "Bearer", base64.RawURLEncoding.EncodeToString(ticket[:])} {
		if strings.Contains(text, secret) {
			t.Errorf("an error holds %s: %s", secret, text)
		}
	}
}

func TestServerTextIsSafeForATerminal(t *testing.T) {
	c := newRig(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusGone)
		json.NewEncoder(w).Encode(map[string]string{"code": "gone", "reason": "removed", "message": "\x1b]0;evil\a\u202e" + strings.Repeat("x", 1000)})
	})
	keys, _ := sealed.NewLink(false).Keys("")
	_, err := c.Manifest(t.Context(), keys)
	if !HasCode(err, "gone") || strings.ContainsAny(err.Error(), "\x1b\a\u202e") || len(err.Error()) > 700 || !strings.Contains(err.Error(), "was removed") {
		t.Errorf("%q", err)
	}
}

func TestSignIn(t *testing.T) {
	made, err := accountkeys.New("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	answer := map[string]any{"account": map[string]any{"id": binary(made.ID[:]), "name": "ann"}, "wrap": binary(made.Wrap)}
	salt := binary(made.Salt[:])
	var bodies []string
	c := newRig(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		if r.URL.Path == "/api/salt" {
			json.NewEncoder(w).Encode(map[string]any{"salt": salt})
			return
		}
		if !strings.Contains(string(body), base64.RawURLEncoding.EncodeToString(made.Auth[:])) {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `{"code":"wrong_password","message":"Name or password are wrong."}`)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "thorpe", Value: "s", HttpOnly: true})
		json.NewEncoder(w).Encode(answer)
	})
	s, err := c.SignIn(t.Context(), "ann", "correct horse")
	if err != nil || s.Cookie != "s" || s.Account != made.ID || s.Name != "ann" {
		t.Fatal(err)
	}
	keys := accountkeys.FromRecovery(made.RecoveryKey)
	if want, err := accountkeys.OpenRecovery(keys.Wrap, made.ID, made.Recovery); err != nil || want != s.AccountKey {
		t.Errorf("another account key: %v", err)
	}
	if _, err := c.SignIn(t.Context(), "ann", "wrong"); !HasCode(err, "wrong_password") {
		t.Errorf("a wrong password: %v", err)
	}
	// The password, and what opens the box, never leave.
	password, _ := accountkeys.FromPassword("correct horse", made.Salt[:])
	for _, body := range bodies {
		if strings.Contains(body, "horse") || strings.Contains(body, base64.RawURLEncoding.EncodeToString(password.Wrap[:])) {
			t.Error("a secret was sent")
		}
	}
	// A12: a box of another key, or of another account, is refused.
	answer["wrap"] = binary(made.Recovery)
	if _, err := c.SignIn(t.Context(), "ann", "correct horse"); !errors.Is(err, accountkeys.BadBox) {
		t.Errorf("another box: %v", err)
	}
	// A14: nor does a server choose another hash.
	salt = binary{}
	if _, err := c.SignIn(t.Context(), "ann", "correct horse"); !errors.Is(err, errNotThorpe) {
		t.Errorf("without a salt: %v", err)
	}
}

func TestParseServer(t *testing.T) {
	for address, want := range map[string]string{
		"example.org": "https://example.org", "https://Example.org/": "https://example.org", "http://127.0.0.1:8080": "http://127.0.0.1:8080", "http://[::1]:8080/": "http://[::1]:8080",
		"": "", "ftp://x": "", "https://a@b": "", "https://Example.org/Cloud/": "https://example.org/Cloud", "example.org/a/b": "https://example.org/a/b", "https://x/a//b": "", "https://x/a%20b": "", "https://x/..": "", "https://x//": "", "https://x?y": "", "https://x#y": "", "https://": "",
	} {
		got, err := ParseServer(address)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", address, got, err)
		}
	}
}

func TestSlowDownIsWaitedFor(t *testing.T) {
	requests := 0
	keys, _ := sealed.NewLink(false).Keys("")
	c := newRig(t, func(w http.ResponseWriter, r *http.Request) {
		if requests++; requests == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
	c.Retries.Longest = time.Second
	var waits []time.Duration
	c.Retries.Notify = func(_ error, wait time.Duration) { waits = append(waits, wait) }
	if err := c.Ticket(t.Context(), keys, NewTicket()); err != nil || len(waits) != 1 || waits[0] != time.Second {
		t.Errorf("waited %v: %v", waits, err)
	}
	// But not for hours.
	c = newRig(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	if err := c.Ticket(t.Context(), keys, NewTicket()); err == nil {
		t.Error("no error")
	}
}
