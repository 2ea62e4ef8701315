// Package catalog answers what readers ask: an edition, what is trending, a paper,
// an author's work. Every front end (pages, APIs, feeds, tools for agents, command line)
// reads through it, so all give one answer.
//
// Start with [New]. A [Catalog] is safe for use by several goroutines. Lists are
// paged with cursors: a page's More, handed back, gives the next page. Identifiers
// and periods are parsed by the caller; an unknown one is paper.ErrNotFound, a
// cursor that no page has given is a *paper.InvalidError.
//
// What the search index does not hold yet may be there all the same: answers that come out
// of it carry an [IndexState]. A database that does not answer is paper.ErrUnavailable.
//
// It knows nothing of how answers are shown, and changes nothing.
package catalog

import (
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
	answers    *answerCache
}

// New returns a Catalog over db. The feed clock says when editions open and close.
func New(db *store.DB, clock paper.Clock, now func() time.Time) *Catalog {
	return &Catalog{
		db: db, clock: clock, now: now,
		summary:    &memo[store.Summary]{now: now, wait: 2 * time.Second, limit: 3 * time.Second}, // whose Version tells caches at once that the database is silent
		candidates: &memo[candidateSet]{now: now, patience: 2 * time.Second, wait: 5 * time.Second, limit: 15 * time.Second, outlives: time.Minute},
		similar:    &similarCache{now: now},
		answers:    newAnswerCache(answerBytes),
	}
}

// WithSearch makes the catalog answer searches with an engine, and embed them with
// a model (nil: by words alone). It is called before the catalog is used.
func (c *Catalog) WithSearch(engine search.Engine, model embedding.Model) *Catalog {
	c.engine, c.model = engine, model
	return c
}

// An Entry is a paper as a list shows it.
type Entry struct {
	Paper      paper.Paper
	Submission *paper.Submission // its first; nil when it was never in an edition
	Rank       int               // its place in this list, from 1; 0 where the list has no ranks
	Score      rank.Score        // in trending only
}

// entriesOf are the rows of a list, without ranks; nil when there are none.
func entriesOf(rows []store.Row) []Entry {
	if len(rows) == 0 {
		return nil
	}
	entries := make([]Entry, len(rows))
	for i, r := range rows {
		entries[i] = Entry{Paper: r.Paper, Submission: r.Submission}
	}
	return entries
}

// A List is one page of papers that are not an edition.
type List struct {
	Entries []Entry
	More    string // cursor of the next page; "" on the last
}
