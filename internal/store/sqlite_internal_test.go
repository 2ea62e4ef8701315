package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

// A database that may not be written answers, and says so to whoever writes; it is never
// brought forward.
func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "site.db")
	db, err := Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Apply(t.Context(), []paper.Observation{{Source: paper.SourceHub, Fingerprint: 1, Paper: paper.Paper{ID: "2605.00001", Title: "T"}}}); err != nil {
		t.Fatal(err)
	}
	identity := db.Identity()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db, err = OpenReadOnly(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if p, err := db.Paper(t.Context(), "2605.00001"); err != nil || p.Title != "T" {
		t.Errorf("%+v, %v", p, err)
	}
	if err := db.Healthy(t.Context()); err != nil || !db.ReadOnly() || db.Identity() != identity {
		t.Errorf("health %v, read only %v, identity %s", err, db.ReadOnly(), db.Identity())
	}
	if _, err := db.Apply(t.Context(), nil); !errors.Is(err, ErrReadOnly) {
		t.Errorf("written: %v", err)
	}
	if _, err := OpenReadOnly(t.Context(), "sqlite:"+path+".missing"); err == nil {
		t.Error("a missing file was opened")
	}
	older := filepath.Join(t.TempDir(), "older.db")
	other, err := connect("sqlite:" + older)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.writer.Exec(`create table schema_version (version bigint not null)`); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReadOnly(t.Context(), "sqlite:"+older); !errors.Is(err, ErrReadOnly) {
		t.Errorf("an older database: %v", err)
	}
}

// Whoever may not write gets a database for reading from Open itself.
func TestOpenWithoutPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everything")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "site.db")
	db, err := Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, dir} {
		if err := os.Chmod(p, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
	db, err = Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if !db.ReadOnly() {
		t.Error("it is open for writing")
	}
}

// What is committed survives a power cut.
func TestCommitsAreDurable(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "site.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var mode string
	const full = "2"
	if err := db.writer.QueryRow(`pragma synchronous`).Scan(&mode); err != nil || mode != full {
		t.Errorf("synchronous %s, %v", mode, err)
	}
}

// A query of SQLite ends when nobody waits for it any more, and so does waiting for a
// connection while others are at work.
func TestReadingEndsWithItsContext(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "site.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const endless = `with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n`
	var asking sync.WaitGroup
	for range 3 * readers {
		asking.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
			defer cancel()
			start := time.Now()
			var n int
			err := db.row(ctx, endless).Scan(&n)
			if took := time.Since(start); err == nil || took > 10*time.Second {
				t.Errorf("after %v: %v", took, err)
			}
		})
	}
	asking.Wait()
	if err := db.Healthy(t.Context()); err != nil {
		t.Error(err)
	}
}
