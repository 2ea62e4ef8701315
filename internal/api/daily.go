package api

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// usualDaily and mostDaily are how many papers a page has without a limit, and at most.
const usualDaily, mostDaily = 50, 100

// maxDefaultPages is how many pages of the list of all papers a client gets that names
// no limit: such clients ask for page after page until one is empty. Who follows links
// gets them all, as links name a limit.
const maxDefaultPages = 100

// A listing is what /api/daily_papers is asked for.
type listing struct {
	periods   []paper.Period // a paper's submission lies in all of them
	none      bool           // no paper can be meant
	submitter string         // "" means anybody
	trending  bool
	page      int // from 0
	limit     int
}

// listing reads the parameters of /api/daily_papers.
func (p params) listing() (l listing, err error) {
	if l.limit, err = p.limit(usualDaily, mostDaily); err != nil {
		return l, err
	}
	if l.page, err = p.page(); err != nil {
		return l, err
	}
	for _, f := range []struct {
		name  string
		parse func(string) (paper.Period, error)
	}{{"date", parseDate}, {"week", paper.ParseWeek}, {"month", paper.ParseMonth}} {
		period, outside, err := p.period(f.name, f.parse)
		if err != nil {
			return l, err
		}
		if period != "" {
			l.periods = append(l.periods, period)
		}
		l.none = l.none || outside
	}
	switch p.Get("sort") {
	case "", "publishedAt":
	case "trending":
		l.trending = true
	default:
		return l, wrong(`The parameter sort must be "publishedAt" or "trending".`)
	}
	l.submitter = p.Get("submitter")
	l.none = l.none || l.page == endless || !paper.IsText(l.submitter) || l.page >= maxDefaultPages && !p.Has("limit") && len(l.periods) == 0
	return l, nil
}

func parseDate(s string) (paper.Period, error) {
	day, err := paper.ParseDay(s)
	return day.Period(), err
}

// query is the listing as parameters, of which each has one form.
func (l listing) query() url.Values {
	v := url.Values{"limit": {strconv.Itoa(l.limit)}, "p": {strconv.Itoa(l.page)}}
	for _, p := range l.periods {
		name := string(p.Kind())
		if p.Kind() == paper.KindDay {
			name = "date"
		}
		v.Set(name, string(p))
	}
	if l.submitter != "" {
		v.Set("submitter", l.submitter)
	}
	if l.trending {
		v.Set("sort", "trending")
	}
	return v
}

// daily answers GET /api/daily_papers.
func (a *api) daily(r request) (question, error) {
	l, err := r.listing()
	if err != nil {
		return question{}, err
	}
	if l.none {
		return always(`[]`)(a, r)
	}
	return question{key: "daily?" + l.query().Encode(), answer: func(ctx context.Context) (*httpserver.Response, error) {
		entries, more, err := a.listed(ctx, l)
		if err != nil {
			return nil, err
		}
		next := ""
		if more {
			l.page++
			next = address(r.base, urls.DailyPapers, l.query())
		}
		return found(a.writer.at(r.base).items(entries), next)
	}}, nil
}

// listed is one page of a listing, and whether another follows.
func (a *api) listed(ctx context.Context, l listing) ([]catalog.Entry, bool, error) {
	d := catalog.Daily{Submitter: l.submitter, Trending: l.trending, Page: l.page, Limit: l.limit}
	if len(l.periods) == 0 {
		return a.Catalog.Daily(ctx, d)
	}
	first, last := common(l.periods)
	if first > last {
		return nil, false, nil
	}
	for _, p := range l.periods {
		if p.First() == first && p.Last() == last {
			d.Period = p
			return a.Catalog.Daily(ctx, d)
		}
	}
	all, err := a.span(ctx, d, first, last)
	start := min(l.page*l.limit, len(all))
	end := min(start+l.limit, len(all))
	return all[start:end], end < len(all), err
}

// common is the first and the last day that all periods have; where they have none,
// the first is behind the last.
func common(periods []paper.Period) (first, last paper.Day) {
	first, last = periods[0].First(), periods[0].Last()
	for _, p := range periods[1:] {
		first, last = max(first, p.First()), min(last, p.Last())
	}
	return first, last
}

// wholeDay is more papers than a day has.
const wholeDay = 10_000

// span is all papers of the days from first to last, which are less than a week: what
// a week and a month have in common.
func (a *api) span(ctx context.Context, d catalog.Daily, first, last paper.Day) ([]catalog.Entry, error) {
	var all []catalog.Entry
	seen := map[paper.ID]bool{}
	for day := first; day <= last; day = day.Add(1) {
		d.Period, d.Page, d.Limit = day.Period(), 0, wholeDay
		entries, _, err := a.Catalog.Daily(ctx, d)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !seen[e.Paper.ID] {
				seen[e.Paper.ID] = true
				all = append(all, e)
			}
		}
	}
	slices.SortStableFunc(all, func(x, y catalog.Entry) int {
		if d.Trending {
			return cmp.Compare(y.Paper.Votes, x.Paper.Votes)
		}
		return cmp.Or(y.Paper.Published.Time.Compare(x.Paper.Published.Time), cmp.Compare(y.Paper.ID, x.Paper.ID))
	})
	return all, nil
}
