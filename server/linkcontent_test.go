package server_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// wantHolderHeaders checks what docs/format.md has on every answer to a holder, failures too.
func wantHolderHeaders(t *testing.T, what string, got *http.Response) {
	t.Helper()
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "", "Cache-Control": "no-store", "Set-Cookie": "",
		"Access-Control-Expose-Headers": "ETag, Content-Range, Content-Length, Accept-Ranges, Retry-After",
		"X-Content-Type-Options":        "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Last-Modified": "", "Content-Encoding": "",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %s: %q, want %q", what, name, got.Header.Get(name), want)
		}
	}
}

func TestHoldersFetchALink(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(3*sealedChunk+100, nil)
	ticket := text(random(32))

	got := r.fetch("GET", l, "manifest", "Origin", "https://another.example")
	wantBody(t, "manifest", got, 200, l.manifest)
	wantHolderHeaders(t, "manifest", got)
	if kind := got.Header.Get("Content-Type"); kind != "application/octet-stream" {
		t.Errorf("a manifest of type %q", kind)
	}
	got = r.fetch("GET", l, "content")
	wantCode(t, "content without a ticket", got, 403, "no_ticket")
	wantHolderHeaders(t, "content without a ticket", got)
	wantCode(t, "content with an unknown ticket", r.fetch("GET", l, "content", "Thorpe-Ticket", ticket), 403, "no_ticket")
	for i, want := range []int{201, 200, 200} {
		got := r.ticket(l, ticket)
		wantBody(t, fmt.Sprint("ticket ", i), got, want, nil)
		wantHolderHeaders(t, "ticket", got)
	}
	got = r.fetch("GET", l, "content", "Thorpe-Ticket", ticket)
	wantBody(t, "content", got, 200, l.content)
	wantHolderHeaders(t, "content", got)
	tag := got.Header.Get("ETag")
	if len(tag) < 18 || tag[0] != '"' {
		t.Errorf("ETag %s is not strong", tag)
	}
	if got.ContentLength != int64(len(l.content)) || got.Header.Get("Accept-Ranges") != "bytes" || got.Header.Get("Content-Type") != "application/octet-stream" || got.Header.Get("Content-Disposition") != "attachment" {
		t.Errorf("content: %v", got.Header)
	}
	got = r.fetch("HEAD", l, "content", "Thorpe-Ticket", ticket)
	wantBody(t, "HEAD", got, 200, nil)
	wantHolderHeaders(t, "HEAD", got)
	if got.ContentLength != int64(len(l.content)) || got.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %v", got.Header)
	}

	n := len(l.content)
	for _, c := range []struct {
		header, ifRange string
		status          int
		from, to        int
	}{
		{"bytes=0-0", "", 206, 0, 1},
		{"bytes=262172-524343", "", 206, sealedChunk, 2 * sealedChunk},
		{"bytes=786516-", "", 206, 3 * sealedChunk, n},
		{"bytes=-5", "", 206, n - 5, n},
		{"bytes=5-999999999999", "", 206, 5, n},
		{"bytes=5-9", tag, 206, 5, 10},
		{"bytes=5-9", `"another"`, 200, 0, n},
		{"bytes=5-9", "W/" + tag, 200, 0, n},
		{"bytes=0-1,5-9", "", 200, 0, n},                               // H7: several at once
		{"bytes=" + strings.Repeat("0-,", 2000) + "0-", "", 200, 0, n}, // H7
	} {
		headers := []string{"Thorpe-Ticket", ticket, "Range", c.header}
		if c.ifRange != "" {
			headers = append(headers, "If-Range", c.ifRange)
		}
		what := fmt.Sprintf("%.40s %s", c.header, c.ifRange)
		got := r.fetch("GET", l, "content", headers...)
		wantBody(t, what, got, c.status, l.content[c.from:c.to])
		wantHolderHeaders(t, what, got)
		if want := fmt.Sprintf("bytes %d-%d/%d", c.from, c.to-1, n); c.status == 206 && got.Header.Get("Content-Range") != want {
			t.Errorf("%s: Content-Range %q, want %q", what, got.Header.Get("Content-Range"), want)
		}
	}
	got = r.fetch("GET", l, "content", "Thorpe-Ticket", ticket, "Range", fmt.Sprintf("bytes=%d-", n))
	wantCode(t, "a range past the end", got, 416, "bad_range")
	wantHolderHeaders(t, "a range past the end", got)
	if want := fmt.Sprintf("bytes */%d", n); got.Header.Get("Content-Range") != want {
		t.Errorf("a range past the end: Content-Range %q, want %q", got.Header.Get("Content-Range"), want)
	}
	wantCode(t, "If-Match", r.fetch("GET", l, "content", "Thorpe-Ticket", ticket, "If-Match", `"another"`), 412, "precondition")
}

