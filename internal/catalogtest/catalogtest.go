// Package catalogtest makes catalogs for the tests of front ends: the real one, over
// SQLite in a folder that goes with the test, and a search engine that keeps all in
// memory.
//
// Start with [New], which returns an empty [Site]; [Site.Add] brings papers in and has the
// engine know them. [Site.Write] leaves the engine behind, as an import does for a moment,
// and [Site.CatchUp] ends that. An [Engine] can be told to fail, and to give what a real
// one gives under circumstances that a test cannot bring about.
//
// Callers set the site's clock by [Site.SetNow] and [Site.Later]: a catalog looks for
// changes in its database a few times a second of this clock.
package catalogtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/papertest"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// A Site is a catalog with what is under it. Its editions follow the feed clock of papertest.
type Site struct {
	*catalog.Catalog
	DB     *store.DB
	Engine *Engine
	Clock  paper.Clock

	mu           sync.Mutex
	now          time.Time
	fingerprints int64
}

// New returns a site whose clock stands at now, with papers in it, all of them findable.
func New(t testing.TB, now time.Time, batch ...paper.Observation) *Site {
	t.Helper()
	s := &Site{DB: storetest.SQLite(t), Engine: &Engine{Engine: searchtest.NewPlain()}, Clock: papertest.Clock(), now: now}
	s.Catalog = catalog.New(s.DB, s.Clock, s.Now).WithSearch(s.Engine, embeddingtest.Model{})
	if len(batch) > 0 {
		s.Add(t, batch...)
	}
	return s
}

// Now is the time on the site's clock.
func (s *Site) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// SetNow sets the clock.
func (s *Site) SetNow(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// Later moves the clock on.
func (s *Site) Later(d time.Duration) { s.SetNow(s.Now().Add(d)) }

// Add writes papers and has the engine know them.
func (s *Site) Add(t testing.TB, batch ...paper.Observation) {
	t.Helper()
	s.Write(t, batch...)
	s.CatchUp(t)
}

// seen is longer than a catalog goes without asking its database for changes.
const seen = 250 * time.Millisecond

// Write writes papers to the database, and nobody tells the engine. An observation
// without a fingerprint gets one of its own, so that none counts as known.
func (s *Site) Write(t testing.TB, batch ...paper.Observation) {
	t.Helper()
	for i := range batch {
		if batch[i].Fingerprint == 0 {
			s.fingerprints++
			batch[i].Fingerprint = s.fingerprints
		}
	}
	if _, err := s.DB.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	s.Later(seen)
}

// Observed is what a source says to have a catalog list a paper like this. Its votes have
// grown evenly over the first nine hours of its edition.
func Observed(e catalog.Entry) paper.Observation {
	o := paper.Observation{Source: paper.SourceHub, Paper: e.Paper, Submission: e.Submission}
	at := e.Paper.Published.Time
	if e.Submission != nil {
		at = papertest.Clock().OpensAt(e.Submission.Day)
	}
	o.At = at
	for i := range 4 {
		o.Signals = append(o.Signals, paper.Signal{Kind: paper.SignalVotes, At: at.Add(time.Duration(3*i) * time.Hour), Value: e.Paper.Votes * i / 3})
	}
	o.Signals = append(o.Signals,
		paper.Signal{Kind: paper.SignalComments, At: at, Value: e.Paper.Comments},
		paper.Signal{Kind: paper.SignalStars, At: at, Value: e.Paper.Stars})
	return o
}

// CatchUp tells the engine what it does not know yet.
func (s *Site) CatchUp(t testing.TB) {
	t.Helper()
	x := &indexer.Follower{DB: s.DB, Engine: s.Engine, Model: embeddingtest.Model{}}
	if _, err := x.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// Lose takes everything from the engine, as if its files were gone.
func (s *Site) Lose() { s.Engine.set(func(e *Engine) { e.Engine = searchtest.NewPlain() }) }

// WithoutSearch takes the engine away.
func (s *Site) WithoutSearch() { s.Catalog.WithSearch(nil, nil) }

// Break closes the database: whatever is asked of it fails.
func (s *Site) Break(t testing.TB) {
	t.Helper()
	if err := s.DB.Close(); err != nil {
		t.Fatal(err)
	}
	s.Later(time.Hour) // nothing that was kept serves on
}

// An Engine is a search engine that does as a test says.
type Engine struct {
	search.Engine

	mu       sync.Mutex
	err      error
	answer   func(search.Request, *search.Result)
	suggests []search.Suggestion
}

func (e *Engine) set(f func(*Engine)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f(e)
}

// Fail has all questions fail with err; nil ends that.
func (e *Engine) Fail(err error) { e.set(func(e *Engine) { e.err = err }) }

// Answer has f change what each search gives; nil ends that.
func (e *Engine) Answer(f func(search.Request, *search.Result)) {
	e.set(func(e *Engine) { e.answer = f })
}

// Suggests has every beginning completed like this; nil ends that.
func (e *Engine) Suggests(all []search.Suggestion) { e.set(func(e *Engine) { e.suggests = all }) }

// real is the engine under it, and what a test has said.
func (e *Engine) real() (search.Engine, func(search.Request, *search.Result), []search.Suggestion, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.Engine, e.answer, e.suggests, e.err
}

// Search is that of the engine under it, changed as a test says.
func (e *Engine) Search(ctx context.Context, r search.Request) (search.Result, error) {
	engine, change, _, err := e.real()
	if err != nil {
		return search.Result{}, err
	}
	out, err := engine.Search(ctx, r)
	if err == nil && change != nil {
		change(r, &out)
	}
	return out, err
}

// Suggest is that of the engine under it, or what a test says.
func (e *Engine) Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	engine, _, suggests, err := e.real()
	switch {
	case err != nil:
		return nil, err
	case suggests != nil:
		return suggests[:min(limit, len(suggests))], nil
	}
	return engine.Suggest(ctx, prefix, limit)
}

// Similar is that of the engine under it.
func (e *Engine) Similar(ctx context.Context, id paper.ID, limit int) ([]search.Hit, error) {
	engine, _, _, err := e.real()
	if err != nil {
		return nil, err
	}
	return engine.Similar(ctx, id, limit)
}
