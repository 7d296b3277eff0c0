package dav

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// put answers PUT (RFC 9110, 9.3.4; RFC 4918, 9.7): 201 for a new file, 204 for one that is replaced, both with its ETag.
//
// The body goes to a file in incoming/, which takes its name only when the body ended whole. Locks and preconditions are judged before the body,
// to spare the client sending it, and again when it takes its name.
func (x *exchange) put() error {
	if len(x.r.Header.Values("Content-Range")) > 0 {
		return status(http.StatusBadRequest) // RFC 9110, 14.5: a part must not be taken for the whole
	}
	if coding := x.r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return status(http.StatusUnsupportedMediaType) // RFC 9110, 8.4: it would be stored as what it is not
	}
	want, err := expectedLength(x.r)
	if err != nil {
		return err
	}
	modified, err := requestTime(x.r)
	if err != nil {
		return err
	}
	at, err := x.writable()
	if err != nil {
		return err
	}
	room := x.newRoom()
	defer room.release()
	if at.exists() {
		room.replaced = at.info.size
	}
	if want >= 0 {
		if err := room.takeWhole(want); err != nil {
			return err
		}
	}
	in, err := x.h.receive()
	if err != nil {
		return err
	}
	defer in.discard()
	if err := in.fill(x.body(), want, room); err != nil {
		return err
	}
	if err := in.finish(modified); err != nil {
		return err
	}

	var c *change
	var existed bool
	for c == nil || isFull(err) && x.h.makeRoom(x.r.Context(), x.drive, 0) {
		c = x.newChange()
		defer c.close()
		c.room = room
		at, existed, err = x.publish(c, in)
	}
	if err != nil {
		return err
	}
	if err := c.durable(); err != nil {
		return err
	}
	x.tellKept(c)
	head := x.w.Header()
	head.Set("ETag", etag(at.info))
	if !modified.IsZero() {
		head.Set("X-OC-MTime", "accepted")
	}
	if existed {
		x.w.WriteHeader(http.StatusNoContent)
	} else {
		x.w.WriteHeader(http.StatusCreated)
	}
	return nil
}

// writable finds the request's place and says whether a file may be put there now.
func (x *exchange) writable() (*spot, error) {
	if len(x.name) == 0 || strings.HasSuffix(x.r.URL.Path, "/") { // a URL that ends with a slash is a collection's
		return nil, ErrIsCollection
	}
	at, err := x.tree.target(x.name)
	if err != nil {
		return nil, err
	}
	if at.isFolder() {
		return nil, ErrIsCollection
	}
	submitted, err := x.judge(at)
	if err != nil {
		return nil, err
	}
	return at, x.checkLocks(submitted, need{path: at.path, member: !at.exists()})
}

// publish gives a received file the request's name, if that is still allowed.
func (x *exchange) publish(c *change, in *incoming) (at *spot, existed bool, err error) {
	defer x.h.lockDrive(x.drive)()
	if at, err = x.writable(); err != nil {
		return nil, false, err
	}
	if err = c.room.confirm(at); err != nil {
		return nil, false, err
	}
	existed = at.exists()
	if err := c.place(x.h.incoming, in.name, at); err != nil {
		return nil, false, err
	}
	in.placed = true
	return at, existed, nil
}

// place puts a whole file at a spot that was found writable.
func (c *change) place(from *folder, name string, at *spot) error {
	var err error
	if !at.exists() {
		err = c.forgetProperties(at.path)
	} else if mode := at.info.mode.Perm(); mode != c.h.newMode { // as it is when a file is written in place
		err = from.chmod(name, mode)
	}
	if err == nil {
		err = c.replace(from, name, false, at)
	}
	if err == nil {
		err = at.look() // the rename has set the ctime, which is in the ETag
	}
	if err == nil {
		c.counted.used += at.info.size
	}
	return c.end(err)
}

// expectedLength is what the client says the body's length is; -1 if it does not. Finder sends bodies in chunks, and X-Expected-Entity-Length beside them.
func expectedLength(r *http.Request) (int64, error) {
	want := r.ContentLength
	if header := r.Header.Get("X-Expected-Entity-Length"); header != "" {
		n, err := strconv.ParseInt(header, 10, 64)
		if err != nil || n < 0 || want >= 0 && n != want {
			return 0, status(http.StatusBadRequest)
		}
		want = n
	}
	return want, nil
}

// requestTime reads X-OC-Mtime, seconds since 1970 with or without a fraction: the file's own time, as rclone and the clients of ownCloud and Nextcloud send it.
func requestTime(r *http.Request) (time.Time, error) {
	header := r.Header.Get("X-OC-Mtime")
	if header == "" {
		return time.Time{}, nil
	}
	whole, fraction, _ := strings.Cut(header, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds < 0 || seconds > 1<<40 || len(fraction) > 30 {
		return time.Time{}, status(http.StatusBadRequest)
	}
	nanos, err := strconv.ParseUint((fraction + "000000000")[:9], 10, 64)
	if err != nil {
		return time.Time{}, status(http.StatusBadRequest)
	}
	return time.Unix(seconds, int64(nanos)), nil
}
