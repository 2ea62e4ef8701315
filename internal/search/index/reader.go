package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/query"
	"broadsheet/internal/search/index/segment"
)

// A Reader answers from an index that another process may be writing. It changes
// nothing in the folder. Each question looks first whether the writer has brought
// something new, unless that was done a moment ago; see [Reader.Refresh].
//
// A Reader trusts what it maps as far as sizes and tables go: the sums of whole files
// are compared by the writer, which may be repairing the index while this one reads.
type Reader struct {
	query.Searcher
	dir string
	o   Options

	rebuild atomic.Pointer[rebuild] // that the writer is at; nil: none

	mu      sync.Mutex // held while anything below changes
	raw     []byte     // the manifest, as it was read
	man     *manifest
	live    int   // how many of the views, the last ones, are of the log
	logEnd  int64 // how far the log was read
	looked  time.Time
	trouble string // of the last look, as logged
}

// ErrReadOnly says that an index was opened for reading only.
var ErrReadOnly = errors.New("index: opened for reading only")

const (
	lookEvery = 200 * time.Millisecond // how often questions look for news, at most
	mostTries = 100                    // a writer does not replace its manifest so often while one is read
)

// OpenReader opens the index in dir for reading only. Options.Model is the model that
// embeds queries; vectors of another are left alone. The error is fs.ErrNotExist where
// there is no index, and says so of one that is damaged.
func OpenReader(dir string, o Options) (*Reader, error) {
	r := &Reader{dir: dir, o: o.withDefaults()}
	r.Init(r.o.Log, nil, nil)
	if err := r.Refresh(); err != nil {
		return nil, fmt.Errorf("index: open %s for reading: %w", dir, err)
	}
	r.Init(r.o.Log, r.look, nil)
	return r, nil
}

// Refresh makes what the writer has brought findable. It costs little when there is
// nothing new, and maps only the segments that are. After an error the Reader answers
// as before.
func (r *Reader) Refresh() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refresh()
}

func (r *Reader) refresh() (err error) {
	defer segment.Recover(&err)()
	if r.Closed() {
		return query.ErrClosed
	}
	r.looked = time.Now()
	defer r.noteRebuild()
	raw, err := os.ReadFile(filepath.Join(r.dir, manifestName))
	if err != nil {
		return fmt.Errorf("index: manifest: %w", err)
	}
	if r.man != nil && bytes.Equal(raw, r.raw) {
		if err := r.follow(); !errors.Is(err, errMoved) {
			return err
		}
	}
	return r.reload()
}

// noteRebuild notes what the writer's manifests say of a rebuild.
func (r *Reader) noteRebuild() {
	of := r.man
	if next, err := readManifest(r.dir, nextName); err == nil {
		of = next
	}
	if of == nil || of.Rebuild == nil || of.Rebuild.Until > 0 && of == r.man && r.Serving().At.Seq >= of.Rebuild.Until {
		r.rebuild.Store(nil)
		return
	}
	r.rebuild.Store(of.Rebuild)
}

// errMoved says that the log is not the one that was read before.
var errMoved = errors.New("there is another log by now")

// reload reads the manifest and all that is new in it. Files that it names may be
// merged away before they are opened; then there is another manifest, which is read in
// its place.
func (r *Reader) reload() error {
	var before []byte
	var damage error
	for range mostTries {
		raw, err := os.ReadFile(filepath.Join(r.dir, manifestName))
		if err != nil {
			return fmt.Errorf("index: manifest: %w", err)
		}
		if damage != nil && bytes.Equal(raw, before) {
			return fmt.Errorf("%v: %w", damage, segment.ErrDamaged)
		}
		if damage = r.read(raw); damage == nil {
			return nil
		}
		before = raw
	}
	return fmt.Errorf("%v: %w", damage, segment.ErrDamaged)
}

