package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
)

// Options says how an index is kept. The zero value is fine.
type Options struct {
	Log          *slog.Logger // nil: nothing is logged
	Model        string       // name of the model that makes the vectors; "" when there are none
	Embedder     TermEmbedder // makes the vectors of documents that come without one; nil: they have none
	MergeWorkers int          // goroutines that build segments; 0: one for each processor
}

// An Engine is a search.Engine whose data lies in a folder of its own.
type Engine struct {
	searcher
	dir string

	mu       sync.Mutex // held while anything below changes
	filling  *snapshot  // what Apply adds to; the same as serving but during a rebuild
	target   int64      // rebuild: the seq at which filling takes over
	old      *manifest  // rebuild: of what is served meanwhile
	man      *manifest
	live     int // how many of the views, the last ones, are in memory only
	log      *logFile
	builders []*builder
	lastBulk time.Time

	why     atomic.Pointer[string] // why there is a rebuild; nil: there is none
	merging atomic.Bool
	wake    chan struct{}
	stop    chan struct{}
	done    sync.WaitGroup
	idle    *sync.Cond // signalled when a round of merging ends
	busy    bool
}

var _ search.Engine = (*Engine)(nil)

var errClosed = errors.New("index: closed")

// Open opens the index in dir and makes an empty one where there is none. What is
// damaged or of another version is built anew by the caller, who sees that Cursor is
// behind: meanwhile what can still be read answers.
func Open(dir string, o Options) (*Engine, error) {
	o = o.withDefaults()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("index: open %s: %w", dir, err)
	}
	e := &Engine{searcher: searcher{o: o}, dir: dir, wake: make(chan struct{}, 1), stop: make(chan struct{})}
	e.idle = sync.NewCond(&e.mu)
	if err := e.load(); err != nil {
		return nil, fmt.Errorf("index: open %s: %w", dir, err)
	}
	e.done.Go(e.mergeLoop)
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
	return o
}

// load reads what the folder holds and decides what is served and what is filled.
func (e *Engine) load() error {
	m, err := readManifest(e.dir, manifestName)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !hasFiles(e.dir):
		return e.begin(search.Position{}, nil)
	case err != nil:
		return e.begin(search.Position{}, &rebuild{Reason: err.Error()})
	}
	snap, live, log, damage := e.open(m)
	trouble := errors.Join(m.fits(e.o.Model), damage)
	if next := e.openNext(); next != nil && next.man.Site == m.Site {
		log.close()
		e.serveOld(m, snap)
		return e.goOn(next)
	}
	os.Remove(filepath.Join(e.dir, nextName))
	if trouble == nil {
		sweep(e.dir, m)
		return e.goOn(&opened{m, snap, live, log})
	}
	log.close()
	e.serveOld(m, snap)
	return e.begin(snap.at, &rebuild{Reason: trouble.Error(), Until: snap.at.Seq})
}

// An opened is an index that can be added to.
type opened struct {
	man  *manifest
	snap *snapshot
	live int
	log  *logFile
}

// openNext opens the index that was being filled beside the one that is served; nil
// where there is none that can be gone on with.
func (e *Engine) openNext() *opened {
	m, err := readManifest(e.dir, nextName)
	if err != nil || m.fits(e.o.Model) != nil {
		return nil
	}
	snap, live, log, damage := e.open(m)
	if damage != nil {
		log.close()
		return nil
	}
	return &opened{m, snap, live, log}
}

// serveOld lets an index answer beside the one that is filled.
func (e *Engine) serveOld(m *manifest, snap *snapshot) {
	snap.foreign = m.Model != e.o.Model
	e.old = m
	e.serving.Store(snap)
}

// goOn fills what was opened.
func (e *Engine) goOn(o *opened) error {
	e.man, e.filling, e.live, e.log = o.man, o.snap, o.live, o.log
	if r := o.man.Rebuild; r != nil && (r.Until == 0 || o.snap.at.Seq < r.Until) {
		e.rebuilding(r)
	}
	if e.old != nil {
		sweep(e.dir, o.man, e.old)
		return e.reached()
	}
	e.serving.Store(o.snap)
	return e.reached()
}

// rebuilding notes that the index is being built anew.
func (e *Engine) rebuilding(r *rebuild) {
	e.why.Store(&r.Reason)
	e.target = r.Until
	e.o.Log.Warn("the search index is being built anew", "dir", e.dir, "why", r.Reason)
}

