package index

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/query"
	"broadsheet/internal/search/index/segment"
)

// written is what of a segment's changes the files hold that the manifest names.
type written struct {
	deleted, changes       string
	deletedSum, changesSum segment.Checksum
	dead, edits            int // as many as there were then
}

func writtenOf(s *segment.Snapshot, r segmentRecord) written {
	return written{r.Deleted, r.Changes, r.DelSum, r.ChangesSum, s.Dead(), s.Edits()}
}

// flush writes what is in memory as a segment and begins a new log.
func (e *Engine) flush(ctx context.Context) error {
	filled := e.filled.Load()
	segments, err := e.liveToDisk(ctx, filled.Segments)
	if err != nil {
		return err
	}
	return e.commit(segments, filled.At, true)
}

// liveToDisk gives the segments with those in memory as one on disk.
func (e *Engine) liveToDisk(ctx context.Context, segments []segment.Snapshot) ([]segment.Snapshot, error) {
	if e.live == 0 {
		return segments, nil
	}
	disk := segments[: len(segments)-e.live : len(segments)-e.live]
	m := segment.NewMerge(segments[len(segments)-e.live:])
	if m.Docs() == 0 {
		return disk, nil
	}
	s, err := m.InFiles(ctx, e.dir, e.nextName())
	if err != nil {
		return nil, err
	}
	return append(disk, segment.Of(s)), nil
}

// commit makes segments, all of them on disk but for live ones when the log stays, what
// the manifest names; then it shows them. After an error all is as before, and files
// that were written for it are gone.
func (e *Engine) commit(segments []segment.Snapshot, at search.Position, newLog bool) (err error) {
	m := *e.man
	m.Segments, m.Format, m.Site = nil, formatNumber, at.Site
	if r := m.Rebuild; r != nil && (e.reason.Load() == nil || r.Until > 0 && at.Seq >= r.Until) {
		m.Rebuild = nil
	}
	var made []string
	log := e.log
	defer func() {
		if err == nil {
			return
		}
		if log != e.log {
			_ = log.close() // there is an error already
		}
		for _, name := range made {
			os.Remove(filepath.Join(e.dir, name))
		}
	}()
	disk := len(segments)
	if !newLog {
		disk -= e.live
	}
	now := make(map[*segment.Segment]written, disk)
	for i := range segments[:disk] {
		s := &segments[i]
		w, err := e.writeChanges(s, &made)
		if err != nil {
			return err
		}
		now[s.Segment] = w
		r := s.Record()
		m.Segments = append(m.Segments, segmentRecord{Name: r.Name, Parts: r.Checksums,
			Deleted: w.deleted, DelSum: w.deletedSum, Changes: w.changes, ChangesSum: w.changesSum})
	}
	if newLog {
		m.Log, m.Seq, m.Token = e.nextName()+".log", at.Seq, at.Token
		made = append(made, m.Log)
		if log, err = createLog(e.dir, m.Log); err != nil {
			return err
		}
	}
	m.Next = int(e.number.Load())
	if err := writeManifest(e.dir, e.manifestFile(), &m); err != nil {
		return err
	}
	before, beforeLog := e.man, e.log
	e.written, e.log, e.man = now, log, &m
	if newLog {
		e.live = 0
		_ = beforeLog.close() // nothing of it is needed any more
	}
	e.removeUnnamed(before)
	return e.show(segments, at)
}

// manifestFile is where the manifest of what is filled belongs.
func (e *Engine) manifestFile() string {
	if e.old != nil {
		return nextName
	}
	return manifestName
}

// writeChanges writes what has changed in a segment since that was last written.
func (e *Engine) writeChanges(s *segment.Snapshot, made *[]string) (written, error) {
	w := e.written[s.Segment]
	write := func(ending string, b []byte) (name string, sum segment.Checksum, err error) {
		name = e.nextName() + ending
		*made = append(*made, name)
		if err = writeFile(e.dir, name, b); err != nil {
			err = fmt.Errorf("index: changes: %w", err)
		}
		return name, segment.ChecksumOf(b), err
	}
	var err error
	if n := s.Dead(); n != w.dead {
		w.dead = n
		if w.deleted, w.deletedSum, err = write(".deleted", s.EncodeDeleted()); err != nil {
			return w, err
		}
	}
	if n := s.Edits(); n != w.edits {
		w.edits = n
		w.changes, w.changesSum, err = write(".changes", s.EncodeChanges())
	}
	return w, err
}

// removeUnnamed removes the files that only the manifest before needed. Mapped ones
// live on until the last search lets go.
func (e *Engine) removeUnnamed(before *manifest) {
	needed := map[string]bool{}
	for _, m := range []*manifest{e.man, e.old} {
		for _, f := range m.files() {
			needed[f] = true
		}
	}
	for _, f := range before.files() {
		if f != "" && !needed[f] {
			os.Remove(filepath.Join(e.dir, f))
		}
	}
}

// discard removes the files of segments that no manifest names.
func (e *Engine) discard(segs ...*segment.Segment) {
	for _, s := range segs {
		if s == nil || s.Record().Name == "" {
			continue
		}
		for _, f := range s.Record().FileNames() {
			os.Remove(filepath.Join(e.dir, f))
		}
	}
}

// show lets searches see segments, unless an older index still answers better.
func (e *Engine) show(segments []segment.Snapshot, at search.Position) error {
	filled := query.NewSnapshot(segments, at, e.o.Model)
	e.filled.Store(filled)
	e.poke()
	if e.old == nil {
		e.Publish(filled)
	}
	return e.reached()
}

// reached ends a rebuild that has come as far as it has to. What was filled then serves
// in place of an older index.
func (e *Engine) reached() error {
	filled := e.filled.Load()
	if e.target == 0 && e.old == nil || filled.At.Seq < e.target {
		return nil
	}
	if e.old != nil {
		if err := os.Rename(filepath.Join(e.dir, nextName), filepath.Join(e.dir, manifestName)); err != nil {
			return fmt.Errorf("index: take over: %w", err)
		}
		if err := segment.SyncDir(e.dir); err != nil {
			return fmt.Errorf("index: take over: %w", err)
		}
		e.Publish(filled)
		old := e.old
		e.old = nil
		e.removeUnnamed(old)
	}
	e.target = 0
	e.reason.Store(nil)
	return nil
}