// D1: none of the ways to a link opens without its token; D2-D5: and there are no others.
func TestNoWayAroundTheToken(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l, other := ann.link(100, nil), ann.link(100, nil)
	ticket := text(random(32))
	wantStatus(t, "ticket", r.ticket(l, ticket), 201)
	_, secret := ann.appPassword("laptop")
	for _, c := range []struct{ what, authorization string }{
		{"no token", ""},
		{"a wrong token", "Bearer " + text(random(32))},
		{"another link's token", "Bearer " + other.token},
		{"the token with padding", "Bearer " + l.token + "="},
		{"the token in another scheme", "Basic " + l.token},
		{"the token without a scheme", l.token},
		{"the token and more", "Bearer " + l.token + " x"},
		{"an app password", "Basic " + b64("ann:"+secret)},
	} {
		r.Pass(time.Minute) // the throttle has a test of its own
		for _, request := range [][2]string{{"GET", "manifest"}, {"GET", "content"}, {"HEAD", "content"}} {
			got := ann.request(request[0], "/api/links/"+l.id+"/"+request[1], nil, func(r *http.Request) { // the owner's cookie is none
				r.Header.Set("Thorpe-Ticket", ticket)
				r.Header.Set("Range", "bytes=0-1")
				if c.authorization != "" {
					r.Header.Set("Authorization", c.authorization)
				}
			})
			what := c.what + ", " + request[0] + " " + request[1]
			if request[0] == "HEAD" {
				wantStatus(t, what, got, 403)
			} else if said := wantCode(t, what, got, 403, "wrong_token"); len(said) != 2 {
				t.Errorf("%s: told more: %v", what, said)
			}
			wantHolderHeaders(t, what, got)
		}
		got := ann.request("POST", "/api/links/"+l.id+"/downloads", strings.NewReader(`{"ticket": "`+ticket+`"}`), func(r *http.Request) {
			r.Header.Set("Authorization", c.authorization)
			r.Header.Set("Content-Type", "application/json")
		})
		wantCode(t, c.what+", downloads", got, 403, "wrong_token")
	}
	for _, query := range []string{"?token=" + l.token, "?access_token=" + l.token + "&ticket=" + ticket} { // C9
		r.Pass(time.Minute)
		wantCode(t, query, r.newBrowser().request("GET", "/api/links/"+l.id+"/manifest"+query, nil, nil), 403, "wrong_token")
	}
	for _, path := range []string{"", "/", "/info", "/manifest/", "/content/x", "/../" + other.id + "/content", "/content%2f..%2fmanifest", "%2fcontent", "/zip?files=../x"} {
		got := r.newBrowser().request("GET", "/api/links/"+l.id+path, nil, func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+l.token)
			r.Header.Set("Thorpe-Ticket", ticket)
		})
		if got.StatusCode != 404 && got.StatusCode != 405 && got.StatusCode != 403 {
			t.Errorf("%q is answered %d", path, got.StatusCode)
		}
	}
	if strings.Contains(r.Log(), l.token) || strings.Contains(r.Log(), ticket) {
		t.Error("the log holds a token or a ticket")
	}
}

