package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

const (
	bulkDocs  = 512      // Apply with so many documents writes segments at once, not into the log
	shardDocs = 2048     // least documents of a goroutine's share of those
	liveDocs  = 4096     // so many in memory are written as a segment
	liveBytes = 24 << 20 // and so long a log
	liveParts = 8        // most segments in memory
)

// Apply implements search.Engine. Few changes go to the log, many straight into
// segments.
func (e *Engine) Apply(ctx context.Context, changes []search.Change, at search.Position) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ids, docs, err := lastOfEach(changes)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed.Load() {
		return errClosed
	}
	if err := e.adopt(at.Site); err != nil {
		return err
	}
	if len(ids) == 0 && at == e.filling.at {
		return nil
	}
	if len(docs) >= bulkDocs {
		return e.applyMany(ctx, ids, docs, at)
	}
	if err := e.applyFew(ids, docs, at); err != nil {
		return err
	}
	if e.liveDocs() >= liveDocs || e.log.size >= liveBytes {
		return e.flush()
	}
	return nil
}

// lastOfEach gives the IDs, each once, and the documents that they end up with.
func lastOfEach(changes []search.Change) (ids []string, docs []search.Change, err error) {
	last := make(map[paper.ID]int, len(changes))
	for i, c := range changes {
		last[c.ID] = i
	}
	for i, c := range changes {
		if last[c.ID] != i {
			continue
		}
		ids = append(ids, string(c.ID))
		switch {
		case c.Kind == search.Delete:
		case c.Kind != search.Text || c.Document == nil:
			return nil, nil, fmt.Errorf("index: paper %s: a change of kind %d: %w", c.ID, c.Kind, errors.ErrUnsupported)
		default:
			docs = append(docs, c)
		}
	}
	return ids, docs, nil
}

// adopt makes sure that the index is of a site. One that was told of before there were
// sites, or that nobody has named one for, becomes the site's.
func (e *Engine) adopt(site string) error {
	switch of := e.filling.at.Site; {
	case of == site:
		return nil
	case of != "":
		return fmt.Errorf("index: apply: %w", search.ErrOtherSite)
	}
	at := e.filling.at
	at.Site = site
	return e.commit(e.filling.views, at, false)
}

func (e *Engine) liveDocs() int {
	n := 0
	for _, v := range e.filling.views[len(e.filling.views)-e.live:] {
		n += v.seg.Docs
	}
	return n
}

// applyFew makes a segment in memory of the documents.
func (e *Engine) applyFew(ids []string, docs []search.Change, at search.Position) error {
	r := record{seq: at.Seq, token: at.Token, ids: ids}
	var seg *segment
	if len(docs) > 0 {
		w, err := newSegmentWriter("", "")
		if err != nil {
			return err
		}
		if err := e.build(e.builder(0), w, docs); err != nil {
			return err
		}
		r.docs, r.parts = true, w.memory()
		if seg, err = openSegment(r.parts); err != nil {
			return err
		}
	}
	if err := e.log.append(r); err != nil {
		return err
	}
	views := forget(e.filling.views, ids)
	live := e.live
	if seg != nil {
		var err error
		if views, live, err = mergeLive(append(views, view{seg: seg}), live+1); err != nil {
			return err
		}
	}
	e.live = live
	return e.publish(views, at)
}

// memory is the parts of a finished segment that was written to memory.
func (w *segmentWriter) memory() (parts [numParts][]byte) {
	for p := range w.mem {
		parts[p] = w.mem[p].Bytes()
	}
	return parts
}

func (e *Engine) builder(i int) *builder {
	for len(e.builders) <= i {
		e.builders = append(e.builders, newBuilder(e.o.Embedder))
	}
	return e.builders[i]
}

// build inverts documents and completes w.
func (e *Engine) build(b *builder, w *segmentWriter, docs []search.Change) error {
	b.start()
	for _, c := range docs {
		if err := b.add(c.ID, c.Document); err != nil {
			return fmt.Errorf("index: paper %s: %w", c.ID, err)
		}
	}
	if err := b.write(w); err != nil {
		return err
	}
	_, err := w.finish()
	return err
}

