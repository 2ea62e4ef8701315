package index

import (
	"os"
	"testing"

	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// TestFormat1 opens an index of the first format, which has no site: a segment, deleted
// documents and a log. It answers as it did, and becomes the site's that tells it on.
func TestFormat1(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/format1")); err != nil {
		t.Fatal(err)
	}
	changes := searchtest.Corpus(1, 40)
	plain := searchtest.NewPlain()
	apply(t, plain, changes, 41)
	apply(t, plain, []search.Change{{ID: changes[3].ID, Kind: search.Delete}, {ID: changes[35].ID, Kind: search.Delete}}, 42)

	r := openReader(t, dir)
	compare(t, r, plain)
	e := openEngine(t, dir, Options{})
	if s := status(t, e); s.State != search.Ready || s.Papers != 38 || s.Position != (search.Position{Seq: 42}) {
		t.Fatalf("opened: %+v", s)
	}
	compare(t, e, plain)
	at := search.Position{Site: "site", Seq: 43, Token: 5}
	change := []search.Change{{ID: changes[5].ID, Kind: search.Counts, Document: &search.Document{Votes: 500}}}
	if err := e.Apply(t.Context(), change, at); err != nil {
		t.Fatal(err)
	}
	apply(t, plain, change, 43)
	for range 2 {
		if s := status(t, e); s.State != search.Ready || s.Papers != 38 || s.Position != at {
			t.Errorf("told on: %+v", s)
		}
		compare(t, e, plain)
		reopen(t, &e, dir, Options{})
	}
}

// compare checks that an engine answers as the plain one.
func compare(t *testing.T, e, plain search.Engine) {
	t.Helper()
	for i, q := range searchtest.Queries(4, 60) {
		r := search.Request{Query: q, Limit: 50, Facets: i%2 == 0}
		got, err := e.Search(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		want, err := plain.Search(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if !searchtest.Same(got, want) {
			t.Fatalf("%+v\n finds %d: %v\n want  %d: %v", q, got.Total, got.Hits, want.Total, want.Hits)
		}
	}
}

// openEngine opens an engine, which is closed with the test.
func openEngine(t testing.TB, dir string, o Options) *Engine {
	t.Helper()
	e, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return e
}

// reopen closes and opens an engine.
func reopen(t testing.TB, e **Engine, dir string, o Options) {
	t.Helper()
	if err := (*e).Close(); err != nil {
		t.Fatal(err)
	}
	*e = openEngine(t, dir, o)
}
