package app

import (
	"context"
	"log/slog"
	"net/http"

	"broadsheet/internal/config"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// Local is the site on an open store and search index, for commands that ask it in
// their own process as they would ask one that runs.
func Local(ctx context.Context, cfg *config.Config, log *slog.Logger, db *store.DB, idx *indexer.Index) (http.Handler, error) {
	clock, err := paper.NewClock(cfg.ClockZone, cfg.ClockOpens)
	if err != nil {
		return nil, err
	}
	p, err := assemble(ctx, cfg, log, db, idx, clock)
	if err != nil {
		return nil, err
	}
	return p.site.Handler, nil
}