// read opens what a manifest names, and answers from it from then on.
func (r *Reader) read(raw []byte) error {
	m, err := parseManifest(raw)
	if err != nil {
		return err
	}
	known := r.known()
	var segments []segment.Snapshot
	for _, rec := range m.Segments {
		open := known[rec.Name]
		if open != nil && open.Record() != rec.record() {
			open = nil
		}
		s, err := openSnapshot(r.dir, rec, open)
		if err != nil {
			return err
		}
		segments = append(segments, s)
	}
	p := replayOf(segments, 0, m.position())
	end, err := replayFrom(filepath.Join(r.dir, m.Log), 0, p)
	if err != nil {
		return err
	}
	r.raw, r.man, r.logEnd = raw, m, end
	return r.show(p, m.Model)
}

// show answers from what was replayed.
func (r *Reader) show(p *replay, model string) error {
	segments, err := p.edit.Snapshots()
	if err != nil {
		return err
	}
	snap := query.NewSnapshot(segments, p.at, model)
	snap.OtherModel = model != r.o.Model
	r.live = p.live
	r.Publish(snap)
	return nil
}

// known is the segments that are open already, by their files.
func (r *Reader) known() map[string]*segment.Segment {
	open := map[string]*segment.Segment{}
	if snap := r.Serving(); snap != nil {
		for _, s := range snap.Segments[:len(snap.Segments)-r.live] {
			open[s.Record().Name] = s.Segment
		}
	}
	return open
}

// follow takes in what was added to the log.
func (r *Reader) follow() error {
	was := r.Serving()
	p := replayOf(slices.Clip(was.Segments), r.live, was.At)
	end, err := replayFrom(filepath.Join(r.dir, r.man.Log), r.logEnd, p)
	if err != nil || end == r.logEnd {
		return err
	}
	r.logEnd = end
	return r.show(p, was.Model)
}

// replayFrom takes the records of a log from an offset on, and gives where
// the last whole one ends: what stands behind it is still being written.
func replayFrom(path string, from int64, p *replay) (end int64, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("index: log: %w: %w", err, errMoved)
	}
	if err != nil {
		return 0, fmt.Errorf("index: log: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return 0, fmt.Errorf("index: log: %w", err)
	case info.Size() < from:
		return 0, fmt.Errorf("index: log: shorter than before: %w", errMoved)
	case info.Size() == from:
		return from, nil
	}
	b, err := io.ReadAll(io.NewSectionReader(f, from, info.Size()-from))
	if err != nil {
		return 0, fmt.Errorf("index: log: %w", err)
	}
	records, good := readRecords(b)
	for _, rec := range records {
		if err := p.take(rec, nil); err != nil {
			return 0, err
		}
	}
	return from + good, nil
}

// look refreshes if the last time is some moments ago, and nobody else does.
func (r *Reader) look() {
	if !r.mu.TryLock() {
		return
	}
	defer r.mu.Unlock()
	if time.Since(r.looked) < lookEvery {
		return
	}
	trouble := ""
	if err := r.refresh(); err != nil && !errors.Is(err, query.ErrClosed) {
		trouble = err.Error()
	}
	if trouble != "" && trouble != r.trouble {
		r.o.Log.Warn("the search index cannot be read anew; it answers as before", "dir", r.dir, "err", trouble)
	}
	r.trouble = trouble
}

// Position implements search.Engine.
func (r *Reader) Position(ctx context.Context) (search.Position, error) {
	if err := r.Ready(ctx); err != nil {
		return search.Position{}, err
	}
	return r.Serving().At, nil
}

// Apply fails: another process writes.
func (r *Reader) Apply(context.Context, []search.Change, search.Position) error { return ErrReadOnly }

// Reset fails: another process writes.
func (r *Reader) Reset(context.Context, search.Position, string) error { return ErrReadOnly }

// Status implements search.Engine. A rebuild is the writer's.
func (r *Reader) Status(ctx context.Context) (search.Status, error) {
	if err := r.Ready(ctx); err != nil {
		return search.Status{}, err
	}
	st := r.Serves()
	if rebuild := r.rebuild.Load(); rebuild != nil {
		st.State, st.Reason = search.Rebuilding, rebuild.Reason
	}
	return st, nil
}

// Close ends the answering. Searches that are under way end well.
func (r *Reader) Close() error {
	r.Shut()
	return nil
}
