package catalog

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"broadsheet/internal/paper"
)

// A SimilarList is the papers nearest to one, the nearest first.
type SimilarList struct {
	Entries []Entry
	Index   IndexState // while it is not ready, the list may lack papers, or be empty
}

// Similar returns the papers nearest to one, with ID and title only; none without a search
// engine, and none of a paper that the engine does not know yet. It may be ten minutes behind
// an engine that is ready.
func (c *Catalog) Similar(ctx context.Context, id paper.ID, limit int) (*SimilarList, error) {
	ids, state, err := c.nearest(ctx, id, limit)
	l := &SimilarList{Index: state}
	if err != nil || len(ids) == 0 {
		return l, err
	}
	titles, err := c.db.Titles(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if title, ok := titles[id]; ok {
			l.Entries = append(l.Entries, Entry{Paper: paper.Paper{ID: id, Title: title}})
		}
	}
	return l, nil
}

// SimilarPapers is Similar with all that lists show of the papers.
func (c *Catalog) SimilarPapers(ctx context.Context, id paper.ID, limit int) (*SimilarList, error) {
	ids, state, err := c.nearest(ctx, id, limit)
	if err != nil {
		return nil, err
	}
	entries, err := c.Papers(ctx, ids)
	return &SimilarList{entries, state}, err
}

// nearest asks the engine, or remembers what it said, for papers near to one.
func (c *Catalog) nearest(ctx context.Context, id paper.ID, limit int) ([]paper.ID, IndexState, error) {
	if c.engine == nil {
		return nil, IndexState{}, nil
	}
	state, err := c.Index(ctx)
	if err != nil {
		return nil, state, err
	}
	ids, err := c.similar.get(ctx, similarQuestion{id, limit, state}, func(ctx context.Context) ([]paper.ID, error) {
		hits, err := c.engine.Similar(ctx, id, limit)
		ids := make([]paper.ID, len(hits))
		for i, h := range hits {
			ids[i] = h.ID
		}
		return ids, err
	})
	if errors.Is(err, paper.ErrNotFound) {
		return nil, state, nil
	}
	return ids, state, err
}

// A similarCache remembers which papers are similar to which: to find them costs more than
// all else that a paper's page shows, and it changes slowly. What was found is right as long
// as nothing has changed in the index, and good enough for some minutes more; what was found
// while the index was not ready is asked for again when it is. Those who ask for the same
// meanwhile share one search. The papers that were not asked for lately fall out first.
type similarCache struct {
	now    func() time.Time
	flight singleflight.Group

	mu         sync.Mutex
	young, old map[paper.ID]similarPapers // old is what young was before
}

// A similarQuestion asks for papers similar to one in a state of the index.
type similarQuestion struct {
	id    paper.ID
	limit int
	index IndexState
}

// similarPapers are the papers similar to one, as many as were asked for or there are.
type similarPapers struct {
	ids   []paper.ID
	limit int
	found time.Time
	ready bool
	stamp stamp
}

const (
	similarKept = 20_000 // papers
	similarAge  = 10 * time.Minute
)

// get returns what is remembered, or what find finds.
func (s *similarCache) get(ctx context.Context, q similarQuestion, find func(context.Context) ([]paper.ID, error)) ([]paper.ID, error) {
	if ids, ok := s.look(q); ok {
		return ids, nil
	}
	// The search must not end with the first who asks: others wait for it, too.
	background := context.WithoutCancel(ctx)
	key := fmt.Sprint(q.limit, q.index.Ready, q.index.stamp, q.id)
	done := s.flight.DoChan(key, func() (found any, err error) {
		defer func() {
			if p := recover(); p != nil { // here it would end the process
				err = fmt.Errorf("catalog: panic: %v\n%s", p, debug.Stack())
			}
		}()
		ids, err := find(background)
		if err == nil {
			s.keep(q, ids)
		}
		return ids, err
	})
	select {
	case r := <-done:
		ids, _ := r.Val.([]paper.ID)
		return ids, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// look returns what is remembered; false where that is nothing of use.
func (s *similarCache) look(q similarQuestion) ([]paper.ID, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.young[q.id]
	if !ok {
		if p, ok = s.old[q.id]; !ok {
			return nil, false
		}
		s.add(q.id, p)
	}
	unchanged := p.stamp == q.index.stamp && p.stamp != stamp{}
	if !unchanged && s.now().Sub(p.found) >= similarAge || q.index.Ready && !p.ready || p.limit < q.limit && len(p.ids) == p.limit {
		return nil, false
	}
	return p.ids[:min(q.limit, len(p.ids))], true
}

func (s *similarCache) keep(q similarQuestion, ids []paper.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(q.id, similarPapers{ids, q.limit, s.now(), q.index.Ready, q.index.stamp})
}

func (s *similarCache) add(id paper.ID, p similarPapers) {
	if s.young == nil || len(s.young) >= similarKept/2 {
		s.young, s.old = map[paper.ID]similarPapers{}, s.young
	}
	s.young[id] = p
}
