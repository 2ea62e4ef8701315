package catalog

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/store"
)

// TrendingEditions is how many of the newest editions trending looks at. It bounds
// the work, whatever the size of the site.
const TrendingEditions = 60

// A candidateSet is the papers that may trend, as of one version of the store.
type candidateSet struct {
	version int64
	papers  []store.Candidate
}

// Trending returns one page of the papers of the newest editions by their score;
// where there are no editions, the newest papers.
func (c *Catalog) Trending(ctx context.Context, w rank.Weights, cursor string, limit int) (*List, error) {
	papers, err := c.trendingCandidates(ctx)
	if err != nil {
		return nil, err
	}
	if len(papers) == 0 {
		return c.New(ctx, cursor, limit)
	}
	start, err := parseOffset(cursor)
	if err != nil {
		return nil, err
	}
	entries, more, err := c.ranked(ctx, papers, w, start, limit)
	l := &List{Entries: entries}
	if more {
		l.More = strconv.Itoa(start + limit)
	}
	return l, err
}

// ranked is limit candidates by their score behind the first start, and whether more
// follow.
func (c *Catalog) ranked(ctx context.Context, papers []store.Candidate, w rank.Weights, start, limit int) (entries []Entry, more bool, err error) {
	all := c.score(papers, w)
	start = min(start, len(all))
	end := min(start+limit, len(all))
	ids := make([]paper.ID, 0, end-start)
	scores := map[paper.ID]rank.Score{}
	for _, s := range all[start:end] {
		ids = append(ids, s.id)
		scores[s.id] = s.score
	}
	entries, err = c.Papers(ctx, ids)
	for i := range entries {
		entries[i].Rank, entries[i].Score = start+i+1, scores[entries[i].Paper.ID]
	}
	return entries, end < len(all), err
}

// trendingCandidates returns the papers that may trend.
func (c *Catalog) trendingCandidates(ctx context.Context) ([]store.Candidate, error) {
	version, err := c.Version(ctx)
	if err != nil {
		return nil, err
	}
	same := func(have candidateSet, _ time.Duration) bool { return have.version == version }
	set, err := c.candidates.get(ctx, strconv.FormatInt(version, 10), same, func(ctx context.Context) (candidateSet, error) {
		papers, err := c.db.Candidates(ctx, TrendingEditions)
		return candidateSet{version, papers}, err
	})
	return set.papers, err
}

type scored struct {
	id    paper.ID
	score rank.Score
}

// score orders candidates, the highest score first.
func (c *Catalog) score(papers []store.Candidate, w rank.Weights) []scored {
	now := c.now()
	all := make([]scored, len(papers))
	for i, p := range papers {
		all[i] = scored{p.ID, rank.Trending(c.signals(p.Votes, p.Comments, p.Stars, p.Day), w, now)}
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score.Total, a.score.Total), cmp.Compare(b.id, a.id))
	})
	return all
}

// signals counts a paper's age from when the edition of its first day opened.
func (c *Catalog) signals(votes, comments, stars int, day paper.Day) rank.Signals {
	return rank.Signals{Votes: votes, Comments: comments, Stars: stars, Since: c.clock.OpensAt(day)}
}
