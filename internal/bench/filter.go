package bench

import (
	"context"
	"math/rand/v2"
	"time"

	"broadsheet/internal/search"
)

// filterShares are the parts of all papers that filters let pass.
var filterShares = []struct {
	name  string
	share float64
}{{"0.1%", .001}, {"1%", .01}, {"10%", .1}, {"50%", .5}}

// A dateRange is a filter by date: from <= published < before.
type dateRange struct {
	from, before int64 // microseconds
	papers       int
}

// measureFilters measures searching among some of the papers.
func measureFilters(ctx context.Context, s *searcher) ([]SearchRow, error) {
	span, err := s.span(ctx)
	if err != nil {
		return nil, err
	}
	var rows []SearchRow
	for _, meaning := range []bool{false, true} {
		for _, f := range filterShares {
			if meaning && s.index.Model() == nil {
				continue
			}
			ranges, err := s.ranges(ctx, span, f.share)
			if err != nil {
				return nil, err
			}
			name := map[bool]string{false: "filter-", true: "hybrid-filter-"}[meaning] + f.name
			row, err := s.measureFilter(ctx, name, ranges, meaning)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// measureFilter asks all queries, each with a range that differs from all others by
// some microseconds, so that the engine cannot know it yet.
func (s *searcher) measureFilter(ctx context.Context, name string, ranges []dateRange, meaning bool) (SearchRow, error) {
	row, err := s.measure(ctx, name, len(s.queries), func(ctx context.Context, i, round int) error {
		d := ranges[i%len(ranges)]
		r := search.Request{NoTotal: true}
		r.Query.Filters.From = d.from - int64(1+round*len(s.queries)+i)
		r.Query.Filters.Before = d.before
		return s.ask(ctx, s.queries[i], r, meaning)
	})
	for _, d := range ranges {
		row.Matching += d.papers
	}
	row.Matching /= len(ranges)
	return row, err
}

// count is how many papers there are in a range of dates.
func (s *searcher) count(ctx context.Context, from, before int64) (int, error) {
	q := search.Query{Filters: search.Filters{From: from, Before: before}}
	res, err := s.index.Search(ctx, search.Request{Query: q, Limit: 1})
	return res.Total, err
}

// span is the range of dates in which nearly all papers lie.
func (s *searcher) span(ctx context.Context) (dateRange, error) {
	first := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	end := time.Now().AddDate(1, 0, 0).UnixMicro()
	all, err := s.count(ctx, first, end)
	if err != nil {
		return dateRange{}, err
	}
	from, err := s.until(ctx, first, first, end, max(1, all/1000))
	return dateRange{from, end, all}, err
}

// until returns a moment between low and high before which, and from from on, there
// are about want papers.
func (s *searcher) until(ctx context.Context, from, low, high int64, want int) (int64, error) {
	const minute = 60_000_000
	for high-low > minute {
		middle := low + (high-low)/2
		n, err := s.count(ctx, from, middle)
		if err != nil {
			return 0, err
		}
		if n*50 >= want*49 && n*50 <= want*51 {
			return middle, nil
		}
		if n < want {
			low = middle
		} else {
			high = middle
		}
	}
	return high, nil
}

// ranges finds a few ranges of dates that have about that share of all papers.
func (s *searcher) ranges(ctx context.Context, span dateRange, share float64) ([]dateRange, error) {
	const some = 8
	r := rand.New(rand.NewPCG(2, 2))
	want := max(1, int(share*float64(span.papers)))
	var all []dateRange
	for range some {
		skip := int(r.Float64() * (1 - share) * float64(span.papers))
		from, err := s.until(ctx, span.from, span.from, span.before, max(1, skip))
		if err != nil {
			return nil, err
		}
		before, err := s.until(ctx, from, from, span.before, want)
		if err != nil {
			return nil, err
		}
		n, err := s.count(ctx, from, before)
		if err != nil {
			return nil, err
		}
		all = append(all, dateRange{from, before, n})
	}
	return all, nil
}
