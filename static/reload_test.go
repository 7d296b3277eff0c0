package static_test

import (
	"archive/zip"
	"fmt"
	"io"
	"testing"
)

// orphan is what orphans() told.
type orphan struct {
	Name     string
	Size, At int64
}

// reloaded begins to save a link of some files, loads the page again when the browser has some of it, and goes on.
func reloaded(t *testing.T, reader *tab, made sent, zipName string) download {
	t.Helper()
	release := reader.site.hold(9_000_000)
	reader.open("/s/test")
	reader.run(nil, "link.js", "beginSaving", made.Link, map[string]any{"tag": made.ID, "zipName": zipName})
	begun := reader.downloadBegins()
	reader.run(nil, "link.js", "savedSoFar", 7_000_000)
	reader.open("/s/test")
	release()
	reader.site.breakWith(nil)
	var found []orphan
	reader.run(&found, "link.js", "goOnSaving", made.Link)
	if len(found) != 1 || found[0].At < 5_000_000 || found[0].At > 9_000_000 {
		t.Fatalf("the page that was loaded again finds %+v", found)
	}
	var got saved
	reader.run(&got, "link.js", "endSaving")
	file := reader.downloadEnds(begun)
	if !got.OK || got.Done != got.Total || file.State != "completed" {
		t.Fatalf("download told %+v, the browser has %+v", got, file)
	}
	requests := reader.site.asked("GET", "/api/links/"+made.ID+"/content")
	var from int64
	if n, _ := fmt.Sscanf(requests[len(requests)-1].Header.Get("Range"), "bytes=%d-", &from); n != 1 || from < 3_000_000 || from%sealedChunk != 0 {
		t.Errorf("after the reload it asked for %q", requests[len(requests)-1].Header.Get("Range"))
	}
	if visits := reader.site.asked("POST", "/api/links/"+made.ID+"/downloads"); len(visits) > 2 || visits[0].Header.Get("Thorpe-Ticket") != visits[len(visits)-1].Header.Get("Thorpe-Ticket") {
		t.Errorf("the download took %d visits", len(visits))
	}
	return file
}

// A reload goes on where the browser's file ends: one file, and a zip with what it had in the middle of a file.
func TestAReloadGoesOnWithOneFile(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{{"a.bin", 24_000_000}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files)
	file := reloaded(t, newTab(t, sender.site), made, "")
	if sumOf(t, file.File) != sender.expect(files)[0].SHA256 {
		t.Error("other bytes came to the disk")
	}
	var mine []struct{ Visits int }
	sender.run(&mine, "link.js", "myLinks")
	if mine[0].Visits != 1 {
		t.Errorf("the owner sees %d visits", mine[0].Visits)
	}
}

func TestAReloadGoesOnWithAZip(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	files := []wanted{{"a/one.bin", 3_000_000}, {"b.bin", 11_000_000}, {"c/two.bin", 10_000_000}, {"d.txt", 5}}
	var made sent
	sender.run(&made, "link.js", "sendFiles", files)
	reader := newTab(t, sender.site)
	file := reloaded(t, reader, made, "Summer")
	if file.Name != "Summer.zip" {
		t.Errorf("it is called %s", file.Name)
	}
	archive, err := zip.OpenReader(file.File)
	must(t, err)
	defer archive.Close()
	for _, f := range archive.File {
		in, err := f.Open()
		must(t, err)
		if _, err := io.Copy(io.Discard, in); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	if len(archive.File) != 6 {
		t.Errorf("the zip has %d entries", len(archive.File))
	}
}

// A page finds neither what another link's page began, nor what runs beside it (B8).
func TestADownloadIsAdoptedOnlyOnceItsPageIsGone(t *testing.T) {
	t.Parallel()
	reader, made := newDownload(t)
	defer reader.site.hold(2_000_000)()
	reader.run(nil, "link.js", "beginSaving", made.Link, map[string]any{"tag": made.ID})
	reader.downloadBegins()
	var found []orphan
	reader.run(&found, "link.js", "goOnSaving", made.Link)
	if len(found) != 0 {
		t.Errorf("a page finds what runs beside it: %+v", found)
	}
	reader.open("/test/")
	reader.run(&found, "link.js", "orphansOf", "AAAAAAAAAAAAAAAAAAAAAA")
	if len(found) != 0 {
		t.Errorf("another link finds %+v", found)
	}
	reader.run(&found, "link.js", "orphansOf", made.ID)
	if len(found) != 1 || found[0].Name != "a.bin" {
		t.Errorf("the link itself finds %+v", found)
	}
}

// Two links at once in one tab, each with its reload: each file has its own bytes (B8).
func TestTwoLinksAtOnceDoNotMeet(t *testing.T) {
	t.Parallel()
	sender := newSender(t)
	var made [2]sent
	files := [2][]wanted{{{"a.bin", 24_000_000}}, {{"filler", 1}, {"a.bin", 24_000_001}}}
	for i := range made {
		sender.run(&made[i], "link.js", "sendFiles", files[i])
	}
	reader := newTab(t, sender.site)
	var held, got saved
	release := reader.site.hold(2_000_000)
	reader.run(nil, "link.js", "beginSaving", made[0].Link, map[string]any{"tag": made[0].ID})
	first := reader.downloadBegins()
	reader.site.breakWith(nil)
	reader.run(&got, "link.js", "save", made[1].Link, []string{"a.bin"}, map[string]any{"tag": made[1].ID})
	second := reader.nextDownload()
	release()
	reader.run(&held, "link.js", "endSaving")
	one := reader.downloadEnds(first)
	if !got.OK || !held.OK || sumOf(t, one.File) != sender.expect(files[0])[0].SHA256 || sumOf(t, second.File) != sender.expect(files[1])[1].SHA256 {
		t.Errorf("%+v %+v, the browser has %+v and %+v", got, held, one, second)
	}
}
