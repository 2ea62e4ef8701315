package indexer

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"broadsheet/internal/embedding"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/index"
	"broadsheet/internal/store"
)

// Options says what an index is of and how it is kept.
type Options struct {
	DB    *store.DB       // that it follows; nil: the caller tells it by Apply
	Model embedding.Model // makes vectors of papers and questions; nil: by words alone
	Log   *slog.Logger    // nil: nothing is logged

	// Workers is how many goroutines build and merge segments at a time; 0: one for each processor.
	Workers int
	// LargeMerge is index.Options.LargeMerge: called around merges that need much memory.
	LargeMerge func() (afterStep, end func())
}

// ErrLocked says that another process writes the index.
var ErrLocked = index.ErrLocked

// An Index is a search engine on this machine. It may be used by several goroutines.
type Index struct {
	dir      string
	o        Options
	engine   index.Options
	follower *Follower // nil without a database

	// current is what answers.
	current atomic.Pointer[handle]
	mu      sync.Mutex // held while current is replaced
	closed  bool

	state state
}

// A handle is what an index answers from.
type handle struct {
	search.Engine
	writer *index.Engine // the same; nil: it is only read
	none   bool          // there is nothing to answer from
}

var _ search.Engine = (*Index)(nil)

// Open opens the index at url, "index:DIR", for reading. That there is none yet, that it
// is damaged or that another process writes it is no error: what can be read answers.
// Whoever opens an index closes it.
func Open(ctx context.Context, url string, o Options) (*Index, error) {
	dir, err := dirOf(url)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	i := &Index{dir: dir, o: o, engine: index.Options{Log: o.Log, MergeWorkers: o.Workers, LargeMerge: o.LargeMerge}}
	var model embedding.Model // what the follower asks
	if o.Model != nil {
		i.engine.Model = o.Model.Name()
		if terms := o.Model.Terms(); terms != nil {
			i.engine.Embedder = terms // vectors cost little: the engine makes them of the terms that it inverts anyway
		} else {
			model = o.Model
		}
	}
	i.current.Store(nothing())
	if o.DB != nil {
		i.follower = &Follower{DB: o.DB, Engine: i, Model: model}
		if model != nil {
			if err := i.follower.waiting.load(filepath.Join(dir, waitingFile), model.Name()); err != nil {
				return nil, err
			}
		}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.read()
	return i, nil
}

// waitingFile says in the folder of the index what waits for vectors.
const waitingFile = "WAITING"

func dirOf(url string) (string, error) {
	dir, ok := strings.CutPrefix(url, "index:")
	if !ok || dir == "" {
		return "", paper.Invalid("search", `want "index:DIR"`)
	}
	return dir, nil
}

// Holds reports whether the index at url holds papers, or what may have been papers. It
// changes nothing.
func Holds(url string) (bool, error) {
	dir, err := dirOf(url)
	if err != nil {
		return false, err
	}
	r, err := index.OpenReader(dir, index.Options{})
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return true, nil //nolint:nilerr // it is damaged, so there was one
	}
	s, err := r.Status(context.Background())
	return s.Papers > 0, errors.Join(err, r.Close())
}

// nothing is a handle that finds nothing.
func nothing() *handle { return &handle{Engine: none{}, none: true} }

// read looks for something to answer from, unless there is something. i.mu is held.
func (i *Index) read() {
	if !i.current.Load().none {
		return
	}
	r, err := index.OpenReader(i.dir, i.engine)
	if err == nil {
		i.current.Store(&handle{Engine: r})
	} else if !errors.Is(err, fs.ErrNotExist) {
		i.state.once(i.o.Log, "the search index cannot be read", err)
	}
}

// Lock makes this process the one that writes the index, and makes one where there is
// none; [ErrLocked] while another process writes it. What is damaged is built anew by
// following the database.
func (i *Index) Lock() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.closed:
		return errClosed
	case i.Writes():
		return nil
	}
	e, err := index.Open(i.dir, i.engine)
	if err != nil {
		i.read()
		return err
	}
	i.current.Store(&handle{Engine: e, writer: e})
	return nil
}

var errClosed = errors.New("indexer: closed")

// Unlock lets other processes write the index; this one goes on reading it.
func (i *Index) Unlock() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	h := i.current.Load()
	if h.writer == nil {
		return nil
	}
	i.current.Store(nothing())
	i.read()
	return h.writer.Close()
}

// reopen opens the index again, whose files are checked thereby: what is damaged is
// built anew.
func (i *Index) reopen() error {
	return errors.Join(i.Unlock(), i.Lock())
}

