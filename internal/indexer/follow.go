package indexer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"broadsheet/internal/store"
)

const (
	followEvery = 200 * time.Millisecond // how often the database is looked at
	besideEvery = 2 * time.Second        // the same by one that keeps nobody from writing
	firstRetry  = 500 * time.Millisecond // after a failure, then twice as long each time
	lastRetry   = 10 * time.Second       // the same at the most
	modelRetry  = 5 * time.Minute        // the same for a model
)

// Follow keeps the index up to date with its database until ctx ends, as its writer as
// soon as no other process is. Nothing that fails ends it.
func (i *Index) Follow(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { i.repeat(ctx, followEvery, i.round) })
	running.Go(func() { i.embedAll(ctx) })
	running.Wait()
}

// KeepUp brings the index up to date until ctx ends whenever it is behind and no other
// process writes it. It holds the index only while it writes.
func (i *Index) KeepUp(ctx context.Context) {
	i.repeat(ctx, besideEvery, func(ctx context.Context) error {
		if s, err := i.State(ctx); err != nil || s.Complete() && s.Vectors == 0 {
			return err
		}
		if _, err := i.Update(ctx, nil); !errors.Is(err, ErrLocked) {
			return err
		}
		return nil // who writes it catches up
	})
}

// repeat does work over and over until ctx ends, and notes how it went.
func (i *Index) repeat(ctx context.Context, every time.Duration, work func(context.Context) error) {
	retry := firstRetry
	for wait := time.Duration(0); pause(ctx, wait); {
		err := protect(func() error { return work(ctx) })
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			i.state.well(i.o.Log)
			wait, retry = every, firstRetry
			continue
		}
		if p := (*PanicError)(nil); errors.As(err, &p) {
			i.o.Log.Error("following the database panicked", "value", p.Value, "stack", string(p.Stack))
			if i.Writes() {
				err = errors.Join(err, protect(i.reopen)) // its files are checked, in case they are the cause
			}
		}
		i.state.fail(i.o.Log, err)
		wait, retry = retry, min(2*retry, lastRetry)
	}
}

// pause waits, and reports whether ctx goes on.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}

// round brings the index up to date once, unless another process does.
func (i *Index) round(ctx context.Context) error {
	if i.o.DB.ReadOnly() && !i.Writes() { // a copy to read, whose index may be whole and not for writing either
		last, err := i.o.DB.Position(ctx)
		if _, has := i.has(ctx, last); has || err != nil {
			return err
		}
	}
	switch err := i.Lock(); {
	case errors.Is(err, ErrLocked):
		return i.lookAt(ctx)
	case err != nil:
		return err
	}
	if _, err := os.Stat(i.dir); errors.Is(err, fs.ErrNotExist) { // somebody has removed it
		if err := i.reopen(); err != nil {
			return err
		}
	}
	start := time.Now()
	n, err := i.follower.Follow(ctx, nil)
	if err == nil && n > 1000 {
		i.o.Log.Info("search index is up to date", "papers", n, "took", time.Since(start).Round(time.Millisecond))
	}
	return err
}

// lookAt notes whether the index that another process writes is of the database's history:
// until that process begins it anew, it must not be taken for whole.
func (i *Index) lookAt(ctx context.Context) error {
	at, err := i.Position(ctx)
	if err == nil {
		err = Check(ctx, i.o.DB, at)
	}
	lost := errors.Is(err, store.ErrOtherDatabase) || errors.Is(err, store.ErrAhead)
	i.state.lost.Store(lost)
	if lost || errors.Is(err, ErrNoSite) {
		return nil
	}
	return err
}

// embedAll gives vectors to papers that wait for them until ctx ends, while this process
// writes.
func (i *Index) embedAll(ctx context.Context) {
	if i.follower.Model == nil {
		return
	}
	retry := firstRetry
	for wait := followEvery; pause(ctx, wait); {
		if _, waits := i.follower.waiting.after(); !waits || !i.Writes() {
			wait = followEvery
			continue
		}
		err := protect(func() error { return i.follower.Embed(ctx) })
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			i.o.Log.Info("all papers have their vectors")
			wait, retry = followEvery, firstRetry
			continue
		}
		i.o.Log.Warn("papers wait for their vectors and are found by their words", "err", err, "again", retry)
		wait, retry = retry, min(2*retry, modelRetry)
	}
}

