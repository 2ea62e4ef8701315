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
	"time"

	"broadsheet/internal/search"
)

// A Reader answers from an index that another process may be writing. It changes
// nothing in the folder. Each question looks first whether the writer has brought
// something new, unless that was done a moment ago; see [Reader.Refresh].
//
// A Reader trusts what it maps as far as sizes and tables go: the sums of whole files
// are compared by the writer, which may be mending the index while this one reads.
type Reader struct {
	searcher
	dir string

	mu      sync.Mutex // held while anything below changes
	raw     []byte     // the manifest, as it was read
	man     *manifest
	live    int   // how many of the views, the last ones, are of the log
	logEnd  int64 // how far the log was read
	looked  time.Time
	trouble string // of the last look, as logged
}

var _ search.Engine = (*Reader)(nil)

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
	r := &Reader{searcher: searcher{o: o.withDefaults()}, dir: dir}
	if err := r.Refresh(); err != nil {
		return nil, fmt.Errorf("index: open %s for reading: %w", dir, err)
	}
	r.news = r.look
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

func (r *Reader) refresh() error {
	if r.closed.Load() {
		return errClosed
	}
	r.looked = time.Now()
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
			return fmt.Errorf("%v: %w", damage, errDamaged)
		}
		if damage = r.read(raw); damage == nil {
			return nil
		}
		before = raw
	}
	return fmt.Errorf("%v: %w", damage, errDamaged)
}

// read opens what a manifest names, and answers from it from then on.
func (r *Reader) read(raw []byte) error {
	m, err := parseManifest(raw)
	if err != nil {
		return err
	}
	snap := &snapshot{at: m.position(), model: m.Model, foreign: m.Model != r.o.Model}
	known := r.known()
	for _, rec := range m.Segments {
		v, err := r.view(rec, known)
		if err != nil {
			return err
		}
		snap.views = append(snap.views, v)
	}
	live := 0
	end, err := replayFrom(filepath.Join(r.dir, m.Log), 0, snap, &live)
	if err != nil {
		return err
	}
	r.raw, r.man, r.live, r.logEnd = raw, m, live, end
	r.serving.Store(snap.counted())
	return nil
}

// known is the segments that are open already, by their files.
func (r *Reader) known() map[string]*segment {
	open := map[string]*segment{}
	if snap := r.serving.Load(); snap != nil {
		for _, v := range snap.views[:len(snap.views)-r.live] {
			open[v.seg.name] = v.seg
		}
	}
	return open
}

// view is a segment of the manifest, mapped if it is not yet.
func (r *Reader) view(rec segmentRecord, known map[string]*segment) (view, error) {
	if s := known[rec.Name]; s != nil && s.sums == rec.Parts {
		return viewOf(r.dir, s, rec)
	}
	for p := range numParts {
		info, err := os.Stat(filepath.Join(r.dir, partFile(rec.Name, p)))
		if err != nil {
			return view{}, fmt.Errorf("index: %w", err)
		}
		if info.Size() != rec.Parts[p].Size {
			return view{}, fmt.Errorf("index: %s has %d bytes, not %d", info.Name(), info.Size(), rec.Parts[p].Size)
		}
	}
	return openView(r.dir, rec)
}

// follow takes in what was added to the log.
func (r *Reader) follow() error {
	was := r.serving.Load()
	snap := &snapshot{views: slices.Clip(was.views), at: was.at, model: was.model, foreign: was.foreign}
	live := r.live
	end, err := replayFrom(filepath.Join(r.dir, r.man.Log), r.logEnd, snap, &live)
	if err != nil || end == r.logEnd {
		return err
	}
	r.live, r.logEnd = live, end
	r.serving.Store(snap.counted())
	return nil
}

// replayFrom takes the records of a log from an offset on into snap, and gives where
// the last whole one ends: what stands behind it is still being written.
func replayFrom(path string, from int64, snap *snapshot, live *int) (end int64, err error) {
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
		if err := snap.replay(rec, live); err != nil {
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
	if err := r.refresh(); err != nil && !errors.Is(err, errClosed) {
		trouble = err.Error()
	}
	if trouble != "" && trouble != r.trouble {
		r.o.Log.Warn("the search index cannot be read anew; it answers as before", "dir", r.dir, "err", trouble)
	}
	r.trouble = trouble
}

// Position implements search.Engine.
func (r *Reader) Position(ctx context.Context) (search.Position, error) {
	if err := r.ready(ctx); err != nil {
		return search.Position{}, err
	}
	return r.serving.Load().at, nil
}

// Apply fails: another process writes.
func (r *Reader) Apply(context.Context, []search.Change, search.Position) error { return ErrReadOnly }

// Reset fails: another process writes.
func (r *Reader) Reset(context.Context, search.Position, string) error { return ErrReadOnly }

// Status implements search.Engine.
func (r *Reader) Status(ctx context.Context) (search.Status, error) {
	if err := r.ready(ctx); err != nil {
		return search.Status{}, err
	}
	snap := r.serving.Load()
	st := snap.status()
	st.Model = snap.model
	return st, nil
}

// Close ends the answering. Searches that are under way end well.
func (r *Reader) Close() error {
	r.closed.Store(true)
	return nil
}
