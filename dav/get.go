package dav

import (
	"io"
	"net/http"
	"os"
	"strings"
)

// contentPolicy holds for every byte that came from someone's file: even if a browser shows it, it runs nothing and fetches nothing.
const contentPolicy = "sandbox; default-src 'none'"

// get answers GET and HEAD (RFC 9110, 9.3.1; RFC 4918, 9.4). A collection has no content of its own: 405.
func (x *exchange) get() error {
	s, err := x.tree.resource(x.name)
	if err != nil {
		return err
	}
	if s.isFile() && s.info.Size() == 0 { // it may be there only for a lock whose time is over
		if err := x.endExpired(); err != nil {
			return err
		}
		if s, err = x.tree.resource(x.name); err != nil {
			return err
		}
	}
	if s.isFolder() {
		x.w.Header().Set("Allow", "OPTIONS, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK")
		return status(http.StatusMethodNotAllowed)
	}
	if err := x.checkIf(s, nil); err != nil {
		return err
	}
	file := &content{}
	several := strings.Contains(x.r.Header.Get("Range"), ",") // parts are written by a goroutine of ServeContent's, which may outlast this request
	if s.isFile() && s.info.size <= smallFile && !several {
		buffer := smallBuffers.Get().(*[]byte)
		defer smallBuffers.Put(buffer)
		if file.small, err = s.read((*buffer)[:smallFile]); err != nil {
			return err
		}
	}
	if file.small == nil {
		f, err := s.open()
		if err != nil {
			return err
		}
		defer f.Close()
		if !s.isFile() {
			return status(http.StatusForbidden)
		}
		file.f = f
	}
	file.size = s.info.size

	head := x.w.Header()
	head.Set("ETag", etag(s.info))
	head.Set("Cache-Control", "private, no-cache")
	contentHeaders(head, s.name)
	if header := x.r.Header.Get("Range"); header != "" && (x.r.Method != http.MethodGet || !understoodRange(header)) {
		x.r.Header.Del("Range") // RFC 9110, 14.2: it is for GET alone
	}
	for _, name := range []string{"If-Match", "If-None-Match"} { // of several lines ServeContent reads the first
		if lines := x.r.Header[name]; len(lines) > 1 {
			x.r.Header.Set(name, strings.Join(lines, ","))
		}
	}
	body := newBodyWriter(x.w, x.h.stall)
	http.ServeContent(body, x.r, "", s.info.modified, file)
	body.finish()
	return nil
}

// smallFile is how many bytes a file has at most that is read whole before the answer: sendfile pays for larger ones.
const smallFile = 32 << 10

// content is a file for [http.ServeContent], open or read already, whatever its size. ServeContent asks for the size by seeking to its end: the size is known.
type content struct {
	f        *os.File
	small    []byte // in place of f
	size, at int64
	moved    bool // f stands elsewhere than at
}

func (c *content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.size
	}
	c.moved = c.moved || offset != c.at
	c.at = offset
	return offset, nil
}

func (c *content) Read(p []byte) (int, error) {
	if c.f == nil {
		n := copy(p, c.small[min(c.at, c.size):])
		c.at += int64(n)
		if n == 0 && len(p) > 0 {
			return 0, io.EOF
		}
		return n, nil
	}
	f, err := c.file()
	if err != nil {
		return 0, err
	}
	n, err := f.Read(p)
	c.at, c.moved = c.at+int64(n), false
	return n, err
}

// file is the open file, standing where the content is read next. Where it stands after somebody has read from it is not known.
func (c *content) file() (*os.File, error) {
	if c.moved {
		if _, err := c.f.Seek(c.at, io.SeekStart); err != nil {
			return nil, err
		}
	}
	c.moved = true
	return c.f, nil
}

// contentHeaders says what the content of a file is, and keeps a browser from doing more with it than showing it.
func contentHeaders(head http.Header, name string) {
	t := contentType(name)
	head.Set("Content-Type", t)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", contentPolicy)
	kind := "attachment"
	if shownInline(t) {
		kind = "inline"
	}
	head.Set("Content-Disposition", disposition(kind, name))
}

// disposition is a Content-Disposition with the file's name (RFC 6266; RFC 8187): quoted as far as ASCII goes, and whole in filename*.
func disposition(kind, name string) string {
	plain := []byte(name)
	for i, c := range plain {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == '%' {
			plain[i] = '_'
		}
	}
	d := kind + `; filename="` + string(plain) + `"`
	if string(plain) != name {
		d += "; filename*=UTF-8''" + string(appendEscaped(nil, name))
	}
	return d
}
