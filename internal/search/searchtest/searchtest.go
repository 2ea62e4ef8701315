package searchtest

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// Open opens the engine whose data is in dir, or an empty one where there is none.
// The tests close what they opened before they open the same folder again.
type Open func(t *testing.T, dir string) search.Engine

// A test is one part of the contract.
type test struct {
	name string
	run  func(*testing.T, Open)
}

// TestEngine checks what every engine has to keep of the contract of [search.Engine],
// whatever scores it gives: what is found, filtered, counted and deleted, that it lasts,
// positions, pages, and beginning anew.
func TestEngine(t *testing.T, open Open) {
	for _, test := range []test{
		{"empty", testEmpty},
		{"apply", testApply},
		{"canceled", testCanceled},
		{"invalid", testInvalid},
		{"other site", testOtherSite},
		{"reset", testReset},
		{"reset to another site", testResetSite},
		{"counts", testCounts},
		{"vectors", testVectors},
		{"generation", testGeneration},
		{"words", testWords},
		{"enough words", testEnough},
		{"many words", testManyWords},
		{"near in meaning", testNear},
		{"facet clicks", testFacetClicks},
		{"names", testNames},
		{"names among words", testNamed},
		{"common names", testCommonNames},
		{"counts of organizations", testOrganizationCounts},
		{"conditions", testConditions},
		{"beginnings", testBeginnings},
		{"filters", testFilters},
		{"sorts", testSorts},
		{"title", testTitle},
		{"pages", testPages},
		{"facets", testFacets},
		{"suggest", testSuggest},
		{"suggest known", testSuggestKnown},
		{"similar", testSimilar},
		{"versions", testVersions},
		{"neighbors", testNeighbors},
		{"semantic", testSemantic},
		{"concurrent", testConcurrent},
		{"hostile", testHostile},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open) })
	}
}

// TestExact checks, beside all that TestEngine does, what an engine keeps that scores
// as package search states to the letter: the very scores and the order of the plain
// engine.
func TestExact(t *testing.T, open Open) {
	TestEngine(t, open)
	for _, test := range []test{
		{"order", testOrder}, {"spellings", testSpellings},
		{"pairs", testPairs},
		{"why", testWhy},
		{"same as plain", testAsPlain},
		{"same suggestions as plain", testSuggestAsPlain},
		{"same as plain after changes", testAsPlainChanged},
		{"same as plain after a restart", testAsPlainReopened},
		{"likeness", testLikeness},
		{"meaning", testMeaning},
	} {
		t.Run("exact/"+test.name, func(t *testing.T) { test.run(t, open) })
	}
}

// start opens an empty engine and tells it of papers.
func start(t *testing.T, open Open, changes []search.Change) search.Engine {
	t.Helper()
	e := open(t, t.TempDir())
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	apply(t, e, changes, int64(len(changes)))
	return e
}

// site is the database that the tests tell of.
const site = "6f1d3b"

// positionAt is a position of that database.
func positionAt(seq int64) search.Position {
	return search.Position{Site: site, Seq: seq, Token: seq * 31}
}

func apply(t *testing.T, e search.Engine, changes []search.Change, seq int64) {
	t.Helper()
	if err := e.Apply(t.Context(), changes, positionAt(seq)); err != nil {
		t.Fatalf("applying %d changes: %v", len(changes), err)
	}
}

// status is what the engine says of itself, which has to fit its position.
func status(t *testing.T, e search.Engine) search.Status {
	t.Helper()
	s, err := e.Status(t.Context())
	if err != nil {
		t.Fatalf("status: %v", err)
	}
	at, err := e.Position(t.Context())
	if err != nil || s.Position != at {
		t.Fatalf("position %+v, %v; the status says %+v", at, err, s.Position)
	}
	return s
}

func run(t *testing.T, e search.Engine, r search.Request) search.Result {
	t.Helper()
	result, err := e.Search(t.Context(), r)
	if err != nil {
		t.Fatalf("searching %+v: %v", r.Query, err)
	}
	return result
}

// want checks what a query finds, in any order.
func want(t *testing.T, e search.Engine, q search.Query, ids ...paper.ID) {
	t.Helper()
	result := run(t, e, search.Request{Query: q, Limit: 1000})
	if got := slices.Sorted(slices.Values(idsOf(result.Hits))); !slices.Equal(got, slices.Sorted(slices.Values(ids))) {
		t.Errorf("%+v\n finds %v\n want %v", q, got, ids)
	}
	if result.Total != len(ids) {
		t.Errorf("%+v: total %d, want %d", q, result.Total, len(ids))
	}
}

