package catalog

import (
	"context"
	"errors"
	"sync"
	"time"

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
	if ids, ok := c.similar.get(id, limit, state.Ready); ok {
		return ids, state, nil
	}
	hits, err := c.engine.Similar(ctx, id, limit)
	if errors.Is(err, paper.ErrNotFound) {
		return nil, state, nil
	}
	if err != nil {
		return nil, state, err
	}
	ids := make([]paper.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	c.similar.put(id, limit, state.Ready, ids)
	return ids, state, nil
}

// A similarCache remembers which papers are near to which: to find them costs more
// than all else that a paper's page shows, and it changes slowly. What was found while
// the index was not ready is forgotten when it is.
type similarCache struct {
	now func() time.Time

	mu     sync.Mutex
	since  time.Time // when the first of papers was put in
	papers map[similarKey][]paper.ID
	early  []similarKey // of papers, found while the index was not ready
}

type similarKey struct {
	id    paper.ID
	limit int
}

const (
	similarKept = 20_000           // papers; then it starts anew
	similarAge  = 10 * time.Minute // so does it then
)

func (n *similarCache) get(id paper.ID, limit int, ready bool) ([]paper.ID, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.now().Sub(n.since) >= similarAge {
		return nil, false
	}
	if ready {
		for _, key := range n.early {
			delete(n.papers, key)
		}
		n.early = nil
	}
	ids, ok := n.papers[similarKey{id, limit}]
	return ids, ok
}

func (n *similarCache) put(id paper.ID, limit int, ready bool, ids []paper.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.papers) >= similarKept || n.now().Sub(n.since) >= similarAge {
		n.papers, n.early, n.since = nil, nil, n.now()
	}
	if n.papers == nil {
		n.papers = map[similarKey][]paper.ID{}
	}
	key := similarKey{id, limit}
	n.papers[key] = ids
	if !ready {
		n.early = append(n.early, key)
	}
}
