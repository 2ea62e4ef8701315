package catalog_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// counting is an engine that counts what it is asked.
type counting struct {
	search.Engine
	searches atomic.Int64
}

func (e *counting) Search(ctx context.Context, r search.Request) (search.Result, error) {
	e.searches.Add(1)
	return e.Engine.Search(ctx, r)
}

// library is a catalog of songs and the engine that finds them.
type library struct {
	*catalog.Catalog
	db     *store.DB
	engine *counting
	added  int64
}

func newLibrary(t *testing.T) *library {
	t.Helper()
	l := &library{db: storetest.SQLite(t), engine: &counting{Engine: searchtest.NewPlain()}}
	l.Catalog = open(t, l.db, noon).WithSearch(l.engine, nil)
	l.add(t, "2406.00001", "Songs of finches")
	l.index(t, "2406.00001", "Songs of finches")
	return l
}

// add puts a paper into the database, and not into the engine.
func (l *library) add(t *testing.T, id paper.ID, title string) {
	t.Helper()
	l.added++
	_, err := l.db.Apply(t.Context(), []paper.Observation{{
		Source: paper.SourceArXiv, Fingerprint: 700 + l.added, Paper: paper.Paper{ID: id, Title: title, Published: id.Month()},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// index tells the engine of a paper, and that it has seen all of the database.
func (l *library) index(t *testing.T, id paper.ID, title string) {
	t.Helper()
	at, err := l.db.Position(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	change := search.Change{ID: id, Document: &search.Document{Title: title, Categories: []string{"cs.SD"}, Published: id.Month().Time.UnixMicro()}}
	if err := l.engine.Apply(t.Context(), []search.Change{change}, search.Position{Site: l.db.Identity(), Seq: at.Seq}); err != nil {
		t.Fatal(err)
	}
}

// finds asks and returns what is found, and whether the engine was asked.
func (l *library) finds(t *testing.T, q catalog.SearchRequest) (ids []paper.ID, f *catalog.SearchResult, asked bool) {
	t.Helper()
	before := l.engine.searches.Load()
	f, err := l.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range f.Hits {
		ids = append(ids, h.Paper.ID)
	}
	return ids, f, l.engine.searches.Load() > before
}

func TestAnswersAreKept(t *testing.T) {
	l := newLibrary(t)
	first, _, asked := l.finds(t, catalog.SearchRequest{Text: "songs cat:cs.SD year:2024", Facets: true, Why: true})
	if !asked || len(first) != 1 {
		t.Fatalf("the first question finds %v, asked: %v", first, asked)
	}
	for _, text := range []string{"songs cat:cs.SD year:2024", "  year:2024   cat:cs.sd SONGS ", "cat:cs.SD songs year:2024"} {
		again, f, asked := l.finds(t, catalog.SearchRequest{Text: text})
		if asked || !f.Kept || !slices.Equal(again, first) {
			t.Errorf("%q finds %v, asked the engine: %v", text, again, asked)
		}
		if f.Facets != nil || f.Hits[0].Why != nil {
			t.Errorf("%q is told what it has not asked for", text)
		}
	}
	for _, other := range []catalog.SearchRequest{
		{Text: "song cat:cs.SD year:2023"}, {Text: "songs cat:cs.SD year:2024", Limit: 3}, {Text: "songs cat:cs.SD year:2024", Cursor: "1"},
		{Text: "songs cat:cs.SD year:2024", Words: true}, {Text: "songs -cat:cs.SD year:2024"}, {Text: "finches songs"},
	} {
		if _, f, asked := l.finds(t, other); !asked || f.Kept {
			t.Errorf("%+v is answered with what another question has found", other)
		}
	}
}

// An answer with facets serves who wants none; who wants them gets them.
func TestKeptAnswersHaveWhatIsAskedFor(t *testing.T) {
	l := newLibrary(t)
	l.finds(t, catalog.SearchRequest{Text: "songs"})
	if _, f, asked := l.finds(t, catalog.SearchRequest{Text: "songs", Facets: true, Why: true}); !asked || f.Facets == nil || f.Hits[0].Why == nil {
		t.Errorf("facets %v, asked: %v", f.Facets, asked)
	}
}

func TestKeptAnswersEndWithAChange(t *testing.T) {
	l := newLibrary(t)
	songs := catalog.SearchRequest{Text: "songs"}
	l.finds(t, songs)
	_, before, asked := l.finds(t, songs)
	if asked {
		t.Fatal("the second question is asked again")
	}
	changed := l.Changed(before.Index)
	if changed(t.Context()) {
		t.Error("nothing has changed")
	}
	l.add(t, "2406.00002", "Songs of whales")
	if !changed(t.Context()) {
		t.Error("a paper has come, and nothing has changed")
	}
	for range 2 { // the index is behind: what it says holds for this moment
		if ids, f, asked := l.finds(t, songs); !asked || f.Index.Ready || len(ids) != 1 {
			t.Errorf("behind: %v, asked: %v", ids, asked)
		}
	}
	l.index(t, "2406.00002", "Songs of whales")
	if ids, _, asked := l.finds(t, songs); !asked || len(ids) != 2 {
		t.Errorf("caught up: %v, asked: %v", ids, asked)
	}
	if !changed(t.Context()) {
		t.Error("the index has caught up, and nothing has changed")
	}
	// What the engine learns without a change of the database, such as vectors, counts, too.
	l.index(t, "2406.00001", "Calls of finches")
	if ids, _, asked := l.finds(t, songs); !asked || len(ids) != 1 {
		t.Errorf("another generation: %v, asked: %v", ids, asked)
	}
}

// Whoever gets a kept answer may do with it what they like.
func TestKeptAnswersAreCopies(t *testing.T) {
	l := newLibrary(t)
	songs := catalog.SearchRequest{Text: "songs"}
	for range 3 {
		ids, f, _ := l.finds(t, songs)
		if len(ids) != 1 || ids[0] != "2406.00001" || len(f.Hints) != 0 {
			t.Fatalf("%v %v", ids, f.Hints)
		}
		f.Hits[0].Paper.ID = "spoiled"
		f.Hits = append(f.Hits, catalog.Hit{})
		f.Hints = append(f.Hints, search.Hint{Text: "spoiled"})
	}
}
