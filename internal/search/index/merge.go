package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"broadsheet/internal/search/index/query"
	"broadsheet/internal/search/index/segment"
)

const (
	tierSegments = 8    // so many segments of about one size are merged
	tierFactor   = 8    // sizes of a tier differ by less than this
	tierFloor    = 4096 // documents; smaller ones are of one tier
	bulkSegments = 96   // most segments while many documents come
	bulkQuiet    = 1500 * time.Millisecond
	largeMerge   = 100_000 // documents
)

// mergeLive joins the segments in memory when they have become many: the last ones,
// as far as they are about as large as what follows them, so that each document is
// written again only a few times.
func mergeLive(segments []segment.Snapshot, live int) ([]segment.Snapshot, int, error) {
	if live <= liveSegments {
		return segments, live, nil
	}
	from := len(segments) - 1
	docs := segments[from].Docs()
	for from > len(segments)-live && (len(segments)-from < 2 || segments[from-1].Docs() <= 2*docs) {
		from--
		docs += segments[from].Docs()
	}
	live -= len(segments) - from
	m := segment.NewMerge(segments[from:])
	segments = slices.Clip(segments[:from])
	if m.Docs() == 0 {
		return segments, live, nil
	}
	files, err := m.InMemory(context.Background())
	if err != nil {
		return nil, 0, err
	}
	s, err := segment.Parse(files)
	if err != nil {
		return nil, 0, err
	}
	return append(segments, segment.Of(s)), live + 1, nil
}

// maintain merges segments on disk, and compares checksums when reading has failed,
// until the engine is closed.
func (e *Engine) maintain() {
	timer := time.NewTimer(time.Hour)
	for {
		select {
		case <-e.life.Done():
			return
		case err := <-e.suspect:
			e.check(e.life, fmt.Sprintf("reading failed: %v", err))
			continue
		case <-e.wake:
		case <-timer.C:
		}
		timer.Reset(e.mergeAll(e.life))
	}
}

// mergeAll merges until nothing is worth it; it gives when to look again.
func (e *Engine) mergeAll(ctx context.Context) time.Duration {
	for {
		chosen, wait := e.nextMerge()
		if len(chosen) == 0 {
			return wait
		}
		e.merging.Store(true)
		err := e.mergeGuarded(ctx, chosen)
		trouble, panicked := errors.AsType[*segment.PanicError](err)
		switch {
		case ctx.Err() != nil:
		case panicked:
			e.o.Log.Error("merging the search index failed", "err", trouble, "stack", trouble.Stack)
			e.mergePanicked(ctx, trouble)
		case errors.Is(err, segment.ErrDamaged):
			e.o.Log.Error("merging the search index failed", "err", err)
			e.check(ctx, err.Error())
		case err != nil:
			e.o.Log.Error("merging the search index failed; it is tried again", "err", err)
			wait = time.Minute
		}
		e.mu.Lock()
		e.busy = false
		e.merging.Store(false)
		e.idle.Broadcast()
		e.mu.Unlock()
		if ctx.Err() != nil || wait > 0 {
			return wait
		}
	}
}

// nextMerge chooses what to merge next; of nothing, it gives when to look again.
func (e *Engine) nextMerge() (chosen []segment.Snapshot, wait time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if quiet := bulkQuiet - time.Since(e.lastBulk); quiet > 0 && len(e.filled.Load().Segments) < bulkSegments {
		return nil, quiet
	}
	if chosen = e.pickMerge(); len(chosen) > 0 {
		e.busy = true
		return chosen, 0
	}
	e.nothingLeft()
	e.idle.Broadcast()
	return nil, time.Hour
}

// nothingLeft ends a rebuild whose end nobody knows: the manifest that was lost would
// have said how far the index had come. Reset says it.
func (e *Engine) nothingLeft() {
	if e.old == nil && e.target == 0 && e.broken.Load() == nil && e.filled.Load().At.Seq > 0 {
		e.reason.Store(nil)
	}
}

// pickMerge chooses segments on disk that are worth merging, in their order.
func (e *Engine) pickMerge() []segment.Snapshot {
	if e.putOff || e.broken.Load() != nil {
		return nil
	}
	segments := e.filled.Load().Segments
	disk := segments[:len(segments)-e.live]
	tiers := map[int][]segment.Snapshot{}
	for i, s := range disk {
		// Mostly to get rid of what was deleted, or of vectors that lie beside.
		if 4*s.Dead() > s.Docs() || 2*s.Replaced().Count() > s.Docs() {
			return disk[i : i+1]
		}
		tiers[tierOf(s.Live())] = append(tiers[tierOf(s.Live())], s)
	}
	for tier := 0; tier <= 16; tier++ {
		if len(tiers[tier]) < tierSegments && !(len(disk) > 2*tierSegments && len(tiers[tier]) > 1) {
			continue
		}
		var chosen []segment.Snapshot
		sum := 0
		for _, s := range disk { // smaller ones come along
			if tierOf(s.Live()) <= tier && sum+s.Live() < segment.MaxDocs && len(chosen) < 1<<15 {
				chosen = append(chosen, s)
				sum += s.Live()
			}
		}
		if len(chosen) > 1 {
			return withLarger(chosen, disk, sum)
		}
	}
	return nil
}

// withLarger adds the segments that are not much larger than what is merged anyway.
func withLarger(chosen, disk []segment.Snapshot, sum int) []segment.Snapshot {
	for _, s := range disk {
		if indexOf(chosen, s.Segment) < 0 && s.Live() < sum && sum+s.Live() < segment.MaxDocs {
			chosen = append(chosen, s)
			sum += s.Live()
		}
	}
	return chosen
}

