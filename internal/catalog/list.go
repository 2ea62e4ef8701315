package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
)

// A Kind says what sort of list a [ListRef] names.
type Kind string

// The kinds of list.
const (
	KindLatest       Kind = "latest"       // the newest edition, whichever it is
	KindEdition      Kind = "edition"      // of a day, a week or a month
	KindTrending     Kind = "trending"     //
	KindNew          Kind = "new"          // by publication
	KindSearch       Kind = "search"       //
	KindOrganization Kind = "organization" // of one organization
	KindAuthor       Kind = "author"       // of one author
	KindSimilar      Kind = "similar"      // to one paper
	KindArchive      Kind = "archive"      // of editions, not of papers
)

// A ListRef names a list by the address of its page, without scheme and host.
type ListRef struct {
	Kind    Kind
	Period  paper.Period // of an edition
	Name    string       // of an organization; the slug of an author
	ID      paper.ID     // what papers are similar to
	Query   string       // of a search
	Year    int          // of an archive; 0 means the newest
	Weights rank.Weights // of trending
}

// LongestQuery is the most characters that a search may have.
const LongestQuery = 250

// ParseListRef reads the path of a list's page, "/papers/week/2026-W22", and what of the
// query parameters belongs to the list. paper.ErrNotFound says that no list has such a
// path; what a list cannot have is a *paper.InvalidError.
func ParseListRef(path string, query url.Values) (ListRef, error) {
	switch path {
	case "/papers", "/search":
		if q := strings.TrimSpace(query.Get("q")); q != "" || query.Has("q") || path == "/search" {
			return searchRef(q)
		}
		return ListRef{Kind: KindLatest}, nil
	case "/papers/trending":
		w, err := ParseWeights(query)
		return ListRef{Kind: KindTrending, Weights: w}, err
	case "/papers/new":
		return ListRef{Kind: KindNew}, nil
	case "/archive":
		return ListRef{Kind: KindArchive}, nil
	}
	return parseNamed(path)
}

func searchRef(q string) (ListRef, error) {
	switch {
	case q == "":
		return ListRef{}, paper.Invalid("q", "say what to search for")
	case utf8.RuneCountInString(q) > LongestQuery:
		return ListRef{}, paper.Invalid("q", "at most %d characters can be searched for", LongestQuery)
	case !utf8.ValidString(q):
		return ListRef{}, paper.Invalid("q", "this is not UTF-8")
	}
	return ListRef{Kind: KindSearch, Query: q}, nil
}

// parseNamed reads paths that have a name in them.
func parseNamed(path string) (ListRef, error) {
	for prefix, parse := range map[string]func(string) (paper.Period, error){
		"/papers/date/":  func(s string) (paper.Period, error) { d, err := paper.ParseDay(s); return d.Period(), err },
		"/papers/week/":  paper.ParseWeek,
		"/papers/month/": paper.ParseMonth,
	} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			p, err := parse(rest)
			return ListRef{Kind: KindEdition, Period: p}, err
		}
	}
	if slug, ok := strings.CutPrefix(path, "/authors/"); ok && slug != "" && !strings.Contains(slug, "/") {
		return ListRef{Kind: KindAuthor, Name: slug}, nil
	}
	if year, ok := strings.CutPrefix(path, "/archive/"); ok {
		n, err := strconv.Atoi(year)
		if err != nil || n < 1 || n > 9999 || len(year) != 4 {
			return ListRef{}, paper.Invalid("year", "%q is not a year: write four digits", year)
		}
		return ListRef{Kind: KindArchive, Year: n}, nil
	}
	return parseSuffixed(path)
}

// parseSuffixed reads /papers/ID/similar and /ORGANIZATION/papers.
func parseSuffixed(path string) (ListRef, error) {
	if rest, ok := strings.CutPrefix(path, "/papers/"); ok {
		bare, ok := strings.CutSuffix(rest, "/similar")
		if !ok {
			return ListRef{}, errNoList(path)
		}
		id, err := paper.ParseID(bare)
		return ListRef{Kind: KindSimilar, ID: id}, err
	}
	name, ok := strings.CutSuffix(strings.TrimPrefix(path, "/"), "/papers")
	if !ok || name == "" || strings.Contains(name, "/") {
		return ListRef{}, errNoList(path)
	}
	return ListRef{Kind: KindOrganization, Name: name}, nil
}

