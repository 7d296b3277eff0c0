package backup

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	databaseName = "thorpe.db"
	listName     = "thorpe.backup"      // in a snapshot: all that is in it, a JSON object a line
	journalName  = "thorpe.backup.part" // in one that is being made: what is copied so far
	listVersion  = 1
)

// IsSnapshot says whether a folder is a snapshot, or one that was being made: no server may change it.
func IsSnapshot(dir *os.Root) bool {
	for _, name := range []string{listName, journalName} {
		if _, err := dir.Lstat(name); err == nil {
			return true
		}
	}
	return false
}

// What an entry can be.
const (
	kindFile    = "file"
	kindFolder  = "folder"
	kindSymlink = "symlink"
	kindGone    = "gone" // in a journal: what a line before says is not there any more
)

// entry is a line of a list.
type entry struct {
	Path     string      `json:"path,omitempty"` // below the data folder, "/" between its parts
	Kind     string      `json:"kind"`
	Mode     fs.FileMode `json:"mode"` // permissions
	Size     int64       `json:"size,omitempty"`
	Modified int64       `json:"modified"` // seconds since 1970, and nanoseconds
	Nanos    int64       `json:"nanos,omitempty"`
	Hash     string      `json:"sha256,omitempty"`
	Target   []byte      `json:"target,omitempty"` // of a symbolic link
	Owner    *owner      `json:"owner,omitempty"`

	// Of the original, to see whether it has changed since; 0 where the system does not tell.
	Inode   uint64 `json:"inode,omitempty"`
	Changed int64  `json:"changed,omitempty"` // nanoseconds
}

type owner struct {
	User  int `json:"user"`
	Group int `json:"group"`
}

// line is what can stand in a line: the first one's version, time and data folder, an entry, or the last one's number of entries before it.
type line struct {
	Version int    `json:"version,omitempty"`
	Made    string `json:"made,omitempty"`
	Folder  string `json:"folder,omitempty"` // which data folder it is of; none of those that older versions made

	*entry
	Raw []byte `json:"raw,omitempty"` // the path, where it is no UTF-8

	End *int `json:"end,omitempty"`
}

// entryOf is an entry without a hash.
func entryOf(path string, info os.FileInfo) entry {
	e := entry{Path: path, Kind: kindFile, Mode: info.Mode().Perm(), Modified: info.ModTime().Unix(), Nanos: int64(info.ModTime().Nanosecond())}
	switch {
	case info.IsDir():
		e.Kind = kindFolder
	case info.Mode()&fs.ModeSymlink != 0:
		e.Kind, e.Mode = kindSymlink, 0
	default:
		e.Size = info.Size()
	}
	e.Inode, e.Changed, e.Owner = identify(info)
	return e
}

func (e *entry) modified() time.Time { return time.Unix(e.Modified, e.Nanos) }

// alike says whether two could be of one file, as far as all but its content goes.
func (e *entry) alike(o *entry) bool {
	return e.Kind == o.Kind && e.Mode == o.Mode && e.Size == o.Size && e.Modified == o.Modified && e.Nanos == o.Nanos &&
		(e.Owner == nil) == (o.Owner == nil) && (e.Owner == nil || *e.Owner == *o.Owner)
}

// same says whether the file has not been changed between the two. Whoever changes it can set all that is told of it but Changed.
func (e *entry) same(o *entry) bool {
	return e.alike(o) && e.Inode == o.Inode && e.Changed == o.Changed && e.Changed != 0
}

func encode(to io.Writer, l line) error {
	if l.entry != nil && !utf8.ValidString(l.Path) {
		e := *l.entry
		l.Raw, e.Path, l.entry = []byte(e.Path), "", &e
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = to.Write(append(text, '\n'))
	return err
}

// writeList writes a whole list.
func writeList(to io.Writer, made time.Time, folder string, all []*entry) error {
	buffer := bufio.NewWriter(to)
	if err := encode(buffer, line{Version: listVersion, Made: made.UTC().Format(time.RFC3339), Folder: folder}); err != nil {
		return err
	}
	for _, e := range all {
		if err := encode(buffer, line{entry: e}); err != nil {
			return err
		}
	}
	n := len(all)
	if err := encode(buffer, line{End: &n}); err != nil {
		return err
	}
	return buffer.Flush()
}

var errList = errors.New("the list of what is in the snapshot is damaged")

// readList reads a list. Of a journal, which may end anywhere, it answers what stands before its end.
func readList(from io.Reader, journal bool) ([]*entry, error) {
	var all []*entry
	at := map[string]int{} // of a journal
	scanner := bufio.NewScanner(from)
	scanner.Buffer(nil, 1<<20)
	for first := true; scanner.Scan(); first = false {
		l := line{entry: new(entry)}
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			if journal {
				break
			}
			return nil, fmt.Errorf("%w: %w", errList, err)
		}
		if l.Raw != nil {
			l.Path = string(l.Raw)
		}
		switch {
		case first && l.Version > listVersion:
			return nil, errors.New("the snapshot was made by a newer version of Thorpe")
		case first && l.Version != listVersion:
			return nil, errList
		case first:
		case l.End != nil && *l.End == len(all) && !journal:
			return all, nil
		case l.End != nil || !validPath(l.Path):
			return nil, errList
		case journal:
			if i, found := at[l.Path]; found {
				all[i] = nil
			}
			delete(at, l.Path)
			if l.Kind != kindGone {
				at[l.Path] = len(all)
				all = append(all, l.entry)
			}
		default:
			all = append(all, l.entry)
		}
	}
	if !journal {
		return nil, errors.Join(errList, scanner.Err())
	}
	return all, nil
}

// validPath says whether a path stays below the folder that it is in; fs.ValidPath wants UTF-8 too.
func validPath(p string) bool {
	for part := range strings.SplitSeq(p, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}
