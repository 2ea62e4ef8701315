package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// Two processes that start at once on a new folder both open the database.
func TestTwoProcessesStartAtOnce(t *testing.T) {
	for name, make := range map[string]func(t *testing.T, round int) string{
		"sqlite": func(t *testing.T, round int) string {
			return "sqlite:" + filepath.Join(t.TempDir(), fmt.Sprintf("%d.db", round))
		},
		"postgres": func(t *testing.T, _ int) string { return storetest.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			rounds := map[string]int{"sqlite": 20, "postgres": 4}[name]
			for round := range rounds {
				url := make(t, round)
				a, b := opening(t, url), opening(t, url)
				if err := errors.Join(a.Start(), b.Start()); err != nil {
					t.Fatal(err)
				}
				if errA, errB := a.Wait(), b.Wait(); errA != nil || errB != nil {
					t.Fatalf("round %d: %v, %v", round, errA, errB)
				}
			}
		})
	}
}

// filled makes a database with some papers in a file, and returns its path.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "site.db")
	db, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, db, many(300, "2026-05-27")...)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func truncate(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()*6/10); err != nil {
		t.Fatal(err)
	}
}

func TestATruncatedDatabaseIsNotOpened(t *testing.T) {
	for name, length := range map[string]int64{"half": 0, "in the header": 60} {
		path := filled(t)
		if length > 0 {
			if err := os.Truncate(path, length); err != nil {
				t.Fatal(err)
			}
		} else {
			truncate(t, path)
		}
		if db, err := store.Open(t.Context(), "sqlite:"+path); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%s: %v, %v", name, db, err)
		}
	}
	path := filepath.Join(t.TempDir(), "site.db")
	if err := os.WriteFile(path, make([]byte, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	if db, err := store.Open(t.Context(), "sqlite:"+path); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("zeros: %v, %v", db, err)
	}
}

func TestHealth(t *testing.T) {
	for name, tt := range map[string]struct {
		damage func(t *testing.T, db *store.DB, path string)
		well   bool
	}{
		"nothing":   {func(*testing.T, *store.DB, string) {}, true},
		"truncated": {func(t *testing.T, _ *store.DB, path string) { truncate(t, path) }, false},
		"truncated after it was written": {func(t *testing.T, db *store.DB, path string) {
			apply(t, db, arxivRow("2606.00001", "New", "2026-05-20")) // lies in the log
			truncate(t, path)
		}, false},
		"removed": {func(t *testing.T, _ *store.DB, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}, false},
		"replaced": {func(t *testing.T, _ *store.DB, path string) {
			if err := os.Rename(filled(t), path); err != nil {
				t.Fatal(err)
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filled(t)
			db, err := store.Open(t.Context(), "sqlite:"+path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := db.Healthy(t.Context()); err != nil {
				t.Errorf("before: %v", err)
			}
			tt.damage(t, db, path)
			if err := db.Healthy(t.Context()); (err == nil) != tt.well {
				t.Errorf("health: %v", err)
			}
		})
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := db.Healthy(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Health is well while much is written and the log goes back into the file.
func TestHealthWhileWriting(t *testing.T) {
	db := storetest.SQLite(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		for i := 0; ctx.Err() == nil && i < 200; i++ {
			batch := many(60, "2026-05-27")
			for k := range batch {
				batch[k].Paper.ID = paper.ID(fmt.Sprintf("26%02d.%05d", i%12+1, i*60+k+1))
				batch[k].Submission = nil
			}
			if _, err := db.Apply(context.WithoutCancel(ctx), batch); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for end := time.Now().Add(700 * time.Millisecond); time.Now().Before(end); {
		if err := db.Healthy(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
