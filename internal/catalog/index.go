package catalog

import (
	"context"
	"fmt"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// An IndexState says whether the search index holds all that the catalog holds. While it
// is not Ready, a paper that is not found may be there all the same: "not known yet" must not
// be told as "there is none".
type IndexState struct {
	Ready      bool
	Papers     int    // that can be found
	Total      int    // papers of the catalog
	Lag        int64  // changes of the catalog that the index has still to take in; 0 when it is ready
	Rebuilding bool   // the index is made anew, which may take minutes
	Reason     string // why it is made anew or falls behind, as far as that is known; not for strangers

	stamp stamp
}

// A stamp tells apart what answers are made of: what was answered at one is still right
// while it stays. Its zero value says nothing.
type stamp struct {
	version    int64  // of the catalog
	generation uint64 // of the engine
}

// The states of an index, as programs are told them.
const (
	IndexReady    = "ready"    // it holds everything
	IndexBuilding = "building" // papers are missing, or it is made anew
	IndexBehind   = "behind"   // it holds all papers, and lacks their latest changes
)

// Missing is how many papers cannot be found yet.
func (s IndexState) Missing() int {
	if s.Ready { // the index leaves nothing out, whatever the two counts say at this moment
		return 0
	}
	return max(0, s.Total-s.Papers)
}

// Partial reports whether so much is missing that what is found is no list to go by: more
// than one paper in a hundred. An index that lacks less gives what it gave before, without
// the newest.
func (s IndexState) Partial() bool { return s.Missing()*100 > s.Total }

// State is one of the states, for programs.
func (s IndexState) State() string {
	switch {
	case s.Ready:
		return IndexReady
	case s.Missing() > 0, s.Rebuilding:
		return IndexBuilding
	}
	return IndexBehind
}

// Notice tells people what may be missing, in a sentence or two; "" while the index is ready.
func (s IndexState) Notice() string {
	count := message.NewPrinter(language.English)
	switch {
	case s.Ready:
		return ""
	case s.Missing() > 0:
		return count.Sprintf("The search index is being built: %d of %d papers are in it. Results are not complete yet.", s.Papers, s.Total)
	case s.Rebuilding:
		return "The search index is being rebuilt. Results may not be complete yet."
	case s.Lag == 1:
		return "The search index is one change behind. Results may not be complete yet."
	}
	return count.Sprintf("The search index is %d changes behind. Results may not be complete yet.", s.Lag)
}

// ListNotice is Notice where a list of n papers that were found would mislead without it:
// papers are missing from the index, or there are none in the list.
func (s IndexState) ListNotice(n int) string {
	if n > 0 && s.State() == IndexBehind {
		return ""
	}
	return s.Notice()
}

// Searchable reports whether there is a search engine.
func (c *Catalog) Searchable() bool { return c.engine != nil }

// Index returns the state of the search index; ErrNoSearch where there is none. It is cheap, and
// never waits for what is written into the index.
func (c *Catalog) Index(ctx context.Context) (IndexState, error) {
	if c.engine == nil {
		return IndexState{}, ErrNoSearch
	}
	summary, err := c.summarized(ctx)
	if err != nil {
		return IndexState{}, err
	}
	return c.indexAt(ctx, summary)
}

// IndexBehind reports whether the index has still to catch up with the catalog: until then,
// a response that was made while it had to is as good as a new one. Not known counts as yes.
func (c *Catalog) IndexBehind(ctx context.Context) bool {
	s, err := c.Index(ctx)
	return err != nil || !s.Ready
}

// Changed returns the question whether what was answered in a state of the index may be
// another answer now. Not known counts as yes.
func (c *Catalog) Changed(since IndexState) func(context.Context) bool {
	return func(ctx context.Context) bool {
		now, err := c.indexNow(ctx)
		return err != nil || now.stamp != since.stamp || now.stamp == stamp{}
	}
}

// indexNow is Index, without the fifth of a second that Version may be late: whoever has
// just written a paper must not be told that there is none.
func (c *Catalog) indexNow(ctx context.Context) (IndexState, error) {
	version, err := c.db.Version(ctx)
	if err != nil {
		return IndexState{}, err
	}
	summary, err := c.summarized(ctx)
	if err == nil && summary.Version != version {
		summary, err = c.db.Summary(ctx)
	}
	if err != nil {
		return IndexState{}, err
	}
	return c.indexAt(ctx, summary)
}

// indexAt holds the index against what the catalog held at one moment.
func (c *Catalog) indexAt(ctx context.Context, catalog store.Summary) (IndexState, error) {
	s, err := c.engine.Status(ctx)
	if err != nil {
		return IndexState{}, fmt.Errorf("catalog: search index: %w", err)
	}
	state := IndexState{Papers: s.Papers, Total: int(catalog.Papers), Lag: catalog.Version, Rebuilding: s.State == search.Rebuilding, Reason: s.Reason}
	if s.Served.Site == "" || s.Served.Site == c.db.Identity() { // the numbers of another database say nothing
		state.Lag = max(0, catalog.Version-s.Served.Seq)
	}
	state.Ready = state.Lag == 0 && !state.Rebuilding
	if state.Ready {
		state.stamp = stamp{catalog.Version, s.Generation}
	}
	return state, nil
}
