package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"

	"broadsheet/internal/config"
	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/remote"
	"broadsheet/internal/embedding/static"
	"broadsheet/internal/indexer"
	"broadsheet/internal/store"
)

// OpenIndex opens the search index of cfg, which is one of db, for a command, which may
// keep all processors busy. Whoever opens it closes it.
func OpenIndex(ctx context.Context, cfg *config.Config, db *store.DB, log *slog.Logger) (*indexer.Index, error) {
	return openIndex(ctx, cfg, db, log, 0)
}

// siteWorkers is how many goroutines of a site build segments at a time: the other
// processors are left to pages, which would wait behind them.
func siteWorkers() int { return max(1, runtime.GOMAXPROCS(0)/2) }

func openIndex(ctx context.Context, cfg *config.Config, db *store.DB, log *slog.Logger, workers int) (*indexer.Index, error) {
	model, err := openModel(cfg)
	if err != nil {
		return nil, err
	}
	return indexer.Open(ctx, indexURL(cfg), indexer.Options{DB: db, Model: model, Log: log, Workers: workers, LargeMerge: tightMemory})
}

func indexURL(cfg *config.Config) string { return "index:" + cfg.IndexDir() }

// openModel returns the embedding model of cfg; nil when it is off.
func openModel(cfg *config.Config) (embedding.Model, error) {
	switch cfg.Embedding {
	case "off":
		return nil, nil
	case "builtin":
		m, err := static.Builtin()
		if err != nil {
			return nil, fmt.Errorf("the built-in model: %w", err)
		}
		return m, nil
	}
	m, err := remote.New(remote.Options{
		Base: cfg.Embedding, Model: cfg.EmbeddingModel, Dimensions: cfg.EmbeddingDimensions, Key: cfg.EmbeddingKey,
	})
	if err != nil {
		return nil, fmt.Errorf("embedding: %w", err)
	}
	return m, nil
}
