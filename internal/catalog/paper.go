package catalog

import (
	"context"

	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
)

// A PaperDetail is all that is known about one paper.
type PaperDetail struct {
	Paper       paper.Paper
	Submissions []paper.Submission // the first one first
	Rank        int                // in its first edition, from 1; 0 when it was in none
	Of          int                // papers in that edition
	Votes       []paper.Signal     // vote counts over time, oldest first
	Score       rank.Score         // among the trending, by the usual weights; zero when it was in no edition
}

// Paper returns all that is known about one paper.
func (c *Catalog) Paper(ctx context.Context, id paper.ID) (*PaperDetail, error) {
	p, err := c.db.Paper(ctx, id)
	if err != nil {
		return nil, err
	}
	s := &PaperDetail{Paper: p}
	if s.Submissions, err = c.db.Submissions(ctx, id); err != nil {
		return nil, err
	}
	if s.Votes, err = c.db.Signals(ctx, id, paper.SignalVotes); err != nil {
		return nil, err
	}
	if len(s.Submissions) == 0 {
		return s, nil
	}
	s.Score = rank.Trending(c.signals(p.Votes, p.Comments, p.Stars, s.Submissions[0].Day), rank.Default, c.now())
	first := s.Submissions[0].Day.Period()
	s.Rank, s.Of, err = c.db.Rank(ctx, first, id)
	return s, err
}

// Papers returns the papers with these identifiers in their order; those that are not
// known are left out.
func (c *Catalog) Papers(ctx context.Context, ids []paper.ID) ([]Entry, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := c.db.ByID(ctx, ids)
	return entriesOf(rows), err
}

// Known reports whether there is such a paper.
func (c *Catalog) Known(ctx context.Context, id paper.ID) (bool, error) { return c.db.Known(ctx, id) }

// Signals returns what was counted for a paper over time, oldest first.
func (c *Catalog) Signals(ctx context.Context, id paper.ID, kind paper.SignalKind) ([]paper.Signal, error) {
	return c.db.Signals(ctx, id, kind)
}
