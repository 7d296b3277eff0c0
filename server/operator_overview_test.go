package server_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"thorpe/server"
	"thorpe/server/database"
	"thorpe/server/history"
)

// underWay is a row of GET /api/operator/transfers.
type underWay struct {
	ID                     int64
	Door, Direction, Began string
	Account, Link          *string
	Bytes, Speed           int64
	Size                   *int64
}

func (b *browser) transfers() []underWay {
	b.t.Helper()
	var told struct {
		Transfers []underWay
		Others    int
	}
	b.call(200, "GET", "/api/operator/transfers", nil, &told)
	return told.Transfers
}

// What is under way is told with whose it is and how far it is, from when they have shown who they are until it has ended.
func TestTheOperatorSeesTransfersUnderWay(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	if all := ann.transfers(); len(all) != 0 {
		t.Fatalf("nothing is under way, and told is %+v", all)
	}
	feed, ended := bob.slowly("PUT", "/files/A%20secret%20diary.txt", 8, nil)
	io.WriteString(feed, "half")
	var got underWay
	waitFor(t, "a transfer of 4 bytes is told", func() bool {
		all := ann.transfers()
		if len(all) == 1 {
			got = all[0]
		}
		return got.Bytes == 4
	})
	if got.Door != "files" || got.Direction != "in" || got.Account == nil || *got.Account != "bob" || got.Link != nil || got.Size == nil || *got.Size != 8 {
		t.Errorf("told is %+v", got)
	}
	if content := bodyOf(t, ann.request("GET", "/api/operator/transfers", nil, nil)); strings.Contains(content, "diary") {
		t.Errorf("a name is told: %s", content)
	}
	io.WriteString(feed, "half")
	feed.Close()
	if status := <-ended; status != 201 {
		t.Fatalf("the upload: %d", status)
	}
	waitFor(t, "nothing is under way", func() bool { return len(ann.transfers()) == 0 })
}

// slowly sends a request whose body the test feeds.
func (b *browser) slowly(method, path string, length int64, change func(*http.Request)) (feed *io.PipeWriter, ended <-chan int) {
	body, feed := io.Pipe()
	answered := make(chan int, 1)
	go func() {
		answered <- b.request(method, path, io.NopCloser(body), func(r *http.Request) {
			r.ContentLength = length
			if change != nil {
				change(r)
			}
		}).StatusCode
	}()
	return feed, answered
}

// An upload in pieces is one transfer, with what came before; it is there between them.
func TestAnUploadInPiecesIsOneTransfer(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	at := ann.newUpload("sealed", "Upload-Length", strconv.Itoa(3*sealedChunk))
	patch := func(offset int) {
		wantStatus(t, "a piece", ann.tus("PATCH", at, strings.NewReader(strings.Repeat("x", sealedChunk)), "Upload-Offset", strconv.Itoa(offset)), 204)
	}
	patch(0)
	first := ann.transfers()
	patch(sealedChunk)
	second := ann.transfers()
	if len(first) != 1 || len(second) != 1 || first[0].ID != second[0].ID || first[0].Bytes != sealedChunk || second[0].Bytes != 2*sealedChunk || *second[0].Size != 3*sealedChunk || second[0].Door != "uploads" {
		t.Errorf("after one piece %+v, after two %+v", first, second)
	}
	patch(2 * sealedChunk)
	waitFor(t, "nothing is under way", func() bool { return len(ann.transfers()) == 0 })

	// Pieces of nothing are none.
	for range 3 {
		wantStatus(t, "a piece of nothing", ann.tus("PATCH", "/api/uploads/"+text(random(16)), strings.NewReader("x"), "Upload-Offset", "0"), 404)
	}
	if all := ann.transfers(); len(all) > 1 { // the last may be ending
		t.Errorf("pieces of nothing are under way: %+v", all)
	}
}

