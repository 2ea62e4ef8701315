package cli

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"

	"broadsheet/internal/app"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// A benchRow is what was measured of one mode.
type benchRow struct {
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

// A searchBench is what all modes measure with.
type searchBench struct {
	db      *store.DB
	finder  *app.Finder
	queries []benchQuery
	papers  int
	said    io.Writer // where what takes long is said
}

// A benchMode is something to measure.
type benchMode struct {
	name    string
	meaning bool // needs a model
	run     func(context.Context, *searchBench) ([]benchRow, error)
}

var benchModes = []benchMode{
	{"words", false, asking(false, search.Request{NoTotal: true}, "words")},
	{"total", false, asking(false, search.Request{}, "words-total")},
	{"hybrid", true, asking(true, search.Request{NoTotal: true}, "hybrid")},
	{"hybrid-total", true, asking(true, search.Request{}, "hybrid-total")},
	{"facets", true, asking(true, search.Request{Facets: true}, "facets")},
	{"filter", false, benchFilters},
	{"suggest", false, benchSuggest},
	{"recall", true, benchRecall},
}

func modeNames() []string {
	var names []string
	for _, m := range benchModes {
		names = append(names, m.name)
	}
	return names
}

// asking measures all queries in one way.
func asking(meaning bool, r search.Request, name string) func(context.Context, *searchBench) ([]benchRow, error) {
	return func(ctx context.Context, b *searchBench) ([]benchRow, error) {
		row, err := b.measure(ctx, name, len(b.queries), func(ctx context.Context, i, _ int) error {
			return b.ask(ctx, b.queries[i], r, meaning)
		})
		return []benchRow{row}, err
	}
}

// ask searches for one query as r says.
func (b *searchBench) ask(ctx context.Context, q benchQuery, r search.Request, meaning bool) (err error) {
	filters := r.Query.Filters
	r.Query = q.parse()
	if filters.From != 0 {
		r.Query.Filters = filters
	}
	if meaning && r.Query.Text != "" {
		if r.Vector, err = b.finder.Model.Query(ctx, r.Query.Text); err != nil {
			return fmt.Errorf("embed: %w", err)
		}
	}
	_, err = b.finder.Search(ctx, r)
	return err
}

// benchRounds is how often each query is measured, after once that does not count.
const benchRounds = 3

// measure runs n questions on one processor and sums up how long they took. Each
// counts with the middle one of its times, so that what else the machine does
// meanwhile weighs little.
func (b *searchBench) measure(ctx context.Context, mode string, n int, question func(ctx context.Context, i, round int) error) (benchRow, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
	times := make([][benchRounds]time.Duration, n)
	var before time.Duration
	for round := range benchRounds + 1 {
		if round == 1 {
			before = processorTime()
		}
		for i := range n {
			start := time.Now()
			if err := question(ctx, i, round); err != nil {
				return benchRow{}, err
			}
			if round > 0 {
				times[i][round-1] = time.Since(start)
			}
		}
	}
	row := benchRow{Mode: mode, Queries: n, Papers: b.papers}
	row.CPU = milliseconds((processorTime() - before) / time.Duration(max(1, n*benchRounds)))
	took := make([]time.Duration, n)
	for i, t := range times {
		slices.Sort(t[:])
		took[i] = t[benchRounds/2]
	}
	return timings(took, row), nil
}

// timings adds mean and percentiles to r.
func timings(took []time.Duration, r benchRow) benchRow {
	if len(took) == 0 {
		return r
	}
	slices.Sort(took)
	sum := time.Duration(0)
	for _, t := range took {
		sum += t
	}
	at := func(percent int) float64 { return milliseconds(took[min(len(took)-1, len(took)*percent/100)]) }
	r.Mean = milliseconds(sum / time.Duration(len(took)))
	r.P50, r.P95, r.P99 = at(50), at(95), at(99)
	return r
}

// milliseconds is d to the microsecond.
func milliseconds(d time.Duration) float64 { return math.Round(d.Seconds()*1e6) / 1e3 }

// benchSuggest measures the completion of the beginnings of queries.
func benchSuggest(ctx context.Context, b *searchBench) ([]benchRow, error) {
	row, err := b.measure(ctx, "suggest", len(b.queries), func(ctx context.Context, i, _ int) error {
		_, err := b.finder.Suggest(ctx, b.queries[i].beginning(i), 10)
		return err
	})
	return []benchRow{row}, err
}
