package index

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// TestChangesDuringMerge deletes, replaces and counts papers between what a merge reads
// and its end, again and again.
func TestChangesDuringMerge(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir, Options{MergeWorkers: 1})
	plain := searchtest.NewPlain()
	corpus, other := searchtest.Corpus(1, tierSegments*600), searchtest.Corpus(2, tierSegments*600)
	seq := int64(0)
	both := func(changes []search.Change) {
		seq++
		apply(t, e, changes, seq)
		apply(t, plain, changes, seq)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	merges, changed := 0, map[search.Kind]int{}
	e.afterRead = func() {
		merges++
		for range 30 {
			c := other[rng.IntN(len(other))]
			c.ID = corpus[rng.IntN(len(corpus))].ID
			if c.Kind = search.Kind(rng.IntN(4)); c.Kind == search.Delete {
				c.Document = nil
			}
			changed[c.Kind]++
			both([]search.Change{c})
		}
	}
	for i := range tierSegments {
		both(corpus[i*600 : (i+1)*600])
	}
	if err := e.WaitMerges(t.Context()); err != nil {
		t.Fatal(err)
	}
	if merges == 0 || len(changed) != 4 {
		t.Fatalf("%d merges, changes %v", merges, changed)
	}
	expected := answers(t, plain)
	for range 2 {
		want, _ := plain.Status(t.Context())
		if s := status(t, e); s.Papers != want.Papers {
			t.Errorf("%d papers after %d merges, want %d", s.Papers, merges, want.Papers)
		}
		same(t, e, expected)
		nearest(t, e, plain, other)
		alike(t, e, plain, corpus)
		reader := openReader(t, dir)
		same(t, reader, expected)
		nearest(t, reader, plain, other)
		e.afterRead = nil
		reopen(t, &e, dir, Options{})
	}
}

// TestChurn applies changes of all kinds in batches of all sizes, so that they go to the
// log, to segments and through merges, and compares with the plain engine, also through
// a reader and after opening again.
func TestChurn(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir, Options{})
	plain := searchtest.NewPlain()
	reader := openReader(t, dir)
	rng := rand.New(rand.NewPCG(7, 7))
	corpus := searchtest.Corpus(3, 4000)
	for seq := int64(1); seq <= 60; seq++ {
		n := 1 + rng.IntN(40)
		if seq%6 == 0 {
			n = bulkDocs + rng.IntN(900)
		}
		var changes []search.Change
		for range n {
			c := corpus[rng.IntN(len(corpus))]
			c.ID = paper.ID(fmt.Sprintf("10.1/%d", rng.IntN(3000)))
			switch k := rng.IntN(12); {
			case k == 0:
				c = search.Change{ID: c.ID, Kind: search.Delete}
			case k < 5 && seq%6 != 0:
				c.Kind = search.Counts
			case k < 7 && seq%6 != 0:
				c.Kind = search.Vector
			}
			changes = append(changes, c)
		}
		apply(t, e, changes, seq)
		apply(t, plain, changes, seq)
		switch seq % 20 {
		case 7:
			if err := e.WaitMerges(t.Context()); err != nil {
				t.Fatal(err)
			}
		case 13:
			reopen(t, &e, dir, Options{})
		}
		if seq%10 == 3 {
			if err := reader.Refresh(); err != nil {
				t.Fatal(err)
			}
			expected := answers(t, plain)
			same(t, e, expected)
			same(t, reader, expected)
		}
	}
	nearest(t, e, plain, corpus)
	if err := e.WaitMerges(t.Context()); err != nil {
		t.Fatal(err)
	}
	expected := answers(t, plain)
	same(t, e, expected)
	nearest(t, e, plain, corpus)
	reopen(t, &e, dir, Options{})
	same(t, e, expected)
	nearest(t, e, plain, corpus)
}

// nearest checks that an engine finds the papers nearest to the vectors of others.
func nearest(t *testing.T, e, plain search.Engine, others []search.Change) {
	t.Helper()
	for _, c := range others[:40] {
		r := search.Request{Mode: search.Semantic, Vector: c.Document.Vector, Limit: 5}
		if r.Vector == nil {
			continue
		}
		got, err := e.Search(t.Context(), r)
		want, _ := plain.Search(t.Context(), r)
		if err != nil || got.Total != want.Total || got.Hits[0].Score < want.Hits[0].Score-2e-3 || got.Hits[0].Score > want.Hits[0].Score+2e-3 {
			t.Errorf("nearest: %d %v, %v, want %d %v", got.Total, got.Hits[0], err, want.Total, want.Hits[0])
		}
	}
}

