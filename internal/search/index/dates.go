package index

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"sync"
)

// A dateOrder is a segment's documents by publication, made when it is first asked
// for.
type dateOrder struct {
	once  sync.Once
	times []int64
	docs  []uint32
}

func (d *dateOrder) make(published []int64) {
	d.docs = make([]uint32, len(published))
	for i := range d.docs {
		d.docs[i] = uint32(i)
	}
	slices.SortFunc(d.docs, func(a, b uint32) int { return cmp.Compare(published[a], published[b]) })
	d.times = make([]int64, len(published))
	for i, doc := range d.docs {
		d.times[i] = published[doc]
	}
}

// fewDates is the part of all documents, one in so many, up to which those of a range
// of dates are set one by one; beyond it all are looked at.
const fewDates = 6

// publishedIn is the documents published from a time on and before another; 0 is open.
// Few are found in the time of few.
func (s *segment) publishedIn(from, before int64) bitset {
	d := &s.dated
	d.once.Do(func() { d.make(s.published) })
	lo, hi := 0, len(d.times)
	if from != 0 {
		lo = sort.Search(len(d.times), func(i int) bool { return d.times[i] >= from })
	}
	if before != 0 {
		hi = sort.Search(len(d.times), func(i int) bool { return d.times[i] >= before })
	}
	b := s.newSet()
	if hi-lo > len(d.times)/fewDates {
		s.scanPublished(b, from, before)
		return b
	}
	for i := lo; i < hi; i++ {
		b.set(d.docs[i])
	}
	return b
}

// scanPublished sets the documents of a range, without branches: the sign bit of
// ^(t-from) & (t-before) says that from <= t < before. Times are far from the ends of
// int64, so that the differences fit.
func (s *segment) scanPublished(b bitset, from, before int64) {
	if from == 0 {
		from = math.MinInt64 / 4
	}
	if before == 0 {
		before = math.MaxInt64 / 4
	}
	for i := range b {
		start := 64 * i
		if start >= len(s.published) {
			return
		}
		var w uint64
		for j, t := range s.published[start:min(start+64, len(s.published))] {
			w |= uint64(^(t-from)&(t-before)) >> 63 << j
		}
		b[i] = w
	}
}
