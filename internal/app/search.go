package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
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
var ErrIndexInUse = index.ErrLocked

// A Finder is the search engine of a site and the model that embeds what it is told
// and asked.
type Finder struct {
	search.Engine
	Model embedding.Model // nil: by words alone

	byTerms  bool // the engine embeds papers itself, from the terms that it analyzes anyway
	readOnly bool
}

// OpenFinder opens the search index of cfg for writing; ErrIndexInUse when another
// process has it open.
func OpenFinder(cfg *config.Config, log *slog.Logger) (*Finder, error) {
	model, o, err := indexOptions(cfg, log)
	if err != nil {
		return nil, err
	}
	engine, err := index.Open(cfg.IndexDir(), o)
	if err != nil {
		return nil, err
	}
	return &Finder{Engine: engine, Model: model, byTerms: o.Embedder != nil}, nil
}

// indexOptions returns the model of cfg, and how an index is opened that goes with it.
func indexOptions(cfg *config.Config, log *slog.Logger) (embedding.Model, index.Options, error) {
	o := index.Options{Log: log, LargeMerge: tightMemory}
	model, err := OpenModel(cfg)
	if err != nil || model == nil {
		return nil, o, err
	}
	o.Model = model.Name()
	if terms := model.Terms(); terms != nil {
		o.Embedder = terms
	}
	return model, o, nil
}

// OpenReader opens the search index of cfg for reading only, whether another process
// has it open or not: the Finder sees what that one brings. The error is
// fs.ErrNotExist where nobody has made an index yet.
func OpenReader(cfg *config.Config, log *slog.Logger) (*Finder, error) {
	model, o, err := indexOptions(cfg, log)
	if err != nil {
		return nil, err
	}
	engine, err := index.OpenReader(cfg.IndexDir(), o)
	if err != nil {
		return nil, err
	}
	return &Finder{Engine: engine, Model: model, readOnly: true}, nil
}

// newIndexWait is how long a process that has just begun an index may take to write
// the little that others can open.
const newIndexWait = 2 * time.Second

// OpenForSearch opens the search index of cfg for writing, or, when another process
// has it open, for reading only: see [Finder.ReadOnly].
func OpenForSearch(ctx context.Context, cfg *config.Config, log *slog.Logger) (*Finder, error) {
	for deadline := time.Now().Add(newIndexWait); ; {
		f, err := OpenFinder(cfg, log)
		if !errors.Is(err, ErrIndexInUse) {
			return f, err
		}
		f, err = OpenReader(cfg, log)
		if !errors.Is(err, fs.ErrNotExist) || time.Now().After(deadline) {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// OpenBeside opens the search index of cfg for reading only, for a program that runs
// for long and is to keep nobody from writing. Where there is none it makes an empty
// one, and one that is damaged is first mended from db. See [Finder.KeepUp].
func OpenBeside(ctx context.Context, cfg *config.Config, db *store.DB, log *slog.Logger) (*Finder, error) {
	f, trouble := OpenReader(cfg, log)
	if trouble == nil {
		return f, nil
	}
	f, err := OpenForSearch(ctx, cfg, log)
	if err != nil || f.ReadOnly() {
		return f, err
	}
	if !errors.Is(trouble, fs.ErrNotExist) {
		_, err = f.Indexer(db).CatchUp(ctx, nil)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return OpenReader(cfg, log)
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

// ReadOnly reports whether the index is opened for reading only: then it cannot be told
// anything, and whoever writes it brings it up to date.
func (f *Finder) ReadOnly() bool { return f.readOnly }

// Behind is how many changes of db the engine was not told yet.
func (f *Finder) Behind(ctx context.Context, db *store.DB) (int64, error) {
	last, err := db.Version(ctx)
	if err != nil {
		return 0, err
	}
	at, err := f.Position(ctx)
	return max(0, last-at.Seq), err
}

// WaitMerges waits until the engine has put in order what it was told.
func (f *Finder) WaitMerges(ctx context.Context) error {
	if e, ok := f.Engine.(*index.Engine); ok {
		return e.WaitMerges(ctx)
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
	besideEvery = 2 * time.Second        // the same by one that only reads
	besideAgain = time.Minute            // after a failure
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

// KeepUp brings the index that f reads up to date with db until ctx ends, whenever it
// is behind and no other process writes it. It holds the index only while it writes.
func (f *Finder) KeepUp(ctx context.Context, cfg *config.Config, db *store.DB, log *slog.Logger) {
	for wait := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = besideEvery
		if err := f.writeOnce(ctx, cfg, db, log); err != nil && ctx.Err() == nil {
			log.Error("search index", "err", err)
			wait = besideAgain
		}
	}
}

func (f *Finder) writeOnce(ctx context.Context, cfg *config.Config, db *store.DB, log *slog.Logger) error {
	n, err := f.Behind(ctx, db)
	if err != nil || n == 0 {
		return err
	}
	w, err := OpenFinder(cfg, log)
	if errors.Is(err, ErrIndexInUse) {
		return nil // it catches up
	}
	if err != nil {
		return err
	}
	_, err = w.Indexer(db).CatchUp(ctx, nil)
	if err == nil {
		err = w.WaitMerges(ctx)
	}
	return errors.Join(err, w.Close())
}
