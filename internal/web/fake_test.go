package web

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/search"
)

// shelf is a small Catalog in memory.
type shelf struct {
	version atomic.Int64
	reads   atomic.Int64 // of whatever costs something
	demo    bool
	fail    error // what every reading method returns, if set
	entries []catalog.Entry
	now     time.Time
	clock   paper.Clock

	noEngine bool
	state    search.State          // of the engine
	spelling string                // a likelier one, whatever is asked
	mends    map[string][]paper.ID // papers that damaged ids can be
	offers   []search.Suggestion   // whatever is typed
	why      *search.Why           // of every result
	facets   *catalog.Facets       // instead of the counted ones
}

// page cuts entries at a cursor, which is the number of those before it.
func page(entries []catalog.Entry, cursor string, limit int) ([]catalog.Entry, string, error) {
	from := 0
	if cursor != "" {
		var err error
		if from, err = strconv.Atoi(cursor); err != nil || from < 0 || from > len(entries) {
			return nil, "", paper.Invalid("after", "%q is not the place of a page", cursor)
		}
	}
	to := min(len(entries), from+limit)
	more := ""
	if to < len(entries) {
		more = strconv.Itoa(to)
	}
	return entries[from:to], more, nil
}

func (f *shelf) Version(context.Context) (int64, error) { return f.version.Load(), nil }

