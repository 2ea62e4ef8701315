// Package searchtest holds the contract of [search.Engine] as tests, and a plain
// engine that keeps it.
//
// Start with [TestEngine], which every engine has to pass, and [TestExact], which those
// have to pass, too, that score as package search states. [NewPlain] scores every
// paper for every question, exactly as package search states the formula, so that
// faster engines can be compared with it; it also serves the tests of other packages.
//
// Callers of NewPlain keep in mind that it holds everything in memory and keeps
// nothing on disk.
package searchtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// plain is the plain engine.
type plain struct {
	mu         sync.RWMutex
	docs       map[paper.ID]*entry
	position   search.Position
	generation uint64
	fusion     search.FusionWeights
	weights    *sync.Map // of terms, while nothing changes

	// After Reset, until position has come to rebuilt.
	reason  string
	rebuilt int64
	old     *plain // answers meanwhile; nil: nothing does
}

// NewPlain makes an engine that scores everything.
func NewPlain() search.Engine { return newPlain(search.DefaultFusion) }

func newPlain(w search.FusionWeights) *plain {
	return &plain{docs: map[paper.ID]*entry{}, fusion: w, weights: new(sync.Map)}
}

func (e *plain) Apply(ctx context.Context, changes []search.Change, at search.Position) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("searchtest: applying: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.position.Site != "" && e.position.Site != at.Site {
		return fmt.Errorf("searchtest: applying: %w", search.ErrOtherSite)
	}
	e.generation++
	e.weights = new(sync.Map)
	for _, c := range changes {
		if err := e.apply(c); err != nil {
			return err
		}
	}
	e.position = at
	if at.Seq >= e.rebuilt {
		e.reason, e.rebuilt, e.old = "", 0, nil
	}
	return nil
}

func (e *plain) apply(c search.Change) error {
	if c.Kind == search.Delete {
		delete(e.docs, c.ID)
		return nil
	}
	if c.Document == nil {
		return fmt.Errorf("searchtest: paper %s: a change without a document", c.ID)
	}
	known := e.docs[c.ID]
	switch {
	case c.Kind == search.Text:
		e.docs[c.ID] = newEntry(c.ID, *c.Document)
	case known == nil:
	case c.Kind == search.Counts:
		changed, d := *known, c.Document
		changed.doc.Votes, changed.doc.Comments, changed.doc.Daily = d.Votes, d.Comments, d.Daily
		changed.doc.Has, changed.doc.Trending = d.Has, d.Trending
		e.docs[c.ID] = &changed
	case c.Kind == search.Vector:
		changed := *known
		changed.doc.Vector = c.Document.Vector
		e.docs[c.ID] = &changed
	}
	return nil
}

func (e *plain) Reset(ctx context.Context, until search.Position, reason string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("searchtest: reset: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.generation++
	serving := &plain{docs: e.docs, position: e.position, fusion: e.fusion, weights: e.weights}
	if e.old != nil {
		serving = e.old
	}
	e.old = nil
	if serving.position.Site == until.Site {
		e.old = serving
	}
	e.weights = new(sync.Map)
	e.docs, e.position = map[paper.ID]*entry{}, search.Position{Site: until.Site}
	e.reason, e.rebuilt = reason, until.Seq
	return nil
}

// serving is the engine that answers, locked for reading until done is called.
func (e *plain) serving() (answers *plain, done func()) {
	e.mu.RLock()
	if e.old != nil {
		return e.old, e.mu.RUnlock
	}
	return e, e.mu.RUnlock
}

func (e *plain) Position(ctx context.Context) (search.Position, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.position, ctx.Err()
}

func (e *plain) Status(ctx context.Context) (search.Status, error) {
	served, done := e.serving()
	defer done()
	st := search.Status{Papers: len(served.docs), Position: e.position, Served: served.position, Generation: e.generation, Segments: 1, State: search.Ready}
	if e.reason != "" {
		st.State, st.Reason = search.Rebuilding, e.reason
	}
	return st, ctx.Err()
}

func (e *plain) Close() error { return nil }

// A match is a paper that a question found.
type match struct {
	*entry
	met       int     // of the telling words
	sum       uint32  // by words, as scoring.go has it
	cosine    float64 // to the question's vector
	score     float64
	first     bool    // stands before those that are not
	unit      float64 // the sum by words that makes a score of 1; 0: the score is the cosine
	byMeaning float64 // what the cosine adds to the score
}

func (e *plain) Search(ctx context.Context, r search.Request) (search.Result, error) {
	began := time.Now()
	if err := ctx.Err(); err != nil {
		return search.Result{}, fmt.Errorf("searchtest: searching: %w", err)
	}
	served, done := e.serving()
	defer done()
	q := newQuestion(served, r)
	matches, some := q.matches()
	sortMatches(matches, r.Query.Sort)
	result := search.Result{Total: len(matches), Some: some, Relaxed: q.relaxed, Hits: q.hits(page(matches, r))}
	if r.Facets {
		result.Facets = facets(matches)
	}
	result.Took = time.Since(began)
	return result, nil
}

func page(matches []*match, r search.Request) []*match {
	limit := r.Limit
	if limit <= 0 {
		limit = 10
	}
	from := min(max(0, r.Offset), len(matches))
	return matches[from:][:min(limit, len(matches)-from)]
}

// sortMatches orders what was found; ties go to the newer paper, then to the
// greater ID.
func sortMatches(matches []*match, sort search.Sort) {
	slices.SortFunc(matches, func(a, b *match) int {
		var c int
		switch sort {
		case search.ByRelevance:
			if c = compareBool(b.first, a.first); c == 0 {
				c = cmp.Compare(b.score, a.score)
			}
		case search.ByVotes:
			c = cmp.Compare(b.doc.Votes, a.doc.Votes)
		case search.ByTrending:
			c = cmp.Compare(b.doc.Trending, a.doc.Trending)
		}
		return cmp.Or(c, cmp.Compare(b.doc.Published, a.doc.Published), cmp.Compare(b.id, a.id))
	})
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func facets(matches []*match) *search.Facets {
	years, categories, organizations := map[string]int{}, map[string]int{}, map[string]int{}
	out := &search.Facets{}
	for _, m := range matches {
		years[fmt.Sprint(time.UnixMicro(m.doc.Published).UTC().Year())]++
		for _, c := range slices.Compact(slices.Sorted(slices.Values(m.doc.Categories))) {
			categories[c]++
		}
		if m.doc.Organization != "" {
			organizations[m.doc.Organization]++
		}
		if m.doc.Has&search.HasCode != 0 {
			out.Code++
		}
	}
	out.Years, out.Categories, out.Organizations = counts(years), counts(categories), counts(organizations)
	slices.SortFunc(out.Years, func(a, b search.Count) int { return cmp.Compare(b.Value, a.Value) })
	return out
}

// counts are the most frequent first, then by value.
func counts(m map[string]int) []search.Count {
	var out []search.Count
	for value, n := range m {
		out = append(out, search.Count{Value: value, Papers: n})
	}
	slices.SortFunc(out, func(a, b search.Count) int {
		return cmp.Or(cmp.Compare(b.Papers, a.Papers), cmp.Compare(a.Value, b.Value))
	})
	return out
}
