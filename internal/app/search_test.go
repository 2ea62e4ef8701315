package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/internal/config"
	"broadsheet/internal/ingest"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// indexedSite is a data folder with papers in the store and none in the index.
func indexedSite(t *testing.T) (*config.Config, *store.DB) {
	t.Helper()
	cfg := config.Default()
	cfg.Data = t.TempDir()
	db, err := OpenStore(t.Context(), &cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := ingest.Demo(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return &cfg, db
}

func finds(t *testing.T, f *Finder) int {
	t.Helper()
	q, _ := search.Parse("scene graphs", time.Now())
	res, err := f.Search(t.Context(), search.Request{Query: q})
	if err != nil {
		t.Fatal(err)
	}
	return res.Total
}

// TestOpenForSearch opens the index as what it can be opened.
func TestOpenForSearch(t *testing.T) {
	cfg, db := indexedSite(t)
	if _, err := OpenReader(cfg, silent); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is no index, and reading it gives %v", err)
	}
	w, err := OpenForSearch(t.Context(), cfg, silent)
	if err != nil || w.ReadOnly() {
		t.Fatalf("nobody has it open: %v", err)
	}
	defer w.Close()
	r, err := OpenForSearch(t.Context(), cfg, silent)
	if err != nil || !r.ReadOnly() {
		t.Fatalf("it is open: %v", err)
	}
	defer r.Close()
	if n, err := r.Behind(t.Context(), db); n == 0 || err != nil {
		t.Errorf("%d changes behind, %v", n, err)
	}
	if _, err := w.Indexer(db).CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	second, err := OpenForSearch(t.Context(), cfg, silent)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if n, err := second.Behind(t.Context(), db); n != 0 || err != nil || finds(t, second) == 0 {
		t.Errorf("%d changes behind, %v", n, err)
	}
}

// TestKeepUp reads without holding the index, and writes it while nobody else does.
func TestKeepUp(t *testing.T) {
	cfg, db := indexedSite(t)
	f, err := OpenBeside(t.Context(), cfg, db, silent)
	if err != nil || !f.ReadOnly() {
		t.Fatal(err)
	}
	defer f.Close()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan bool)
	go func() { f.KeepUp(ctx, cfg, db, silent); done <- true }()
	for deadline := time.Now().Add(20 * time.Second); finds(t, f) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never catches up")
		}
	}
	stop()
	<-done
	w, err := OpenFinder(cfg, silent)
	if err != nil {
		t.Fatalf("the index is held: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// TestOpenBesideMends opens an index that is damaged.
func TestOpenBesideMends(t *testing.T) {
	cfg, db := indexedSite(t)
	w, err := OpenFinder(cfg, silent)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Indexer(db).CatchUp(t.Context(), nil)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cfg.IndexDir(), "MANIFEST"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReader(cfg, silent); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("damaged: %v", err)
	}
	f, err := OpenBeside(t.Context(), cfg, db, silent)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if finds(t, f) == 0 {
		t.Error("nothing is found after mending")
	}
}