func indexOf(segments []segment.Snapshot, s *segment.Segment) int {
	return slices.IndexFunc(segments, func(c segment.Snapshot) bool { return c.Segment == s })
}

func tierOf(docs int) int {
	tier := 0
	for docs > tierFloor {
		docs /= tierFactor
		tier++
	}
	return tier
}

func (e *Engine) mergeGuarded(ctx context.Context, chosen []segment.Snapshot) (err error) {
	defer segment.Recover(&err)()
	return e.merge(ctx, chosen)
}

// merge writes some segments as one and puts it in their place. Before and after
// reading them it compares them with their checksums: what was damaged since the index
// was opened must not become a segment with a checksum of its own.
func (e *Engine) merge(ctx context.Context, chosen []segment.Snapshot) error {
	if err := e.verify(ctx, chosen); err != nil {
		return err
	}
	m := segment.NewMerge(chosen)
	if m.Docs() > largeMerge {
		afterStep, end := e.o.LargeMerge()
		defer end()
		m.AfterStep = afterStep
	}
	var merged *segment.Segment
	if m.Docs() > 0 {
		err := m.Reorder(ctx, e.o.MergeWorkers)
		if err == nil {
			merged, err = m.InFiles(ctx, e.dir, e.nextName())
		}
		if err == nil {
			err = e.verify(ctx, chosen)
		}
		if err != nil {
			e.discard(merged)
			return err
		}
	}
	if e.afterRead != nil {
		e.afterRead()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.replace(ctx, chosen, m, merged); err != nil {
		e.discard(merged)
		return err
	}
	return nil
}

func (e *Engine) verify(ctx context.Context, segments []segment.Snapshot) error {
	for i := range segments {
		if err := segments[i].Record().Verify(ctx, e.dir); err != nil {
			return err
		}
	}
	return nil
}

// errReset says that what was merged is no part of the index any more.
var errReset = errors.New("the index was begun anew meanwhile")

// replace puts the merged segment in the place of the chosen ones, with what has
// changed in them meanwhile.
func (e *Engine) replace(ctx context.Context, chosen []segment.Snapshot, m *segment.Merge, merged *segment.Segment) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	filled := e.filled.Load()
	segments := make([]segment.Snapshot, 0, len(filled.Segments))
	now := make([]segment.Snapshot, len(chosen))
	met := 0
	for _, s := range filled.Segments {
		if i := indexOf(chosen, s.Segment); i >= 0 {
			now[i] = s
			met++
			continue
		}
		segments = append(segments, s)
	}
	if met < len(chosen) || e.broken.Load() != nil {
		return errReset
	}
	if merged != nil {
		s, err := m.CatchUp(merged, now)
		if err != nil {
			return err
		}
		segments = append([]segment.Snapshot{s}, segments...)
	}
	return e.commit(segments, filled.At, false)
}

// mergePanicked deals with a panic in a merge: damaged segments are left out and all is
// built anew, also when the checksums are right, once. If it happens again, nothing is
// merged any more until the index is opened the next time.
func (e *Engine) mergePanicked(ctx context.Context, trouble error) {
	if e.check(ctx, trouble.Error()) {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.panicked {
		e.putOff = true
		e.o.Log.Error("the search index is not merged any more until it is opened again", "err", trouble)
		return
	}
	e.panicked = true
	e.breakFilled(fmt.Sprintf("merging failed: %v", trouble))
}

// check compares the checksums of all segments. Damaged ones are no longer served, and
// if they are of what is filled, that is begun anew. It reports whether there are any.
func (e *Engine) check(ctx context.Context, why string) (found bool) {
	snaps := []*query.Snapshot{e.Serving(), e.filled.Load()}
	var all []*segment.Segment
	var records []segment.Record
	for _, snap := range snaps {
		for _, s := range snap.Segments {
			if s.Record().Name != "" && !slices.Contains(all, s.Segment) {
				all = append(all, s.Segment)
				records = append(records, s.Record())
			}
		}
	}
	bad := map[*segment.Segment]bool{}
	for i, err := range verifyAll(ctx, e.dir, records) {
		if err == nil || ctx.Err() != nil {
			continue
		}
		// A segment that was merged away meanwhile has no files any more.
		if e.named(records[i].Name) {
			bad[all[i]] = true
			why = err.Error()
		}
	}
	if len(bad) == 0 {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.o.Log.Error("a part of the search index is damaged and left out", "dir", e.dir, "err", why)
	serving, filled := e.Serving(), e.filled.Load()
	e.Publish(without(serving, bad))
	if len(without(filled, bad).Segments) < len(filled.Segments) {
		e.breakFilled(why)
	}
	return true
}

// named reports whether a segment belongs to what is served or filled.
func (e *Engine) named(name string) bool {
	for _, snap := range []*query.Snapshot{e.Serving(), e.filled.Load()} {
		for _, s := range snap.Segments {
			if s.Record().Name == name {
				return true
			}
		}
	}
	return false
}

// without is a snapshot without some segments.
func without(snap *query.Snapshot, bad map[*segment.Segment]bool) *query.Snapshot {
	segments := slices.DeleteFunc(slices.Clone(snap.Segments), func(s segment.Snapshot) bool { return bad[s.Segment] })
	out := query.NewSnapshot(segments, snap.At, snap.Model)
	out.OtherModel = snap.OtherModel
	return out
}

// breakFilled notes that what is filled has to be begun anew.
func (e *Engine) breakFilled(why string) {
	e.broken.Store(&why)
	e.reason.Store(&why)
	e.o.Log.Warn("the search index is to be built anew", "dir", e.dir, "why", why)
}