// D10: an id is matched whole and exactly.
func TestOnlyTheOneSpellingOfAnIDNamesALink(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, func(fields map[string]any) {
		fields["id"] = text([]byte("\xff\xef\xfe thirteen by."))
	})
	if !strings.ContainsAny(l.id, "-_") {
		t.Fatalf("id %s has none of the letters in question", l.id)
	}
	standard := base64.RawStdEncoding.EncodeToString([]byte("\xff\xef\xfe thirteen by."))
	for _, id := range []string{
		l.id[:21], l.id + "A", l.id + "=", l.id + "==", l.id[:21] + "B", strings.ToLower(l.id), strings.ToUpper(l.id), "%5F" + l.id[1:], "%5f" + l.id[1:],
		strings.ReplaceAll(standard, "/", "%2F"), l.id + "%0A", l.id + "%00", "%20" + l.id, l.id + ".", text(random(16)), text(random(15)), "", "..",
	} {
		if id == l.id {
			continue
		}
		other := l
		other.id = id
		for _, what := range []string{"manifest", "content"} {
			if got := r.fetch("GET", other, what); got.StatusCode != 404 {
				t.Errorf("%s of %q: %d", what, id, got.StatusCode)
			}
		}
	}
	got := r.fetch("GET", sentLink{id: text(random(16)), token: l.token}, "manifest")
	wantCode(t, "an unknown id", got, 404, "not_found")
	wantHolderHeaders(t, "an unknown id", got)
	wantBody(t, "the id itself", r.fetch("GET", l, "manifest"), 200, l.manifest)
}

func TestBrowsersOfAnyOriginMayAsk(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, nil)
	for _, id := range []string{l.id, text(random(16)), "x"} { // G4: tells nothing of a link
		for _, what := range []string{"manifest", "downloads", "content"} {
			got := r.newBrowser().request("OPTIONS", "/api/links/"+id+"/"+what, nil, func(r *http.Request) {
				r.Header.Set("Origin", "https://another.example")
				r.Header.Set("Sec-Fetch-Site", "cross-site")
				r.Header.Set("Access-Control-Request-Method", "POST")
			})
			wantBody(t, "OPTIONS "+what, got, 204, nil)
			wantHolderHeaders(t, "OPTIONS "+what, got)
			if got.Header.Get("Access-Control-Allow-Methods") != "GET, HEAD, POST" ||
				got.Header.Get("Access-Control-Allow-Headers") != "Authorization, Range, If-Range, Content-Type, Thorpe-Ticket" {
				t.Errorf("OPTIONS %s: %v", what, got.Header)
			}
		}
	}
	got := r.newBrowser().request("POST", "/api/links/"+l.id+"/downloads", strings.NewReader(`{"ticket": "`+text(random(32))+`"}`), func(request *http.Request) {
		request.Header.Set("Authorization", "Bearer "+l.token)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Origin", "https://another.example")
		request.Header.Set("Sec-Fetch-Site", "cross-site")
	})
	wantStatus(t, "a ticket for a page of another origin", got, 201)
	wantHolderHeaders(t, "a ticket for a page of another origin", got)
}

func TestATicketIsThirtyTwoBytes(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, func(fields map[string]any) { fields["max_visits"] = 1 })
	for _, ticket := range []string{"", text(random(31)), text(random(33)), text(random(32)) + "=", strings.Repeat("A", 42) + "B"} {
		wantCode(t, ticket, r.ticket(l, ticket), 400, "bad_request")
	}
	wantStatus(t, "nothing of that counted", r.ticket(l, text(random(32))), 201)
}

