package catalog

import (
	"context"
	"fmt"

	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/store"
)

// A Daily asks for papers that stand in editions, by pages of one size. Clients of the
// Daily Papers API ask so.
type Daily struct {
	Period    paper.Period // of a day, a week or a month; "" means all
	Submitter string       // the account that put a paper into its edition; "" means anybody
	Trending  bool         // by what is trending (in a period: by votes), not by publication
	Page      int          // from 0
	Limit     int          // of a page
}

// mostBySubmitter bounds how many papers of one submitter are scored.
const mostBySubmitter = 1000

// Daily returns one page, newest publication first, and whether another follows.
func (c *Catalog) Daily(ctx context.Context, d Daily) (entries []Entry, more bool, err error) {
	offset, limit := d.Page*d.Limit, d.Limit+1
	var rows []store.Row
	switch {
	case d.Period != "":
		order := store.ByPublication
		if d.Trending {
			order = store.ByVotes
		}
		rows, err = c.db.SubmittedIn(ctx, d.Period, d.Submitter, order, offset, limit)
	case d.Trending:
		return c.dailyTrending(ctx, d)
	default:
		rows, err = c.db.Submitted(ctx, d.Submitter, offset, limit)
	}
	if err != nil {
		return nil, false, fmt.Errorf("catalog: daily papers: %w", err)
	}
	if len(rows) > d.Limit {
		rows, more = rows[:d.Limit], true
	}
	return entriesOf(rows), more, nil
}

// dailyTrending is a page of what is trending, of all papers or of one submitter's.
func (c *Catalog) dailyTrending(ctx context.Context, d Daily) ([]Entry, bool, error) {
	papers, err := c.candidatesOf(ctx, d.Submitter)
	if err != nil {
		return nil, false, fmt.Errorf("catalog: daily papers: %w", err)
	}
	return c.ranked(ctx, papers, rank.Default, d.Page*d.Limit, d.Limit)
}

// candidatesOf returns one submitter's papers, or, for "", all that may trend.
func (c *Catalog) candidatesOf(ctx context.Context, submitter string) ([]store.Candidate, error) {
	if submitter == "" {
		return c.trendingCandidates(ctx)
	}
	return c.db.CandidatesBy(ctx, submitter, mostBySubmitter)
}
