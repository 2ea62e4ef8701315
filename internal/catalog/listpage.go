package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/urls"
)

// A ListPage is one page of any list, in the list's order.
type ListPage struct {
	Ref     urls.List // the newest edition is named by its day
	Title   string    // "Wednesday, 27 May 2026", "Trending papers"
	Entries []Entry
	More    string // cursor of the next page; "" on the last
	Total   int    // papers in the whole list; -1 where nobody counts them

	// Of editions:
	State         State
	Opens, Closes time.Time
	NextOpens     time.Time
	Prev, Next    paper.Period

	Hits  []Hit       // of a search: the same papers as Entries, with what of them answers
	Kept  bool        // of a search: as SearchResult has it
	Index *IndexState // of a search and of similar papers: whether there may be more; else nil
	Days  []DayCount  // of an archive, oldest first; it has no Entries
	Years []int       // all years of the archive, newest first
}

// ListPage reads one page of a list, limit papers long. A list that nobody has is
// paper.ErrNotFound, as is an edition without papers.
func (c *Catalog) ListPage(ctx context.Context, r urls.List, cursor string, limit int) (*ListPage, error) {
	switch r.Kind {
	case urls.KindLatest:
		return c.latestPage(ctx, cursor, limit)
	case urls.KindEdition:
		e, err := c.Edition(ctx, r.Period, cursor, limit)
		if err != nil {
			return nil, err
		}
		return e.ListPage(), nil
	case urls.KindTrending:
		l, err := c.Trending(ctx, cmp.Or(r.Weights, rank.Default), cursor, limit)
		return listPage(r, "Trending papers", l, err)
	case urls.KindNew:
		l, err := c.New(ctx, cursor, limit)
		return listPage(r, "Newest papers", l, err)
	case urls.KindSearch:
		return c.searchPage(ctx, r, cursor, limit)
	case urls.KindOrganization:
		p, err := c.Organization(ctx, r.Name, cursor, limit)
		return profilePage(r, p, err)
	case urls.KindAuthor:
		p, err := c.Author(ctx, r.Name, cursor, limit)
		return profilePage(r, p, err)
	case urls.KindSimilar:
		return c.similarPage(ctx, r, limit)
	case urls.KindArchive:
		return c.archivePage(ctx, r)
	}
	return nil, fmt.Errorf("a list of kind %q: %w", r.Kind, paper.ErrNotFound)
}

// latestPage is the newest edition; where there is none, the newest papers.
func (c *Catalog) latestPage(ctx context.Context, cursor string, limit int) (*ListPage, error) {
	day, err := c.Latest(ctx)
	if errors.Is(err, paper.ErrNotFound) {
		return c.ListPage(ctx, urls.List{Kind: urls.KindNew}, cursor, limit)
	}
	if err != nil {
		return nil, err
	}
	return c.ListPage(ctx, urls.List{Kind: urls.KindEdition, Period: day.Period()}, cursor, limit)
}

// ListPage is a page of an edition as one of any list.
func (e *Edition) ListPage() *ListPage {
	return &ListPage{
		Ref: urls.List{Kind: urls.KindEdition, Period: e.Period}, Title: e.Period.Title(), Entries: e.Entries, More: e.More, Total: e.Total,
		State: e.State, Opens: e.Opens, Closes: e.Closes, NextOpens: e.NextOpens, Prev: e.Prev, Next: e.Next,
	}
}

func listPage(r urls.List, title string, l *List, err error) (*ListPage, error) {
	if err != nil {
		return nil, err
	}
	return &ListPage{Ref: r, Title: title, Entries: l.Entries, More: l.More, Total: -1}, nil
}

func profilePage(r urls.List, p *Profile, err error) (*ListPage, error) {
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
func (c *Catalog) searchPage(ctx context.Context, r urls.List, cursor string, limit int) (*ListPage, error) {
	f, err := c.Search(ctx, SearchRequest{Text: r.Query, Cursor: cursor, Limit: limit, Some: r.Some})
	if err != nil {
		return nil, err
	}
	if err := c.Name(ctx, f); err != nil {
		return nil, err
	}
	page := &ListPage{Ref: r, Title: "Search: " + r.Query, More: f.More, Total: f.Total, Hits: f.Hits, Kept: f.Kept, Index: &f.Index}
	for _, found := range f.Hits {
		page.Entries = append(page.Entries, found.Entry)
	}
	return page, nil
}

func (c *Catalog) similarPage(ctx context.Context, r urls.List, limit int) (*ListPage, error) {
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

func (c *Catalog) archivePage(ctx context.Context, r urls.List) (*ListPage, error) {
	cal, err := c.Archive(ctx, r.Year)
	if err != nil {
		return nil, err
	}
	r.Year = cal.Year
	title := fmt.Sprintf("Editions of %d", cal.Year)
	return &ListPage{Ref: r, Title: title, Days: cal.Days, Years: cal.Years, Total: len(cal.Days)}, nil
}