// The order of the refusals, docs/format.md, "Fetching a link".
func TestRefusalsComeInTheirOrder(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	soon := r.Now().Add(time.Hour).Truncate(time.Second)
	l := ann.link(28, func(fields map[string]any) { fields["expires"] = soon.UTC().Format(time.RFC3339) })
	held := text(random(32))
	wantStatus(t, "ticket", r.ticket(l, held), 201)
	wrong := l
	wrong.token = text(random(32))

	// D11: open to the last second, gone from the very one.
	r.Pass(soon.Add(-time.Second).Sub(r.Now()))
	wantStatus(t, "a second before", r.fetch("GET", l, "manifest"), 200)
	r.Pass(time.Second)
	for _, who := range []sentLink{l, wrong} {
		got := r.fetch("GET", who, "manifest")
		if said := wantCode(t, "expired", got, 410, "gone"); said["reason"] != "expired" || len(said) != 3 {
			t.Errorf("expired: %v", said)
		}
		wantHolderHeaders(t, "expired", got)
		wantCode(t, "expired", r.fetch("GET", who, "content"), 410, "gone")
		wantCode(t, "expired", r.ticket(who, text(random(32))), 410, "gone")
	}
	// A ticket from before holds: for the content, for asking again, and for loading the page again.
	wantBody(t, "content with a ticket", r.fetch("GET", l, "content", "Thorpe-Ticket", held), 200, l.content)
	wantBody(t, "manifest with a ticket", r.fetch("GET", l, "manifest", "Thorpe-Ticket", held), 200, l.manifest)
	wantStatus(t, "the ticket again", r.ticket(l, held), 200)
	wantCode(t, "a wrong token with the ticket", r.fetch("GET", wrong, "content", "Thorpe-Ticket", held), 403, "wrong_token")
}

// C2: wrong tokens; the right one from elsewhere still works.
func TestTenWrongTokensShutANetworkOut(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, nil)
	wrong := l
	wrong.token = text(random(32))
	for range 10 {
		wantCode(t, "a wrong token", r.fetch("GET", wrong, "manifest"), 403, "wrong_token")
	}
	for _, who := range []sentLink{wrong, l} {
		// C3: headers that a client can write change nothing.
		got := r.fetch("GET", who, "manifest", "X-Forwarded-For", "192.0.2.9", "X-Real-IP", "192.0.2.9", "Forwarded", "for=192.0.2.9")
		wantCode(t, "the eleventh", got, 429, "slow_down")
		wantHolderHeaders(t, "the eleventh", got)
		if got.Header.Get("Retry-After") != "60" {
			t.Errorf("Retry-After: %s", got.Header.Get("Retry-After"))
		}
	}
	wantCode(t, "a ticket", r.ticket(l, text(random(32))), 429, "slow_down")
	elsewhere, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	must(t, err)
	defer elsewhere.Close()
	fmt.Fprintf(elsewhere, "GET /api/links/%s/manifest HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", l.id, strings.TrimPrefix(r.URL, "http://"), l.token)
	answer, err := io.ReadAll(elsewhere)
	must(t, err)
	if !bytes.HasPrefix(answer, []byte("HTTP/1.0 200 ")) {
		t.Errorf("from another address: %.100s", answer)
	}
	r.Pass(time.Minute)
	wantBody(t, "a minute later", r.fetch("GET", l, "manifest"), 200, l.manifest)
}

// H14: whoever holds a link can't fill the disk with tickets; asking again for one that is there costs nothing.
func TestTicketsAreBounded(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, nil)
	first := text(random(32))
	wantStatus(t, "the first", r.ticket(l, first), 201)
	for range 150 {
		wantStatus(t, "the first again", r.ticket(l, first), 200)
	}
	made := 1
	var got *http.Response
	for got = r.ticket(l, text(random(32))); got.StatusCode == 201; got = r.ticket(l, text(random(32))) {
		made++
	}
	wantCode(t, "one more", got, 429, "slow_down")
	if made > 200 || got.Header.Get("Retry-After") == "" {
		t.Errorf("%d tickets were made; Retry-After %q", made, got.Header.Get("Retry-After"))
	}
	r.Pass(time.Minute)
	wantStatus(t, "a minute later", r.ticket(l, text(random(32))), 201)
}

