package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"broadsheet/internal/search"
)

// A Narrowing is a part of a query that leaves few papers, and what there is without it.
type Narrowing struct {
	Part   string // as the query language writes it
	Query  string // the query without the part
	Papers int    // how many that finds
}

const (
	// Few is how many papers a search finds at least that needs no help.
	Few = 5

	mostNarrowings = 6 // parts of a query that are left out by turns, which costs a search each
)

// narrowings leaves out each part of a query that finds few papers, by turns, and tells
// those without which there are more.
func (c *Catalog) narrowings(ctx context.Context, q SearchRequest, f *SearchResult) ([]Narrowing, error) {
	all := parts(f.Query)
	if f.Total >= Few || f.Relaxed || len(all) == 0 {
		return nil, nil
	}
	all = all[:min(len(all), mostNarrowings)]
	failed := make([]error, len(all))
	err := inParallel(len(all), func(i int) { all[i].Papers, failed[i] = c.count(ctx, q, all[i].Query) })
	for _, one := range failed {
		if err == nil {
			err = one
		}
	}
	return slices.DeleteFunc(all, func(n Narrowing) bool { return n.Papers <= f.Total }), err
}

// count is how many papers a text finds, asked in the way of q; 0 where none has all of
// its words.
func (c *Catalog) count(ctx context.Context, q SearchRequest, text string) (int, error) {
	query, _ := search.Parse(text, c.now())
	r := search.Request{Query: query, Limit: 1, Some: q.Some}
	var err error
	if r.Vector, err = c.embed(ctx, q, query); err != nil && ctx.Err() != nil { // else by words alone, as the query itself
		return 0, err
	}
	res, err := c.engine.Search(ctx, r)
	if res.Relaxed {
		return 0, err
	}
	return res.Total, err
}

// parts are what a query is made of, each with the query that is left without it: its
// conditions and filters, and the words together, or one by one where there is nothing else.
func parts(q search.Query) []Narrowing {
	var out []Narrowing
	add := func(part, left search.Query) {
		if text := left.String(); text != "" {
			out = append(out, Narrowing{Part: part.String(), Query: text})
		}
	}
	for i, clause := range q.Must {
		left := q
		left.Must = slices.Delete(slices.Clone(q.Must), i, i+1)
		add(search.Query{Must: []search.Clause{clause}}, left)
	}
	for _, one := range filterParts(q.Filters) {
		left := q
		left.Filters = one.left
		add(search.Query{Filters: one.part}, left)
	}
	for i, clause := range q.Not {
		left := q
		left.Not = slices.Delete(slices.Clone(q.Not), i, i+1)
		add(search.Query{Not: []search.Clause{clause}}, left)
	}
	if len(out) > 0 && len(q.Should) > 0 {
		left := q
		left.Should = nil
		add(search.Query{Should: q.Should}, left)
		return out
	}
	for i, clause := range q.Should {
		left := q
		left.Should = slices.Delete(slices.Clone(q.Should), i, i+1)
		add(search.Query{Should: []search.Clause{clause}}, left)
	}
	return out
}

// A filterPart is one filter of several, and the others.
type filterPart struct{ part, left search.Filters }

// filterParts takes filters apart. What papers are similar to stays with the others: it is
// the question itself.
func filterParts(f search.Filters) []filterPart {
	var out []filterPart
	take := func(move func(part, left *search.Filters)) {
		one := filterPart{left: f}
		move(&one.part, &one.left)
		if (search.Query{Filters: one.part}).String() != "" {
			out = append(out, one)
		}
	}
	for i := range f.Categories {
		take(func(part, left *search.Filters) {
			part.Categories, left.Categories = f.Categories[i:i+1], slices.Delete(slices.Clone(f.Categories), i, i+1)
		})
	}
	take(func(part, left *search.Filters) { part.NotCategories, left.NotCategories = f.NotCategories, nil })
	take(func(part, left *search.Filters) { part.Organizations, left.Organizations = f.Organizations, nil })
	take(func(part, left *search.Filters) {
		part.From, part.Before, left.From, left.Before = f.From, f.Before, 0, 0
	})
	take(func(part, left *search.Filters) {
		part.MinVotes, part.MaxVotes, left.MinVotes, left.MaxVotes = f.MinVotes, f.MaxVotes, 0, 0
	})
	for bit := search.HasCode; bit <= search.HasSummary; bit <<= 1 {
		take(func(part, left *search.Filters) { part.Has, left.Has = f.Has&bit, f.Has&^bit })
		take(func(part, left *search.Filters) { part.HasNot, left.HasNot = f.HasNot&bit, f.HasNot&^bit })
	}
	take(func(part, left *search.Filters) { part.Daily, left.Daily = f.Daily, nil })
	take(func(part, left *search.Filters) { part.IDs, left.IDs = f.IDs, nil })
	return out
}

// String is a narrowing for people.
func (n Narrowing) String() string {
	return fmt.Sprintf("%d without %s", n.Papers, strings.TrimPrefix(n.Part, "+"))
}