// days are all feed days, the first one first.
func (f *shelf) days() []paper.Day {
	var out []paper.Day
	for _, e := range f.entries {
		if e.Submission != nil {
			out = append(out, e.Submission.Day)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (f *shelf) Latest(context.Context) (paper.Day, error) {
	f.reads.Add(1)
	days := f.days()
	if f.fail != nil || len(days) == 0 {
		return "", cmp.Or(f.fail, paper.ErrNotFound)
	}
	return days[len(days)-1], nil
}

// like gives the periods of p's kind that have papers.
func (f *shelf) like(p paper.Period) []paper.Period {
	var out []paper.Period
	for _, d := range f.days() {
		switch p.Kind() {
		case paper.KindDay:
			out = append(out, d.Period())
		case paper.KindWeek:
			out = append(out, d.Week())
		case paper.KindMonth:
			out = append(out, d.Month())
		}
	}
	return slices.Compact(out)
}

func (f *shelf) Nearest(_ context.Context, p paper.Period) (paper.Period, error) {
	all := f.like(p)
	if len(all) == 0 {
		return "", paper.ErrNotFound
	}
	near := all[0]
	for _, q := range all {
		if q <= p {
			near = q
		}
	}
	return near, nil
}

func (f *shelf) Edition(_ context.Context, p paper.Period, cursor string, limit int) (*catalog.Edition, error) {
	f.reads.Add(1)
	var in []catalog.Entry
	for _, e := range f.entries {
		if e.Submission != nil && p.Contains(e.Submission.Day) {
			in = append(in, e)
		}
	}
	if f.fail != nil || len(in) == 0 {
		return nil, cmp.Or(f.fail, paper.ErrNotFound)
	}
	sort.SliceStable(in, func(i, j int) bool { return in[i].Paper.Votes > in[j].Paper.Votes })
	for i := range in {
		in[i].Rank = i + 1
	}
	some, more, err := page(in, cursor, limit)
	if err != nil {
		return nil, err
	}
	e := &catalog.Edition{Period: p, Entries: some, Total: len(in), More: more, State: catalog.Closed,
		Opens: f.clock.OpensAt(p.First()), Closes: f.clock.ClosesAt(p.Last()), NextOpens: f.clock.OpensAt(f.clock.Day(f.now).Add(1))}
	if f.now.Before(e.Closes) {
		e.State = catalog.Open
	}
	for _, q := range f.like(p) {
		switch {
		case q < p:
			e.Prev = q
		case q > p && e.Next == "":
			e.Next = q
		}
	}
	return e, nil
}

func (f *shelf) Trending(_ context.Context, w rank.Weights, cursor string, limit int) (*catalog.List, error) {
	f.reads.Add(1)
	all := slices.Clone(f.entries)
	for i := range all {
		all[i].Score, all[i].Rank = f.score(&all[i], w), 0
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Score.Total > all[j].Score.Total })
	for i := range all {
		all[i].Rank = i + 1
	}
	some, more, err := page(all, cursor, limit)
	return &catalog.List{Entries: some, More: more}, cmp.Or(f.fail, err)
}

func (f *shelf) score(e *catalog.Entry, w rank.Weights) rank.Score {
	since := e.Paper.Published.Time
	if e.Submission != nil {
		since = f.clock.OpensAt(e.Submission.Day)
	}
	return rank.Trending(rank.Signals{Votes: e.Paper.Votes, Comments: e.Paper.Comments, Stars: e.Paper.Stars, Since: since}, w, f.now)
}

func (f *shelf) New(_ context.Context, cursor string, limit int) (*catalog.List, error) {
	f.reads.Add(1)
	all := slices.Clone(f.entries)
	sort.SliceStable(all, func(i, j int) bool { return all[i].Paper.Published.Time.After(all[j].Paper.Published.Time) })
	some, more, err := page(all, cursor, limit)
	return &catalog.List{Entries: some, More: more}, cmp.Or(f.fail, err)
}

func (f *shelf) find(id paper.ID) *catalog.Entry {
	for i := range f.entries {
		if f.entries[i].Paper.ID == id {
			return &f.entries[i]
		}
	}
	return nil
}

func (f *shelf) Paper(ctx context.Context, id paper.ID) (*catalog.PaperDetail, error) {
	f.reads.Add(1)
	e := f.find(id)
	if f.fail != nil || e == nil {
		return nil, cmp.Or(f.fail, fmt.Errorf("paper %s: %w", id, paper.ErrNotFound))
	}
	s := &catalog.PaperDetail{Paper: e.Paper}
	if e.Submission == nil {
		return s, nil
	}
	s.Submissions = []paper.Submission{*e.Submission}
	s.Score = f.score(e, rank.Default)
	day, err := f.Edition(ctx, e.Submission.Day.Period(), "", math.MaxInt32)
	if err != nil {
		return nil, err
	}
	s.Of = day.Total
	for _, other := range day.Entries {
		if other.Paper.ID == id {
			s.Rank = other.Rank
		}
	}
	start := f.clock.OpensAt(e.Submission.Day)
	for i := range 12 {
		part := 1 - math.Exp(-float64(i)/3)
		s.Votes = append(s.Votes, paper.Signal{Kind: paper.SignalVotes, At: start.Add(time.Duration(i) * 3 * time.Hour), Value: int(float64(e.Paper.Votes) * part)})
	}
	return s, nil
}

// profile gathers the papers that match.
func (f *shelf) profile(cursor string, limit int, matches func(*paper.Paper) bool) (*catalog.Profile, error) {
	f.reads.Add(1)
	var in []catalog.Entry
	for _, e := range f.entries {
		if matches(&e.Paper) {
			e.Rank = 0
			in = append(in, e)
		}
	}
	if len(in) == 0 {
		return nil, paper.ErrNotFound
	}
	some, more, err := page(in, cursor, limit)
	return &catalog.Profile{Papers: len(in), List: catalog.List{Entries: some, More: more}}, err
}

func (f *shelf) Author(_ context.Context, slug, cursor string, limit int) (*catalog.Profile, error) {
	name := ""
	p, err := f.profile(cursor, limit, func(p *paper.Paper) bool {
		for _, a := range p.Authors {
			if paper.Slug(a.Name) == slug {
				name = a.Name
				return true
			}
		}
		return false
	})
	if err == nil {
		p.Slug, p.Name = slug, name
	}
	return p, err
}

func (f *shelf) Organization(_ context.Context, name, cursor string, limit int) (*catalog.Profile, error) {
	var org *paper.Organization
	p, err := f.profile(cursor, limit, func(p *paper.Paper) bool {
		if p.Organization != nil && strings.EqualFold(p.Organization.Name, name) {
			org = p.Organization
			return true
		}
		return false
	})
	if err == nil {
		p.Slug, p.Name, p.Organization = org.Name, cmp.Or(org.FullName, org.Name), org
	}
	return p, err
}

func (f *shelf) Archive(_ context.Context, year int) (*catalog.Calendar, error) {
	f.reads.Add(1)
	days := f.days()
	if len(days) == 0 {
		return nil, paper.ErrNotFound
	}
	c := &catalog.Calendar{Year: cmp.Or(year, days[len(days)-1].Year())}
	for _, d := range days {
		if len(c.Years) == 0 || c.Years[0] != d.Year() {
			c.Years = append([]int{d.Year()}, c.Years...)
		}
		if d.Year() != c.Year {
			continue
		}
		c.Days = append(c.Days, catalog.DayCount{Day: d, Papers: f.papersOf(d)})
	}
	if len(c.Days) == 0 {
		return nil, paper.ErrNotFound
	}
	return c, nil
}

func (f *shelf) papersOf(d paper.Day) (n int) {
	for _, e := range f.entries {
		if e.Submission != nil && e.Submission.Day == d {
			n++
		}
	}
	return n
}

func (f *shelf) Days(_ context.Context, p paper.Period) ([]catalog.DayCount, error) {
	var all []catalog.DayCount
	for _, d := range f.days() {
		if p.Contains(d) {
			all = append(all, catalog.DayCount{Day: d, Papers: f.papersOf(d)})
		}
	}
	return all, nil
}

func (f *shelf) Demo(context.Context) (bool, error) { return f.demo, nil }

func (f *shelf) Stats(context.Context) (catalog.Stats, error) {
	return catalog.Stats{Papers: len(f.entries), Editions: len(f.days()), Demo: f.demo,
		Sources: []catalog.SourceStats{{Name: paper.SourceHub, Imported: f.now}}}, nil
}

func (f *shelf) SitemapMonths(context.Context) ([]catalog.Month, error) {
	var out []catalog.Month
	for _, e := range f.entries {
		m := catalog.Month{Period: paper.DayOf(e.Paper.Published.Time).Month()}
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out, nil
}

func (f *shelf) Sitemap(_ context.Context, month paper.Period) ([]paper.ID, error) {
	var out []paper.ID
	for _, e := range f.entries {
		if month.Contains(paper.DayOf(e.Paper.Published.Time)) {
			out = append(out, e.Paper.ID)
		}
	}
	return out, nil
}
