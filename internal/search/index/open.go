package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
	"broadsheet/internal/search/index/query"
	"broadsheet/internal/search/index/segment"
)

// load reads what the folder holds and decides what is served and what is filled.
func (e *Engine) load() error {
	last, any := lastNumber(e.dir)
	e.number.Store(int64(last))
	m, err := readManifest(e.dir, manifestName)
	switch {
	case exhausted(err):
		return err
	case errors.Is(err, fs.ErrNotExist) && !any:
		return e.begin("", nil)
	case err != nil:
		return e.begin("", &rebuild{Reason: err.Error()})
	}
	served, damage := e.read(m)
	if exhausted(damage) {
		return damage
	}
	trouble := errors.Join(m.fits(e.o.Model), damage)
	next, err := e.readNext(m.Site)
	switch {
	case err != nil:
		return errors.Join(err, served.log.close())
	case next != nil:
		e.serveOld(served)
		return e.goOn(next)
	}
	os.Remove(filepath.Join(e.dir, nextName))
	if trouble == nil {
		return e.goOn(served)
	}
	e.serveOld(served)
	return e.begin(m.Site, &rebuild{Reason: trouble.Error(), Until: served.snap.At.Seq})
}

// An opened is an index that was read: of a damaged one, what is whole.
type opened struct {
	man  *manifest
	snap *query.Snapshot
	live int      // how many of the segments, the last ones, are in memory only
	log  *logFile // nil when it could not be opened
}

// read opens the segments and the log of a manifest. What is damaged is left out and is
// the error; then the rest is good for answering only.
func (e *Engine) read(m *manifest) (o *opened, damage error) {
	defer func() {
		if o == nil {
			o = &opened{man: m, snap: query.NewSnapshot(nil, m.position(), m.Model)}
		}
	}()
	defer segment.Recover(&damage)()
	records := make([]segment.Record, len(m.Segments))
	for i := range m.Segments {
		records[i] = m.Segments[i].record()
	}
	errs := verifyAll(context.Background(), e.dir, records)
	damage = errors.Join(errs...)
	var segments []segment.Snapshot
	for i, r := range m.Segments {
		if errs[i] != nil {
			continue
		}
		s, err := openSnapshot(e.dir, r, nil)
		if err != nil {
			damage = errors.Join(damage, err)
			continue
		}
		segments = append(segments, s)
		e.written[s.Segment] = writtenOf(&s, r)
	}
	log, records2, err := openLog(e.dir, m.Log)
	damage = errors.Join(damage, err)
	p := replayOf(segments, 0, m.position())
	for _, r := range records2 {
		if err := p.take(r, nil); err != nil {
			damage = errors.Join(damage, err)
			break
		}
	}
	segments, err = p.edit.Snapshots()
	return &opened{m, query.NewSnapshot(segments, p.at, m.Model), p.live, log}, errors.Join(damage, err)
}

// readNext reads the index that was being filled beside the one of a site that is served; nil where there is none that can be gone on with.
func (e *Engine) readNext(site string) (*opened, error) {
	m, err := readManifest(e.dir, nextName)
	if exhausted(err) {
		return nil, err
	}
	if err != nil || site != "" && m.Site != site || m.fits(e.o.Model) != nil {
		return nil, nil
	}
	o, damage := e.read(m)
	if damage == nil {
		return o, nil
	}
	if err := o.log.close(); err != nil || exhausted(damage) {
		return nil, errors.Join(err, damage)
	}
	return nil, nil
}

// serveOld lets an index answer beside the one that is filled.
func (e *Engine) serveOld(o *opened) {
	_ = o.log.close() // it was read only
	o.snap.OtherModel = o.man.Model != e.o.Model
	e.old = o.man
	e.Publish(o.snap)
}

// goOn fills what was opened.
func (e *Engine) goOn(o *opened) error {
	e.man, e.live, e.log = o.man, o.live, o.log
	e.number.Store(max(e.number.Load(), int64(o.man.Next)))
	e.filled.Store(o.snap)
	if e.old == nil {
		e.Publish(o.snap)
	}
	if r := o.man.Rebuild; r != nil && (r.Until == 0 || o.snap.At.Seq < r.Until) {
		e.rebuilding(r)
	}
	sweep(e.dir, o.man, e.old)
	return e.reached()
}

// rebuilding notes that the index is being built anew.
func (e *Engine) rebuilding(r *rebuild) {
	e.reason.Store(&r.Reason)
	e.target = r.Until
	e.o.Log.Warn("the search index is being built anew", "dir", e.dir, "why", r.Reason)
}

// begin begins an empty index of a site, beside the old one if there is one.
func (e *Engine) begin(site string, r *rebuild) error {
	if e.old != nil {
		e.number.Store(max(e.number.Load(), int64(e.old.Next)))
	}
	before, target, reason := e.man, e.target, e.reason.Load()
	e.man = &manifest{Analysis: analysis.Version, Model: e.o.Model, Rebuild: r}
	empty := query.NewSnapshot(nil, search.Position{Site: site}, e.o.Model)
	was, wasLive, wasServing := e.filled.Load(), e.live, e.Serving()
	e.live = 0
	e.filled.Store(empty)
	e.target = 0
	e.reason.Store(nil)
	if r != nil {
		e.rebuilding(r)
	}
	if err := e.commit(nil, empty.At, true); err != nil {
		if was != nil { // all stays as it was
			e.man, e.live, e.target = before, wasLive, target
			e.reason.Store(reason)
			e.filled.Store(was)
			e.Publish(wasServing)
		}
		return err
	}
	e.broken.Store(nil)
	sweep(e.dir, e.man, e.old)
	return nil
}

// Reset implements search.Engine.
func (e *Engine) Reset(ctx context.Context, until search.Position, reason string) error {
	e.applying.Lock()
	defer e.applying.Unlock()
	if err := e.Ready(ctx); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	old := e.old
	switch {
	case e.Serving().At.Site != until.Site:
		e.old = nil
	case e.old == nil:
		e.old = e.man
	}
	r := &rebuild{Reason: reason, Until: until.Seq}
	if until.Seq == 0 { // the database is empty, and so is an index that holds all of it
		e.old, r = nil, nil
	}
	if err := e.begin(until.Site, r); err != nil {
		e.old = old
		return fmt.Errorf("index: reset: %w", err)
	}
	if e.old == nil {
		os.Remove(filepath.Join(e.dir, nextName)) // of a rebuild that is over
	}
	return nil
}

// beginAgain is Reset by the engine itself, for a reason that broke what is filled. The
// error is for who applies: what it brings is not what an empty index needs.
func (e *Engine) beginAgain() error {
	reason := e.broken.Load()
	if reason == nil {
		return nil
	}
	serving := e.Serving()
	old := e.old
	if e.old == nil {
		e.old = e.man
	}
	if err := e.begin(serving.At.Site, &rebuild{Reason: *reason, Until: serving.At.Seq}); err != nil {
		e.old = old
		return fmt.Errorf("index: begin again: %w", err)
	}
	return fmt.Errorf("index: %s: %w", *reason, search.ErrStartAgain)
}
