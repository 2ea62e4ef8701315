package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/indexer"
	"broadsheet/internal/ingest"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// parts is the site as built, with what must be closed at the end.
type parts struct {
	site   *httpserver.Site
	count  int64 // papers at the start
	papers func(context.Context) (int64, error)
	close  func() error
}

// OpenStore opens the database of cfg and brings its tables up to date. It makes the
// data folder when it is missing. A database that is missing or empty beside a search
// index that has papers is refused: somebody has lost it. Whoever opens it closes it.
func OpenStore(ctx context.Context, cfg *config.Config, log *slog.Logger) (*store.DB, error) {
	url := cfg.DatabaseURL()
	if err := refuseLostFile(cfg); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Data, 0o755); err != nil {
		return nil, fmt.Errorf("data folder: %w (choose another with --data DIR)", err)
	}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, fmt.Errorf("database folder: %w", err)
		}
	}
	db, err := store.Open(ctx, url, store.OnMigration(func(name string) {
		log.Info("bringing a database of an earlier version forward; this may take some minutes", "step", name)
	}))
	if err != nil {
		return nil, err
	}
	if err := refuseNew(ctx, cfg, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// refuseLostFile is an error where the file of the database is missing or empty and there
// is a search index of its papers.
func refuseLostFile(cfg *config.Config) error {
	path, ok := strings.CutPrefix(cfg.DatabaseURL(), "sqlite:")
	if !ok {
		return nil
	}
	how := "is empty"
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		how = "is missing"
	case err != nil || info.Size() > 0:
		return nil // what is wrong with it, opening it will say
	}
	return refuseBeside(cfg, "the database "+path+" "+how)
}

// refuseNew is an error where nothing was ever written into the database and there is a
// search index of papers.
func refuseNew(ctx context.Context, cfg *config.Config, db *store.DB) error {
	if version, err := db.Version(ctx); err != nil || version > 0 {
		return err
	}
	return refuseBeside(cfg, "the database is new")
}

func refuseBeside(cfg *config.Config, what string) error {
	holds, err := indexer.Holds(indexURL(cfg))
	if err != nil || !holds {
		return err
	}
	return fmt.Errorf("%s, and the search index in %s has papers of another one: "+
		"put the database back, or remove the folder %[2]s to start anew", what, cfg.IndexDir())
}

// build opens the store and puts the site on top of it.
func build(ctx context.Context, cfg *config.Config, log *slog.Logger) (_ *parts, err error) {
	db, err := OpenStore(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	clock, err := paper.NewClock(cfg.ClockZone, cfg.ClockOpens)
	if err != nil {
		return nil, err
	}
	if cfg.Demo && !db.ReadOnly() {
		if err := ingest.Demo(ctx, db, ingest.Options{Clock: clock}); err != nil {
			return nil, err
		}
	}
	count, err := db.Papers(ctx)
	if err != nil {
		return nil, err
	}
	idx, err := openIndex(ctx, cfg, db, log, siteWorkers())
	if err != nil {
		return nil, err
	}
	p, err := assemble(ctx, cfg, log, db, idx, clock)
	if err != nil {
		return nil, errors.Join(err, idx.Close())
	}
	p.count = count
	p.close = startWork(ctx, db, idx, clock, log)
	return p, nil
}

// startWork keeps the search index up to date and does the regular jobs, and returns
// what ends that and closes everything.
func startWork(ctx context.Context, db *store.DB, idx *indexer.Index, clock paper.Clock, log *slog.Logger) func() error {
	ctx, stop := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() { idx.Follow(ctx) })
	if !db.ReadOnly() {
		working.Go(func() { runJobs(ctx, db, clock, log) })
	}
	return func() error {
		stop()
		working.Wait()
		return errors.Join(idx.Close(), db.Close())
	}
}

// assemble makes the site over an open store and search index.
func assemble(ctx context.Context, cfg *config.Config, log *slog.Logger, db *store.DB, idx *indexer.Index, clock paper.Clock) (*parts, error) {
	secret, err := pictureSecret(ctx, cfg, db)
	if err != nil {
		return nil, err
	}
	cat := catalog.New(db, clock, time.Now).WithSearch(idx, idx.Model())
	f, err := newRouter(cfg, log, cat, clock, secret)
	if err != nil {
		return nil, err
	}
	return &parts{
		site:   &httpserver.Site{Handler: f, Ping: answers(db), Listed: listed(db, cat, idx)},
		papers: db.Papers,
	}, nil
}

// answers returns the question whether the database answers and is whole.
func answers(db *store.DB) func(context.Context) error {
	return func(ctx context.Context) error {
		err := db.Healthy(ctx)
		switch {
		case errors.Is(err, store.ErrDamaged):
			return errors.Join(httpserver.Condition("database: damaged"), err)
		case errors.Is(err, paper.ErrUnavailable):
			return errors.Join(httpserver.Condition("database: no answer"), err)
		}
		return err
	}
}

// healthWait is how long a health check waits for what has just been written: catalog and
// index notice it by themselves a moment later.
const healthWait = time.Second

// listed returns the question whether all that the store holds is listed and found.
func listed(db *store.DB, cat *catalog.Catalog, idx *indexer.Index) func(context.Context) error {
	return func(ctx context.Context) error {
		want, err := db.Version(ctx)
		if err != nil {
			return err
		}
		for deadline := time.Now().Add(healthWait); ; {
			have, err := cat.Version(ctx)
			if err != nil {
				return err
			}
			state, err := idx.State(ctx)
			switch {
			case err != nil:
				return err
			case have >= want && state.Complete():
				return nil
			case state.Problem != "", time.Now().After(deadline):
				if have < want {
					return httpserver.Condition("lists: behind the database")
				}
				return httpserver.Condition("index: " + state.String())
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
}
