package server_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestUploadsSpeakTus(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	got := r.newBrowser().request("OPTIONS", "/api/uploads/", nil, nil) // anyone may ask
	wantStatus(t, "OPTIONS", got, 204)
	for name, want := range map[string]string{
		"Tus-Resumable": "1.0.0", "Tus-Version": "1.0.0", "Tus-Extension": "creation,creation-defer-length,termination,expiration",
		"Tus-Max-Size": strconv.FormatInt(1<<50+28<<32, 10),
	} {
		if got.Header.Get(name) != want {
			t.Errorf("OPTIONS: %s: %q, want %q", name, got.Header.Get(name), want)
		}
	}

	got = ann.request("POST", "/api/uploads/sealed", nil, func(r *http.Request) { r.Header.Set("Upload-Length", "28") })
	wantCode(t, "without Tus-Resumable", got, 412, "tus_version")
	if got.Header.Get("Tus-Version") != "1.0.0" || got.Header.Get("Tus-Resumable") != "1.0.0" {
		t.Errorf("without Tus-Resumable: %v", got.Header)
	}

	content := random(sealedChunk + 100)
	at := ann.newUpload("sealed", "Upload-Defer-Length", "1")
	got = ann.tus("HEAD", at, nil)
	wantStatus(t, "HEAD", got, 200)
	if h := got.Header; h.Get("Upload-Offset") != "0" || h.Get("Upload-Defer-Length") != "1" || h.Get("Upload-Length") != "" ||
		h.Get("Cache-Control") != "no-store" || h.Get("Tus-Resumable") != "1.0.0" {
		t.Errorf("HEAD of a new one: %v", h)
	}
	expires, err := http.ParseTime(got.Header.Get("Upload-Expires"))
	if want := r.Now().Add(7 * 24 * time.Hour).Truncate(time.Second); err != nil || !expires.Equal(want) {
		t.Errorf("expires %v, %v; want %v", expires, err, want)
	}
	got = ann.tus("PATCH", at, bytes.NewReader(content[:sealedChunk+50]), "Upload-Offset", "0")
	wantStatus(t, "PATCH", got, 204)
	if offset := got.Header.Get("Upload-Offset"); offset != "262172" { // whole chunks only
		t.Errorf("the server acknowledges %s bytes", offset)
	}
	got = ann.tus("PATCH", at, bytes.NewReader(content[sealedChunk:]), "Upload-Offset", "262172", "Upload-Length", strconv.Itoa(len(content)))
	wantStatus(t, "the last PATCH", got, 204)
	got = ann.tus("HEAD", at, nil)
	if h := got.Header; h.Get("Upload-Offset") != strconv.Itoa(len(content)) || h.Get("Upload-Length") != h.Get("Upload-Offset") || h.Get("Upload-Defer-Length") != "" {
		t.Errorf("HEAD of a whole one: %v", h)
	}
	wantStatus(t, "DELETE", ann.tus("DELETE", at, nil), 204)
	wantStatus(t, "HEAD of a deleted one", ann.tus("HEAD", at, nil), 404)
	wantCode(t, "PATCH of a deleted one", ann.tus("PATCH", at, nil, "Upload-Offset", "0"), 404, "not_found")
	wantCode(t, "DELETE of a deleted one", ann.tus("DELETE", at, nil), 404, "not_found")
}

