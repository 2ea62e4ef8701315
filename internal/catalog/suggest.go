package catalog

import (
	"context"
	"math/rand/v2"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// Suggestions complete what somebody is typing, the likeliest first.
type Suggestions struct {
	Suggestions []search.Suggestion
	Index       IndexState // while it is not ready, suggestions may be missing
}

// Suggest completes what somebody is typing.
func (c *Catalog) Suggest(ctx context.Context, prefix string, limit int) (*Suggestions, error) {
	state, err := c.Index(ctx)
	if err != nil {
		return nil, err
	}
	all, err := c.engine.Suggest(ctx, prefix, limit)
	if err != nil {
		return nil, err
	}
	return &Suggestions{all, state}, nil
}

// RandomQuery is something to search for: a keyword, else the title, of a paper of
// the newest editions; "" when there are no papers.
func (c *Catalog) RandomQuery(ctx context.Context) (string, error) {
	papers, err := c.trendingCandidates(ctx)
	if err != nil {
		return "", err
	}
	var id paper.ID
	if len(papers) > 0 {
		id = papers[rand.IntN(len(papers))].ID
	} else {
		newest, err := c.db.Newest(ctx, store.Keyset{}, 50)
		if err != nil || len(newest) == 0 {
			return "", err
		}
		id = newest[rand.IntN(len(newest))].Paper.ID
	}
	rows, err := c.db.ByID(ctx, []paper.ID{id})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	if k := rows[0].Paper.Keywords; len(k) > 0 {
		return k[rand.IntN(len(k))], nil
	}
	return rows[0].Paper.Title, nil
}
