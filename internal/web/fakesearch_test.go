package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/tex"
)

// Search finds the papers that have any of the words, each in title or abstract.
func (f *shelf) Search(_ context.Context, q catalog.SearchRequest) (*catalog.SearchResult, error) {
	f.reads.Add(1)
	if f.noEngine {
		return nil, catalog.ErrNoSearch
	}
	if f.fail != nil {
		return nil, f.fail
	}
	out := &catalog.SearchResult{Took: 1800 * time.Microsecond, DidYouMean: f.spelling}
	out.Index, _ = f.Index(context.Background()) // never fails
	out.Query, out.Hints = search.Parse(q.Text, f.now)
	if id, err := paper.ParseID(q.Text); err == nil && f.find(id) != nil {
		out.Paper = id
		return out, nil
	}
	for _, id := range f.mends[q.Text] {
		out.Candidates = append(out.Candidates, *f.find(id))
	}
	if len(out.Candidates) > 0 {
		return out, nil
	}
	in := f.matching(out.Query)
	out.Total, out.Facets = len(in), cmp.Or(f.facets, count(in))
	some, more, err := page(in, q.Cursor, cmp.Or(q.Limit, 20))
	for _, e := range some {
		out.Hits = append(out.Hits, catalog.Hit{Entry: e, Title: search.Highlight(e.Paper.Title, out.Query),
			Passage: search.Passage(e.Paper.Abstract, out.Query, 300), Score: 1.5, Why: f.why})
	}
	out.Author = f.named(out.Query.Text)
	out.More = more
	return out, err
}

func (f *shelf) matching(q search.Query) []catalog.Entry {
	var in []catalog.Entry
	for _, e := range f.entries {
		if passes(&e.Paper, q) {
			in = append(in, e)
		}
	}
	switch q.Sort {
	case search.ByDate:
		slices.SortStableFunc(in, func(a, b catalog.Entry) int { return b.Paper.Published.Time.Compare(a.Paper.Published.Time) })
	case search.ByVotes:
		slices.SortStableFunc(in, func(a, b catalog.Entry) int { return b.Paper.Votes - a.Paper.Votes })
	}
	return in
}

func passes(p *paper.Paper, q search.Query) bool {
	for _, group := range q.Filters.Categories {
		if !slices.ContainsFunc(group, func(c string) bool { return slices.Contains(p.Categories, c) }) {
			return false
		}
	}
	at := p.Published.Time.UnixMicro()
	if q.Filters.From > 0 && at < q.Filters.From || q.Filters.Before > 0 && at >= q.Filters.Before {
		return false
	}
	text := strings.ToLower(p.Title + " " + p.Abstract)
	has := func(c search.Clause) bool { return strings.Contains(text, strings.ToLower(c.Text)) }
	return len(q.Should) == 0 || slices.ContainsFunc(q.Should, has)
}

// count counts by year and category.
func count(in []catalog.Entry) *catalog.Facets {
	years, categories := map[string]int{}, map[string]int{}
	out := &catalog.Facets{}
	for _, e := range in {
		years[strconv.Itoa(e.Paper.Published.Time.Year())]++
		for _, c := range e.Paper.Categories {
			categories[c]++
		}
		if len(e.Paper.Links) > 0 {
			out.Code++
		}
	}
	list := func(counts map[string]int) (all []catalog.Facet) {
		for v, n := range counts {
			all = append(all, catalog.Facet{Value: v, Label: v, Papers: n})
		}
		slices.SortFunc(all, func(a, b catalog.Facet) int { return strings.Compare(b.Value, a.Value) })
		return all
	}
	out.Years, out.Categories = list(years), list(categories)
	return out
}

func (f *shelf) named(text string) *catalog.Author {
	for _, e := range f.entries {
		for _, a := range e.Paper.Authors {
			if strings.EqualFold(a.Name, text) {
				return &catalog.Author{Name: a.Name, Slug: paper.Slug(a.Name)}
			}
		}
	}
	return nil
}

func (f *shelf) Suggest(_ context.Context, _ string, limit int) (*catalog.Suggestions, error) {
	if f.noEngine {
		return nil, catalog.ErrNoSearch
	}
	return &catalog.Suggestions{Suggestions: f.offers[:min(limit, len(f.offers))]}, f.fail
}

// Similar gives the papers that stand before and after one.
func (f *shelf) Similar(_ context.Context, id paper.ID, limit int) (*catalog.SimilarList, error) {
	var out []catalog.Entry
	for _, e := range f.entries {
		if e.Paper.ID != id && len(out) < limit && !f.noEngine {
			out = append(out, e)
		}
	}
	return &catalog.SimilarList{Entries: out}, f.fail
}

func (f *shelf) RandomQuery(context.Context) (string, error) {
	if len(f.entries) == 0 {
		return "", f.fail
	}
	return tex.Text(f.entries[0].Paper.Title), f.fail
}

func (f *shelf) Searchable() bool { return !f.noEngine }

func (f *shelf) Index(context.Context) (catalog.IndexState, error) {
	return catalog.IndexState{Papers: len(f.entries), Ready: f.state != search.Rebuilding, Rebuilding: f.state == search.Rebuilding}, nil
}

func (f *shelf) SimilarPapers(ctx context.Context, id paper.ID, limit int) (*catalog.SimilarList, error) {
	return f.Similar(ctx, id, limit)
}

func (f *shelf) Papers(_ context.Context, ids []paper.ID) ([]catalog.Entry, error) {
	var out []catalog.Entry
	for _, id := range ids {
		if e := f.find(id); e != nil {
			out = append(out, *e)
		}
	}
	return out, f.fail
}
