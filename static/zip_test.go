package static_test

import (
	"archive/zip"
	"io"
	"os"
	"slices"
	"strconv"
	"testing"
)

// zipped is what testdata/zip.js made: how many bytes, how many it had said, and the last of them.
type zipped struct {
	Size, Predicted int64
	End             []byte
}

// ReadAt reads a zip whose beginning was thrown away.
func (z zipped) ReadAt(p []byte, at int64) (int, error) {
	skipped := z.Size - int64(len(z.End))
	if at < skipped || at >= z.Size {
		return 0, io.EOF
	}
	n := copy(p, z.End[at-skipped:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (z zipped) open(t *testing.T) *zip.Reader {
	t.Helper()
	if z.Size != z.Predicted {
		t.Errorf("the zip has %d bytes, %d were foretold", z.Size, z.Predicted)
	}
	archive, err := zip.NewReader(z, z.Size)
	must(t, err)
	return archive
}

func TestZipOfMoreEntriesThanTheOldEndRecordCounts(t *testing.T) {
	t.Parallel()
	page := newTab(t, newSite(t))
	for _, count := range []int{65534, 65536} {
		var z zipped
		page.run(&z, "zip.js", "manyFiles", count)
		archive := z.open(t)
		if len(archive.File) != count || archive.File[count-1].Name != "f/"+strconv.Itoa(count-1) {
			t.Errorf("the zip of %d files has %d", count, len(archive.File))
		}
	}
}

func TestZipOfMoreThan4GiB(t *testing.T) {
	t.Parallel()
	if os.Getenv("THORPE_TEST_LARGE") == "" {
		t.Skip("set THORPE_TEST_LARGE for files over 4 GiB")
	}
	page := newTab(t, newSite(t))
	var z zipped
	page.run(&z, "zip.js", "zipped", []map[string]any{
		{"path": "small", "size": 10}, {"path": "large", "size": 4<<30 + 5}, {"path": "behind", "size": 11}, {"path": "empty", "folder": true},
	}, 4096)
	archive := z.open(t)
	var got []string
	for _, f := range archive.File {
		got = append(got, f.Name+" "+strconv.Itoa(int(f.UncompressedSize64)))
	}
	want := []string{"small 10", "large 4294967301", "behind 11", "empty/ 0"}
	if !slices.Equal(got, want) {
		t.Errorf("the zip has %v, want %v", got, want)
	}
	// What lies behind 4 GiB is found where the directory says.
	in, err := archive.File[2].Open()
	must(t, err)
	if content, err := io.ReadAll(in); err != nil || len(content) != 11 {
		t.Errorf("behind the large file lies %q, %v", content, err)
	}
}

// Whatever a drive or a sender names its files, nothing leaves the folder that the zip is unpacked into (H12).
func TestZipNamesStayInside(t *testing.T) {
	t.Parallel()
	page := newTab(t, newSite(t))
	var z zipped
	page.run(&z, "zip.js", "zipped", []map[string]any{
		{"path": "../up"}, {"path": "/root"}, {"path": "a/../../b"}, {"path": "C:/windows"}, {"path": "back\\slash"}, {"path": "..", "folder": true},
		{"path": "turn\u202egpj.exe"}, {"path": "twice"}, {"path": "twice"},
	}, 1<<20)
	var got []string
	for _, f := range z.open(t).File {
		got = append(got, f.Name)
	}
	want := []string{"__/up", "_/root", "a/__/__/b", "C_/windows", "back_slash", "__/", "turn_gpj.exe", "twice", "twice (2)"}
	if !slices.Equal(got, want) {
		t.Errorf("the zip has %q, want %q", got, want)
	}
}
