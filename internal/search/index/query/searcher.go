package query

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// ErrClosed says that an engine was closed.
var ErrClosed = errors.New("index: closed")

// A Searcher answers from the snapshot that was published last. It takes no lock that
// whoever brings the snapshots may hold.
type Searcher struct {
	log     *slog.Logger
	refresh func()
	damaged func(error)

	serving    atomic.Pointer[Snapshot]
	generation atomic.Uint64 // how many snapshots were published
	closed     atomic.Bool
}

// Init readies a Searcher: refresh brings what is new before a question is answered,
// and damaged is called when reading a segment failed. Both may be nil.
func (e *Searcher) Init(log *slog.Logger, refresh func(), damaged func(error)) {
	e.log, e.refresh, e.damaged = log, refresh, damaged
}

// Publish lets a snapshot answer from now on.
func (e *Searcher) Publish(s *Snapshot) {
	e.serving.Store(s)
	e.generation.Add(1) // after it: what is answered at a generation is never older
}

// Serves says what the snapshot that answers holds.
func (e *Searcher) Serves() search.Status {
	generation := e.generation.Load() // before it, as Publish has it
	st := e.Serving().Status()
	st.Generation = generation
	return st
}

// Serving is the snapshot that answers.
func (e *Searcher) Serving() *Snapshot { return e.serving.Load() }

// Shut ends the answering; searches under way end well. It reports whether this call
// was the first.
func (e *Searcher) Shut() bool { return !e.closed.Swap(true) }

// Closed reports whether Shut was called.
func (e *Searcher) Closed() bool { return e.closed.Load() }

// Ready is nil where a question can be answered.
func (e *Searcher) Ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if e.closed.Load() {
		return ErrClosed
	}
	if e.refresh != nil {
		e.refresh()
	}
	return nil
}

// answer calls f with the snapshot that answers. What reading damaged memory does is an
// error, which goes to damaged, too.
func (e *Searcher) answer(ctx context.Context, f func(*Snapshot) error) error {
	if err := e.Ready(ctx); err != nil {
		return err
	}
	snap := e.serving.Load()
	defer runtime.KeepAlive(snap)
	err := guarded(snap, f)
	if trouble, ok := errors.AsType[*segment.PanicError](err); ok {
		e.log.Error("reading the search index failed", "err", trouble, "stack", trouble.Stack)
		if e.damaged != nil {
			e.damaged(trouble)
		}
		return fmt.Errorf("index: reading failed: %w: %w", trouble, segment.ErrDamaged)
	}
	return err
}

func guarded(snap *Snapshot, f func(*Snapshot) error) (err error) {
	defer segment.Recover(&err)()
	return f(snap)
}

// Search implements search.Engine.
func (e *Searcher) Search(ctx context.Context, r search.Request) (res search.Result, err error) {
	began := time.Now()
	err = e.answer(ctx, func(snap *Snapshot) error {
		q := newQuery(snap, r)
		if id := r.Query.Filters.Similar; id != "" && !q.similarTo(id) {
			return nil
		}
		if res, err = q.run(ctx); err != nil {
			return err
		}
		if r.Correct != "" && (res.Total < search.RareQuery || res.Relaxed) {
			res.DidYouMean = snap.correct(ctx, r.Correct)
		}
		return nil
	})
	if err != nil {
		return search.Result{}, err
	}
	res.Took = time.Since(began)
	return res, nil
}

// Similar implements search.Engine.
func (e *Searcher) Similar(ctx context.Context, id paper.ID, limit int) (hits []search.Hit, err error) {
	err = e.answer(ctx, func(snap *Snapshot) error {
		q := newQuery(snap, search.Request{Limit: limit, NoTotal: true})
		q.distinct = true
		if !q.similarTo(id) {
			return fmt.Errorf("index: similar to %s: %w", id, paper.ErrNotFound)
		}
		res, err := q.run(ctx)
		hits = res.Hits
		return err
	})
	return hits, err
}

// Suggest implements search.Engine.
func (e *Searcher) Suggest(ctx context.Context, prefix string, limit int) (out []search.Suggestion, err error) {
	err = e.answer(ctx, func(snap *Snapshot) error {
		out, err = snap.suggest(ctx, prefix, limit)
		return err
	})
	return out, err
}
