package index

import (
	"hash/crc32"
	"runtime/debug"
	"slices"
	"time"
)

const (
	tierSegments = 8    // so many segments of about one size are merged
	tierFactor   = 8    // sizes of a tier differ by less than this
	tierFloor    = 4096 // documents; smaller ones are of one tier
	bulkSegments = 96   // most segments while many documents come
	bulkQuiet    = 1500 * time.Millisecond
	maxMergeDocs = maxDocs // a merge makes no larger segment
)

func sumOf(b []byte) partSum {
	return partSum{Size: int64(len(b)), CRC: crc32.Checksum(b, castagnoli)}
}

// mergeLive joins the segments in memory when they have become many: the last ones,
// as far as they are about as large as what follows them, so that each document is
// written again only a few times.
func mergeLive(views []view, live int) ([]view, int, error) {
	if live <= liveParts {
		return views, live, nil
	}
	from, sum := len(views)-1, views[len(views)-1].seg.Docs
	for from > len(views)-live && (len(views)-from < 2 || views[from-1].seg.Docs <= 2*sum) {
		from--
		sum += views[from].seg.Docs
	}
	m := newMerger(views[from:])
	views = slices.Clip(views[:from])
	if m.sums.Docs == 0 {
		return views, live - (len(m.from)), nil
	}
	w, err := newSegmentWriter("", "")
	if err != nil {
		return nil, 0, err
	}
	if err := m.write(w); err != nil {
		return nil, 0, err
	}
	if _, err := w.finish(); err != nil {
		return nil, 0, err
	}
	s, err := openSegment(w.memory())
	if err != nil {
		return nil, 0, err
	}
	return append(views, view{seg: s}), live - len(m.from) + 1, nil
}

// poke wakes the merging goroutine.
func (e *Engine) poke() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// mergeLoop merges segments on disk until the engine is closed.
func (e *Engine) mergeLoop() {
	timer := time.NewTimer(time.Hour)
	for {
		select {
		case <-e.stop:
			return
		case <-e.wake:
		case <-timer.C:
		}
		wait := e.mergeAll()
		timer.Reset(wait)
	}
}

// mergeAll merges until nothing is worth it; it gives when to look again.
func (e *Engine) mergeAll() time.Duration {
	for {
		e.mu.Lock()
		if quiet := bulkQuiet - time.Since(e.lastBulk); quiet > 0 && len(e.filling.views) < bulkSegments {
			e.mu.Unlock()
			return quiet
		}
		chosen := e.pickMerge()
		e.busy = len(chosen) > 0
		e.mu.Unlock()
		if len(chosen) == 0 {
			e.merging.Store(false)
			e.mu.Lock()
			e.settled()
			e.mu.Unlock()
			return time.Hour
		}
		e.merging.Store(true)
		err := e.mergeViews(chosen)
		e.mu.Lock()
		e.busy = false
		e.idle.Broadcast()
		e.mu.Unlock()
		if err != nil {
			e.merging.Store(false)
			if !e.closed.Load() {
				e.o.Log.Error("merging the search index failed; it is tried again", "err", err)
			}
			return time.Minute
		}
		select {
		case <-e.stop:
			return time.Hour
		default:
		}
	}
}

// settled notes that nothing is left to do. A rebuild whose end nobody knows ends
// with it.
func (e *Engine) settled() {
	if e.old == nil && e.filling.at.Seq > 0 && time.Since(e.lastBulk) > bulkQuiet {
		e.why.Store(nil)
	}
	e.idle.Broadcast()
}

// pickMerge chooses segments on disk that are worth merging, in their order.
func (e *Engine) pickMerge() []view {
	disk := e.filling.views[:len(e.filling.views)-e.live]
	tiers := map[int][]view{}
	for _, v := range disk {
		if 4*v.nDel > v.seg.Docs { // mostly to get rid of what was deleted
			return []view{v}
		}
		tiers[tierOf(v.live())] = append(tiers[tierOf(v.live())], v)
	}
	for tier := 0; tier <= 16; tier++ {
		if len(tiers[tier]) < tierSegments && !(len(disk) > 2*tierSegments && len(tiers[tier]) > 1) {
			continue
		}
		var chosen []view
		sum := 0
		for _, v := range disk { // smaller ones come along
			if tierOf(v.live()) <= tier && sum+v.live() < maxMergeDocs && len(chosen) < 1<<15 {
				chosen = append(chosen, v)
				sum += v.live()
			}
		}
		if len(chosen) > 1 {
			return e.withLarger(chosen, disk, sum)
		}
	}
	return nil
}

// withLarger adds the segments that are not much larger than what is merged anyway.
func (e *Engine) withLarger(chosen, disk []view, sum int) []view {
	for _, v := range disk {
		in := slices.ContainsFunc(chosen, func(c view) bool { return c.seg == v.seg })
		if !in && v.live() < sum && sum+v.live() < maxMergeDocs {
			chosen = append(chosen, v)
			sum += v.live()
		}
	}
	return chosen
}

func tierOf(docs int) int {
	tier := 0
	for docs > tierFloor {
		docs /= tierFactor
		tier++
	}
	return tier
}

// mergeViews writes some segments as one and puts it in their place.
func (e *Engine) mergeViews(chosen []view) error {
	m := newMerger(chosen)
	if m.sums.Docs > tidyDocs { // its tables are large and live for long: collect sooner
		defer debug.SetGCPercent(debug.SetGCPercent(30))
	}
	var merged *segment
	if m.sums.Docs > 0 {
		m.reorder()
		e.mu.Lock()
		name := e.nextName()
		e.mu.Unlock()
		var err error
		if merged, err = e.writeSegment(name, m.write); err != nil {
			return err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed.Load() {
		return errClosed
	}
	views := make([]view, 0, len(e.filling.views))
	met := 0
	var late []string // deleted while the merge was under way
	for _, v := range e.filling.views {
		i := slices.IndexFunc(chosen, func(c view) bool { return c.seg == v.seg })
		if i < 0 {
			views = append(views, v)
			continue
		}
		met++
		if v.nDel != chosen[i].nDel {
			v.deleted.each(func(doc uint32) {
				if chosen[i].alive(doc) {
					late = append(late, v.seg.ids.at(int(doc)))
				}
			})
		}
	}
	if met < len(chosen) {
		return nil // the index was reset; the files are swept at the next opening
	}
	if merged != nil {
		nv := forget([]view{{seg: merged}}, late)
		views = append(nv, views...)
	}
	return e.commit(views, e.filling.at, false)
}
