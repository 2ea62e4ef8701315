package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/query"
	"broadsheet/internal/search/index/segment"
)

// Options says how an index is kept. The zero value is fine.
type Options struct {
	Log          *slog.Logger // nil: nothing is logged
	Model        string       // name of the model that makes the vectors; "" when there are none
	Embedder     TermEmbedder // makes the vectors of documents that come without one; nil: they have none
	MergeWorkers int          // goroutines that build and merge segments at a time; 0: one for each processor

	// LargeMerge is called when a merge of more than 100,000 documents begins, which
	// needs much memory for some seconds or minutes: afterStep is called whenever
	// much of that has become garbage, and end at the end. nil: nothing is done.
	LargeMerge func() (afterStep, end func())
}

// A TermEmbedder makes vectors of terms.
type TermEmbedder = segment.TermEmbedder

// ErrLocked says that another process has the index open for writing, or this one has.
var ErrLocked = errors.New("the search index is in use by another process")

// An Engine is a search.Engine whose data lies in a folder of its own.
//
// What answers reads the two snapshots, which are replaced as a whole, and takes no
// lock. Apply and Reset exclude each other by applying, do what takes time, and change
// the state below mu under mu, as a merge does when it has written its segment.
type Engine struct {
	query.Searcher // answers from what is served
	dir            string
	o              Options
	lock           *os.File

	life   context.Context // ends with Close
	cancel context.CancelFunc
	done   sync.WaitGroup

	filled  atomic.Pointer[query.Snapshot] // what Apply adds to: what is served, too, but during a rebuild beside an older index
	broken  atomic.Pointer[string]         // why filled has to be begun anew by the next Apply; nil: it need not
	reason  atomic.Pointer[string]         // of a rebuild; nil: there is none
	merging atomic.Bool
	number  atomic.Int64 // of the last file
	wake    chan struct{}
	suspect chan error // asks for a check of all checksums

	applying sync.Mutex
	builders []*segment.Builder // of who holds applying

	mu        sync.Mutex
	man       *manifest // of filled
	old       *manifest // of the older index that is served meanwhile; nil: there is none
	target    int64     // the seq at which a rebuild ends; 0: nobody knows
	live      int       // how many of the segments, the last ones, are in memory only
	log       *logFile
	written   map[*segment.Segment]written
	lastBulk  time.Time
	busy      bool       // a merge is under way
	panicked  bool       // a merge has, and its checksums were right
	putOff    bool       // merges: they panic whatever is done
	idle      *sync.Cond // signalled when a round of merging ends
	afterRead func()     // for tests: is called when a merge has written its segment
}

var (
	_ search.Engine = (*Engine)(nil)
	_ search.Engine = (*Reader)(nil)
)

// Open opens the index in dir for writing and makes an empty one where there is none;
// ErrLocked when it is open for writing already. The lock is the file dir.lock beside
// the folder. What is damaged or of another version is built anew by the caller, who
// sees that Position is behind: meanwhile what can still be read answers.
func Open(dir string, o Options) (*Engine, error) {
	o = o.withDefaults()
	e := &Engine{dir: dir, o: o, wake: make(chan struct{}, 1), suspect: make(chan error, 1), written: map[*segment.Segment]written{}}
	e.Init(o.Log, nil, e.suspectDamage)
	e.idle = sync.NewCond(&e.mu)
	e.life, e.cancel = context.WithCancel(context.Background())
	if err := e.open(); err != nil {
		e.cancel()
		return nil, errors.Join(fmt.Errorf("index: open %s: %w", dir, err), e.log.close(), e.unlock())
	}
	e.done.Go(e.maintain)
	e.poke()
	return e, nil
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MergeWorkers <= 0 {
		o.MergeWorkers = runtime.GOMAXPROCS(0)
	}
	if o.LargeMerge == nil {
		o.LargeMerge = func() (afterStep, end func()) { return nil, func() {} }
	}
	return o
}

func (e *Engine) open() error {
	if err := os.MkdirAll(e.dir, 0o777); err != nil {
		return err
	}
	var err error
	if e.lock, err = lockFile(e.dir + ".lock"); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.load()
}

func (e *Engine) unlock() error {
	if e.lock == nil {
		return nil
	}
	return e.lock.Close()
}

// Close ends what is under way, which leaves no trace, and lets others open the index.
// Searches that are under way end well.
func (e *Engine) Close() error {
	if !e.Shut() {
		return nil
	}
	e.cancel()
	e.done.Wait()
	e.applying.Lock()
	defer e.applying.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.idle.Broadcast()
	return errors.Join(e.log.close(), e.unlock())
}

// whileOpen is a context that ends with the engine, too.
func (e *Engine) whileOpen(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(e.life, cancel)
	return ctx, func() { stop(); cancel() }
}

// Position implements search.Engine.
func (e *Engine) Position(ctx context.Context) (search.Position, error) {
	if err := e.Ready(ctx); err != nil {
		return search.Position{}, err
	}
	return e.position(), nil
}

func (e *Engine) position() search.Position {
	at := e.filled.Load().At
	if e.broken.Load() != nil {
		return search.Position{Site: at.Site}
	}
	return at
}

// Status implements search.Engine.
func (e *Engine) Status(ctx context.Context) (search.Status, error) {
	if err := e.Ready(ctx); err != nil {
		return search.Status{}, err
	}
	st := e.Serves()
	st.Position = e.position()
	switch reason := e.reason.Load(); {
	case reason != nil:
		st.State, st.Reason = search.Rebuilding, *reason
	case e.merging.Load():
		st.State = search.Merging
	}
	return st, nil
}

// WaitMerges waits until nothing is left to merge.
func (e *Engine) WaitMerges(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.idle.Broadcast()
	})
	defer stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lastBulk = time.Time{}
	e.poke()
	for e.busy || len(e.pickMerge()) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.Closed() {
			return query.ErrClosed
		}
		e.idle.Wait()
	}
	e.nothingLeft()
	return nil
}

// poke wakes the goroutine that merges.
func (e *Engine) poke() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// suspectDamage asks for a check of all checksums.
func (e *Engine) suspectDamage(err error) {
	select {
	case e.suspect <- err:
	default:
	}
}

// nextName numbers files; the numbers that a crash wasted do no harm, as files that
// no manifest names are swept.
func (e *Engine) nextName() string { return fmt.Sprintf("%08d", e.number.Add(1)) }

// eachParallel calls f with the numbers up to n, for each processor one at a time.
func eachParallel(n int, f func(i int)) {
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			f(i)
		})
	}
	wg.Wait()
}
