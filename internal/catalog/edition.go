package catalog

import (
	"context"
	"fmt"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// State says whether an edition still takes papers.
type State string

// The states of an edition.
const (
	Upcoming State = "upcoming"
	Open     State = "open"
	Closed   State = "closed"
)

// StateAt says whether an edition that opens and closes at these times takes papers now.
func StateAt(now, opens, closes time.Time) State {
	switch {
	case now.Before(opens):
		return Upcoming
	case now.Before(closes):
		return Open
	}
	return Closed
}

// An Edition is the papers of one period: a feed day, a week or a month, by
// votes, then in the source's own order.
type Edition struct {
	Period    paper.Period
	Entries   []Entry
	Total     int          // papers in the whole period
	More      string       // cursor of the next page of this period; "" on the last
	Prev      paper.Period // nearest earlier period of the same kind that has papers; "" when there is none
	Next      paper.Period // nearest later one
	State     State
	Opens     time.Time // when the period's first edition opened
	Closes    time.Time // when its last one closes
	NextOpens time.Time // when the next edition after now opens
}

// Edition returns one page of a period's papers.
func (c *Catalog) Edition(ctx context.Context, p paper.Period, cursor string, limit int) (*Edition, error) {
	around, err := c.db.Around(ctx, p)
	if err != nil {
		return nil, err
	}
	if around.Papers == 0 {
		return nil, fmt.Errorf("edition %s: %w", p, paper.ErrNotFound)
	}
	after, rank, err := parseRankKey(cursor)
	if err != nil {
		return nil, err
	}
	rows, err := c.db.Edition(ctx, p, after, limit+1)
	if err != nil {
		return nil, err
	}
	return c.edition(p, around, rows, rank, limit), nil
}

// edition makes a page of limit rows, of which there may be one more, behind the first rank
// papers.
func (c *Catalog) edition(p paper.Period, around store.Surroundings, rows []store.Row, rank, limit int) *Edition {
	e := &Edition{Period: p, Total: around.Papers, Prev: around.Prev, Next: around.Next}
	if len(rows) > limit {
		rows = rows[:limit]
		e.More = formatRankKey(rows[limit-1].RankKey, rank+limit)
	}
	e.Entries = entriesOf(rows)
	for i := range e.Entries {
		e.Entries[i].Rank = rank + i + 1
	}
	c.setClock(e)
	return e
}

// setClock says where the edition stands in time.
func (c *Catalog) setClock(e *Edition) {
	now := c.now()
	e.Opens, e.Closes = c.clock.OpensAt(e.Period.First()), c.clock.ClosesAt(e.Period.Last())
	e.NextOpens = c.clock.ClosesAt(c.clock.Day(now))
	e.State = StateAt(now, e.Opens, e.Closes)
}

// EmptyEdition is the edition of a period that has no papers, a weekend or a day to come,
// as [Catalog.Edition] gives those that have: where it stands in time, and between
// which others.
func (c *Catalog) EmptyEdition(ctx context.Context, p paper.Period) (*Edition, error) {
	around, err := c.db.Around(ctx, p)
	if err != nil {
		return nil, err
	}
	return c.edition(p, store.Surroundings{Prev: around.Prev, Next: around.Next}, nil, 0, 0), nil
}

// Nearest returns the nearest earlier period of p's kind that has papers, else the
// nearest later one.
func (c *Catalog) Nearest(ctx context.Context, p paper.Period) (paper.Period, error) {
	around, err := c.db.Around(ctx, p)
	switch {
	case err != nil:
		return "", err
	case around.Prev != "":
		return around.Prev, nil
	case around.Next != "":
		return around.Next, nil
	}
	return "", fmt.Errorf("an edition near %s: %w", p, paper.ErrNotFound)
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

// Several returns the first pages of editions that [Catalog.Editions] has named, in its
// order. They do not say between which others they stand.
func (c *Catalog) Several(ctx context.Context, editions []EditionState, limit int) ([]*Edition, error) {
	periods := make([]paper.Period, len(editions))
	for i, e := range editions {
		periods[i] = e.Period
	}
	rows, err := c.db.EditionsOf(ctx, periods, limit+1)
	if err != nil {
		return nil, err
	}
	var all []*Edition
	for _, e := range editions {
		if len(rows[e.Period]) > 0 { // else it went between the two questions
			all = append(all, c.edition(e.Period, store.Surroundings{Papers: e.Papers}, rows[e.Period], 0, limit))
		}
	}
	return all, nil
}
