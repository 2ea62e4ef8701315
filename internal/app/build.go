package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/ingest"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// parts is the site as built, with what must be closed at the end.
type parts struct {
	site   *httpserver.Site
	count  int64 // papers at the start
	clock  paper.Clock
	papers func(context.Context) (int64, error)
	close  func() error
}

// OpenStore opens the database of cfg and brings its tables up to date. It makes the
// data folder when it is missing. Whoever opens it closes it.
func OpenStore(ctx context.Context, cfg *config.Config) (*store.DB, error) {
	url := cfg.DatabaseURL()
	if err := os.MkdirAll(cfg.Data, 0o755); err != nil {
		return nil, fmt.Errorf("data folder: %w (choose another with --data DIR)", err)
	}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, fmt.Errorf("database folder: %w", err)
		}
	}
	return store.Open(ctx, url)
}

// build opens the store and puts the site on top of it.
func build(ctx context.Context, cfg *config.Config, log *slog.Logger) (_ *parts, err error) {
	db, err := OpenStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	if cfg.Demo {
		if err := ingest.Demo(ctx, db); err != nil {
			return nil, err
		}
	}
	count, err := db.Papers(ctx)
	if err != nil {
		return nil, err
	}
	finder, err := awaitFinder(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	p, err := assemble(cfg, log, db, finder)
	if err != nil {
		return nil, errors.Join(err, finder.Close())
	}
	p.count = count
	p.close = startWork(ctx, db, finder, p.clock, log)
	return p, nil
}

// startWork keeps the search index up to date and does the regular jobs, and returns
// what ends that and closes everything.
func startWork(ctx context.Context, db *store.DB, finder *Finder, clock paper.Clock, log *slog.Logger) func() error {
	ctx, stop := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() { finder.follow(ctx, db, log) })
	working.Go(func() { runJobs(ctx, db, clock, log) })
	return func() error {
		stop()
		working.Wait()
		return errors.Join(finder.Close(), db.Close())
	}
}

// assemble makes the site over an open store and search engine.
func assemble(cfg *config.Config, log *slog.Logger, db *store.DB, finder *Finder) (*parts, error) {
	clock, err := paper.NewClock(cfg.ClockZone, cfg.ClockOpens)
	if err != nil {
		return nil, err
	}
	cat := catalog.New(db, clock, time.Now).WithSearch(finder.Engine, finder.Model)
	f, err := newFrontEnds(cfg, log, cat, clock)
	if err != nil {
		return nil, err
	}
	return &parts{
		clock:  clock,
		site:   &httpserver.Site{Handler: f, Ping: db.Ping, Listed: listed(db, cat, indexed{finder})},
		papers: db.Papers,
	}, nil
}

// listed returns the question whether all that the store holds is listed and found.
// Catalogue and index notice by themselves what has been written, a moment later, so
// the question waits for that moment rather than be answered no.
func listed(db versioned, followers ...versioned) func(context.Context) error {
	return func(ctx context.Context) error {
		want, err := db.Version(ctx)
		if err != nil {
			return err
		}
		for _, f := range followers {
			if err := await(ctx, f, want); err != nil {
				return err
			}
		}
		return nil
	}
}

// await waits until v has seen the change numbered want.
func await(ctx context.Context, v versioned, want int64) error {
	for {
		have, err := v.Version(ctx)
		if err != nil {
			return err
		}
		if have >= want {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%T is at change %d of %d: %w", v, have, want, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// versioned is what knows the number of the last change it has seen.
type versioned interface {
	Version(context.Context) (int64, error)
}

// indexed is a search engine as something versioned.
type indexed struct{ finder *Finder }

func (i indexed) Version(ctx context.Context) (int64, error) {
	at, err := i.finder.Position(ctx)
	return at.Seq, err
}
