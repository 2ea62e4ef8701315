package ingest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/ingest"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// finds returns the identifiers that a query finds.
func finds(t *testing.T, e search.Engine, q search.Query) []paper.ID {
	t.Helper()
	res, err := e.Search(t.Context(), search.Request{Query: q, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var ids []paper.ID
	for _, h := range res.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

func title(words string) search.Query {
	return search.Query{Must: []search.Clause{{Field: search.FieldTitle, Text: words, Phrase: true}}}
}

func TestIndexFollowsTheStore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := &ingest.Indexer{DB: db, Engine: searchtest.NewPlain(), Model: embeddingtest.Model{}}
		catchUp := func(want int) {
			t.Helper()
			if n, err := x.CatchUp(t.Context(), nil); n != want || err != nil {
				t.Errorf("told %d papers, want %d, %v", n, want, err)
			}
		}
		catchUp(0)
		if err := ingest.LoadDemo(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		catchUp(65)
		if n := len(finds(t, x.Engine, search.Query{Filters: search.Filters{Has: search.HasSummary}})); n != 65 {
			t.Errorf("%d papers with a summary", n)
		}
		if _, err := hub(t, db, items(40), ingest.Options{}); err != nil {
			t.Fatal(err)
		}
		catchUp(30)
		if got := finds(t, x.Engine, title("paper number 7")); len(got) != 1 || got[0] != "2605.00008" {
			t.Errorf("found %v", got)
		}
		// A changed title is found instead of the old one, and what is removed is not.
		text := strings.Replace(strings.SplitAfter(items(40), "\n")[7], "Paper number 7", "Seventh of its kind", 1)
		if _, err := hub(t, db, strings.Replace(text, "T08", "T23", 1), ingest.Options{}); err != nil {
			t.Fatal(err)
		}
		if _, err := ingest.RemoveDemo(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if _, err := x.CatchUp(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if got := finds(t, x.Engine, search.Query{Filters: search.Filters{Has: search.HasSummary}}); len(got) != 0 {
			t.Errorf("the demonstration catalogue is still found: %v", got)
		}
		if s, err := x.Engine.Status(t.Context()); err != nil || s.Papers != 30 {
			t.Errorf("%d papers can be found, %v", s.Papers, err)
		}
		catchUp(0)
	})
}

// failing is an engine that takes nothing in.
type failing struct{ search.Engine }

func (failing) Apply(_ context.Context, _ []search.Change, _ search.Position) error { return errBroken }

var errBroken = errors.New("broken")

func TestIndexErrorsEndIt(t *testing.T) {
	db := storetest.SQLite(t)
	if err := ingest.LoadDemo(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	x := &ingest.Indexer{DB: db, Engine: failing{searchtest.NewPlain()}}
	if _, err := x.CatchUp(t.Context(), nil); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
}
