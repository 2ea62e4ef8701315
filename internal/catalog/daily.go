package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	return unranked(rows), more, nil
}

// dailyTrending is a page of what is trending, of all papers or of one submitter's.
func (c *Catalog) dailyTrending(ctx context.Context, d Daily) ([]Entry, bool, error) {
	papers, err := c.candidatesOf(ctx, d.Submitter)
	if err != nil {
		return nil, false, fmt.Errorf("catalog: daily papers: %w", err)
	}
	ranked := c.score(papers, rank.Default)
	start := min(d.Page*d.Limit, len(ranked))
	end := min(start+d.Limit, len(ranked))
	entries, err := c.entries(ctx, ranked[start:end], start)
	return entries, end < len(ranked), err
}

// candidatesOf returns one submitter's papers, or, for "", all that may trend.
func (c *Catalog) candidatesOf(ctx context.Context, submitter string) ([]store.Candidate, error) {
	if submitter == "" {
		return c.trendingCandidates(ctx)
	}
	return c.db.CandidatesBy(ctx, submitter, mostBySubmitter)
}

// unranked are the rows of a list without ranks.
func unranked(rows []store.Row) []Entry {
	entries := make([]Entry, len(rows))
	for i, r := range rows {
		entries[i] = Entry{Paper: r.Paper, Submission: r.Submission}
	}
	return entries
}

// Papers returns the papers with these identifiers in their order; those that are not
// known are left out.
func (c *Catalog) Papers(ctx context.Context, ids []paper.ID) ([]Entry, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := c.db.ByID(ctx, ids)
	return unranked(rows), err
}

// Known reports whether there is such a paper.
func (c *Catalog) Known(ctx context.Context, id paper.ID) (bool, error) { return c.db.Known(ctx, id) }

// Signals returns what was counted for a paper over time, oldest first.
func (c *Catalog) Signals(ctx context.Context, id paper.ID, kind paper.SignalKind) ([]paper.Signal, error) {
	return c.db.Signals(ctx, id, kind)
}

// An EditionState is how full an edition is and where it stands in time.
type EditionState struct {
	Period        paper.Period
	Papers        int
	State         State
	Opens, Closes time.Time
}

// Editions returns the periods of a kind that have papers, newest first, and the cursor
// of the next page.
func (c *Catalog) Editions(ctx context.Context, kind paper.PeriodKind, cursor string, limit int) ([]EditionState, string, error) {
	before, err := paper.ParsePeriod(cursor)
	if cursor != "" && (err != nil || before.Kind() != kind) {
		return nil, "", errCursor
	}
	if cursor == "" {
		before = ""
	}
	rows, err := c.db.Editions(ctx, kind, before, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("catalog: editions: %w", err)
	}
	more := ""
	if len(rows) > limit {
		rows = rows[:limit]
		more = string(rows[limit-1].Period)
	}
	states := make([]EditionState, len(rows))
	for i, r := range rows {
		e := Edition{Period: r.Period}
		c.setClock(&e)
		states[i] = EditionState{r.Period, r.Papers, e.State, e.Opens, e.Closes}
	}
	return states, more, nil
}

// A FeedClock is what the site's feed clock says.
type FeedClock struct {
	Zone      string    // a name of the IANA database
	Today     paper.Day // the edition that takes papers now, whether it has any or not
	Opened    time.Time // when it opened
	NextOpens time.Time // when the next one opens
	Latest    paper.Day // the newest edition that has papers; "" when none has
}

// FeedClock reads the site's feed clock.
func (c *Catalog) FeedClock(ctx context.Context) (FeedClock, error) {
	today := c.clock.Day(c.now())
	f := FeedClock{Today: today, Opened: c.clock.OpensAt(today), NextOpens: c.clock.ClosesAt(today), Zone: "UTC"}
	if c.clock.Location != nil {
		f.Zone = c.clock.Location.String()
	}
	latest, err := c.Latest(ctx)
	if errors.Is(err, paper.ErrNotFound) {
		return f, nil
	}
	f.Latest = latest
	return f, err
}

// Organizations returns organizations by name, and the cursor of the next page.
func (c *Catalog) Organizations(ctx context.Context, cursor string, limit int) ([]paper.Organization, string, error) {
	all, err := c.db.Organizations(ctx, cursor, limit+1)
	if err != nil || len(all) <= limit {
		return all, "", err
	}
	return all[:limit], all[limit-1].Name, nil
}

// Authors returns authors by slug, and the cursor of the next page.
func (c *Catalog) Authors(ctx context.Context, cursor string, limit int) ([]Author, string, error) {
	rows, err := c.db.Authors(ctx, cursor, limit+1)
	if err != nil {
		return nil, "", err
	}
	more := ""
	if len(rows) > limit {
		rows = rows[:limit]
		more = rows[limit-1].Slug
	}
	all := make([]Author, len(rows))
	for i, r := range rows {
		all[i] = Author{Name: r.Name, Slug: r.Slug}
	}
	return all, more, nil
}