// alike checks which papers are similar to some by their words.
func alike(t *testing.T, e, plain search.Engine, papers []search.Change) {
	t.Helper()
	for i := 0; i < len(papers); i += len(papers) / 5 {
		r := search.Request{Query: search.Query{Filters: search.Filters{Similar: papers[i].ID}}, Mode: search.Lexical}
		got, err := e.Search(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		want, err := plain.Search(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if !searchtest.Same(got, want) {
			t.Errorf("similar to %s\n are %v\nwant %v", papers[i].ID, got.Hits, want.Hits)
		}
	}
}

// TestVectorsOfAll replaces most vectors of a segment, which is written anew then.
func TestVectorsOfAll(t *testing.T) {
	e := openEngine(t, t.TempDir(), Options{MergeWorkers: 1})
	corpus, other := searchtest.Corpus(1, 700), searchtest.Corpus(2, 700)
	apply(t, e, corpus, 1)
	for i := range corpus {
		other[i].ID, other[i].Kind = corpus[i].ID, search.Vector
	}
	for i := range 10 {
		apply(t, e, other[70*i:70*i+70], int64(i+2))
	}
	if err := e.WaitMerges(t.Context()); err != nil {
		t.Fatal(err)
	}
	segments := e.filled.Load().Segments
	if len(segments) != 1 || segments[0].Replaced().Count() > 350 {
		t.Errorf("%d segments, %d vectors beside the first", len(segments), segments[0].Replaced().Count())
	}
	for i := range 20 {
		if other[i].Document.Vector == nil {
			continue
		}
		res, err := e.Search(t.Context(), search.Request{Mode: search.Semantic, Vector: other[i].Document.Vector, Limit: 1})
		if err != nil || len(res.Hits) == 0 || res.Hits[0].ID != other[i].ID {
			t.Errorf("nearest to the new vector of %s: %v, %v", other[i].ID, res.Hits, err)
		}
	}
}

// TestResetDuringMerge begins anew between what a merge reads and its end: what it has
// written is no part of the new index.
func TestResetDuringMerge(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir, Options{MergeWorkers: 1})
	corpus := searchtest.Corpus(1, tierSegments*bulkDocs)
	merges := 0
	e.afterRead = func() {
		if merges++; merges == 1 {
			if err := e.Reset(t.Context(), search.Position{Seq: 9}, "a test wants it"); err != nil {
				t.Error(err)
			}
			apply(t, e, corpus[:10], 9)
		}
	}
	manySegments(t, e, corpus)
	if err := e.WaitMerges(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := status(t, e); merges != 1 || s.Papers != 10 || s.Position.Seq != 9 || s.State == search.Rebuilding {
		t.Errorf("after %d merges: %+v", merges, s)
	}
	if left := unnamed(t, dir); len(left) > 0 {
		t.Errorf("there is %v left", left)
	}
}

// TestPanicInMerge lets merges panic: the first time all is built anew, and from the
// second time on nothing is merged and the rest goes on.
func TestPanicInMerge(t *testing.T) {
	e := openEngine(t, t.TempDir(), Options{MergeWorkers: 1})
	corpus := searchtest.Corpus(1, tierSegments*bulkDocs)
	e.afterRead = func() { panic("a test panics") }
	manySegments(t, e, corpus)
	if err := e.WaitMerges(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := status(t, e); s.State != search.Rebuilding || !strings.Contains(s.Reason, "a test panics") || s.Papers != len(corpus) || s.Position.Seq != 0 {
		t.Errorf("after a panic: %+v", s)
	}
	if err := e.Apply(t.Context(), nil, search.Position{Seq: 9}); err == nil {
		t.Error("told on as if nothing was")
	}
	manySegments(t, e, corpus)
	if err := e.WaitMerges(t.Context()); err != nil {
		t.Fatal(err)
	}
	apply(t, e, corpus[:1], 10)
	if s := status(t, e); s.State != search.Ready || s.Papers != len(corpus) || s.Position.Seq != 10 || s.Segments < tierSegments {
		t.Errorf("after a second one: %+v", s)
	}
}

// panicModel panics when it meets one document.
type panicModel struct{ slowModel }

func (*panicModel) Row(term string) int32 {
	if term == "kaboom" {
		panic("a test panics")
	}
	return 0
}

func (*panicModel) EmbedRows(_, _ []int32, dst []float32) bool { dst[0] = 1; return true }

// TestPanicInBuilding leaves out a paper that cannot be inverted, and takes in the rest.
func TestPanicInBuilding(t *testing.T) {
	for _, n := range []int{20, bulkDocs + 20} {
		e := openEngine(t, t.TempDir(), Options{Embedder: &panicModel{}})
		corpus := searchtest.Corpus(1, n)
		for i := range corpus {
			corpus[i].Document.Vector = nil
		}
		corpus[5].Document.Title = "Kaboom"
		corpus[n-1].Document.Abstract = "It says kaboom"
		apply(t, e, corpus, 7)
		if s := status(t, e); s.Papers != n-2 || s.Position.Seq != 7 || s.State == search.Rebuilding {
			t.Errorf("of %d papers: %+v", n, s)
		}
	}
}
