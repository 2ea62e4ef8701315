package catalog

import (
	"context"
	"fmt"

	"broadsheet/internal/search"
)

// An IndexState says whether the search index holds all that the catalog holds. While it
// is not Ready, a paper that is not found may be there all the same: "not known yet" must not
// be told as "there is none".
type IndexState struct {
	Ready      bool
	Papers     int    // that can be found
	Lag        int64  // changes of the catalog that the index has still to take in; 0 when it is ready
	Rebuilding bool   // the index is made anew, which may take minutes
	Reason     string // why it is made anew or falls behind, as far as that is known
}

// Searchable reports whether there is a search engine.
func (c *Catalog) Searchable() bool { return c.engine != nil }

// Index says how the search index is; ErrNoSearch where there is none. It is cheap, and
// never waits for what is written into the index.
func (c *Catalog) Index(ctx context.Context) (IndexState, error) {
	if c.engine == nil {
		return IndexState{}, ErrNoSearch
	}
	version, err := c.Version(ctx)
	if err != nil {
		return IndexState{}, err
	}
	return c.indexAt(ctx, version)
}

// indexNow is Index, without the fifth of a second that Version may be late: whoever has
// just written a paper must not be told that there is none.
func (c *Catalog) indexNow(ctx context.Context) (IndexState, error) {
	version, err := c.db.Version(ctx)
	if err != nil {
		return IndexState{}, err
	}
	return c.indexAt(ctx, version)
}

// indexAt holds the index against a version of the catalog.
func (c *Catalog) indexAt(ctx context.Context, version int64) (IndexState, error) {
	s, err := c.engine.Status(ctx)
	if err != nil {
		return IndexState{}, fmt.Errorf("catalog: search index: %w", err)
	}
	state := IndexState{Papers: s.Papers, Lag: version, Rebuilding: s.State == search.Rebuilding, Reason: s.Reason}
	if s.Served.Site == "" || s.Served.Site == c.db.Identity() { // the numbers of another database say nothing
		state.Lag = max(0, version-s.Served.Seq)
	}
	state.Ready = state.Lag == 0 && !state.Rebuilding
	return state, nil
}