func TestUploadRefusals(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	sealed := ann.newUpload("sealed", "Upload-Length", "100")
	drive := ann.newUpload("drive", "Upload-Length", "100", "Upload-Metadata", "path "+b64("a"))
	const huge = "99999999999999999999999999"
	path := "path " + b64("a")
	for _, c := range []struct {
		method, path string
		size         int
		headers      string // name: value, one a line
		status       int
		code         string
	}{
		{"POST", "/api/uploads/sealed", 0, "", 400, "bad_request"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Length: -1", 400, "bad_request"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Length: +28", 400, "bad_request"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Length: 2e2", 400, "bad_request"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Length: 0x1c", 400, "bad_request"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Length: " + huge, 413, "too_large"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Length: 1126020165926913", 413, "too_large"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Length: 27", 400, "bad_length"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Length: 262173", 400, "bad_length"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Defer-Length: 2", 400, "bad_request"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Defer-Length: 1\nUpload-Length: 28", 400, "bad_request"},
		{"POST", "/api/uploads/sealed", 0, "Upload-Length: 28\nUpload-Metadata: filename " + b64("holiday.jpg"), 400, "bad_metadata"},
		{"POST", "/api/uploads/drive", 0, "Upload-Length: 1", 400, "bad_path"},
		{"POST", "/api/uploads/drive", 0, "Upload-Length: 1\nUpload-Metadata: path %%", 400, "bad_metadata"},
		{"POST", "/api/uploads/drive", 0, "Upload-Length: 1\nUpload-Metadata: " + path + "," + path, 400, "bad_metadata"},
		{"POST", "/api/uploads/drive", 0, "Upload-Length: 1\nUpload-Metadata: path " + b64("../bob/a"), 400, "bad_path"}, // E4
		{"POST", "/api/uploads/drive", 0, "Upload-Length: 1\nUpload-Metadata: path " + b64("/etc/passwd"), 400, "bad_path"},
		{"POST", "/api/uploads/drive", 0, "Upload-Length: 1\nUpload-Metadata: path " + b64("a//b"), 400, "bad_path"},
		{"POST", "/api/uploads/drive", 0, "Upload-Length: 1\nUpload-Metadata: path " + b64("a\x00b"), 400, "bad_path"},
		{"POST", "/api/uploads/drive", 0, "Upload-Length: 1\nUpload-Metadata: " + path + ",modified " + b64("yesterday"), 400, "bad_metadata"},

		{"PATCH", sealed, 10, "Upload-Offset: 0\nContent-Type: application/octet-stream", 415, "bad_type"},
		{"PATCH", sealed, 10, "", 400, "bad_request"},
		{"PATCH", sealed, 10, "Upload-Offset: -0", 400, "bad_request"},
		{"PATCH", sealed, 10, "Upload-Offset: 1", 409, "wrong_offset"},
		{"PATCH", sealed, 10, "Upload-Offset: " + huge, 413, "too_large"},
		{"PATCH", sealed, 101, "Upload-Offset: 0", 413, "too_large"},
		{"PATCH", sealed, 10, "Upload-Offset: 0\nUpload-Length: 99", 400, "bad_length"},
		{"PATCH", drive, 101, "Upload-Offset: 0", 413, "too_large"},
		{"PATCH", "/api/uploads/" + strings.Repeat("A", 22), 10, "Upload-Offset: 0", 404, "not_found"},
		{"PATCH", sealed[:len(sealed)-1], 10, "Upload-Offset: 0", 404, "not_found"},
		{"PATCH", "/api/uploads/%41" + sealed[len("/api/uploads/")+1:], 10, "Upload-Offset: 0", 404, "not_found"},
		{"PATCH", sealed + "%0A", 10, "Upload-Offset: 0", 404, "not_found"},
		{"GET", sealed, 0, "", 405, "bad_method"},
	} {
		headers := []string{}
		for line := range strings.Lines(c.headers) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			headers = append(headers, name, value)
		}
		what := fmt.Sprintf("%s %s %q", c.method, c.path, c.headers)
		wantCode(t, what, ann.tus(c.method, c.path, bytes.NewReader(make([]byte, c.size)), headers...), c.status, c.code)
	}
	// The same with a length that only shows on the way.
	unknown := io.MultiReader(bytes.NewReader(make([]byte, 101)))
	wantCode(t, "a chunked body beyond the length", ann.tus("PATCH", drive, unknown, "Upload-Offset", "0"), 413, "too_large")
	for _, at := range []string{sealed, drive} {
		if offset := ann.tus("HEAD", at, nil).Header.Get("Upload-Offset"); offset != "0" {
			t.Errorf("after all refusals %s stands at %s", at, offset)
		}
	}
}

