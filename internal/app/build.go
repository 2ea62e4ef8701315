package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/ingest"
	"broadsheet/internal/media"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/web"
)

// parts is the site as built, with what must be closed at the end.
type parts struct {
	site   *site
	count  int64 // papers at the start
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
func build(ctx context.Context, cfg *config.Config, log *slog.Logger) (*parts, error) {
	db, err := OpenStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	p, err := assemble(ctx, cfg, log, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return p, nil
}

// assemble makes the site over an open store.
func assemble(ctx context.Context, cfg *config.Config, log *slog.Logger, db *store.DB) (*parts, error) {
	if cfg.Demo {
		if err := ingest.Demo(ctx, db); err != nil {
			return nil, err
		}
	}
	clock, err := paper.NewClock(cfg.ClockZone, cfg.ClockOpens)
	if err != nil {
		return nil, err
	}
	pictures, err := media.New(media.Options{Mode: media.Mode(cfg.Media), Dir: cfg.MediaDir(), Log: log})
	if err != nil {
		return nil, err
	}
	cat := catalog.New(db, clock, time.Now)
	handler, err := web.New(web.Options{
		Catalog:  cat,
		Clock:    clock,
		SiteName: cfg.SiteName,
		BaseURL:  cfg.BaseURL,
		Media:    pictures,
		Log:      log,
		Version:  Version(),
	})
	if err != nil {
		return nil, err
	}
	count, err := db.Papers(ctx)
	if err != nil {
		return nil, err
	}
	return &parts{
		site:   &site{Handler: handler, ping: db.Ping, listed: listed(db, cat)},
		count:  count,
		papers: db.Papers,
		close:  db.Close,
	}, nil
}

// listed returns the question whether all that the store holds is listed and found.
// The catalogue notices by itself what another process has written, a moment later,
// so the question waits for that moment rather than be answered no.
func listed(db, cat versioned) func(context.Context) error {
	return func(ctx context.Context) error {
		want, err := db.Version(ctx)
		if err != nil {
			return err
		}
		for {
			have, err := cat.Version(ctx)
			if err != nil {
				return err
			}
			if have >= want {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("the catalogue is at change %d of %d: %w", have, want, ctx.Err())
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
}

// versioned is what knows the number of the last change it has seen.
type versioned interface {
	Version(context.Context) (int64, error)
}
