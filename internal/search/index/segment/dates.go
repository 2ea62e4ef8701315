package segment

import (
	"cmp"
	"slices"
	"sync"
)

// A dateOrder is a segment's documents by publication, made when it is first asked
// for.
type dateOrder struct {
	once  sync.Once
	times []int64
	docs  []uint32

	// before[i] is the first i*step documents; nil in a small segment.
	before []Bitset
	step   int
}

// dateSteps is how many parts a large segment's documents are cut into by date.
const (
	dateSteps = 64
	dateLarge = 1 << 16 // documents
)

func (d *dateOrder) make(published []int64, words int) {
	d.docs = make([]uint32, len(published))
	for i := range d.docs {
		d.docs[i] = uint32(i)
	}
	slices.SortFunc(d.docs, func(a, b uint32) int { return cmp.Compare(published[a], published[b]) })
	d.times = make([]int64, len(published))
	for i, doc := range d.docs {
		d.times[i] = published[doc]
	}
	if len(d.docs) < dateLarge {
		return
	}
	d.step = len(d.docs)/dateSteps + 1
	set := make(Bitset, words)
	for i, doc := range d.docs {
		if i%d.step == 0 {
			d.before = append(d.before, slices.Clone(set))
		}
		set.Set(doc)
	}
}

// between is the documents from the place lo up to hi, in the time of a step.
func (d *dateOrder) between(lo, hi, words int) Bitset {
	if d.before == nil || hi-lo < d.step {
		b := make(Bitset, words)
		for _, doc := range d.docs[lo:hi] {
			b.Set(doc)
		}
		return b
	}
	last := min(hi/d.step, len(d.before)-1)
	b := slices.Clone(d.before[last])
	for _, doc := range d.docs[last*d.step : hi] {
		b.Set(doc)
	}
	first := lo / d.step
	b.AndNot(d.before[first])
	for _, doc := range d.docs[first*d.step : lo] {
		b[doc>>6] &^= 1 << (doc & 63)
	}
	return b
}

// publishedIn is the documents published from a time on and before another; 0 is open.
func (s *Segment) publishedIn(from, before int64) Bitset {
	words := s.numBlocks * (BlockSize / 64)
	d := &s.dated
	d.once.Do(func() { d.make(s.published, words) })
	lo, hi := 0, len(d.times)
	if from != 0 {
		lo, _ = slices.BinarySearch(d.times, from)
	}
	if before != 0 {
		hi, _ = slices.BinarySearch(d.times, before)
	}
	return d.between(lo, max(lo, hi), words)
}
