package searchtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
)

func (e *plain) Similar(ctx context.Context, id paper.ID, limit int) ([]search.Hit, error) {
	served, done := e.serving()
	papers := len(served.docs)
	known := served.docs[id] != nil
	done()
	if !known {
		return nil, fmt.Errorf("searchtest: similar to %s: %w", id, paper.ErrNotFound)
	}
	r, err := e.Search(ctx, search.Request{Limit: limit + papers, Query: search.Query{Filters: search.Filters{Similar: id}}})
	if err != nil {
		return nil, err
	}
	served, done = e.serving()
	defer done()
	if served.docs[id] == nil {
		return nil, nil
	}
	like := served.likeness(served.docs[id])
	hits := slices.DeleteFunc(r.Hits, func(h search.Hit) bool {
		other := served.docs[h.ID]
		if other == nil {
			return true
		}
		_, same := like.Score(likePaper(other, 0))
		return same
	})
	return hits[:min(limit, len(hits))], nil
}

// likeness is the likeness to a paper.
func (e *plain) likeness(to *entry) *search.Likeness {
	l := &search.Likeness{}
	l.To(likePaper(to, 0), len(e.docs), func(code uint16) int {
		with := 0
		for _, d := range e.docs {
			if slices.Contains(d.sequence, code) {
				with++
			}
		}
		return with
	})
	return l
}

// likePaper is what of a paper makes it similar to others.
func likePaper(e *entry, cosine float64) search.LikePaper {
	p := search.LikePaper{Sequence: e.sequence, Cosine: cosine, Published: e.doc.Published, TitleKey: e.key, Organization: strings.Join(strings.Fields(e.doc.Organization), " ")}
	for _, name := range e.doc.Authors {
		if name = strings.TrimSpace(analysis.Plain(name)); name != "" {
			p.Authors = append(p.Authors, name)
		}
	}
	return p
}

// similar finds the papers like q.near; none for a paper that is unknown.
func (q *question) similar() []*match {
	if q.near == nil {
		return nil
	}
	similar := &question{engine: q.engine, request: q.request, near: q.near, weights: map[search.Term]uint32{}}
	rated := q.engine.rated(q.near)
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

// alike gives the best by words and the nearest by vector the scores of their likeness.
// The others follow.
func (q *question) alike(byWords, near []*match) []*match {
	like := q.engine.likeness(q.near)
	sortMatches(byWords, search.ByRelevance)
	scored := slices.DeleteFunc(slices.Clone(byWords), func(m *match) bool { return m.sum == 0 })
	for _, m := range union(scored[:min(len(scored), search.WordsDepth)], near) {
		m.score, _ = like.Score(likePaper(m.entry, m.cosine))
		m.first, m.unit, m.byMeaning = true, 0, 0
	}
	return union(near, byWords)
}

// rated is all terms of title and abstract with what they bring to the paper's own score.
func (e *plain) rated(d *entry) (rated []search.Rated) {
	for term := range d.terms() {
		t := search.Term{Text: term, Boost: search.SimilarBoost}
		rated = append(rated, search.Rated{Term: term, Score: e.weight(t) * d.impact(t)})
	}
	return rated
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
	if w, ok := e.weights.Load(t); ok {
		return w.(uint32)
	}
	with := 0
	for _, d := range e.docs {
		if d.impact(t) > 0 {
			with++
		}
	}
	w := search.TermWeight(len(e.docs), with, t.Boost)
	e.weights.Store(t, w)
	return w
}
