package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"broadsheet/internal/indexer"
	"broadsheet/internal/store"
)

// SearchOptions says what [Search] measures.
type SearchOptions struct {
	Queries     int      // to make of titles
	Collections []string // folders of judged collections whose queries are asked, too
	Modes       []string // some of [Modes]; none: all of them

	Begin    func(SearchInfo) // called when the measuring begins, or nil
	Embedded func(papers int) // called at intervals while all papers are embedded again, or nil
}

// SearchInfo describes the index that is measured.
type SearchInfo struct {
	Papers, Segments int
	Bytes            int64
	Model            string // empty: none
	Queries          int
}

// Search measures how long the index takes to answer, one mode after another, on one
// processor. It waits for merges first, which take processor time.
func Search(ctx context.Context, db *store.DB, index *indexer.Index, o SearchOptions) ([]SearchRow, error) {
	if err := index.WaitMerges(ctx); err != nil {
		return nil, err
	}
	status, err := index.Status(ctx)
	if err != nil {
		return nil, err
	}
	if status.Papers == 0 {
		return nil, errors.New("there are no papers in the index; see `broadsheet import --help`")
	}
	queries, err := allQueries(ctx, db, o)
	if err != nil {
		return nil, err
	}
	if o.Begin != nil {
		info := SearchInfo{Papers: status.Papers, Segments: status.Segments, Bytes: status.Bytes, Queries: len(queries)}
		if index.Model() != nil {
			info.Model = index.Model().Name()
		}
		o.Begin(info)
	}
	s := &searcher{db: db, index: index, queries: queries, papers: status.Papers, embedded: o.Embedded}
	var rows []SearchRow
	for _, m := range modes {
		if len(o.Modes) > 0 && !slices.Contains(o.Modes, m.name) || m.meaning && index.Model() == nil {
			continue
		}
		got, err := m.run(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("mode %s: %w", m.name, err)
		}
		rows = append(rows, got...)
	}
	return rows, nil
}
