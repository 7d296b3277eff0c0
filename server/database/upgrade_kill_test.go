package database

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// migrateVariable has the test's own program migrate a database, to be killed meanwhile.
const migrateVariable = "THORPE_TEST_MIGRATE"

func TestMain(m *testing.M) {
	if path := os.Getenv(migrateVariable); path != "" {
		fmt.Println("begun")
		db, err := Open(context.Background(), path)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		db.Close()
		fmt.Println("done")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Wherever kill -9 cuts a migration, the database is of one version, whole, and the next start goes on to the newest with all rows.
func TestAMigrationThatIsKilledLeavesOneVersion(t *testing.T) {
	folder := t.TempDir()
	first := filepath.Join(folder, "first.db")
	newAt(t, first, 1)
	db := must2(pool(first, 1))
	// Many rows, so that later migrations take their time.
	_, err := db.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		INSERT INTO sessions (token_hash, account, created, seen, proved, agent) SELECT randomblob(32), x'000102030405060708090a0b0c0d0e0f', i, i, i, 'many' FROM n`)
	must(t, err)
	must(t, db.Close())
	schemas := map[int64]map[string]string{}
	db = must2(pool(filepath.Join(folder, "schemas.db"), 1))
	provider := must2(provide(db))
	for version := int64(1); version <= latestOf(provider); version++ {
		_, err := provider.UpTo(t.Context(), version)
		must(t, err)
		schemas[version] = schema(t, db)
	}
	must(t, db.Close())
	// How long it takes without a kill says when to kill.
	whole := filepath.Join(folder, "whole.db")
	must(t, os.WriteFile(whole, must2(os.ReadFile(first)), 0o600))
	began := time.Now()
	migrateAndKill(t, whole, time.Hour)
	took := time.Since(began)

	stopped := map[int64]int{}
	for round := range 8 {
		path := filepath.Join(t.TempDir(), "thorpe.db")
		must(t, os.WriteFile(path, must2(os.ReadFile(first)), 0o600))
		migrateAndKill(t, path, rand.N(took))
		db := must2(pool(path, 1))
		var verdict string
		must(t, db.QueryRow("PRAGMA integrity_check").Scan(&verdict))
		version := must2(schemaVersion(t.Context(), db))
		stopped[version]++
		if got := schema(t, db); verdict != "ok" || !maps.Equal(got, schemas[version]) {
			t.Errorf("round %d: integrity %s; the schema is not that of version %d: %v", round, verdict, version, got)
		}
		must(t, db.Close())
		db, err := Open(t.Context(), path)
		must(t, err)
		var sessions int
		must(t, db.QueryRow("SELECT count(*) FROM sessions").Scan(&sessions))
		if sessions != 5001 {
			t.Errorf("round %d: %d sessions are left", round, sessions)
		}
		must(t, db.Close())
		if at := must2(copyVersion(t.Context(), Before(path, latest(t)))); version < latest(t) && at != 1 {
			t.Errorf("round %d: stopped at %d, and the way back leads to version %d", round, version, at)
		}
	}
	t.Logf("a migration takes %v; killed at version: %v", took.Round(time.Millisecond), stopped)
}

// migrateAndKill has another process migrate, and kills it so long after it began.
func migrateAndKill(t *testing.T, path string, after time.Duration) {
	t.Helper()
	work := exec.Command(os.Args[0])
	work.Env = append(os.Environ(), migrateVariable+"="+path)
	out, err := work.StdoutPipe()
	must(t, err)
	must(t, work.Start())
	said := bufio.NewScanner(out)
	var lines []string
	for said.Scan() {
		if lines = append(lines, said.Text()); len(lines) == 1 {
			timer := time.AfterFunc(after, func() { work.Process.Kill() })
			defer timer.Stop()
		}
	}
	err = work.Wait()
	if text := strings.Join(lines, "\n"); err != nil && work.ProcessState.ExitCode() != -1 {
		t.Fatalf("migrating: %v %s", err, text)
	}
}
