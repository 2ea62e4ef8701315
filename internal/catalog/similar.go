package catalog

import (
	"context"
	"errors"
	"sync"
	"time"

	"broadsheet/internal/paper"
)

// Similar returns the papers nearest to one, the nearest first, with ID and title only;
// none while the engine does not know it yet. It may be some minutes behind the engine.
func (c *Catalog) Similar(ctx context.Context, id paper.ID, limit int) ([]Entry, error) {
	if c.engine == nil {
		return nil, nil
	}
	ids, ok := c.similar.get(id, limit)
	if !ok {
		hits, err := c.engine.Similar(ctx, id, limit)
		if err != nil && !errors.Is(err, paper.ErrNotFound) {
			return nil, err
		}
		for _, h := range hits {
			ids = append(ids, h.ID)
		}
		if err == nil {
			c.similar.put(id, limit, ids)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	titles, err := c.db.Titles(ctx, ids)
	if err != nil {
		return nil, err
	}
	var all []Entry
	for _, id := range ids {
		if title, ok := titles[id]; ok {
			all = append(all, Entry{Paper: paper.Paper{ID: id, Title: title}})
		}
	}
	return all, nil
}

// A similarCache remembers which papers are near to which: to find them costs more
// than all else that a paper's page shows, and it changes slowly.
type similarCache struct {
	now func() time.Time

	mu     sync.Mutex
	since  time.Time // when the first of papers was put in
	papers map[similarKey][]paper.ID
}

type similarKey struct {
	id    paper.ID
	limit int
}

const (
	similarKept = 20_000           // papers; then it starts anew
	similarAge  = 10 * time.Minute // so does it then
)

func (n *similarCache) get(id paper.ID, limit int) ([]paper.ID, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.now().Sub(n.since) >= similarAge {
		return nil, false
	}
	ids, ok := n.papers[similarKey{id, limit}]
	return ids, ok
}

func (n *similarCache) put(id paper.ID, limit int, ids []paper.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.papers) >= similarKept || n.now().Sub(n.since) >= similarAge {
		n.papers, n.since = nil, n.now()
	}
	if n.papers == nil {
		n.papers = map[similarKey][]paper.ID{}
	}
	n.papers[similarKey{id, limit}] = ids
}