// D6, G2: an upload is its owner's, from this server's own pages.
func TestUploadsNeedTheirOwnersSession(t *testing.T) {
	r := newServer(t)
	ann, bob, nobody := r.member("ann", 1), r.member("bob", 2), r.newBrowser()
	at := ann.newUpload("sealed", "Upload-Length", "100")
	for _, c := range []struct {
		method, path string
		headers      []string
	}{
		{"POST", "/api/uploads/sealed", []string{"Upload-Length", "28"}},
		{"POST", "/api/uploads/drive", []string{"Upload-Length", "28", "Upload-Metadata", "path " + b64("a")}},
		{"GET", "/api/uploads/", nil},
		{"PATCH", at, []string{"Upload-Offset", "0"}},
		{"DELETE", at, nil},
	} {
		wantCode(t, c.method+" by nobody", nobody.tus(c.method, c.path, nil, c.headers...), 401, "not_signed_in")
		if c.path == at {
			wantCode(t, c.method+" by another", bob.tus(c.method, c.path, nil, c.headers...), 404, "not_found")
		}
		if c.method != "GET" {
			got := ann.tus(c.method, c.path, nil, append(c.headers, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")...)
			wantCode(t, c.method+" from another site", got, 403, "cross_site")
		}
	}
	wantStatus(t, "HEAD by nobody", nobody.tus("HEAD", at, nil), 401)
	wantStatus(t, "HEAD by another", bob.tus("HEAD", at, nil), 404)

	type row struct {
		ID, Use, Path    string
		Offset           int64
		Length           *int64
		Created, Expires time.Time
	}
	var list struct{ Uploads []row }
	bob.call(200, "GET", "/api/uploads/", nil, &list)
	if list.Uploads == nil || len(list.Uploads) != 0 {
		t.Errorf("another's list: %+v", list)
	}
	r.Pass(time.Second)
	ann.newUpload("drive", "Upload-Defer-Length", "1", "Upload-Metadata", "path "+b64("ü/b.txt"))
	ann.call(200, "GET", "/api/uploads/", nil, &list)
	if len(list.Uploads) != 2 || "/api/uploads/"+list.Uploads[0].ID != at || list.Uploads[0].Use != "sealed" || *list.Uploads[0].Length != 100 ||
		list.Uploads[1].Use != "drive" || list.Uploads[1].Path != "ü/b.txt" || list.Uploads[1].Length != nil || !list.Uploads[1].Created.Equal(r.Now().Truncate(time.Second)) {
		t.Errorf("the owner's list: %+v", list)
	}
}

func TestADriveUploadComesIntoTheDrive(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	content := random(1000)
	metadata := "path " + b64("b ü.bin") + ",modified " + b64("2020-01-02T03:04:05Z") + ",if-none-match " + b64("*")
	at := ann.newUpload("drive", "Upload-Length", "1000", "Upload-Metadata", metadata)
	if got := ann.tus("HEAD", at, nil).Header.Get("Upload-Metadata"); got != metadata {
		t.Errorf("the metadata comes back as %q", got)
	}
	wantStatus(t, "half", ann.tus("PATCH", at, bytes.NewReader(content[:500]), "Upload-Offset", "0"), 204)
	wantStatus(t, "GET too early", ann.request("GET", "/files/b%20%C3%BC.bin", nil, nil), 404)
	wantStatus(t, "the rest", ann.tus("PATCH", at, bytes.NewReader(content[500:]), "Upload-Offset", "500"), 204)
	got := ann.request("GET", "/files/b%20%C3%BC.bin", nil, nil)
	wantBody(t, "GET", got, 200, content)
	if modified := got.Header.Get("Last-Modified"); modified != "Thu, 02 Jan 2020 03:04:05 GMT" {
		t.Errorf("modified %s", modified)
	}
	// The answer may have been lost: who asks again learns that all is there.
	if offset := ann.tus("HEAD", at, nil).Header.Get("Upload-Offset"); offset != "1000" {
		t.Errorf("afterwards it stands at %s", offset)
	}

	// What the last step may refuse, and that the bytes stay.
	again := ann.newUpload("drive", "Upload-Length", "4", "Upload-Metadata", metadata)
	wantCode(t, "over a file that is there", ann.tus("PATCH", again, strings.NewReader("more"), "Upload-Offset", "0"), 412, "precondition")
	wantBody(t, "the file that was there", ann.request("GET", "/files/b%20%C3%BC.bin", nil, nil), 200, content)
	orphan := ann.newUpload("drive", "Upload-Length", "4", "Upload-Metadata", "path "+b64("x/y"))
	wantCode(t, "into no folder", ann.tus("PATCH", orphan, strings.NewReader("four"), "Upload-Offset", "0"), 409, "no_parent")
	// A client that finds an upload at its end takes the file for saved.
	if offset := ann.tus("HEAD", orphan, nil).Header.Get("Upload-Offset"); offset != "3" {
		t.Errorf("after a refused last step it stands at %s", offset)
	}
	wantCode(t, "the last byte once more", ann.tus("PATCH", orphan, strings.NewReader("r"), "Upload-Offset", "3"), 409, "no_parent")
	wantStatus(t, "making the folder", ann.request("MKCOL", "/files/x", nil, nil), 201)
	wantStatus(t, "an empty PATCH", ann.tus("PATCH", orphan, nil, "Upload-Offset", "4"), 204)
	wantBody(t, "GET", ann.request("GET", "/files/x/y", nil, nil), 200, []byte("four"))
	ann.newUpload("drive", "Upload-Length", "0", "Upload-Metadata", "path "+b64("x/empty"))
	wantBody(t, "GET of an empty one", ann.request("GET", "/files/x/empty", nil, nil), 200, nil)
	got = ann.tus("POST", "/api/uploads/drive", nil, "Upload-Length", "0", "Upload-Metadata", "path "+b64("x/empty")+",if-none-match "+b64("*"))
	wantCode(t, "an empty one over it", got, 412, "precondition")
}
