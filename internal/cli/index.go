package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"broadsheet/internal/app"
	"broadsheet/internal/config"
	"broadsheet/internal/indexer"
	"broadsheet/internal/ingest"
	"broadsheet/internal/store"
)

// withIndex runs f on the store and the search index of cfg, which no other process
// writes meanwhile. The index holds all that the store does by then.
func (s *settings) withIndex(ctx context.Context, cfg *config.Config, f func(*store.DB, *indexer.Index) error) error {
	return s.onIndex(ctx, cfg, func(db *store.DB, idx *indexer.Index) error {
		if err := lockIndex(cfg, idx); err != nil {
			return err
		}
		p := newProgress(s.err)
		_, err := idx.Update(ctx, p.indexing)
		p.end()
		if err != nil {
			return err
		}
		return f(db, idx)
	})
}

// withReader runs f on the store and the search index of cfg. If the index does not hold
// all that the store does and cannot be brought up to date at once, f is told of the lag,
// and at the end an error of its own exit status says so.
func (s *settings) withReader(ctx context.Context, cfg *config.Config, f func(db *store.DB, idx *indexer.Index, lag bool) error) error {
	return s.onIndex(ctx, cfg, func(db *store.DB, idx *indexer.Index) error {
		state, err := s.bringUp(ctx, idx)
		if err == nil {
			err = f(db, idx, !state.Complete())
		}
		if err == nil && !state.Complete() {
			err = incomplete(state.String())
		}
		return err
	})
}

// onIndex runs f on the store and the search index of cfg.
func (s *settings) onIndex(ctx context.Context, cfg *config.Config, f func(*store.DB, *indexer.Index) error) error {
	db, err := app.OpenStore(ctx, cfg, s.log(cfg, s.err))
	if err != nil {
		return err
	}
	idx, err := app.OpenIndex(ctx, cfg, db, s.log(cfg, s.err))
	if err != nil {
		return errors.Join(err, db.Close())
	}
	err = f(db, idx)
	if err != nil && ctx.Err() != nil {
		err = &exitError{statusInterrupted, errors.New("interrupted")}
	}
	return errors.Join(err, idx.Close(), db.Close())
}

// lockIndex takes the index for this process alone, and explains what is to be done when
// another has it.
func lockIndex(cfg *config.Config, idx *indexer.Index) error {
	err := idx.Lock()
	if errors.Is(err, indexer.ErrLocked) {
		return fmt.Errorf("%w: %s\nThis command needs the index for itself: stop the site first, or copy its folder", err, cfg.IndexDir())
	}
	return err
}

// catchUpWait is how long a question waits for another process that is just bringing the
// index up to date.
const catchUpWait = 2 * time.Second

// bringUp brings the index up to date as far as that is possible at once, and says what
// is still missing.
func (s *settings) bringUp(ctx context.Context, idx *indexer.Index) (indexer.State, error) {
	state, err := idx.State(ctx)
	if err != nil || state.Complete() {
		return state, err
	}
	p := newProgress(s.err)
	_, err = idx.Update(ctx, p.indexing)
	p.end()
	if errors.Is(err, indexer.ErrLocked) {
		soon, cancel := context.WithTimeout(ctx, catchUpWait)
		defer cancel()
		_, err = idx.CatchUp(soon, catchUpWait, nil)
		if stalled := (*indexer.StalledError)(nil); soon.Err() != nil || errors.As(err, &stalled) {
			err = nil // what is missing is said below
		}
	}
	if err != nil && ctx.Err() != nil {
		return state, err
	}
	if err != nil {
		fmt.Fprintf(s.err, "%v\n", err)
	}
	return idx.State(ctx)
}

// incomplete is the error of an answer that may lack papers.
func incomplete(why string) error {
	return &exitError{statusIncomplete, fmt.Errorf("papers may be missing: the search index is %s", why)}
}

// indexing shows how far the index has come.
func (p *progress) indexing(now indexer.Progress) {
	name, records := "search index", now.Papers
	if now.Elsewhere {
		name, records = "search index, written by another process", int(now.Seq-now.From)
	}
	p.show(ingest.Progress{
		Name: name, Done: now.Seq - now.From, Total: now.Last - now.From, Records: records, Counted: true,
	})
}