func errNoList(path string) error { return fmt.Errorf("a list at %s: %w", path, paper.ErrNotFound) }

// ParseWeights reads the weights of trending from query parameters; those that are not
// there are as usual.
func ParseWeights(q url.Values) (rank.Weights, error) {
	w := rank.Default
	for _, f := range weightFields(&w) {
		s := q.Get(f.name)
		if s == "" {
			continue
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(x) || x < f.least || x > f.most {
			return w, paper.Invalid("weight "+f.name, "%q will not do; use a number from %v to %v", s, f.least, f.most)
		}
		*f.value = x
	}
	return w, nil
}

// A weightField is a weight as query parameters have it.
type weightField struct {
	name        string
	value       *float64
	least, most float64
}

func weightFields(w *rank.Weights) []weightField {
	return []weightField{
		{"vote", &w.Vote, 0, 1000}, {"comment", &w.Comment, 0, 1000},
		{"star", &w.Star, 0, 1000}, {"half", &w.HalfDay, 0.01, 1000},
	}
}

// Path is the path and query of the list's page.
func (r ListRef) Path() string { return r.PathAs("") }

// PathAs is the path and query of the list in another form, whose ending (".rss") goes
// behind the path.
func (r ListRef) PathAs(ending string) string {
	path, query := r.path()
	if len(query) == 0 {
		return path + ending
	}
	return path + ending + "?" + query.Encode()
}

func (r ListRef) path() (string, url.Values) {
	switch r.Kind {
	case KindEdition:
		return r.Period.Path(), nil
	case KindTrending:
		return "/papers/trending", r.weights()
	case KindNew:
		return "/papers/new", nil
	case KindSearch:
		return "/papers", url.Values{"q": {r.Query}}
	case KindOrganization:
		return "/" + url.PathEscape(r.Name) + "/papers", nil
	case KindAuthor:
		return "/authors/" + url.PathEscape(r.Name), nil
	case KindSimilar:
		return r.ID.Path() + "/similar", nil
	case KindArchive:
		if r.Year != 0 {
			return fmt.Sprintf("/archive/%04d", r.Year), nil
		}
		return "/archive", nil
	}
	return "/papers", nil
}

// weights are the parameters of weights that are not the usual ones.
func (r ListRef) weights() url.Values {
	v := url.Values{}
	usual := rank.Default
	was := weightFields(&usual)
	for i, f := range weightFields(&r.Weights) {
		if *f.value != *was[i].value {
			v.Set(f.name, strconv.FormatFloat(*f.value, 'g', -1, 64))
		}
	}
	return v
}

// A ListPage is one page of any list, in the list's order.
type ListPage struct {
	Ref     ListRef // the newest edition is named by its day
	Title   string  // "Wednesday, 27 May 2026", "Trending papers"
	Entries []Entry
	More    string // cursor of the next page; "" on the last
	Total   int    // papers in the whole list; -1 where nobody counts them

	// Of editions:
	State         State
	Opens, Closes time.Time
	NextOpens     time.Time
	Prev, Next    paper.Period

	Hits  []Hit       // of a search: the same papers as Entries, with what of them answers
	Index *IndexState // of a search and of similar papers: whether there may be more; else nil
	Days  []DayCount  // of an archive, oldest first; it has no Entries
	Years []int       // all years of the archive, newest first
}

// ListPage reads one page of a list, limit papers long. A list that nobody has is
// paper.ErrNotFound, as is an edition without papers.
func (c *Catalog) ListPage(ctx context.Context, r ListRef, cursor string, limit int) (*ListPage, error) {
	switch r.Kind {
	case KindLatest:
		return c.latestPage(ctx, cursor, limit)
	case KindEdition:
		e, err := c.Edition(ctx, r.Period, cursor, limit)
		if err != nil {
			return nil, err
		}
		return e.ListPage(), nil
	case KindTrending:
		l, err := c.Trending(ctx, cmp.Or(r.Weights, rank.Default), cursor, limit)
		return listPage(r, "Trending papers", l, err)
	case KindNew:
		l, err := c.New(ctx, cursor, limit)
		return listPage(r, "Newest papers", l, err)
	case KindSearch:
		return c.searchPage(ctx, r, cursor, limit)
	case KindOrganization:
		p, err := c.Organization(ctx, r.Name, cursor, limit)
		return profilePage(r, p, err)
	case KindAuthor:
		p, err := c.Author(ctx, r.Name, cursor, limit)
		return profilePage(r, p, err)
	case KindSimilar:
		return c.similarPage(ctx, r, limit)
	case KindArchive:
		return c.archivePage(ctx, r)
	}
	return nil, errNoList(string(r.Kind))
}

// latestPage is the newest edition; where there is none, the newest papers.
func (c *Catalog) latestPage(ctx context.Context, cursor string, limit int) (*ListPage, error) {
	day, err := c.Latest(ctx)
	if errors.Is(err, paper.ErrNotFound) {
		return c.ListPage(ctx, ListRef{Kind: KindNew}, cursor, limit)
	}
	if err != nil {
		return nil, err
	}
	return c.ListPage(ctx, ListRef{Kind: KindEdition, Period: day.Period()}, cursor, limit)
}

// ListPage is a page of an edition as one of any list.
func (e *Edition) ListPage() *ListPage {
	return &ListPage{
		Ref: ListRef{Kind: KindEdition, Period: e.Period}, Title: e.Period.Title(), Entries: e.Entries, More: e.More, Total: e.Total,
		State: e.State, Opens: e.Opens, Closes: e.Closes, NextOpens: e.NextOpens, Prev: e.Prev, Next: e.Next,
	}
}

func listPage(r ListRef, title string, l *List, err error) (*ListPage, error) {
	if err != nil {
		return nil, err
	}
	return &ListPage{Ref: r, Title: title, Entries: l.Entries, More: l.More, Total: -1}, nil
}

func profilePage(r ListRef, p *Profile, err error) (*ListPage, error) {
	if err != nil {
		return nil, err
	}
	total := p.Papers
	if total >= CountLimit {
		total = -1
	}
	return &ListPage{Ref: r, Title: "Papers of " + p.Name, Entries: p.Entries, More: p.More, Total: total}, nil
}

// searchPage is what a search finds; a paper that the text names is all there is.
func (c *Catalog) searchPage(ctx context.Context, r ListRef, cursor string, limit int) (*ListPage, error) {
	f, err := c.Search(ctx, SearchRequest{Text: r.Query, Cursor: cursor, Limit: limit})
	if err != nil {
		return nil, err
	}
	if err := c.Name(ctx, f); err != nil {
		return nil, err
	}
	roll := &ListPage{Ref: r, Title: "Search: " + r.Query, More: f.More, Total: f.Total, Hits: f.Hits, Index: &f.Index}
	for _, found := range f.Hits {
		roll.Entries = append(roll.Entries, found.Entry)
	}
	return roll, nil
}

func (c *Catalog) similarPage(ctx context.Context, r ListRef, limit int) (*ListPage, error) {
	rows, err := c.Papers(ctx, []paper.ID{r.ID})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("paper %s: %w", r.ID, paper.ErrNotFound)
	}
	if c.engine == nil {
		return nil, ErrNoSearch
	}
	l, err := c.SimilarPapers(ctx, r.ID, limit)
	if err != nil {
		return nil, err
	}
	title := "Papers similar to " + rows[0].Paper.Title
	return &ListPage{Ref: r, Title: title, Entries: l.Entries, Total: len(l.Entries), Index: &l.Index}, nil
}

func (c *Catalog) archivePage(ctx context.Context, r ListRef) (*ListPage, error) {
	cal, err := c.Archive(ctx, r.Year)
	if err != nil {
		return nil, err
	}
	r.Year = cal.Year
	title := fmt.Sprintf("Editions of %d", cal.Year)
	return &ListPage{Ref: r, Title: title, Days: cal.Days, Years: cal.Years, Total: len(cal.Days)}, nil
}
