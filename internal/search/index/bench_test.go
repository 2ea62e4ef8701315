package index

import (
	"testing"
	"time"

	"broadsheet/internal/search"
)

// benchPapers is how many papers of the real corpus the benchmarks use: enough to
// compare versions; the whole corpus is measured by the program.
const benchPapers = 20_000

func benchEngine(b *testing.B) *Engine {
	b.Helper()
	e, err := Open(b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Close() })
	var changes []search.Change
	readCorpus(b, benchPapers, func(c search.Change) { changes = append(changes, c) })
	apply(b, e, changes, int64(len(changes)))
	if err := e.WaitMerges(b.Context()); err != nil {
		b.Fatal(err)
	}
	return e
}

func BenchmarkBuild(b *testing.B) {
	var changes []search.Change
	readCorpus(b, benchPapers, func(c search.Change) { changes = append(changes, c) })
	for b.Loop() {
		e, err := Open(b.TempDir(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		apply(b, e, changes, 1)
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(benchPapers*float64(b.N)/b.Elapsed().Seconds(), "papers/s")
}

func BenchmarkSearch(b *testing.B) {
	e := benchEngine(b)
	queries := judgedQueries(b)
	year := func(y int) int64 { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro() }
	for _, mode := range []struct {
		name string
		r    search.Request
	}{
		{"words", search.Request{NoTotal: true}},
		{"total", search.Request{}},
		{"facets", search.Request{Facets: true}},
		{"filtered", search.Request{NoTotal: true, Query: search.Query{Filters: search.Filters{From: year(2008), Before: year(2009)}}}},
	} {
		b.Run(mode.name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				r := mode.r
				q := plainWords(queries[i%len(queries)])
				r.Query.Should, r.Query.Text = q.Should, q.Text
				if _, err := e.Search(b.Context(), r); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}
