package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/labstack/echo/v4"
)

// Bounds of a request that brings many files.
const (
	manyFilesType = "application/vnd.thorpe.files"
	maxManyFiles  = 1_000
	maxManySize   = 256 << 10 // bytes of one of them
	maxManyHead   = 32 << 10  // bytes of the line before it: a path of 4 KiB, escaped
	manyAtOnce    = 8         // written side by side, so that they share the syncs of their folder
)

// manyHead is the line of JSON before the bytes of a file.
type manyHead struct {
	Path     string `json:"path"`
	Size     int64  `json:"size"`
	Modified int64  `json:"modified"` // Unix seconds
	Replace  bool   `json:"replace"`
}

// filesCreate takes many small files in one request, each of which becomes a PUT of its own at the files' door: a browser spends more on ten thousand requests than on ten
// thousand files. It answers what each PUT is answered, in the order of the body.
//
// A body that breaks off or makes no sense is refused; the files before that are in their places.
func (s *Server) filesCreate(c echo.Context) error {
	r := c.Request()
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != manyFilesType {
		return errBadRequest // a form of another site cannot send this type
	}
	moving := newMovingBody(c.Response().Writer, r.Body)
	defer moving.rest()
	body := bufio.NewReaderSize(moving, maxManyHead)
	drive, door := driveHere(c), s.at("/files")
	var answers []*oneAnswer
	var running sync.WaitGroup
	defer running.Wait()
	free := make(chan struct{}, manyAtOnce)
	for {
		if _, err := body.Peek(1); errors.Is(err, io.EOF) {
			break
		}
		head, err := readManyHead(body)
		if err != nil {
			return err
		} else if len(answers) == maxManyFiles {
			return errTooLarge
		}
		content := make([]byte, head.Size)
		if _, err := io.ReadFull(body, content); err != nil {
			return errBadRequest.because(err)
		}
		answer := &oneAnswer{}
		answers = append(answers, answer)
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			defer s.recoverOne(c, answer)
			s.Drive.Serve(answer, head.put(r.Context(), door, content), door, drive)
		})
	}
	running.Wait()
	statuses := make([]int, len(answers))
	for i, answer := range answers {
		statuses[i] = answer.status
	}
	return c.JSON(http.StatusOK, struct {
		Statuses []int `json:"statuses"`
	}{statuses})
}

// readManyHead reads the line before a file.
func readManyHead(body *bufio.Reader) (head manyHead, err error) {
	line, err := body.ReadSlice('\n')
	if err != nil {
		return head, errBadRequest.because(err)
	}
	if err := parseWhole(line, &head); err != nil {
		return head, err
	}
	if head.Size < 0 || head.Path == "" {
		return head, errBadRequest
	} else if head.Size > maxManySize {
		return head, errTooLarge
	}
	return head, nil
}

// put is the request that the file would have been by itself.
func (h manyHead) put(ctx context.Context, door string, content []byte) *http.Request {
	header := http.Header{"X-Oc-Mtime": {strconv.FormatInt(h.Modified, 10)}}
	if !h.Replace {
		header.Set("If-None-Match", "*")
	}
	r := &http.Request{Method: http.MethodPut, URL: &url.URL{Path: door + "/" + h.Path}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(content)), ContentLength: h.Size}
	return r.WithContext(ctx)
}

// oneAnswer keeps the status of an answer that goes no further by itself.
type oneAnswer struct {
	header http.Header
	status int
}

func (a *oneAnswer) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

func (a *oneAnswer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
}

func (a *oneAnswer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return len(p), nil
}

// recoverOne ends a panic as the failure of one file: record sees only those of the request's own goroutine.
func (s *Server) recoverOne(c echo.Context, answer *oneAnswer) {
	if p := recover(); p != nil {
		s.logPanic(c, p)
		answer.status = http.StatusInternalServerError
	}
}
