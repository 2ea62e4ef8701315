package bench

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"broadsheet/internal/indexer"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// A SearchRow is what was measured of one mode.
type SearchRow struct {
	Mode     string   `json:"mode"`
	Mean     float64  `json:"mean_ms"`
	P50      float64  `json:"p50_ms"`
	P95      float64  `json:"p95_ms"`
	P99      float64  `json:"p99_ms"`
	CPU      float64  `json:"cpu_ms,omitempty"` // processor time for one query, on average; 0: unknown
	Queries  int      `json:"queries"`
	Papers   int      `json:"papers"`             // in the index
	Matching int      `json:"matching,omitempty"` // papers that the filter lets pass, on average
	Recall   *float64 `json:"recall@10,omitempty"`
}

// A searcher is what all modes measure with.
type searcher struct {
	db       *store.DB
	index    *indexer.Index
	queries  []query
	papers   int
	embedded func(papers int) // says how far the recall is, or nil
}

// A mode is something to measure.
type mode struct {
	name    string
	meaning bool // needs a model
	run     func(context.Context, *searcher) ([]SearchRow, error)
}

var modes = []mode{
	{"words", false, asking(false, search.Request{NoTotal: true}, "words")},
	{"total", false, asking(false, search.Request{}, "words-total")},
	{"hybrid", true, asking(true, search.Request{NoTotal: true}, "hybrid")},
	{"hybrid-total", true, asking(true, search.Request{}, "hybrid-total")},
	{"facets", true, asking(true, search.Request{Facets: true}, "facets")},
	{"filter", false, measureFilters},
	{"suggest", false, measureSuggest},
	{"recall", true, measureRecall},
}

// Modes returns the names of what [Search] can measure.
func Modes() []string {
	var names []string
	for _, m := range modes {
		names = append(names, m.name)
	}
	return names
}

// asking measures all queries in one way.
func asking(meaning bool, r search.Request, name string) func(context.Context, *searcher) ([]SearchRow, error) {
	return func(ctx context.Context, s *searcher) ([]SearchRow, error) {
		row, err := s.measure(ctx, name, len(s.queries), func(ctx context.Context, i, _ int) error {
			return s.ask(ctx, s.queries[i], r, meaning)
		})
		return []SearchRow{row}, err
	}
}

// ask searches for one query as r says.
func (s *searcher) ask(ctx context.Context, q query, r search.Request, meaning bool) (err error) {
	filters := r.Query.Filters
	r.Query = q.parse()
	if filters.From != 0 {
		r.Query.Filters = filters
	}
	if meaning && r.Query.Text != "" {
		if r.Vector, err = s.index.Model().Query(ctx, r.Query.Text); err != nil {
			return fmt.Errorf("embed: %w", err)
		}
	}
	_, err = s.index.Search(ctx, r)
	return err
}

// rounds is how often each query is measured, after once that does not count.
const rounds = 3

// measure runs n questions on one processor and sums up how long they took. Each
// counts with the middle one of its times, so that what else the machine does
// meanwhile weighs little.
func (s *searcher) measure(ctx context.Context, name string, n int, question func(ctx context.Context, i, round int) error) (SearchRow, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
	times := make([][rounds]time.Duration, n)
	var before time.Duration
	for round := range rounds + 1 {
		if round == 1 {
			before = processorTime()
		}
		for i := range n {
			start := time.Now()
			if err := question(ctx, i, round); err != nil {
				return SearchRow{}, err
			}
			if round > 0 {
				times[i][round-1] = time.Since(start)
			}
		}
	}
	row := SearchRow{Mode: name, Queries: n, Papers: s.papers}
	row.CPU = milliseconds((processorTime() - before) / time.Duration(max(1, n*rounds)))
	took := make([]time.Duration, n)
	for i, t := range times {
		slices.Sort(t[:])
		took[i] = t[rounds/2]
	}
	return timings(took, row), nil
}

// timings adds mean and percentiles to r.
func timings(took []time.Duration, r SearchRow) SearchRow {
	if len(took) == 0 {
		return r
	}
	slices.Sort(took)
	sum := time.Duration(0)
	for _, t := range took {
		sum += t
	}
	r.Mean = milliseconds(sum / time.Duration(len(took)))
	r.P50, r.P95, r.P99 = percentile(took, 50), percentile(took, 95), percentile(took, 99)
	return r
}

// milliseconds is d to the microsecond.
func milliseconds(d time.Duration) float64 { return math.Round(d.Seconds()*1e6) / 1e3 }

// measureSuggest measures the completion of the beginnings of queries.
func measureSuggest(ctx context.Context, s *searcher) ([]SearchRow, error) {
	row, err := s.measure(ctx, "suggest", len(s.queries), func(ctx context.Context, i, _ int) error {
		_, err := s.index.Suggest(ctx, s.queries[i].beginning(i), 10)
		return err
	})
	return []SearchRow{row}, err
}