// Of a link that is fetched its id is told, and not by whom.
func TestTheOperatorSeesALinkBeingFetched(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	l := ann.link(100*sealedChunk, nil) // more than the sockets between hold
	ticket := text(random(32))
	wantStatus(t, "ticket", r.ticket(l, ticket), 201)
	body := r.fetch("GET", l, "content", "Thorpe-Ticket", ticket).Body
	waitFor(t, "the link is told", func() bool {
		all := ann.transfers()
		return len(all) == 1 && all[0].Link != nil && *all[0].Link == l.id && all[0].Account == nil && all[0].Door == "links" && all[0].Direction == "out" &&
			all[0].Size != nil && *all[0].Size == int64(len(l.content)) && all[0].Bytes > 0
	})
	body.Close()
	waitFor(t, "nothing is under way", func() bool { return len(ann.transfers()) == 0 })
}

type failures struct {
	Counts   map[string]int64
	Failures []struct {
		At, Code, What, Request, Door, Method, Cause string
		Status                                       *int
	}
}

func TestTheOperatorSeesWhatFailed(t *testing.T) {
	r := newServer(t)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	db, err := database.Open(t.Context(), filepath.Join(r.Folder, "thorpe.db"))
	must(t, err)
	defer db.Close()
	_, err = db.Exec("DROP TABLE reports")
	must(t, err)
	failed := ann.refused(500, "internal", "GET", "/api/operator/reports", nil)
	bob.refused(404, "not_found", "GET", "/api/operator/reports", nil) // no failure of the server's
	var told failures
	ann.call(200, "GET", "/api/operator/failures", nil, &told)
	if len(told.Failures) != 1 || told.Counts["internal"] != 1 || len(told.Counts) != 1 {
		t.Fatalf("told is %+v", told)
	}
	f := told.Failures[0]
	if f.Request != failed.Header.Get("X-Request-Id") || f.Code != "internal" || f.Door != "api" || f.Method != "GET" || *f.Status != 500 || !strings.Contains(f.Cause, "no such table: reports") {
		t.Errorf("told is %+v", f)
	}

	// It is there after a restart, and gone after a day.
	must(t, r.History.Flush(t.Context()))
	again := newServerIn(t, r.Folder)
	later := again.newBrowser()
	later.cookies = ann.cookies
	later.call(200, "GET", "/api/operator/failures", nil, &told)
	if len(told.Failures) != 1 || told.Counts["internal"] != 1 || told.Failures[0].Request != f.Request {
		t.Errorf("after a restart: %+v", told)
	}
	again.Pass(25 * time.Hour)
	told = failures{}
	later.call(200, "GET", "/api/operator/failures", nil, &told)
	if len(told.Failures) != 0 || len(told.Counts) != 0 {
		t.Errorf("a day later: %+v", told)
	}
}

// C9: whatever stands in the log with an error, the page shows no name of a file, no key, no token, no address.
func TestFailuresTellNoNames(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	log := slog.New(server.WatchFailures(slog.DiscardHandler, r.History))
	token := text(random(32))
	deep := &fs.PathError{Op: "open", Path: "drive/ann/My diary.txt", Err: syscall.EIO}
	for _, err := range []error{
		deep,
		fmt.Errorf("publishing: %w", deep),
		fmt.Errorf("publishing %q: %w", "My diary.txt", syscall.ENOSPC),
		fmt.Errorf("publishing “My diary.txt”: %w", syscall.ENOSPC),
		&os.LinkError{Op: "rename", Old: "incoming/x", New: `drive\ann\My diary.txt`, Err: syscall.EXDEV},
		errors.New("drive/ann/diary.txt is gone"),
		errors.New("Bearer " + token + " is wrong"),
		errors.New("app password abcdefgh-ijklmnop-qrstuvwx for ann@example.org"),
		&net.OpError{Op: "write", Net: "tcp", Source: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 8080}, Addr: &net.TCPAddr{IP: net.ParseIP("2001:db8::17"), Port: 5}, Err: syscall.EPIPE},
		fmt.Errorf("asking: %w", errors.Join(deep, errors.New("https://files.example.org/s/#"+token))),
	} {
		log.Error("a link's object is not on the disk", "error", err, "link", token, "path", "diary.txt", "upload", "x-diary")
	}
	content := bodyOf(t, ann.request("GET", "/api/operator/failures", nil, nil))
	for _, secret := range []string{"diary", "My ", token, token[:16], "192.0.2.7", "2001", "example.org", "ijklmnop", "incoming", "drive/"} {
		if strings.Contains(content, secret) {
			t.Errorf("the answer has %q: %s", secret, content)
		}
	}
	for _, useful := range []string{"input/output error", "no space left on device", "broken pipe", "a link's object is not on the disk"} {
		if !strings.Contains(string(content), useful) {
			t.Errorf("the answer lacks %q: %s", useful, content)
		}
	}
}

