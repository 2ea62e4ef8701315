package catalog_test

import (
	"broadsheet/internal/papertest"

	"slices"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store/storetest"
	"broadsheet/internal/urls"
)

// What the index does not hold yet is never told as what there is not, by whichever answer
// comes out of it.
func TestIndexState(t *testing.T) {
	db := storetest.SQLite(t)
	open(t, db, noon)
	clock := &clock{noon}
	engine := searchtest.NewPlain()
	c := catalog.New(db, papertest.Clock(), clock.Now).WithSearch(engine, nil)
	stats, err := c.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	papers := stats.Papers
	check := func(about string, want catalog.IndexState) {
		t.Helper()
		index, err := c.Index(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found := ask(t, c, "nowhere")
		list, err := c.ListPage(t.Context(), urls.List{Kind: urls.KindSearch, Query: "nowhere"}, "", 5)
		if err != nil {
			t.Fatal(err)
		}
		offers, err := c.Suggest(t.Context(), "pap", 5)
		if err != nil {
			t.Fatal(err)
		}
		similar, err := c.SimilarPapers(t.Context(), "2605.00001", 5)
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]catalog.IndexState{"index": index, "search": found.Index, "list": *list.Index, "suggestions": offers.Index, "similar": similar.Index} {
			if got.Ready != want.Ready || got.Papers != want.Papers || got.Lag != want.Lag || got.Total != papers || got.Rebuilding != want.Rebuilding || got.Reason != want.Reason {
				t.Errorf("%s, %s: %+v, want %+v", about, name, got, want)
			}
		}
		if c.IndexBehind(t.Context()) == want.Ready {
			t.Errorf("%s: behind %v", about, want.Ready)
		}
	}
	apply := func(at search.Position) {
		t.Helper()
		if err := engine.Apply(t.Context(), nil, at); err != nil {
			t.Fatal(err)
		}
	}
	version, err := db.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	check("nothing yet", catalog.IndexState{Lag: version})
	apply(search.Position{Site: db.Identity(), Seq: version - 7})
	check("on the way", catalog.IndexState{Lag: 7})
	apply(search.Position{Site: db.Identity(), Seq: version})
	check("all of it", catalog.IndexState{Ready: true})

	if err := engine.Reset(t.Context(), search.Position{Site: db.Identity(), Seq: version}, "another model"); err != nil {
		t.Fatal(err)
	}
	check("made anew", catalog.IndexState{Rebuilding: true, Reason: "another model"})
	apply(search.Position{Site: db.Identity(), Seq: version})
	check("made anew, done", catalog.IndexState{Ready: true})
}

// The numbers of another database say nothing about this one.
func TestIndexOfAnotherDatabase(t *testing.T) {
	db := storetest.SQLite(t)
	c := open(t, db, noon)
	engine := searchtest.NewPlain()
	if err := engine.Apply(t.Context(), nil, search.Position{Site: "elsewhere", Seq: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	version, err := db.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.WithSearch(engine, nil).Index(t.Context()); err != nil || got.Ready || got.Lag != version {
		t.Errorf("%+v, %v", got, err)
	}
}

// A search knows of a paper that was written a moment ago, before the catalog has asked for
// its version again.
func TestSearchAMomentAfterAChange(t *testing.T) {
	db := storetest.SQLite(t)
	c := searchable(t, db)
	if f := ask(t, c, "nowhere"); !f.Index.Ready {
		t.Fatalf("%+v", f.Index)
	}
	batch := []paper.Observation{{Source: paper.SourceArXiv, Fingerprint: 1, Paper: paper.Paper{ID: "2407.00001", Title: "Nowhere"}}}
	if _, err := db.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if f := ask(t, c, "nowhere"); f.Index.Ready || f.Index.Lag != 1 {
		t.Errorf("%+v", f.Index)
	}
}

// What was near to a paper while the index lacked others is asked for again as soon as it
// has them.
func TestSimilarPapersOfAnIndexThatWasNotReady(t *testing.T) {
	db := storetest.SQLite(t)
	open(t, db, noon)
	clock := &clock{noon}
	engine := &neighbors{Engine: searchtest.NewPlain(), ids: []paper.ID{"2605.00002"}}
	c := catalog.New(db, papertest.Clock(), clock.Now).WithSearch(engine, nil)
	similar := func() *catalog.SimilarList {
		t.Helper()
		l, err := c.Similar(t.Context(), "2605.00001", 5)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for range 3 {
		if l := similar(); l.Index.Ready || engine.asked != 1 || !slices.Equal(ids(l.Entries), engine.ids) {
			t.Errorf("%+v, the engine was asked %d times", l, engine.asked)
		}
	}
	engine.ids = []paper.ID{"2605.00003"}
	x := &indexer.Follower{DB: db, Engine: engine}
	if _, err := x.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if l := similar(); !l.Index.Ready || engine.asked != 2 || !slices.Equal(ids(l.Entries), engine.ids) {
			t.Errorf("%+v, the engine was asked %d times", l, engine.asked)
		}
	}
	vote(t, db, "2605.00002", 3)
	clock.now = noon.Add(time.Second)
	if l := similar(); l.Index.Ready || engine.asked != 2 {
		t.Errorf("one change behind: %+v, the engine was asked %d times", l, engine.asked)
	}
}

// What people and programs are told of an index.
func TestNoticeOfAnIndex(t *testing.T) {
	for _, tt := range []struct {
		name    string
		index   catalog.IndexState
		state   string
		notice  string
		partial bool
	}{
		{"ready", catalog.IndexState{Ready: true, Papers: 10, Total: 11}, "ready", "", false},
		{"missing", catalog.IndexState{Total: 122_000, Lag: 130_000}, "building", "The search index is being built: 0 of 122,000 papers are in it. Results are not complete yet.", true},
		{"half of it", catalog.IndexState{Papers: 61_000, Total: 122_000, Lag: 61_000}, "building", "The search index is being built: 61,000 of 122,000 papers are in it. Results are not complete yet.", true},
		{"the newest", catalog.IndexState{Papers: 121_960, Total: 122_000, Lag: 40}, "building", "The search index is being built: 121,960 of 122,000 papers are in it. Results are not complete yet.", false},
		{"made anew", catalog.IndexState{Papers: 122_000, Total: 122_000, Rebuilding: true}, "building", "The search index is being rebuilt. Results may not be complete yet.", false},
		{"one vote", catalog.IndexState{Papers: 5, Total: 5, Lag: 1}, "behind", "The search index is one change behind. Results may not be complete yet.", false},
		{"votes", catalog.IndexState{Papers: 5, Total: 5, Lag: 1200}, "behind", "The search index is 1,200 changes behind. Results may not be complete yet.", false},
		{"papers removed", catalog.IndexState{Papers: 7, Total: 5, Lag: 2}, "behind", "The search index is 2 changes behind. Results may not be complete yet.", false},
		{"empty site", catalog.IndexState{Rebuilding: true}, "building", "The search index is being rebuilt. Results may not be complete yet.", false},
	} {
		if got := tt.index; got.State() != tt.state || got.Notice() != tt.notice || got.Partial() != tt.partial {
			t.Errorf("%s: %s, %q, partial %v", tt.name, got.State(), got.Notice(), got.Partial())
		}
	}
}