// Update brings the index up to date once, and returns how many papers that were. It
// goes on for as long as the database changes meanwhile, and until what was written is in
// order. It fails with [ErrLocked] while another process writes. A [*ModelError] means
// that papers wait for their vectors.
func (i *Index) Update(ctx context.Context, progress func(Progress)) (papers int, err error) {
	held := i.Writes()
	if err := i.Lock(); err != nil {
		return 0, err
	}
	if !held {
		defer func() { err = errors.Join(err, i.Unlock()) }()
	}
	papers, err = i.follower.Follow(ctx, progress)
	if err != nil {
		return papers, err
	}
	embedding, stop := context.WithCancel(ctx)
	embedded := make(chan error, 1)
	go func() { embedded <- protect(func() error { return i.follower.Embed(embedding) }) }()
	var notEmbedded error
	for merging, waits := true, true; merging || waits; {
		n, err := i.follower.Follow(ctx, progress) // others wait for what they have imported meanwhile
		papers += n
		if err == nil {
			merging, err = i.merge(ctx)
		}
		if err != nil {
			stop()
			<-embedded
			return papers, err
		}
		if !waits {
			continue
		}
		select {
		case notEmbedded = <-embedded:
			waits = false
		case <-time.After(10 * time.Millisecond):
		}
	}
	stop()
	n, err := i.follower.Follow(ctx, progress)
	return papers + n, errors.Join(err, notEmbedded)
}

// merge waits a while for merges, and reports whether there are more.
func (i *Index) merge(ctx context.Context) (more bool, err error) {
	short, cancel := context.WithTimeout(ctx, followEvery)
	defer cancel()
	err = i.WaitMerges(short)
	if err != nil && ctx.Err() == nil && short.Err() != nil {
		return true, nil
	}
	return false, err
}

// A StalledError says that another process has the index and brings nothing new.
type StalledError struct{ Behind int64 }

func (e *StalledError) Error() string {
	return fmt.Sprintf("another process has the search index open and does not bring it up to date; it is %s behind", changes(e.Behind))
}

// CatchUp returns once all that the database holds now can be found: it brings the index
// up to date or, while another process writes it, waits for that one. papers is how many
// this process has told. It fails with a [*StalledError] when the other process brings
// nothing new for as long as patience.
func (i *Index) CatchUp(ctx context.Context, patience time.Duration, progress func(Progress)) (papers int, err error) {
	want, err := i.o.DB.Position(ctx)
	if err != nil {
		return 0, err
	}
	var waits *ModelError // some papers have no vectors
	from, seen, since := int64(-1), int64(-1), time.Now()
	for {
		n, err := i.Update(ctx, progress)
		papers += n
		if err != nil && !errors.Is(err, ErrLocked) && !errors.As(err, &waits) {
			return papers, err
		}
		at, has := i.has(ctx, want) // as it is now that the lock is given back
		switch {
		case has && waits != nil:
			return papers, waits
		case has:
			return papers, nil
		case at != seen:
			seen, since = at, time.Now()
		case time.Since(since) > patience:
			return papers, &StalledError{want.Seq - at}
		}
		if from < 0 {
			from = at
		}
		if progress != nil {
			progress(Progress{Papers: papers, From: from, Seq: at, Last: want.Seq, Elsewhere: true})
		}
		if !pause(ctx, followEvery/2) {
			return papers, ctx.Err()
		}
	}
}

// has reports whether the index has come to a position of the database's history, and
// the number that it is at.
func (i *Index) has(ctx context.Context, want store.Position) (int64, bool) {
	at, err := i.Position(ctx)
	if err != nil || Check(ctx, i.o.DB, at) != nil {
		return 0, false
	}
	return at.Seq, at.Seq >= want.Seq
}
