package searchtest

import (
	"errors"
	"slices"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

func testInvalid(t *testing.T, open Open) {
	e := start(t, open, shelf())
	for _, kind := range []search.Kind{search.Text, search.Counts, search.Vector, search.Delete + 1} {
		if err := e.Apply(t.Context(), []search.Change{{ID: decays, Kind: kind}}, positionAt(9)); err == nil {
			t.Errorf("a change of kind %d without a document is taken in", kind)
		}
	}
	if s := status(t, e); s.Papers != 4 || s.Position != positionAt(4) {
		t.Errorf("afterwards: %+v", s)
	}
}

func testOtherSite(t *testing.T, open Open) {
	e := start(t, open, shelf())
	for _, other := range []search.Position{{Site: "another", Seq: 9}, {Seq: 9}} {
		if err := e.Apply(t.Context(), shelf(), other); !errors.Is(err, search.ErrOtherSite) {
			t.Errorf("told of site %q: %v", other.Site, err)
		}
	}
	dir := t.TempDir()
	unnamed := open(t, dir) // is of no site until one is named
	for _, at := range []search.Position{{Seq: 1}, positionAt(2)} {
		if err := unnamed.Apply(t.Context(), shelf(), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := unnamed.Close(); err != nil {
		t.Fatal(err)
	}
	unnamed = open(t, dir)
	if s := status(t, unnamed); s.Position != positionAt(2) || s.Papers != 4 {
		t.Errorf("adopted: %+v", s)
	}
	if err := unnamed.Close(); err != nil {
		t.Fatal(err)
	}
}

// testReset begins anew: the old index answers until the new one has come as far.
func testReset(t *testing.T, open Open) {
	dir := t.TempDir()
	e := open(t, dir)
	apply(t, e, shelf(), 9)
	reset := func() {
		t.Helper()
		if err := e.Reset(t.Context(), positionAt(7), "a test wants it"); err != nil {
			t.Fatal(err)
		}
	}
	reopen := func() {
		t.Helper()
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		e = open(t, dir)
	}
	rebuilding := func(seq int64) {
		t.Helper()
		s := status(t, e)
		if s.State != search.Rebuilding || s.Reason != "a test wants it" || s.Position.Seq != seq || s.Position.Site != site ||
			s.Papers != 4 || s.Served != positionAt(9) {
			t.Errorf("after Reset: %+v", s)
		}
		want(t, e, words("boson"), decays)
	}
	reset()
	rebuilding(0)
	reopen()
	rebuilding(0)
	apply(t, e, shelf()[:1], 3)
	rebuilding(3)
	reset() // once more, in the middle of it
	rebuilding(0)
	apply(t, e, shelf()[:2], 4)
	reopen()
	rebuilding(4)
	apply(t, e, shelf()[2:3], 7)
	check := func() {
		t.Helper()
		if s := status(t, e); s.State != search.Ready || s.Reason != "" || s.Papers != 3 || s.Position != positionAt(7) || s.Served != s.Position {
			t.Errorf("when it is built: %+v", s)
		}
		want(t, e, words("boson"))
		want(t, e, words("gpt4o"), drawing)
	}
	check()
	reopen()
	check()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// testResetSite begins anew for another site, whose papers alone are found.
func testResetSite(t *testing.T, open Open) {
	dir := t.TempDir()
	e := open(t, dir)
	apply(t, e, shelf(), 9)
	at := search.Position{Site: "another", Seq: 5, Token: 6}
	if err := e.Reset(t.Context(), at, "another site"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		want(t, e, search.Query{})
		if s := status(t, e); s.State != search.Rebuilding || s.Reason != "another site" || s.Papers != 0 || s.Position != (search.Position{Site: "another"}) {
			t.Errorf("after Reset: %+v", s)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		e = open(t, dir)
	}
	if err := e.Apply(t.Context(), shelf()[:1], positionAt(10)); !errors.Is(err, search.ErrOtherSite) {
		t.Errorf("told of the site before: %v", err)
	}
	if err := e.Apply(t.Context(), shelf()[:1], at); err != nil {
		t.Fatal(err)
	}
	want(t, e, search.Query{}, clustering)
	if s := status(t, e); s.State != search.Ready || s.Position != at {
		t.Errorf("when it is built: %+v", s)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// testCounts changes counts alone: what is filtered and sorted by them follows, and the
// rest stays.
func testCounts(t *testing.T, open Open) {
	dir := t.TempDir()
	e := open(t, dir)
	apply(t, e, shelf(), 4)
	counts := func(id paper.ID, d search.Document) search.Change {
		d.Title, d.Abstract, d.Authors = "none of this", "counts", []string{"Nobody Known"}
		return search.Change{ID: id, Kind: search.Counts, Document: &d}
	}
	yes, no := true, false
	check := func() {
		t.Helper()
		wantOrder(t, e, search.Query{Sort: search.ByVotes}, decays, clustering, drawing, conjecture)
		wantOrder(t, e, search.Query{Sort: search.ByTrending}, decays, conjecture, drawing, clustering)
		want(t, e, search.Query{Filters: search.Filters{MinVotes: 11}}, decays)
		want(t, e, search.Query{Filters: search.Filters{MaxVotes: -1}}, conjecture, drawing)
		want(t, e, search.Query{Filters: search.Filters{Daily: &yes}}, clustering, decays)
		want(t, e, search.Query{Filters: search.Filters{Daily: &no}}, conjecture, drawing)
		want(t, e, search.Query{Filters: search.Filters{Has: search.HasCode}}, clustering, decays)
		want(t, e, search.Query{Filters: search.Filters{HasNot: search.HasCode}}, conjecture, drawing)
		want(t, e, search.Query{Filters: search.Filters{MinVotes: 1, Categories: [][]string{{"hep-ph", "cs.CL"}}}}, decays)
		want(t, e, words("boson"), decays)
		want(t, e, words("counts"))
		want(t, e, words("unheard"))
		if got := run(t, e, search.Request{Facets: true}).Facets; got.Code != 2 {
			t.Errorf("%d papers with code, want 2", got.Code)
		}
		if s := status(t, e); s.Papers != 4 || s.Position.Seq != 8 {
			t.Errorf("status %+v", s)
		}
	}
	run(t, e, search.Request{Query: search.Query{Filters: search.Filters{MinVotes: 11}}}) // what is kept of it must not stay
	apply(t, e, []search.Change{
		counts(decays, search.Document{Votes: 7}),
		counts(drawing, search.Document{Votes: 0, Trending: 2}),
		counts("2401.09999", search.Document{Votes: 99}),
	}, 7)
	apply(t, e, []search.Change{counts(decays, search.Document{Votes: 12, Comments: 1, Daily: true, Has: search.HasCode, Trending: 9})}, 8)
	check()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	check()
	whole := shelf()[3]
	apply(t, e, []search.Change{counts(decays, search.Document{Votes: 1}), whole, counts(decays, search.Document{Votes: 2})}, 9)
	want(t, e, search.Query{Filters: search.Filters{MinVotes: 2, MaxVotes: 2}}, decays)
	apply(t, e, []search.Change{whole}, 10)
	want(t, e, search.Query{Filters: search.Filters{MinVotes: 3, MaxVotes: 3}}, decays)
	apply(t, e, []search.Change{{ID: decays, Kind: search.Delete}, counts(decays, search.Document{Votes: 2})}, 11)
	want(t, e, words("boson"))
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// testGeneration checks that each change of what is found has a generation of its own, and
// that asking changes none.
func testGeneration(t *testing.T, open Open) {
	e := open(t, t.TempDir())
	seen := map[uint64]bool{}
	changed := func(what string) {
		t.Helper()
		run(t, e, search.Request{Query: search.Words("decays"), Facets: true})
		now := status(t, e).Generation
		if seen[now] || now == 0 || status(t, e).Generation != now {
			t.Errorf("%s: generation %d, after %v", what, now, seen)
		}
		seen[now] = true
	}
	apply(t, e, shelf(), 4)
	changed("papers")
	apply(t, e, []search.Change{{ID: decays, Kind: search.Counts, Document: &search.Document{Votes: 7}}}, 5)
	changed("votes")
	apply(t, e, []search.Change{{ID: decays, Kind: search.Vector, Document: &search.Document{Vector: []float32{1, 0}}}}, 5)
	changed("a vector")
	apply(t, e, []search.Change{{ID: decays, Kind: search.Delete}}, 6)
	changed("a deletion")
	if err := e.Reset(t.Context(), positionAt(9), "for the test"); err != nil {
		t.Fatal(err)
	}
	apply(t, e, shelf(), 9)
	changed("a rebuild")
}

// testVectors gives papers vectors after their texts, replaces them and takes them away.
func testVectors(t *testing.T, open Open) {
	dir := t.TempDir()
	e := open(t, dir)
	apply(t, e, shelf(), 4)
	unit := func(i int) []float32 {
		v := make([]float32, 16)
		v[i] = 1
		return v
	}
	vector := func(id paper.ID, v []float32) search.Change {
		return search.Change{ID: id, Kind: search.Vector, Document: &search.Document{Vector: v}}
	}
	near := func(v []float32, ids ...paper.ID) {
		t.Helper()
		r := search.Request{Mode: search.Semantic, Vector: v}
		res := run(t, e, r)
		if got := idsOf(res.Hits); !slices.Equal(got, ids) || res.Total != len(ids) {
			t.Errorf("nearest of %d: %v, want %v", res.Total, got, ids)
		}
		if len(res.Hits) > 0 && (res.Hits[0].Score < 0.99 || res.Hits[0].Score > 1.01) {
			t.Errorf("the nearest has the score %v", res.Hits[0].Score)
		}
	}
	near(unit(0))
	apply(t, e, []search.Change{vector(decays, unit(0)), vector("2401.09999", unit(0))}, 5)
	near(unit(0), decays)
	apply(t, e, []search.Change{vector(clustering, unit(1)), vector(decays, unit(2))}, 6)
	near(unit(2), decays, clustering)
	near(unit(1), clustering, decays)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	near(unit(1), clustering, decays)
	apply(t, e, []search.Change{vector(clustering, nil)}, 7)
	near(unit(2), decays)
	apply(t, e, []search.Change{shelf()[3], vector(decays, unit(3))}, 8)
	near(unit(3), decays)
	want(t, e, words("boson"), decays)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// testSemantic ranks by vectors alone, under conditions and filters.
func testSemantic(t *testing.T, open Open) {
	changes := Corpus(13, 200)
	e := start(t, open, changes)
	with := func(ok func(*search.Document) bool) (n int) {
		for _, c := range changes {
			if len(c.Document.Vector) > 0 && ok(c.Document) {
				n++
			}
		}
		return n
	}
	first := changes[0]
	r := search.Request{Mode: search.Semantic, Vector: first.Document.Vector, Query: words("unheard"), Limit: 5}
	res := run(t, e, r)
	if len(res.Hits) != 5 || res.Hits[0].ID != first.ID || res.Total != with(func(*search.Document) bool { return true }) {
		t.Errorf("nearest to the vector of %s: %v of %d", first.ID, res.Hits, res.Total)
	}
	r.Query.Filters.MinVotes = 5
	res = run(t, e, r)
	if res.Total != with(func(d *search.Document) bool { return d.Votes >= 5 }) {
		t.Errorf("with votes: %d", res.Total)
	}
	r.Query.Filters = search.Filters{IDs: []paper.ID{changes[7].ID, changes[8].ID}}
	for _, h := range run(t, e, r).Hits {
		if h.ID != changes[7].ID && h.ID != changes[8].ID {
			t.Errorf("%s passes a filter by identifiers", h.ID)
		}
	}
	if res := run(t, e, search.Request{Mode: search.Semantic, Query: words("model")}); res.Total != 0 {
		t.Errorf("without a vector %d are found by meaning", res.Total)
	}
	byWords := run(t, e, search.Request{Query: words("model"), Limit: 50})
	lexical := run(t, e, search.Request{Query: words("model"), Limit: 50, Mode: search.Lexical, Vector: first.Document.Vector})
	if !slices.Equal(idsOf(byWords.Hits), idsOf(lexical.Hits)) {
		t.Errorf("by words alone:\n%v, with a vector that is not to count:\n%v", byWords.Hits, lexical.Hits)
	}
}
