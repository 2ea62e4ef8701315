package cli

import (
	"context"
	"errors"
	"fmt"

	"broadsheet/internal/app"
	"broadsheet/internal/config"
	"broadsheet/internal/ingest"
	"broadsheet/internal/store"
)

// withFinder runs f on the store and the search index of cfg. The index knows all
// that the store holds by then.
func (s *settings) withFinder(ctx context.Context, cfg *config.Config, f func(*store.DB, *app.Finder) error) error {
	db, err := app.OpenStore(ctx, cfg)
	if err != nil {
		return err
	}
	finder, err := s.openFinder(cfg)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	if err = s.catchUp(ctx, db, finder); err == nil {
		err = f(db, finder)
	}
	if err != nil && ctx.Err() != nil {
		err = &exitError{statusInterrupted, errors.New("interrupted")}
	}
	return errors.Join(err, finder.Close(), db.Close())
}

// openFinder opens the search index of cfg and explains what is to be done when the
// site has it.
func (s *settings) openFinder(cfg *config.Config) (*app.Finder, error) {
	finder, err := app.OpenFinder(cfg, s.log(cfg, s.err))
	if errors.Is(err, app.ErrIndexInUse) {
		return nil, fmt.Errorf("%w: %s\nWhile the site runs, ask it there (serve uses http://%s/papers?q=... unless told otherwise), or stop it first",
			err, cfg.IndexDir(), cfg.Listen)
	}
	return finder, err
}

// catchUp tells the search index what it does not know of the store yet.
func (s *settings) catchUp(ctx context.Context, db *store.DB, finder *app.Finder) error {
	p := newProgress(s.err)
	defer p.end()
	from := finder.Cursor()
	_, err := finder.Indexer(db).CatchUp(ctx, func(now ingest.IndexProgress) {
		p.show(ingest.Progress{
			Name: "search index", Done: now.Seq - from, Total: now.Last - from, Records: now.Papers, Counted: true,
		})
	})
	return err
}
