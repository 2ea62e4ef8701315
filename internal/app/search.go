package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"broadsheet/internal/config"
	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/remote"
	"broadsheet/internal/embedding/static"
	"broadsheet/internal/ingest"
	"broadsheet/internal/search"
	"broadsheet/internal/search/index"
	"broadsheet/internal/store"
)

// ErrIndexInUse says that another process of Broadsheet keeps the search index up to
// date.
var ErrIndexInUse = errors.New("the search index is in use by another process")

// A Finder is the search engine of a site and the model that embeds what it is told
// and asked.
type Finder struct {
	search.Engine
	Model embedding.Model // nil: by words alone

	byTerms bool // the engine embeds papers itself, from the terms that it analyses anyway
	lock    *os.File
}

// OpenFinder opens the search index of cfg for writing; ErrIndexInUse when another
// process has it open.
func OpenFinder(cfg *config.Config, log *slog.Logger) (*Finder, error) {
	model, err := OpenModel(cfg)
	if err != nil {
		return nil, err
	}
	dir := cfg.IndexDir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	lock, err := lockFile(dir + ".lock")
	if err != nil {
		return nil, err
	}
	o := index.Options{Log: log}
	if model != nil {
		o.Model = model.Name()
	}
	terms, byTerms := model.(index.TermEmbedder)
	if byTerms {
		o.Embedder = terms
	}
	engine, err := index.Open(dir, o)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &Finder{Engine: engine, Model: model, byTerms: byTerms, lock: lock}, nil
}

// awaitFinder opens the search index as soon as no other process has it open.
func awaitFinder(ctx context.Context, cfg *config.Config, log *slog.Logger) (*Finder, error) {
	for told := false; ; told = true {
		f, err := OpenFinder(cfg, log)
		if !errors.Is(err, ErrIndexInUse) {
			return f, err
		}
		if !told {
			log.Info("waiting for another process that has the search index open", "dir", cfg.IndexDir())
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// Close closes the engine and lets other processes open it.
func (f *Finder) Close() error { return errors.Join(f.Engine.Close(), f.lock.Close()) }

// Settle waits until the engine has put in order what it was told.
func (f *Finder) Settle(ctx context.Context) error {
	if e, ok := f.Engine.(*index.Engine); ok {
		return e.Settle(ctx)
	}
	return nil
}

// Indexer tells the engine what changes in db.
func (f *Finder) Indexer(db *store.DB) *ingest.Indexer {
	x := &ingest.Indexer{DB: db, Engine: f.Engine, Model: f.Model}
	if f.byTerms {
		x.Model = nil
	}
	return x
}

// OpenModel returns the embedding model of cfg; nil when it is off.
func OpenModel(cfg *config.Config) (embedding.Model, error) {
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

const (
	followEvery = 200 * time.Millisecond // how often the change sequence is looked at
	followAgain = 5 * time.Second        // after a failure
)

// follow keeps the engine up to date with db until ctx ends.
func (f *Finder) follow(ctx context.Context, db *store.DB, log *slog.Logger) {
	x := f.Indexer(db)
	for wait := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = followEvery
		start := time.Now()
		n, err := x.CatchUp(ctx, nil)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("search index", "err", err)
			wait = followAgain
		case n > 1000:
			log.Info("search index is up to date", "papers", n, "took", time.Since(start).Round(time.Millisecond))
		}
	}
}
