package shares

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestCreateUploadRefuses(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct {
		name   string
		use    Use
		length int64
		file   DriveFile
		want   error
	}{
		{"a sealed length that no plaintext has", ForLink, 27, DriveFile{}, ErrBadLength},
		{"an empty sealed stream", ForLink, 0, DriveFile{}, ErrBadLength},
		{"a negative length", ForDrive, -2, DriveFile{Path: "a"}, ErrBadLength},
		{"a huge length", ForDrive, MaxUpload + 1, DriveFile{Path: "a"}, ErrTooLong},
		{"a huge sealed length", ForLink, MaxUpload + 1, DriveFile{}, ErrTooLong},
		{"a name for a sealed upload", ForLink, 28, DriveFile{Path: "holiday.jpg"}, ErrBadMetadata},
		{"metadata of a sealed upload", ForLink, 28, DriveFile{Metadata: "filename aG9saWRheQ=="}, ErrBadMetadata},
		{"no path", ForDrive, 1, DriveFile{}, ErrBadPath},
		{"a path that leaves the drive", ForDrive, 1, DriveFile{Path: "a/../../b"}, ErrBadPath},
		{"an absolute path", ForDrive, 1, DriveFile{Path: "/a"}, ErrBadPath},
		{"a folder", ForDrive, 1, DriveFile{Path: "a/"}, ErrBadPath},
		{"a path with a zero byte", ForDrive, 1, DriveFile{Path: "a\x00b"}, ErrBadPath},
		{"a path that is no UTF-8", ForDrive, 1, DriveFile{Path: "a\xff"}, ErrBadPath},
		{"a path that is too long", ForDrive, 1, DriveFile{Path: string(bytes.Repeat([]byte("a/"), 2048)) + "b"}, ErrBadPath},
	} {
		if _, err := r.CreateUpload(t.Context(), r.ann, c.use, c.length, c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if left := append(r.files("sealed"), r.files("incoming")...); len(left) > 0 {
		t.Errorf("refused uploads left %v", left)
	}
}

// D12
func TestAnAccountHasSoManyUnfinishedUploads(t *testing.T) {
	r := newRig(t)
	for range maxUploads {
		r.upload(ForLink, -1)
	}
	if _, err := r.CreateUpload(t.Context(), r.ann, ForLink, -1, DriveFile{}); !errors.Is(err, ErrTooManyUploads) {
		t.Errorf("one more: %v", err)
	}
	if _, err := r.CreateUpload(t.Context(), r.bob, ForLink, -1, DriveFile{}); err != nil {
		t.Errorf("another account: %v", err)
	}
	if n := len(r.files("sealed")); n != maxUploads+1 {
		t.Errorf("%d objects", n)
	}
	r.clock.advance(uploadLife)
	if _, err := r.CreateUpload(t.Context(), r.ann, ForLink, -1, DriveFile{}); err != nil {
		t.Errorf("when the others have expired: %v", err)
	}
}

// D6
func TestAnUploadIsItsOwnersAlone(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForLink, -1)
	if _, err := r.FindUpload(t.Context(), r.bob.ID, u.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("FindUpload: %v", err)
	}
	if _, err := r.Append(t.Context(), r.bob, u.ID, patch(0, noise(sealedChunk))); !errors.Is(err, ErrNotFound) {
		t.Errorf("Append: %v", err)
	}
	if err := r.DeleteUpload(t.Context(), r.bob.ID, u.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("DeleteUpload: %v", err)
	}
	if list, err := r.Uploads(t.Context(), r.bob.ID); err != nil || len(list) != 0 {
		t.Errorf("Uploads: %v, %v", list, err)
	}
	if list, err := r.Uploads(t.Context(), r.ann.ID); err != nil || len(list) != 1 || list[0].ID != u.ID || list[0].Offset != 0 {
		t.Errorf("the owner's Uploads: %v, %v", list, err)
	}
}

func TestDeleteUploadRemovesItsBytes(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForLink, -1)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(sealedChunk))); err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteUpload(t.Context(), r.ann.ID, u.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := r.FindUpload(t.Context(), r.ann.ID, u.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("afterwards: %v", err)
	}
	if left := r.files("sealed"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestAnUploadExpiresSevenDaysAfterItsLastByte(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForLink, -1)
	r.clock.advance(6 * 24 * time.Hour)
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(sealedChunk))); err != nil {
		t.Fatal(err)
	}
	r.clock.advance(7*24*time.Hour - time.Second)
	if err := r.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, err := r.FindUpload(t.Context(), r.ann.ID, u.ID); err != nil || !found.Expires.Equal(r.clock.Now().Add(time.Second)) {
		t.Fatalf("a second before: %+v, %v", found, err)
	}
	r.clock.advance(time.Second)
	if _, err := r.FindUpload(t.Context(), r.ann.ID, u.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("at its end, unswept: %v", err)
	}
	if err := r.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := r.files("sealed"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestADriveUploadIsPlacedByItsLastByte(t *testing.T) {
	r := newRig(t)
	content := noise(1000)
	modified := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	u, err := r.CreateUpload(t.Context(), r.ann, ForDrive, 1000, DriveFile{
		Path: "a/ü.txt", IfMatch: `"e"`, IfNoneMatch: "*", Modified: modified, Metadata: "as it came",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, content[:999])); err != nil || len(r.placed) != 0 {
		t.Fatalf("before the last byte: %v, placed %v", err, r.placed)
	}
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(999, content[999:])); err != nil || len(r.placed) != 1 {
		t.Fatalf("with the last byte: %v, placed %v", err, r.placed)
	}
	p := r.placed[0]
	if p.Owner != r.ann || p.Path != "a/ü.txt" || p.IfMatch != `"e"` || p.IfNoneMatch != "*" || !p.Modified.Equal(modified) {
		t.Errorf("placed as %+v", p)
	}
	if got, err := os.ReadFile(filepath.Join(r.dir, "placed")); err != nil || !bytes.Equal(got, content) {
		t.Errorf("other bytes were placed: %v", err)
	}

	// A client whose answer was lost finds that all is there, also after a restart; it is no unfinished upload.
	r.reopen()
	if got := r.offset(u); got != 1000 {
		t.Errorf("offset %d", got)
	}
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(1000, nil)); err != nil || len(r.placed) != 1 {
		t.Errorf("an empty request at the end: %v, placed %d times", err, len(r.placed))
	}
	if list, err := r.Uploads(t.Context(), r.ann.ID); err != nil || len(list) != 0 {
		t.Errorf("unfinished: %v, %v", list, err)
	}
	if left := r.files("incoming"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestAnEmptyDriveUploadIsPlacedAtOnce(t *testing.T) {
	r := newRig(t)
	r.upload(ForDrive, 0)
	if len(r.placed) != 1 {
		t.Errorf("placed %v", r.placed)
	}
	r.refuse = ErrPrecondition
	if _, err := r.CreateUpload(t.Context(), r.ann, ForDrive, 0, DriveFile{Path: "a"}); !errors.Is(err, ErrPrecondition) {
		t.Errorf("refused: %v", err)
	}
	if list, err := r.Uploads(t.Context(), r.ann.ID); err != nil || len(list) != 0 {
		t.Errorf("a refused one stays: %v, %v", list, err)
	}
}

// A client takes an upload that lacks no byte for a file that was saved. So one byte counts as missing until it is.
func TestARefusedPlacementKeepsAllBytes(t *testing.T) {
	r := newRig(t)
	content := noise(100)
	for _, again := range []Patch{patch(100, nil), patch(99, content[99:])} {
		r.placed, r.refuse = nil, ErrNoParent
		u := r.upload(ForDrive, -1)
		p := patch(0, content)
		p.Length = 100
		if _, err := r.Append(t.Context(), r.ann, u.ID, p); !errors.Is(err, ErrNoParent) {
			t.Fatal(err)
		}
		r.reopen()
		if got := r.offset(u); got != 99 {
			t.Errorf("offset %d, though the file is not in its place", got)
		}
		if list, err := r.Uploads(t.Context(), r.ann.ID); err != nil || len(list) != 1 || list[0].Offset != 99 {
			t.Errorf("listed as %+v, %v", list, err)
		}
		if _, err := r.Append(t.Context(), r.ann, u.ID, again); !errors.Is(err, ErrNoParent) {
			t.Errorf("tried again, refused again: %v", err)
		}
		if _, err := r.Append(t.Context(), r.ann, u.ID, broken(99, nil)); !errors.Is(err, ErrInterrupted) {
			t.Errorf("tried again, without the byte: %v", err)
		}
		if again.Offset == 100 {
			r.Append(t.Context(), r.ann, u.ID, patch(99, content[99:]))
		}
		again.Body = bytes.NewReader(content[again.Offset:])
		r.refuse = nil
		if got, err := r.Append(t.Context(), r.ann, u.ID, again); err != nil || got.Offset != 100 || len(r.placed) != 1 {
			t.Errorf("tried again: %+v, %v, placed %v", got, err, r.placed)
		}
		if got, err := os.ReadFile(filepath.Join(r.dir, "placed")); err != nil || !bytes.Equal(got, content) {
			t.Errorf("other bytes were placed: %v", err)
		}
		if got := r.offset(u); got != 100 {
			t.Errorf("offset %d of a file in its place", got)
		}
	}
}

// All bytes came, but the request did not end well; or the process was killed before it could place the file.
func TestAnUploadThatWasNotPlacedIsNotDone(t *testing.T) {
	r := newRig(t)
	content := noise(100)
	u := r.upload(ForDrive, 100)
	if _, err := r.Append(t.Context(), r.ann, u.ID, broken(0, content)); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	r.reopen()
	if got := r.offset(u); got != 99 || len(r.placed) != 0 {
		t.Errorf("offset %d, placed %v", got, r.placed)
	}
	if got, err := r.Append(t.Context(), r.ann, u.ID, patch(99, content[99:])); err != nil || got.Offset != 100 || len(r.placed) != 1 {
		t.Errorf("the last byte once more: %+v, %v, placed %v", got, err, r.placed)
	}
}