// begin begins an empty index of the site of at, beside the old one if there is one.
func (e *Engine) begin(at search.Position, r *rebuild) error {
	next := 1
	if e.man != nil {
		next = e.man.Next
	}
	if e.old != nil {
		next = max(next, e.old.Next+1_000_000)
	}
	e.filling = &snapshot{at: search.Position{Site: at.Site}, model: e.o.Model}
	e.live = 0
	e.man = &manifest{Format: formatNumber, Analysis: analysis.Version, Model: e.o.Model, Next: next, Rebuild: r}
	if e.old == nil {
		e.serving.Store(e.filling)
	}
	if r != nil {
		e.rebuilding(r)
	}
	if err := e.commit(nil, e.filling.at, true); err != nil {
		return err
	}
	sweep(e.dir, e.man, e.old)
	return nil
}

// Reset implements search.Engine.
func (e *Engine) Reset(ctx context.Context, until search.Position, reason string) error {
	if err := e.ready(ctx); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	served := e.serving.Load()
	switch {
	case served.at.Site != until.Site:
		e.old = nil
	case e.old == nil:
		e.old = e.man
	}
	return e.begin(until, &rebuild{Reason: reason, Until: until.Seq})
}

// manifestFile is where the manifest of what is filled belongs.
func (e *Engine) manifestFile() string {
	if e.old != nil {
		return nextName
	}
	return manifestName
}

// open reads the segments and the log of a manifest. What is damaged is left out and
// told; then the rest is good for answering only.
func (e *Engine) open(m *manifest) (snap *snapshot, live int, log *logFile, damage error) {
	damage = e.verifyAll(m)
	snap = &snapshot{at: m.position(), model: m.Model}
	for _, r := range m.Segments {
		v, err := openView(e.dir, r)
		if err != nil {
			damage = errors.Join(damage, err)
			continue
		}
		snap.views = append(snap.views, v)
	}
	log, records, err := openLog(e.dir, m.Log)
	if err != nil {
		return snap.counted(), 0, nil, errors.Join(damage, err)
	}
	for _, r := range records {
		if err := snap.replay(r, &live); err != nil {
			damage = errors.Join(damage, err)
			break
		}
	}
	return snap.counted(), live, log, damage
}

// verifyAll compares all files with their sums and strikes damaged segments out.
func (e *Engine) verifyAll(m *manifest) error {
	errs := make([]error, len(m.Segments))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	var mu sync.Mutex
	for i, r := range m.Segments {
		for p := range numParts {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				if err := verify(filepath.Join(e.dir, partFile(r.Name, p)), r.Parts[p]); err != nil {
					mu.Lock()
					errs[i] = err
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	kept := m.Segments[:0]
	for i, r := range m.Segments {
		if errs[i] == nil {
			kept = append(kept, r)
		}
	}
	m.Segments = kept
	return errors.Join(errs...)
}

func openView(dir string, r segmentRecord) (view, error) {
	s, err := mapSegment(dir, r.Name)
	if err != nil {
		return view{}, err
	}
	s.sums = r.Parts
	return viewOf(dir, s, r)
}

// viewOf is a segment with what the manifest says was deleted from it.
func viewOf(dir string, s *segment, r segmentRecord) (view, error) {
	v := view{seg: s}
	if r.Deleted == "" {
		return v, nil
	}
	path := filepath.Join(dir, r.Deleted)
	if err := verify(path, r.DelSum); err != nil {
		return view{}, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return view{}, fmt.Errorf("index: %w", err)
	}
	v.deleted = append(bitset(nil), numbersOf[uint64](b)...)
	if len(v.deleted) != len(s.newSet()) {
		return view{}, fmt.Errorf("index: %s: %w", r.Deleted, errDamaged)
	}
	v.nDel = v.deleted.count()
	v.delFile, v.delSum, v.delWritten = r.Deleted, r.DelSum, v.nDel
	return v, nil
}

// Position implements search.Engine.
func (e *Engine) Position(ctx context.Context) (search.Position, error) {
	if err := e.ready(ctx); err != nil {
		return search.Position{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.filling.at, nil
}

// Close stops merging and closes the log. Searches that are under way end well.
func (e *Engine) Close() error {
	if e.closed.Swap(true) {
		return nil
	}
	close(e.stop)
	e.done.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.idle.Broadcast()
	if e.log == nil {
		return nil
	}
	return e.log.f.Close()
}

// Status implements search.Engine.
func (e *Engine) Status(ctx context.Context) (search.Status, error) {
	at, err := e.Position(ctx)
	if err != nil {
		return search.Status{}, err
	}
	st := e.serving.Load().status()
	st.Position, st.Model = at, e.o.Model
	switch why := e.why.Load(); {
	case why != nil:
		st.State, st.Reason = search.Rebuilding, *why
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
		if e.closed.Load() {
			return errClosed
		}
		e.idle.Wait()
	}
	return nil
}
