package shares

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thorpe/server/database"
)

// I9: the process is killed at random points of uploading, publishing, changing, renewing and deleting. Whatever it had said is so, and the
// disk holds what the database says and nothing else.
func TestKills(t *testing.T) {
	if dir := os.Getenv("THORPE_TEST_WORK_UNTIL_KILLED"); dir != "" {
		workUntilKilled(t, dir)
	}
	r := newRig(t)
	r.Close()
	said := []string{}
	for range 8 {
		said = append(said, r.runAndKill(1+rand.IntN(60))...)
		r.reopen()
		for _, line := range said {
			r.check(line)
		}
		uploads, links := count(t, r.db, "uploads"), count(t, r.db, "links")
		if n := len(r.files("sealed")); n != uploads+2*links {
			t.Fatalf("%d objects for %d uploads and %d links", n, uploads, links)
		}
		r.Close()
	}
	if count(t, r.db, "links") == 0 {
		t.Error("no link was ever published: the test shows nothing")
	}
}

// runAndKill lets another process work on the folder, kills it after it has said some lines, and returns them.
func (r *rig) runAndKill(lines int) (said []string) {
	r.t.Helper()
	work := exec.Command(os.Args[0], "-test.run=^TestKills$")
	work.Env = append(os.Environ(), "THORPE_TEST_WORK_UNTIL_KILLED="+r.dir)
	work.Stderr = os.Stderr
	out, err := work.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := work.Start(); err != nil {
		r.t.Fatal(err)
	}
	defer work.Wait()
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		said = append(said, scanner.Text())
		if len(said) == lines {
			time.Sleep(rand.N(10 * time.Millisecond)) // anywhere in what it does next
			work.Process.Kill()
		}
	}
	if len(said) < lines {
		r.t.Fatalf("the worker ended by itself after %q", said)
	}
	return said
}

// check holds what the worker said against what is there now.
func (r *rig) check(line string) {
	r.t.Helper()
	verb, text, _ := strings.Cut(line, " ")
	id, err := ParseID(text)
	if err != nil {
		r.t.Fatalf("the worker said %q", line)
	}
	published, err := isLinkID(r.t.Context(), r.db, id) // uploads and links have the same ids here
	if err != nil {
		r.t.Fatal(err)
	}
	l, err := findFetchable(r.t.Context(), r.db, id)
	var gone *GoneError
	switch {
	case verb == "deleted":
		if !errors.As(err, &gone) {
			r.t.Errorf("%s: %v", line, err)
		}
		return
	case verb != "sent1" && verb != "sent2" && !published:
		r.t.Errorf("%s: %v", line, err)
	}
	switch {
	case errors.As(err, &gone): // killed after deleting it and before saying so
	case published:
		if got := r.object(ForLink, l.content); !bytes.Equal(got, crashContent) {
			r.t.Errorf("%s: %d other bytes", line, len(got))
		}
		if got := r.object(ForLink, l.manifest); len(got) != smallManifest && (len(got) != changedManifest || verb == "renewed") {
			r.t.Errorf("%s: a manifest of %d bytes", line, len(got))
		}
	default:
		var chunks int64
		fmt.Sscanf(verb, "sent%d", &chunks)
		if u, err := r.FindUpload(r.t.Context(), r.ann.ID, id); err != nil || u.Offset < chunks*sealedChunk {
			r.t.Errorf("%s: %+v, %v", line, u, err)
		}
	}
}

var crashContent = noise(2 * sealedChunk)

const changedManifest = smallManifest + 4096

// workUntilKilled uploads, publishes, changes, renews and deletes, and says what is done. Every second link stays.
func workUntilKilled(t *testing.T, dir string) {
	data, err := os.OpenRoot(dir)
	must(t, err)
	db, err := database.Open(t.Context(), filepath.Join(dir, "thorpe.db"))
	must(t, err)
	s, err := Open(Config{DB: db, Data: data, Log: slog.New(slog.DiscardHandler), Now: (&clock{now: start}).Now})
	must(t, err)
	ann := Owner{Name: "ann"}
	copy(ann.ID[:], "ann")
	for i := 0; ; i++ {
		u, err := s.CreateUpload(t.Context(), ann, ForLink, int64(len(crashContent)), DriveFile{})
		must(t, err)
		for at := int64(0); at < u.Length; at += sealedChunk {
			_, err := s.Append(t.Context(), ann, u.ID, patch(at, crashContent[at:at+sealedChunk]))
			must(t, err)
			fmt.Printf("sent%d %s\n", at/sealedChunk+1, u.ID)
		}
		l := NewLink{ID: u.ID, Upload: u.ID, TokenHash: sha256.Sum256(nil)}
		_, err = s.Publish(t.Context(), ann, l, bytes.NewReader(noise(smallManifest)))
		must(t, err)
		fmt.Println("published", u.ID)
		_, err = s.Reseal(t.Context(), ann, u.ID, Resealed{Version: 1, TokenHash: sha256.Sum256([]byte("other"))}, bytes.NewReader(noise(changedManifest)))
		must(t, err)
		fmt.Println("resealed", u.ID)
		renewed := NewLink{ID: newID(), TokenHash: sha256.Sum256(nil)}
		_, err = s.Renew(t.Context(), ann, u.ID, 2, renewed, bytes.NewReader(noise(smallManifest)))
		must(t, err)
		fmt.Println("renewed", renewed.ID)
		if i%2 == 0 {
			must(t, s.DeleteLink(t.Context(), ann.ID, renewed.ID))
			fmt.Println("deleted", renewed.ID)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sql.DB, table string) (n int) {
	t.Helper()
	must(t, db.QueryRow(`SELECT count(*) FROM `+table).Scan(&n))
	return n
}
