package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// wire listens in front of a server and keeps every byte that goes to it.
type wire struct {
	Addr string

	mu    sync.Mutex
	to    string          // the server's address
	heard []*bytes.Buffer // a connection each
}

// newWire listens on a free port. What it hears goes to where LeadTo says.
func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{}
	w.Addr = accept(t, w.pass)
	return w
}

// accept takes connections at a free port until the test ends, and hands each on.
func accept(t *testing.T, pass func(net.Conn)) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go pass(conn)
		}
	}()
	return listener.Addr().String()
}

func (w *wire) pass(client net.Conn) {
	defer client.Close()
	w.mu.Lock()
	to := w.to
	w.mu.Unlock()
	server, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer server.Close()
	var heard bytes.Buffer
	w.mu.Lock()
	w.heard = append(w.heard, &heard)
	w.mu.Unlock()
	go func() {
		io.Copy(client, server)
		client.(*net.TCPConn).CloseWrite()
	}()
	io.Copy(io.MultiWriter(server, writer(func(p []byte) (int, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		return heard.Write(p)
	})), client)
}

// LeadTo says where the server is.
func (w *wire) LeadTo(addr string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.to = addr
}

// Heard is what was sent to the server so far, a place each connection.
func (w *wire) Heard() (places []place) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, heard := range w.heard {
		places = append(places, place{fmt.Sprintf("connection %d to the server", i), bytes.Clone(heard.Bytes())})
	}
	return places
}

// Requests takes what was heard apart into requests, a place each, named by method and path.
func (w *wire) Requests(t *testing.T) (requests []place) {
	t.Helper()
	for _, connection := range w.Heard() {
		reader := bufio.NewReader(bytes.NewReader(connection.content))
		for {
			request, err := http.ReadRequest(reader)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s holds what is no request: %v", connection.name, err)
			}
			var content bytes.Buffer
			fmt.Fprintf(&content, "%s %s\n", request.Method, request.RequestURI)
			request.Header.Write(&content)
			if _, err := io.Copy(&content, request.Body); err != nil {
				t.Logf("%s %s was cut off", request.Method, request.URL.Path)
			}
			requests = append(requests, place{request.Method + " " + request.URL.Path, content.Bytes()})
		}
	}
	return requests
}

// secret is something that must not be found, in any of its usual writings.
type secret struct {
	what     string
	writings [][]byte
}

// newSecret lists the writings of a key or a text: as it is, in hex, and in base64 of both alphabets, also where it stands in
// the middle of something longer. A value that is mostly text is looked for in its JSON and URL writings too.
func newSecret(what string, value []byte) secret {
	s := secret{what: what}
	add := func(writing []byte) {
		if len(writing) >= 6 { // shorter ones are found by chance
			s.writings = append(s.writings, writing)
		}
	}
	add(value)
	add([]byte(hex.EncodeToString(value)))
	add([]byte(strings.ToUpper(hex.EncodeToString(value))))
	for shift := range 3 {
		padded := append(make([]byte, shift), value...)
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString(padded)
			from := (shift*8 + 5) / 6 // characters that mix in what stands before
			to := len(padded) * 8 / 6 // and those that would mix in what follows
			add([]byte(text[from:to]))
		}
	}
	var url strings.Builder
	for _, b := range value {
		if b < 0x80 && b > ' ' && b != '%' {
			url.WriteByte(b)
		} else {
			url.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{b})))
		}
	}
	add([]byte(url.String()))
	return s
}

// place is somewhere that secrets are looked for.
type place struct {
	name    string
	content []byte
}

// found says where which secrets were found.
func found(secrets []secret, places []place) (where []string) {
	for _, p := range places {
		for _, s := range secrets {
			for _, writing := range s.writings {
				if bytes.Contains(p.content, writing) {
					where = append(where, s.what+" in "+p.name)
					break
				}
			}
		}
	}
	return where
}

// filesOf is every file below folder, its path included, except below skip.
func filesOf(t *testing.T, folder, skip string) (places []place) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if skip != "" && relative == skip {
			return filepath.SkipDir
		}
		content := []byte(relative + "\n")
		if entry.Type().IsRegular() {
			read, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			content = append(content, read...)
		}
		places = append(places, place{"the data folder's " + relative, content})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return places
}