// applyMany writes the documents as segments, by several goroutines.
func (e *Engine) applyMany(ctx context.Context, ids []string, docs []search.Change, at search.Position) error {
	e.lastBulk = time.Now()
	defer func() { e.lastBulk = time.Now() }()
	shards := max(1, min(e.o.MergeWorkers, len(docs)/shardDocs))
	segs, errs := make([]*segment, shards), make([]error, shards)
	var wg sync.WaitGroup
	for i := range shards {
		b, name := e.builder(i), e.nextName()
		part := docs[i*len(docs)/shards : (i+1)*len(docs)/shards]
		wg.Go(func() { segs[i], errs[i] = e.writeShard(ctx, b, name, part) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err // the files are swept at the next opening
	}
	views := forget(e.filling.views, ids)
	views, err := e.flushLive(views)
	if err != nil {
		return err
	}
	for _, s := range segs {
		views = append(views, view{seg: s})
	}
	return e.commit(views, at, true)
}

func (e *Engine) writeShard(ctx context.Context, b *builder, name string, docs []search.Change) (*segment, error) {
	return e.writeSegment(name, func(w *segmentWriter) error {
		b.start()
		defer b.start()
		for _, c := range docs {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := b.add(c.ID, c.Document); err != nil {
				return fmt.Errorf("index: paper %s: %w", c.ID, err)
			}
		}
		return b.write(w)
	})
}

// writeSegment writes the files of a segment and opens them.
func (e *Engine) writeSegment(name string, write func(*segmentWriter) error) (*segment, error) {
	w, err := newSegmentWriter(e.dir, name)
	if err != nil {
		return nil, err
	}
	if err := write(w); err != nil {
		w.abandon()
		return nil, err
	}
	sums, err := w.finish()
	if err != nil {
		w.abandon()
		return nil, err
	}
	s, err := mapSegment(e.dir, name)
	if err != nil {
		return nil, err
	}
	s.sums = sums
	return s, nil
}

// nextName numbers files; the numbers that a crash wasted do no harm, as files that
// no manifest names are swept.
func (e *Engine) nextName() string {
	e.man.Next++
	return fmt.Sprintf("%08d", e.man.Next)
}

// flush writes what is in memory as a segment and begins a new log.
func (e *Engine) flush() error {
	views, err := e.flushLive(e.filling.views)
	if err != nil {
		return err
	}
	return e.commit(views, e.filling.at, true)
}

// flushLive gives the views with those in memory as one segment on disk.
func (e *Engine) flushLive(views []view) ([]view, error) {
	if e.live == 0 {
		return views, nil
	}
	disk := views[: len(views)-e.live : len(views)-e.live]
	m := newMerger(views[len(views)-e.live:])
	if m.sums.Docs == 0 {
		return disk, nil
	}
	s, err := e.writeSegment(e.nextName(), m.write)
	if err != nil {
		return nil, err
	}
	return append(disk, view{seg: s}), nil
}

// commit makes views, all of them on disk but for live ones when the log stays, what
// the manifest names; then it publishes them.
func (e *Engine) commit(views []view, at search.Position, newLog bool) error {
	m := *e.man
	m.Segments, m.Format, m.Site = nil, formatNumber, at.Site
	if r := m.Rebuild; r != nil && (e.why.Load() == nil || r.Until > 0 && at.Seq >= r.Until) {
		m.Rebuild = nil
	}
	disk := len(views)
	if !newLog {
		disk -= e.live
	}
	for i := range views[:disk] {
		r, err := e.record(&views[i])
		if err != nil {
			return err
		}
		m.Segments = append(m.Segments, r)
	}
	log := e.log
	if newLog {
		m.Log, m.Seq, m.Token = e.nextName()+".log", at.Seq, at.Token
		var err error
		if log, err = createLog(e.dir, m.Log); err != nil {
			return err
		}
	}
	m.Next = e.man.Next
	if err := writeManifest(e.dir, e.manifestFile(), &m); err != nil {
		if newLog {
			log.f.Close()
		}
		return err
	}
	if newLog {
		if e.log != nil {
			e.log.f.Close()
		}
		e.live = 0
	}
	e.removeUnnamed(e.man, &m)
	e.log, e.man = log, &m
	return e.publish(views, at)
}

// record describes a segment for the manifest and writes its deletions if they
// changed.
func (e *Engine) record(v *view) (segmentRecord, error) {
	if v.nDel != v.delWritten {
		v.delFile = e.nextName() + ".deleted"
		b := bytesOf(v.deleted)
		v.delSum = sumOf(b)
		if err := writeFile(e.dir, v.delFile, b); err != nil {
			return segmentRecord{}, fmt.Errorf("index: deletions: %w", err)
		}
		v.delWritten = v.nDel
	}
	return segmentRecord{Name: v.seg.name, Parts: v.seg.sums, Deleted: v.delFile, DelSum: v.delSum}, nil
}

// removeUnnamed removes the files that only the manifest before needed. Mapped ones
// live on until the last search lets go.
func (e *Engine) removeUnnamed(before, now *manifest) {
	needed := map[string]bool{}
	for _, f := range now.files() {
		needed[f] = true
	}
	for _, f := range e.old.files() {
		needed[f] = true
	}
	for _, f := range before.files() {
		if f != "" && !needed[f] {
			os.Remove(filepath.Join(e.dir, f))
		}
	}
}

// publish shows views to searches, unless an older index still answers better.
func (e *Engine) publish(views []view, at search.Position) error {
	e.filling = (&snapshot{views: views, at: at, model: e.o.Model}).counted()
	e.poke()
	if e.old != nil {
		return e.reached()
	}
	e.serving.Store(e.filling)
	return e.reached()
}

// reached ends a rebuild that has come as far as it has to. What was filled then serves
// in place of an older index.
func (e *Engine) reached() error {
	if e.target == 0 && e.old == nil || e.filling.at.Seq < e.target {
		return nil
	}
	if e.old == nil {
		e.target = 0
		e.why.Store(nil)
		return nil
	}
	if err := os.Rename(filepath.Join(e.dir, nextName), filepath.Join(e.dir, manifestName)); err != nil {
		return fmt.Errorf("index: take over: %w", err)
	}
	if err := syncDir(e.dir); err != nil {
		return fmt.Errorf("index: take over: %w", err)
	}
	e.serving.Store(e.filling)
	old := e.old
	e.old, e.target = nil, 0
	e.why.Store(nil)
	e.removeUnnamed(old, e.man)
	return nil
}
