package index

import (
	"errors"
	"testing"
	"time"

	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// TestReadingTakesNoLock holds all locks of writing, as Apply, a merge and Reset do:
// whatever reads answers all the same.
func TestReadingTakesNoLock(t *testing.T) {
	e := openEngine(t, t.TempDir(), Options{})
	corpus := searchtest.Corpus(1, 700)
	apply(t, e, corpus, 700)
	ctx := t.Context()
	e.applying.Lock()
	defer e.applying.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, read := range map[string]func() error{
		"Position": func() error { _, err := e.Position(ctx); return err },
		"Status":   func() error { _, err := e.Status(ctx); return err },
		"Search": func() error {
			_, err := e.Search(ctx, search.Request{Query: search.Words("model"), Facets: true, Correct: "modl"})
			return err
		},
		"Suggest": func() error { _, err := e.Suggest(ctx, "mod", 5); return err },
		"Similar": func() error { _, err := e.Similar(ctx, corpus[3].ID, 5); return err },
	} {
		done := make(chan error, 1)
		go func() { done <- read() }()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s waits for a lock of writing", name)
		}
	}
}

// TestLocked lets one engine at a time write a folder.
func TestLocked(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir, Options{})
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
	apply(t, e, searchtest.Corpus(1, 3), 3)
	if r := openReader(t, dir); status(t, r).Papers != 3 {
		t.Errorf("a reader beside: %+v", status(t, r))
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	openEngine(t, dir, Options{})
}
