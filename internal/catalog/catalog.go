// Package catalog answers what readers ask: an edition, what is trending, a paper,
// an author's work. Every face of the site (pages, API, feeds, command line) reads
// through it, so all give one answer.
//
// Start with [New]. A [Catalog] is safe for use by several goroutines. Lists are
// paged with cursors: a page's More, handed back, gives the next page. Identifiers
// and periods are parsed by the caller; an unknown one is paper.ErrNotFound, a
// cursor that no page has given is a *paper.InvalidError.
//
// It knows nothing of how answers are shown, and changes nothing.
package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"broadsheet/internal/embedding"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// Catalog reads from a store.
type Catalog struct {
	db    *store.DB
	clock paper.Clock
	now   func() time.Time

	engine search.Engine   // nil: nothing can be searched
	model  embedding.Model // nil: by words alone

	summary    *memo[store.Summary]
	candidates *memo[candidateSet]
	similar    *similarCache
}

// New returns a Catalog over db. The feed clock says when editions open and close.
func New(db *store.DB, clock paper.Clock, now func() time.Time) *Catalog {
	return &Catalog{
		db: db, clock: clock, now: now,
		summary:    &memo[store.Summary]{now: now, patience: 500 * time.Millisecond, wait: 2 * time.Second, limit: 3 * time.Second, outlives: 10 * time.Second},
		candidates: &memo[candidateSet]{now: now, patience: 2 * time.Second, wait: 5 * time.Second, limit: 15 * time.Second, outlives: time.Minute},
		similar:    &similarCache{now: now},
	}
}

// summaryAge is how old the answers of Version, Latest and Demo may be: it bounds both how
// often the database is asked and how late a reader sees what another process has written.
const summaryAge = 200 * time.Millisecond

// Version grows with every change of what the catalog answers. While the database does not
// answer, it is the last one known, for ten seconds; then it is paper.ErrUnavailable.
func (c *Catalog) Version(ctx context.Context) (int64, error) {
	s, err := c.summarized(ctx)
	return s.Version, err
}

// Latest returns the newest feed day that has papers.
func (c *Catalog) Latest(ctx context.Context) (paper.Day, error) {
	s, err := c.summarized(ctx)
	if err == nil && s.Latest == "" {
		err = fmt.Errorf("the latest edition: %w", paper.ErrNotFound)
	}
	return s.Latest, err
}

// Demo reports whether the demonstration catalogue is in.
func (c *Catalog) Demo(ctx context.Context) (bool, error) {
	s, err := c.summarized(ctx)
	return s.Demo, err
}