// D9: a limit of one, fifty visits at once.
func TestTheLimitHoldsUnderARace(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(28, func(fields map[string]any) { fields["max_visits"] = 1 })
	var group sync.WaitGroup
	var won, lost atomic.Int64
	winner := make(chan string, 50)
	for range 50 {
		group.Go(func() {
			ticket := text(random(32))
			switch got := r.ticket(l, ticket); got.StatusCode {
			case 201:
				won.Add(1)
				winner <- ticket
			case 410:
				lost.Add(1)
			}
		})
	}
	group.Wait()
	if won.Load() != 1 || lost.Load() != 49 {
		t.Fatalf("%d came through, %d did not", won.Load(), lost.Load())
	}
	ticket := <-winner
	for _, part := range []string{"bytes=0-9", "bytes=10-"} { // in pieces, or again: it is one visit
		wantStatus(t, part, r.fetch("GET", l, "content", "Thorpe-Ticket", ticket, "Range", part), 206)
	}
	wantBody(t, "content", r.fetch("GET", l, "content", "Thorpe-Ticket", ticket), 200, l.content)
	if said := wantCode(t, "manifest for others", r.fetch("GET", l, "manifest"), 410, "gone"); said["reason"] != "used_up" {
		t.Errorf("gone: %v", said)
	}
}

// C7: when a link is deleted, a download of it that is under way ends, and does not look whole.
func TestDeletingALinkCutsItsDownloads(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(100*sealedChunk, nil) // more than the sockets between hold
	ticket := text(random(32))
	wantStatus(t, "ticket", r.ticket(l, ticket), 201)
	got := r.fetch("GET", l, "content", "Thorpe-Ticket", ticket)
	if _, err := io.ReadFull(got.Body, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	ann.call(204, "DELETE", "/api/links/"+l.id, nil, nil)
	if n, err := io.Copy(io.Discard, got.Body); err == nil {
		t.Errorf("%d more bytes came, and a good end", n)
	}
	// Other requests on the way are not hit.
	wantCode(t, "content", r.fetch("GET", l, "content", "Thorpe-Ticket", ticket), 410, "gone")
}

func TestAConnectionIsGoodForMoreAfterADownload(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(1000, nil)
	w := ann.wire()
	for range 3 {
		fmt.Fprintf(w, "GET /api/links/%s/manifest HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", l.id, strings.TrimPrefix(r.URL, "http://"), l.token)
		answer, err := http.ReadResponse(w.answer, nil)
		must(t, err)
		wantBody(t, "manifest", answer, 200, l.manifest)
	}
}

// The kernel sends the file: nothing on the way hides it from sendfile.
func TestContentReachesTheConnectionAsAFile(t *testing.T) {
	r := newServer(t)
	l := r.member("ann", 1).link(5*sealedChunk, nil)
	ticket := text(random(32))
	wantStatus(t, "ticket", r.ticket(l, ticket), 201)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	watched := &watchedListener{Listener: inner}
	web := &http.Server{Handler: r.Server}
	go web.Serve(watched)
	defer web.Close()
	request, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+inner.Addr().String()+"/api/links/"+l.id+"/content", nil)
	must(t, err)
	request.Host = strings.TrimPrefix(r.URL, "http://")
	request.Header.Set("Authorization", "Bearer "+l.token)
	request.Header.Set("Thorpe-Ticket", ticket)
	got, err := http.DefaultClient.Do(request)
	must(t, err)
	defer got.Body.Close()
	wantBody(t, "content", got, 200, l.content)
	if n := watched.files.Load(); n < int64(len(l.content)-4096) {
		t.Errorf("%s of %d bytes came from a file", strconv.FormatInt(n, 10), len(l.content))
	}
}

// watchedListener counts the bytes that its connections are given as a part of a file.
type watchedListener struct {
	net.Listener
	files atomic.Int64
}

func (l *watchedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &watchedConn{c.(*net.TCPConn), l}, nil
}

type watchedConn struct {
	*net.TCPConn
	listener *watchedListener
}

func (c *watchedConn) ReadFrom(from io.Reader) (int64, error) {
	n, err := c.TCPConn.ReadFrom(from)
	if limited, ok := from.(*io.LimitedReader); ok {
		if _, ok := limited.R.(*os.File); ok {
			c.listener.files.Add(n)
		}
	}
	return n, err
}
