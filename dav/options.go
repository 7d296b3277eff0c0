package dav

import "net/http"

const allowed = "OPTIONS, GET, HEAD, PUT, DELETE, MKCOL, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK"

// Options answers OPTIONS (RFC 4918, 10.1) for any path, without looking at a drive, so that it may be given to whom has not signed in yet: the
// redirectors of Windows and macOS ask before they do. It says the same for every path.
func Options(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("DAV", "1, 2, 3")
	h.Set("MS-Author-Via", "DAV")
	h.Set("Allow", allowed)
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
}
