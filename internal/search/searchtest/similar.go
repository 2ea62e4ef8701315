package searchtest

import (
	"context"
	"fmt"
	"maps"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

func (e *plain) Similar(ctx context.Context, id paper.ID, limit int) ([]search.Hit, error) {
	served, done := e.serving()
	known := served.docs[id] != nil
	done()
	if !known {
		return nil, fmt.Errorf("searchtest: similar to %s: %w", id, paper.ErrNotFound)
	}
	r, err := e.Search(ctx, search.Request{Limit: limit, Query: search.Query{Filters: search.Filters{Similar: id}}})
	return r.Hits, err
}

// similar finds the papers like q.near; none for a paper that is unknown.
func (q *question) similar() []*match {
	if q.near == nil {
		return nil
	}
	similar := &question{engine: q.engine, request: q.request, near: q.near, weights: map[search.Term]uint32{}}
	var rated []search.Rated
	for term := range q.near.terms() {
		t := search.Term{Text: term, Boost: search.SimilarBoost}
		rated = append(rated, search.Rated{Term: term, Score: q.engine.weight(t) * q.near.impact(t)})
	}
	if q.request.Mode != search.Semantic {
		similar.plan = search.SimilarPlan(rated)
	}
	similar.plan.Must, similar.plan.Not = q.plan.Must, q.plan.Not
	similar.request.Vector = q.near.doc.Vector
	similar.request.Query.Filters.Similar = ""
	for _, t := range similar.plan.Words {
		similar.weights[t] = q.engine.weight(t)
	}
	found, _ := similar.matches()
	return found
}

// terms are all terms of title and abstract.
func (e *entry) terms() map[string]bool {
	out := map[string]bool{}
	for term := range maps.Keys(e.title.places) {
		out[term] = true
	}
	for term := range maps.Keys(e.abstract.places) {
		out[term] = true
	}
	return out
}

// weight is the weight of a term now; that of a part of a name is no higher than that of
// the same word in a text.
func (e *plain) weight(t search.Term) uint32 {
	weight := e.ownWeight(t)
	if t.Within != "" {
		if within := e.ownWeight(search.Term{Text: t.Within, Boost: t.Boost}); within > 0 {
			weight = min(weight, within)
		}
	}
	return weight
}

func (e *plain) ownWeight(t search.Term) uint32 {
	with := 0
	for _, d := range e.docs {
		if d.impact(t) > 0 {
			with++
		}
	}
	return search.TermWeight(len(e.docs), with, t.Boost)
}