// Writes reports whether this process writes the index.
func (i *Index) Writes() bool { return i.current.Load().writer != nil }

// Model is what makes vectors of questions; nil: papers are found by words alone.
func (i *Index) Model() embedding.Model { return i.o.Model }

// WaitMerges waits until what this process has written is in order.
func (i *Index) WaitMerges(ctx context.Context) error {
	if e := i.current.Load().writer; e != nil {
		return e.WaitMerges(ctx)
	}
	return nil
}

// Close closes the index and lets other processes write it.
func (i *Index) Close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed {
		return nil
	}
	i.closed = true
	return i.current.Swap(&handle{Engine: none{errClosed}, none: true}).Close()
}

// ask asks what answers, and again if that was replaced meanwhile.
func ask[T any](i *Index, f func(*handle) (T, error)) (T, error) {
	for {
		h := i.current.Load()
		v, err := f(h)
		if err == nil || i.current.Load() == h {
			return v, err
		}
	}
}

// served is the handle unless what it holds is of another database.
func (i *Index) served(ctx context.Context, h *handle) (search.Engine, error) {
	if i.o.DB == nil {
		return h, nil
	}
	at, err := h.Position(ctx)
	if err != nil {
		return nil, err
	}
	if at.Site != "" && at.Site != i.o.DB.Identity() {
		return none{}, nil
	}
	return h, nil
}

// Search implements search.Engine.
func (i *Index) Search(ctx context.Context, r search.Request) (search.Result, error) {
	return ask(i, func(h *handle) (search.Result, error) {
		e, err := i.served(ctx, h)
		if err != nil {
			return search.Result{}, err
		}
		return e.Search(ctx, r)
	})
}

// Suggest implements search.Engine.
func (i *Index) Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	return ask(i, func(h *handle) ([]search.Suggestion, error) {
		e, err := i.served(ctx, h)
		if err != nil {
			return nil, err
		}
		return e.Suggest(ctx, prefix, limit)
	})
}

// Similar implements search.Engine.
func (i *Index) Similar(ctx context.Context, id paper.ID, limit int) ([]search.Hit, error) {
	return ask(i, func(h *handle) ([]search.Hit, error) {
		e, err := i.served(ctx, h)
		if err != nil {
			return nil, err
		}
		return e.Similar(ctx, id, limit)
	})
}

// Status implements search.Engine. Where the index cannot be brought up to date, Reason
// says why.
func (i *Index) Status(ctx context.Context) (search.Status, error) {
	return ask(i, func(h *handle) (search.Status, error) {
		e, err := i.served(ctx, h)
		if err != nil {
			return search.Status{}, err
		}
		s, err := e.Status(ctx)
		if h.writer == nil && i.state.lost.Load() {
			s.State = search.Rebuilding
		}
		if s.Reason == "" {
			s.Reason = i.state.problem()
		}
		return s, err
	})
}

// Position implements search.Engine.
func (i *Index) Position(ctx context.Context) (search.Position, error) {
	return ask(i, func(h *handle) (search.Position, error) { return h.Position(ctx) })
}

// Apply implements search.Engine for whoever holds the lock.
func (i *Index) Apply(ctx context.Context, changes []search.Change, at search.Position) error {
	return i.current.Load().Apply(ctx, changes, at)
}

// Reset implements search.Engine for whoever holds the lock.
func (i *Index) Reset(ctx context.Context, until search.Position, reason string) error {
	return i.current.Load().Reset(ctx, until, reason)
}

// none is an engine that holds nothing.
type none struct{ err error }

func (n none) Apply(context.Context, []search.Change, search.Position) error {
	return errors.Join(n.err, index.ErrReadOnly)
}

func (n none) Reset(context.Context, search.Position, string) error {
	return errors.Join(n.err, index.ErrReadOnly)
}

func (n none) Search(context.Context, search.Request) (search.Result, error) {
	return search.Result{}, n.err
}

func (n none) Suggest(context.Context, string, int) ([]search.Suggestion, error) { return nil, n.err }

func (n none) Similar(context.Context, paper.ID, int) ([]search.Hit, error) {
	return nil, errors.Join(n.err, paper.ErrNotFound)
}

func (n none) Position(context.Context) (search.Position, error) { return search.Position{}, n.err }
func (n none) Status(context.Context) (search.Status, error) {
	return search.Status{State: search.Ready}, n.err
}
func (n none) Close() error { return nil }
