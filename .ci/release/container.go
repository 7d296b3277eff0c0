package main

import (
	"bytes"
	"encoding/pem"
	"os"
	"path/filepath"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// nobody is the user and group in the image, which has no list of users; a number, so that whoever runs it can see that it is not root's.
const nobody = 65532

// container packs what docs/Containerfile makes an image of: the root of its file system, what in it is the server's, and the Containerfile itself.
func (r *release) container(t target, out string) (string, error) {
	binary, err := r.binary(t)
	if err != nil {
		return "", err
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		return "", err
	}
	recipe, err := os.ReadFile(filepath.Join(r.source, "docs/Containerfile"))
	if err != nil {
		return "", err
	}
	name := "thorpe-" + r.version + "-container-" + t.arch + ".tar.gz"
	return name, writeFile(filepath.Join(out, name), []entry{
		{name: "Containerfile", mode: 0o644, content: recipe},
		{name: "root/usr/bin/thorpe", mode: 0o755, content: program},
		{name: "root/etc/ssl/certs/ca-certificates.crt", mode: 0o644, content: authorities()}, // of who issues certificates, which has to be believed
		{name: "server/data/", mode: 0o700, owner: nobody},
		{name: "root/tmp/", mode: 0o1777},
	}, r.time, packTar)
}

// authorities are Mozilla's, as Go keeps them, but those that it trusts with a condition, which a file of certificates can't say.
func authorities() []byte {
	var file bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			pem.Encode(&file, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate})
		}
	}
	return file.Bytes()
}
