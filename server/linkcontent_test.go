package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// wantHolderHeaders checks what docs/format.md has on every answer to a holder, failures too.
func wantHolderHeaders(t *testing.T, what string, got *http.Response) {
	t.Helper()
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "", "Cache-Control": "no-store", "Set-Cookie": "",
		"Access-Control-Expose-Headers": "ETag, Content-Range, Content-Length, Accept-Ranges, Retry-After, Thorpe-Limited",
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
