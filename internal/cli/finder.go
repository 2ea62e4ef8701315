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

// withFinder runs f on the store and the search index of cfg, which nobody else has
// open meanwhile. The index knows all that the store holds by then.
func (s *settings) withFinder(ctx context.Context, cfg *config.Config, f func(*store.DB, *app.Finder) error) error {
	return s.onFinder(ctx, cfg, s.openFinder, f)
}

// withReader is withFinder for what only asks: while the site runs, the index knows
// what the site has told it, and what is missing is said.
func (s *settings) withReader(ctx context.Context, cfg *config.Config, f func(*store.DB, *app.Finder) error) error {
	open := func(cfg *config.Config) (*app.Finder, error) {
		return app.OpenForSearch(ctx, cfg, s.log(cfg, s.err))
	}
	return s.onFinder(ctx, cfg, open, f)
}

func (s *settings) onFinder(ctx context.Context, cfg *config.Config,
	open func(*config.Config) (*app.Finder, error), f func(*store.DB, *app.Finder) error,
) error {
	db, err := app.OpenStore(ctx, cfg)
	if err != nil {
		return err
	}
	finder, err := open(cfg)
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
		return nil, fmt.Errorf("%w: %s\nThis command needs the index for itself: stop the site first, or copy its folder", err, cfg.IndexDir())
	}
	return finder, err
}

// catchUp tells the search index what it does not know of the store yet; of one that
// can only be read it says how much that is.
func (s *settings) catchUp(ctx context.Context, db *store.DB, finder *app.Finder) error {
	if finder.ReadOnly() {
		n, err := finder.Behind(ctx, db)
		if err == nil && n > 0 {
			fmt.Fprintf(s.err, "the index is %s behind; the running site will catch up\n", changes(n))
		}
		return err
	}
	p := newProgress(s.err)
	defer p.end()
	from, err := finder.Position(ctx)
	if err != nil {
		return err
	}
	_, err = finder.Indexer(db).CatchUp(ctx, func(now ingest.IndexProgress) {
		p.show(ingest.Progress{
			Name: "search index", Done: now.Seq - from.Seq, Total: now.Last - from.Seq, Records: now.Papers, Counted: true,
		})
	})
	return err
}

// changes is n changes, or one.
func changes(n int64) string {
	if n == 1 {
		return "1 change"
	}
	return thousands(int(n)) + " changes"
}
