package api

import (
	"context"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
)

// usualHits and mostHits are how many papers a search gives without a limit, and at most.
const usualHits, mostHits = 20, 120

// search answers GET /api/papers/search. The answer is not kept: the index may be
// younger than the catalogue's version.
func (a *api) search(r request) (question, error) {
	text, err := r.query()
	if err != nil {
		return question{}, err
	}
	limit, err := r.limit(usualHits, mostHits)
	if err != nil {
		return question{}, err
	}
	return question{answer: func(ctx context.Context) (*httpserver.Response, error) {
		f, err := a.Catalog.Search(ctx, catalog.SearchRequest{Text: text, Limit: limit})
		if err != nil {
			return nil, err
		}
		if err := a.Catalog.Name(ctx, f); err != nil {
			return nil, err
		}
		return found(a.writer.at(r.base).hits(f.Hits[:min(len(f.Hits), limit)]), "")
	}}, nil
}