// wantOrder checks what a query finds, in order.
func wantOrder(t *testing.T, e search.Engine, q search.Query, ids ...paper.ID) {
	t.Helper()
	result := run(t, e, search.Request{Query: q, Limit: 1000})
	if got := idsOf(result.Hits); !slices.Equal(got, ids) {
		t.Errorf("%+v\n finds %v\n want %v", q, got, ids)
	}
	if result.Total != len(ids) {
		t.Errorf("%+v: total %d, want %d", q, result.Total, len(ids))
	}
}

func idsOf(hits []search.Hit) []paper.ID {
	var out []paper.ID
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

// words asks for plain words.
func words(text string) search.Query {
	q := search.Query{Text: text}
	for _, w := range strings.Fields(text) {
		q.Should = append(q.Should, search.Clause{Text: w})
	}
	return q
}

func testEmpty(t *testing.T, open Open) {
	e := start(t, open, nil)
	want(t, e, search.Query{})
	want(t, e, words("anything"))
	if s := status(t, e); s.Papers != 0 || s.Position.Seq != 0 || s.State != search.Ready {
		t.Errorf("status %+v", s)
	}
	if s, err := e.Suggest(t.Context(), "a", 5); err != nil || len(s) != 0 {
		t.Errorf("suggests %v, %v", s, err)
	}
	if _, err := e.Similar(t.Context(), "2401.00001", 5); !errors.Is(err, paper.ErrNotFound) {
		t.Errorf("similar to an unknown paper: %v", err)
	}
}

func testApply(t *testing.T, open Open) {
	dir := t.TempDir()
	e := open(t, dir)
	doc := func(title string, day int64) *search.Document { return &search.Document{Title: title, Published: day} }
	apply(t, e, []search.Change{{ID: "2401.00001", Document: doc("first spectral paper", 1)}, {ID: "2401.00002", Document: doc("second spectral paper", 2)}}, 7)
	want(t, e, words("first"), "2401.00001")
	apply(t, e, []search.Change{
		{ID: "2401.00001", Document: doc("replaced spectral paper", 1)},
		{ID: "2401.00002", Kind: search.Delete}, {ID: "2401.00009", Kind: search.Delete},
		{ID: "2401.00003", Document: doc("forgotten at once", 3)}, {ID: "2401.00003", Kind: search.Delete},
		{ID: "2401.00004", Document: doc("told twice", 4)}, {ID: "2401.00004", Document: doc("told again", 4)},
	}, 9)
	check := func() {
		t.Helper()
		want(t, e, words("first"))
		want(t, e, words("second"))
		want(t, e, words("forgotten"))
		want(t, e, words("twice"))
		want(t, e, words("spectral"), "2401.00001")
		want(t, e, search.Query{}, "2401.00004", "2401.00001")
		if s := status(t, e); s.Papers != 2 || s.Position != positionAt(9) || s.Served != s.Position {
			t.Errorf("status %+v", s)
		}
	}
	check()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	check()
	apply(t, e, nil, 12)
	apply(t, e, []search.Change{{ID: "2401.00002", Document: doc("second again", 2)}}, 13)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	want(t, e, words("second"), "2401.00002")
	if at := status(t, e).Position; at != positionAt(13) {
		t.Errorf("position %+v, want 13", at)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func testCanceled(t *testing.T, open Open) {
	e := start(t, open, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Search(ctx, search.Request{}); !errors.Is(err, context.Canceled) {
		t.Errorf("searching after the reader left: %v", err)
	}
}

func testAsPlain(t *testing.T, open Open) {
	changes := Corpus(1, 700)
	compare(t, start(t, open, changes), start(t, openPlain, changes), Queries(1, 150))
}

func testAsPlainChanged(t *testing.T, open Open) {
	e, p := start(t, open, nil), start(t, openPlain, nil)
	for i, batch := range churn(3) {
		apply(t, e, batch, int64(i))
		apply(t, p, batch, int64(i))
	}
	compare(t, e, p, Queries(4, 80))
}

// testAsPlainReopened closes and opens the engine between the batches.
func testAsPlainReopened(t *testing.T, open Open) {
	dir := t.TempDir()
	p := start(t, openPlain, nil)
	for i, batch := range churn(5) {
		e := open(t, dir)
		apply(t, e, batch, int64(i))
		apply(t, p, batch, int64(i))
		if i%4 == 1 {
			compare(t, e, p, Queries(uint64(i), 20))
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	e := open(t, dir)
	compare(t, e, p, Queries(6, 80))
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// churn is batches in which papers come, and known and unknown ones are replaced,
// deleted, and given other counts and vectors.
func churn(seed uint64) (batches [][]search.Change) {
	rng := rand.New(rand.NewPCG(seed, 3))
	first, second := Corpus(1, 300), Corpus(2, 300)
	for i := 0; i < len(first); i += 30 {
		batch := slices.Clone(first[i : i+30])
		for range 40 {
			c := second[rng.IntN(len(second))]
			switch rng.IntN(6) {
			case 0:
				c = search.Change{ID: c.ID, Kind: search.Delete}
			case 1, 2, 3:
				c.Kind = search.Counts
			case 4:
				c.Kind = search.Vector
			}
			batch = append(batch, c)
		}
		batches = append(batches, batch)
	}
	return batches
}

func openPlain(*testing.T, string) search.Engine { return NewPlain() }

// compare checks that two engines give the same for all questions: the same papers
// in the same order with the same scores, which are whole numbers underneath.
func compare(t *testing.T, e, plain search.Engine, queries []search.Query) {
	t.Helper()
	failures := 0
	for i, q := range queries {
		r := search.Request{Query: q, Limit: []int{1, 10, 50, 1000}[i%4], Offset: []int{0, 0, 3, 40}[i/4%4], Facets: i%3 == 0}
		if !same(t, run(t, e, r), run(t, plain, r), r) {
			failures++
		}
		if failures > 5 {
			t.Fatal("and so on")
		}
	}
}

func same(t *testing.T, got, want search.Result, r search.Request) bool {
	t.Helper()
	if !Same(got, want) {
		t.Errorf("%+v\n finds %d: %v, %+v\n  want %d: %v, %+v", r, got.Total, got.Hits, got.Facets, want.Total, want.Hits, want.Facets)
		return false
	}
	return true
}

// Same reports whether two results have the same papers in the same order, with the same
// scores, totals and facets.
func Same(got, want search.Result) bool {
	return got.Total == want.Total && got.Some == want.Some && got.Relaxed == want.Relaxed && sameFacets(got.Facets, want.Facets) &&
		slices.EqualFunc(got.Hits, want.Hits, func(a, b search.Hit) bool {
			return a.ID == b.ID && math.Abs(a.Score-b.Score) <= 1e-3*math.Max(1e-3, math.Abs(b.Score))
		})
}

func sameFacets(a, b *search.Facets) bool {
	if a == nil || b == nil {
		return a == b
	}
	same := func(a, b []search.Count) bool { return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b) }
	return same(a.Years, b.Years) && same(a.Categories, b.Categories) && same(a.Organizations, b.Organizations) && a.Code == b.Code
}

func testConcurrent(t *testing.T, open Open) {
	e := start(t, open, Corpus(5, 100))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for _, q := range Queries(6, 60) {
				result, err := e.Search(t.Context(), search.Request{Query: q, Limit: 200, Facets: true})
				if err != nil {
					t.Errorf("searching while applying: %v", err)
					return
				}
				if len(result.Hits) > result.Total {
					t.Errorf("%d hits of %d", len(result.Hits), result.Total)
				}
			}
		})
	}
	for i, c := range Corpus(7, 200) {
		apply(t, e, []search.Change{c}, int64(1000+i))
		result := run(t, e, search.Request{Query: search.Query{Filters: search.Filters{IDs: []paper.ID{c.ID}}}})
		if result.Total != 1 {
			t.Errorf("%s is not found once applied", c.ID)
		}
	}
	wg.Wait()
}

func testHostile(t *testing.T, open Open) {
	long := strings.Repeat("word-", 20000) + strings.Repeat("x", 100000)
	papers := []search.Change{
		{ID: "2401.00001", Document: &search.Document{Title: "\xff\x00", Abstract: long, Authors: []string{"", long, "\xff"}, Categories: []string{"", long}}},
		{ID: "", Document: &search.Document{}},
		{ID: "10.1145/3292500", Document: &search.Document{Title: "ordinary", Published: math.MinInt64 / 2, Votes: -5}},
	}
	e := start(t, open, papers)
	want(t, e, words("ordinary"), "10.1145/3292500")
	deep := search.Clause{Text: "x"}
	for range 100 {
		deep = search.Clause{AnyOf: []search.Clause{deep}}
	}
	for _, q := range []search.Query{
		words(long), {Must: []search.Clause{deep}}, {Not: []search.Clause{deep}},
		{Must: []search.Clause{{Text: long, Phrase: true}}}, {Must: []search.Clause{{AnyOf: []search.Clause{}}}},
		{Should: []search.Clause{{}, {Field: 200, Text: "x"}}, Sort: 77},
		{Filters: search.Filters{From: math.MaxInt64, Before: math.MinInt64, MaxVotes: math.MinInt}},
		{Filters: search.Filters{Categories: [][]string{{}}, IDs: []paper.ID{}}},
		{Filters: search.Filters{Similar: "nothing"}},
	} {
		for _, r := range []search.Request{{Query: q}, {Query: q, Offset: math.MaxInt, Limit: math.MaxInt}, {Query: q, Offset: -1, Limit: -1, Facets: true, Why: true}} {
			run(t, e, r)
		}
	}
}
