package indexer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/embedding"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// A Follower tells a search engine what changes in a database. The engine's own
// position says how far it was told, so this may stop at any moment and go on. Its
// methods may be called by several goroutines.
type Follower struct {
	DB     *store.DB
	Engine search.Engine
	// Model makes the vectors of papers. It is nil where papers are found by words
	// alone, or the engine embeds them itself.
	Model embedding.Model

	size    int        // of a batch, for tests; 0: indexBatch
	mu      sync.Mutex // held while the engine's position is read and written back
	waiting waiting
}

// Progress says how far an index has come.
type Progress struct {
	Papers    int   // told so far by this process
	From      int64 // number of the change that it began at
	Seq       int64 // number of the last change that it has
	Last      int64 // number of the last change that there is
	Elsewhere bool  // another process writes it
}

// indexBatch is how many changes are read and told at a time: many, since an engine
// writes each batch of a first filling as a segment of its own.
const indexBatch = 16384

// A batch is changes on their way to the engine.
type batch struct {
	changes []search.Change
	after   int64 // number of the change before
	at      search.Position
	wanting bool // there are texts that have no vector yet
}

// CatchUp tells the engine all changes up to now, and returns how many papers that
// were. Then it gives vectors to those that have none yet; an error of the model is a
// [*ModelError], and everything can be found by its words then.
func (f *Follower) CatchUp(ctx context.Context, progress func(Progress)) (int, error) {
	n, err := f.Follow(ctx, progress)
	if err == nil {
		err = f.Embed(ctx)
	}
	return n, err
}

// Follow is CatchUp without the vectors that have yet to be made.
func (f *Follower) Follow(ctx context.Context, progress func(Progress)) (int, error) {
	n, err := f.follow(ctx, progress)
	if errors.Is(err, search.ErrStartAgain) { // it has lost what it was told, and says why itself
		return f.follow(ctx, progress)
	}
	return n, err
}

func (f *Follower) follow(ctx context.Context, progress func(Progress)) (int, error) {
	last, err := f.DB.Position(ctx)
	if err != nil {
		return 0, err
	}
	from, err := f.check(ctx, last)
	if err != nil || from.Seq >= last.Seq {
		return 0, err
	}
	group, ctx := errgroup.WithContext(ctx)
	read := make(chan *batch, 2)
	group.Go(func() error {
		defer close(read)
		return protect(func() error { return f.read(ctx, from.Seq, last, read) })
	})
	papers := 0
	group.Go(func() error {
		return protect(func() error {
			for b := range read {
				if err := f.apply(ctx, b); err != nil {
					return err
				}
				papers += len(b.changes)
				if progress != nil {
					progress(Progress{Papers: papers, From: from.Seq, Seq: b.at.Seq, Last: last.Seq})
				}
			}
			return nil
		})
	})
	return papers, group.Wait()
}

// A PanicError is a panic that became an error.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// protect turns a panic into an error.
func protect(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &PanicError{r, debug.Stack()}
		}
	}()
	return f()
}

// check returns the engine's position if it is on the history of the database, which
// is at last by now. If it is not, the engine begins anew.
func (f *Follower) check(ctx context.Context, last store.Position) (search.Position, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, err := f.Engine.Position(ctx)
	if err != nil {
		return at, fmt.Errorf("indexer: %w", err)
	}
	until := search.Position(last)
	var reason string
	switch err := Check(ctx, f.DB, at); {
	case err == nil && at.Seq > 0:
		return at, nil
	case err == nil:
		// An index that has lost its manifest does not know when it will be complete.
		status, err := f.Engine.Status(ctx)
		if err != nil || status.State != search.Rebuilding {
			return at, err
		}
		reason = status.Reason
	case errors.Is(err, ErrNoSite):
		until.Site = "" // so that it goes on answering meanwhile
		reason = "the index does not say which database it is of"
	case errors.Is(err, store.ErrOtherDatabase):
		reason = "the index is of another database"
	case errors.Is(err, store.ErrAhead):
		reason = "the database was put back to an earlier state"
	default:
		return at, err
	}
	if err := f.Engine.Reset(ctx, until, reason); err != nil {
		return at, fmt.Errorf("indexer: begin anew: %w", err)
	}
	return search.Position{Site: until.Site}, nil
}

// ErrNoSite says that a position does not name the database that it is of.
var ErrNoSite = errors.New("this position does not say which database it is of")

// Check reports whether an index at a position may go on following db: nil, or an error
// that is [ErrNoSite], store.ErrOtherDatabase or store.ErrAhead.
func Check(ctx context.Context, db *store.DB, at search.Position) error {
	switch {
	case at.Seq == 0 && (at.Site == "" || at.Site == db.Identity()):
		return nil // it is empty
	case at.Site == "":
		return ErrNoSite
	}
	return db.Check(ctx, store.Position(at))
}

// read sends the changes after a number in batches, the last of which is at last.
func (f *Follower) read(ctx context.Context, after int64, last store.Position, to chan<- *batch) error {
	for after < last.Seq {
		changes, through, err := f.DB.IndexChanges(ctx, after, last.Seq, cmp.Or(f.size, indexBatch))
		if err != nil {
			return err
		}
		at := last
		if through < last.Seq {
			if at, err = f.DB.PositionAt(ctx, through); err != nil {
				return err
			}
		}
		b := &batch{after: after, at: search.Position(at)}
		if err := f.fill(ctx, b, changes); err != nil {
			return err
		}
		after = through
		select {
		case to <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// fill reads the papers that have changed, in the order of their changes, and the
// vectors that are kept.
func (f *Follower) fill(ctx context.Context, b *batch, changes []store.IndexChange) error {
	docs, err := f.documents(ctx, changes)
	if err != nil {
		return err
	}
	for _, c := range changes {
		d := docs[c.ID]
		switch {
		case c.Removed:
			b.changes = append(b.changes, search.Change{ID: c.ID, Kind: search.Delete})
		case d == nil: // it was removed meanwhile, and a later change says so
		case c.Text:
			b.changes = append(b.changes, search.Change{ID: c.ID, Kind: search.Text, Document: d})
		default:
			b.changes = append(b.changes, search.Change{ID: c.ID, Kind: search.Counts, Document: d})
		}
	}
	if f.Model == nil {
		return nil
	}
	missing, err := f.keptVectors(ctx, b.changes)
	b.wanting = len(missing) > 0
	return err
}

// rowsAtOnce is how many papers are read by one query.
const rowsAtOnce = 512

// documents reads the papers of changes.
func (f *Follower) documents(ctx context.Context, changes []store.IndexChange) (map[paper.ID]*search.Document, error) {
	var ids []paper.ID
	for _, c := range changes {
		if !c.Removed {
			ids = append(ids, c.ID)
		}
	}
	all := make(map[paper.ID]*search.Document, len(ids))
	for len(ids) > 0 {
		n := min(rowsAtOnce, len(ids))
		rows, err := f.DB.ByID(ctx, ids[:n])
		if err != nil {
			return nil, err
		}
		ids = ids[n:]
		for i := range rows {
			all[rows[i].Paper.ID] = Document(&rows[i])
		}
	}
	return all, nil
}

// apply tells the engine a batch.
func (f *Follower) apply(ctx context.Context, b *batch) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b.wanting {
		if err := f.waiting.want(f.Model.Name(), b.after); err != nil {
			return err
		}
	}
	if err := f.Engine.Apply(ctx, b.changes, b.at); err != nil {
		return fmt.Errorf("indexer: %w", err)
	}
	return nil
}
