package dav

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// etag is a file's strong entity tag. It is made from device, inode, size, mtime and ctime: each PUT makes a new inode, so it
// changes with every write, also with two in one tick of the clock; and nobody can set the ctime, so it changes with edits from outside.
func etag(info *stat) string { return string(appendETag(nil, info)) }

func appendETag(to []byte, info *stat) []byte {
	var b [40]byte
	binary.LittleEndian.PutUint64(b[0:], info.dev)
	binary.LittleEndian.PutUint64(b[8:], info.inode)
	binary.LittleEndian.PutUint64(b[16:], uint64(info.size))
	binary.LittleEndian.PutUint64(b[24:], uint64(info.modified.UnixNano()))
	binary.LittleEndian.PutUint64(b[32:], uint64(info.changed))
	sum := sha256.Sum256(b[:])
	var tag [18]byte
	tag[0], tag[17] = '"', '"'
	base64.RawURLEncoding.Encode(tag[1:17], sum[:12])
	return append(to, tag[:]...)
}
