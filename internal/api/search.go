package api

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
)

// usualHits and mostHits are how many papers a search gives without a limit, and at most.
const usualHits, mostHits = 20, 120

// indexHeader says, while the search index is not ready, its state and how many changes of
// the catalog it lacks, as in "building; behind=61000": the answer itself is a list, which
// has no place for it.
const indexHeader = "X-Search-Index"

// search answers GET /api/papers/search.
func (a *api) search(r request) (question, error) {
	text, err := r.query()
	if err != nil {
		return question{}, err
	}
	limit, err := r.limit(usualHits, mostHits)
	if err != nil {
		return question{}, err
	}
	return question{key: "search " + url.Values{"q": {text}, "limit": {strconv.Itoa(limit)}}.Encode(), answer: func(ctx context.Context) (*httpserver.Response, error) {
		f, err := a.Catalog.Search(ctx, catalog.SearchRequest{Text: text, Limit: limit, Some: true})
		if err != nil {
			return nil, err
		}
		if err := a.Catalog.Name(ctx, f); err != nil {
			return nil, err
		}
		ans, err := found(a.writer.at(r.base).hits(f.Hits[:min(len(f.Hits), limit)]), "")
		if err != nil {
			return nil, err
		}
		if ans.Rare, ans.Changed = !f.Kept, a.Catalog.Changed(f.Index); !f.Index.Ready {
			ans.NoCache = true
			ans.Header = map[string]string{indexHeader: fmt.Sprintf("%s; behind=%d", f.Index.State(), f.Index.Lag)}
		}
		return ans, nil
	}}, nil
}