func TestTheOperatorSeesSpaceOverTime(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	ann.link(1000, nil)
	var told struct {
		Now     struct{ Links, Free, Size, Database int64 }
		Samples []struct {
			At     string
			Drives int64
		}
	}
	ann.call(200, "GET", "/api/operator/space", nil, &told)
	if len(told.Samples) != 0 || told.Now.Links < 1000 || told.Now.Database == 0 || told.Now.Free == 0 || told.Now.Size < told.Now.Free {
		t.Errorf("before anything was measured: %+v", told)
	}
	var samples []history.Sample
	for hours := range 24 * 60 {
		samples = append(samples, history.Sample{At: r.Now().Add(-time.Duration(24*60-hours) * time.Hour), Drives: int64(hours)})
	}
	must(t, r.History.Record(t.Context(), samples...))
	for _, c := range []struct{ days, most, least int }{{1, 24, 23}, {7, 7 * 24, 7*24 - 1}, {30, 192 + 23, 192 + 20}, {90, 61, 59}} {
		ann.call(200, "GET", "/api/operator/space?days="+strconv.Itoa(c.days), nil, &told)
		if n := len(told.Samples); n > c.most || n < c.least || told.Samples[n-1].Drives != 24*60-1 {
			t.Errorf("%d days: %d samples", c.days, n)
		}
	}
	for _, days := range []string{"0", "-1", "x", "100000"} {
		ann.refused(400, "bad_request", "GET", "/api/operator/space?days="+days, nil)
	}
}

func TestTheOverviewTellsOfBackups(t *testing.T) {
	r := newServer(t)
	ann := r.member("ann", 1)
	db, err := database.Open(t.Context(), filepath.Join(r.Folder, "thorpe.db"))
	must(t, err)
	defer db.Close()
	var told struct {
		Version, Go, Started, Source string
		FileSystem                   string `json:"file_system"`
		Certificate                  any
		Backup                       *struct {
			At            string
			Files, Unread int64
		}
		BackupCheck *struct{ Damaged int64 } `json:"backup_check"`
		Sweeps      struct {
			Last *string
			Done int64
		}
	}
	ann.call(200, "GET", "/api/operator/overview", nil, &told)
	if told.Version != "test" || !strings.HasPrefix(told.Go, "go1.") || told.Source != "/source.tar.gz" || told.Certificate != nil || told.Backup != nil || told.Sweeps.Last == nil || told.Sweeps.Done != 1 {
		t.Errorf("told is %+v", told)
	}
	must(t, database.SetSetting(t.Context(), db, "backup", "2026-01-02T03:04:05Z")) // as an earlier version did
	ann.call(200, "GET", "/api/operator/overview", nil, &told)
	if told.Backup == nil || told.Backup.At != "2026-01-02T03:04:05Z" {
		t.Errorf("of an earlier version's backup is told %+v", told.Backup)
	}
	must(t, history.NoteBackup(t.Context(), db, history.Backup{At: r.Now(), Files: 7, Unread: 1}))
	must(t, history.NoteCheck(t.Context(), db, history.Check{At: r.Now(), Damaged: 2}))
	ann.call(200, "GET", "/api/operator/overview", nil, &told)
	if told.Backup.Files != 7 || told.Backup.Unread != 1 || told.BackupCheck == nil || told.BackupCheck.Damaged != 2 {
		t.Errorf("told is %+v, %+v", told.Backup, told.BackupCheck)
	}
}