func (c *Catalog) summarized(ctx context.Context) (store.Summary, error) {
	young := func(_ store.Summary, age time.Duration) bool { return age < summaryAge }
	return c.summary.get(ctx, "", young, c.db.Summary)
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
	for i, r := range rows {
		e.Entries = append(e.Entries, Entry{Paper: r.Paper, Submission: r.Submission, Rank: rank + i + 1})
	}
	c.setClock(e)
	return e
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

// setClock says where the edition stands in time.
func (c *Catalog) setClock(e *Edition) {
	now := c.now()
	e.Opens, e.Closes = c.clock.OpensAt(e.Period.First()), c.clock.ClosesAt(e.Period.Last())
	e.NextOpens = c.clock.ClosesAt(c.clock.Day(now))
	e.State = StateAt(now, e.Opens, e.Closes)
}

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

// New returns papers by publication, newest first.
func (c *Catalog) New(ctx context.Context, cursor string, limit int) (*List, error) {
	return c.byPublication(cursor, limit, func(after store.Keyset, n int) ([]store.Row, error) {
		return c.db.Newest(ctx, after, n)
	})
}

// byPublication is one page of a list by publication.
func (c *Catalog) byPublication(cursor string, limit int, read func(store.Keyset, int) ([]store.Row, error)) (*List, error) {
	after, err := parseKeyset(cursor)
	if err != nil {
		return nil, err
	}
	rows, err := read(after, limit+1)
	if err != nil {
		return nil, err
	}
	l := &List{}
	if len(rows) > limit {
		rows = rows[:limit]
		l.More = formatKeyset(store.KeysetOf(&rows[limit-1].Paper))
	}
	for _, r := range rows {
		l.Entries = append(l.Entries, Entry{Paper: r.Paper, Submission: r.Submission})
	}
	return l, nil
}

// Author returns the author with that slug and one page of their papers.
func (c *Catalog) Author(ctx context.Context, slug, cursor string, limit int) (*Profile, error) {
	name, err := c.db.AuthorName(ctx, slug)
	if err != nil {
		return nil, err
	}
	list, err := c.byPublication(cursor, limit, func(after store.Keyset, n int) ([]store.Row, error) {
		return c.db.ByAuthor(ctx, slug, after, n)
	})
	if err != nil {
		return nil, err
	}
	if len(list.Entries) == 0 && cursor == "" {
		return nil, fmt.Errorf("papers of %s: %w", slug, paper.ErrNotFound)
	}
	n, err := c.db.CountByAuthor(ctx, slug, CountLimit)
	return &Profile{Slug: slug, Name: name, Papers: n, List: *list}, err
}

// Organization returns the organization of that name and one page of its papers.
func (c *Catalog) Organization(ctx context.Context, name, cursor string, limit int) (*Profile, error) {
	o, err := c.db.Organization(ctx, name)
	if err != nil {
		return nil, err
	}
	list, err := c.byPublication(cursor, limit, func(after store.Keyset, n int) ([]store.Row, error) {
		return c.db.ByOrganization(ctx, name, after, n)
	})
	if err != nil {
		return nil, err
	}
	n, err := c.db.CountByOrganization(ctx, name, CountLimit)
	p := &Profile{Slug: name, Name: o.FullName, Organization: &o, Papers: n, List: *list}
	if p.Name == "" {
		p.Name = o.Name
	}
	return p, err
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

// Archive returns the editions of a year; year 0 is the newest that has any.
func (c *Catalog) Archive(ctx context.Context, year int) (*Calendar, error) {
	latest, err := c.Latest(ctx)
	if errors.Is(err, paper.ErrNotFound) {
		return &Calendar{Year: c.now().Year()}, nil
	}
	if err != nil {
		return nil, err
	}
	if year == 0 {
		year = latest.Year()
	}
	cal := &Calendar{Year: year}
	if cal.Days, err = c.days(ctx, firstOf(year), lastOf(year)); err != nil {
		return nil, err
	}
	cal.Years, err = c.years(ctx, latest.Year())
	return cal, err
}

func firstOf(year int) paper.Day { return paper.Day(fmt.Sprintf("%04d-01-01", year)) }
func lastOf(year int) paper.Day  { return paper.Day(fmt.Sprintf("%04d-12-31", year)) }

// Days returns the days of a week or a month that have papers, oldest first.
func (c *Catalog) Days(ctx context.Context, p paper.Period) ([]DayCount, error) {
	return c.days(ctx, p.First(), p.Last())
}

func (c *Catalog) days(ctx context.Context, first, last paper.Day) ([]DayCount, error) {
	rows, err := c.db.Days(ctx, first, last)
	if err != nil {
		return nil, err
	}
	var all []DayCount
	for _, d := range rows {
		all = append(all, DayCount(d))
	}
	return all, nil
}

// years lists the years that have editions, newest first, stepping over the gaps.
func (c *Catalog) years(ctx context.Context, latest int) ([]int, error) {
	years := []int{}
	for year := latest; ; {
		years = append(years, year)
		around, err := c.db.Around(ctx, firstOf(year).Period())
		if err != nil || around.Prev == "" {
			return years, err
		}
		year = around.Prev.First().Year()
	}
}

// Stats says what the site holds.
func (c *Catalog) Stats(ctx context.Context) (Stats, error) {
	summary, err := c.summarized(ctx)
	if err != nil {
		return Stats{}, err
	}
	days, err := c.db.CountEditions(ctx, paper.KindDay)
	if err != nil {
		return Stats{}, err
	}
	sources, err := c.db.Sources(ctx)
	if err != nil {
		return Stats{}, err
	}
	s := Stats{Papers: int(summary.Papers), Editions: days, Demo: summary.Demo}
	for _, src := range sources {
		if src.Name != paper.SourceDemo {
			s.Sources = append(s.Sources, SourceStats{Name: src.Name, Imported: src.Read})
		}
	}
	return s, nil
}
