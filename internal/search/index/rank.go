package index

import (
	"math/bits"
	"slices"
	"sync"
)

// Ranking by words. It is block-max pruning over ranges of neighbouring documents
// (Mallia, Suel and Tonellotto, "Faster Learned Sparse Retrieval with Block-Max
// Pruning", SIGIR 2024), with the exit of MaxScore (Turtle and Flood, 1995) inside a
// range: the bound of each range is the sum of its terms' best impacts times their
// weights; ranges are scored from the highest bound down until no bound reaches the
// score of the last hit that is wanted, and a range is left as soon as what it has
// gathered and what may still come do not reach it. No score is changed by that.

// A ranked is a document with its score by words.
type ranked struct {
	sum       uint32
	published int64
	view      uint32 // its number in the snapshot
	doc       uint32
}

// A topList keeps the best of what is offered: a heap with the worst at the top.
type topList struct {
	k     int
	items []ranked
	snap  *snapshot
}

// worse reports whether a comes after b: of equals, the newer paper and then the
// greater ID come first.
func (t *topList) worse(a, b *ranked) bool {
	if a.sum != b.sum {
		return a.sum < b.sum
	}
	if a.published != b.published {
		return a.published < b.published
	}
	return t.idOf(a) < t.idOf(b)
}

func (t *topList) idOf(r *ranked) string {
	return t.snap.views[r.view].seg.ids.at(int(r.doc))
}

// floor is the least sum that still matters.
func (t *topList) floor() uint32 {
	if len(t.items) < t.k {
		return 0
	}
	return t.items[0].sum
}

func (t *topList) offer(r ranked) {
	if len(t.items) < t.k {
		t.items = append(t.items, r)
		if len(t.items) == t.k {
			for i := t.k/2 - 1; i >= 0; i-- {
				t.down(i)
			}
		}
		return
	}
	if t.k > 0 && t.worse(&t.items[0], &r) {
		t.items[0] = r
		t.down(0)
	}
}

func (t *topList) down(i int) {
	for {
		c := 2*i + 1
		if c >= len(t.items) {
			return
		}
		if c+1 < len(t.items) && t.worse(&t.items[c+1], &t.items[c]) {
			c++
		}
		if !t.worse(&t.items[c], &t.items[i]) {
			return
		}
		t.items[i], t.items[c] = t.items[c], t.items[i]
		i = c
	}
}

// sorted gives the best first.
func (t *topList) sorted() []ranked {
	slices.SortFunc(t.items, func(a, b ranked) int {
		switch {
		case t.worse(&b, &a):
			return -1
		case t.worse(&a, &b):
			return 1
		}
		return 0
	})
	return t.items
}

// A list is a term's postings in one segment, ready to be scored.
type list struct {
	weight uint32
	word   bool // one of those of which a document must have one
	term   int  // its number in the question
	ranges []uint32
	post   []byte
}

// A scorer holds the memory for ranking one segment.
type scorer struct {
	bounds []uint32 // per range
	most   uint32   // the highest of them
	order  []uint16 // ranges from the highest bound down
	slots  []uint64 // per list and range: first posting<<24 | postings<<8 | best impact
	acc    [rangeSize]uint32
	counts [1 << bucketBits]uint32
}

const bucketBits = 11

var scorers = sync.Pool{New: func() any { return new(scorer) }}

// prepare fills in the slots and the bounds; ranges without allowed documents have
// the bound 0.
func (sc *scorer) prepare(nRanges int, lists []list, allowed bitset) {
	sc.most = 0
	sc.bounds = slices.Grow(sc.bounds[:0], nRanges)[:nRanges]
	sc.slots = slices.Grow(sc.slots[:0], nRanges*len(lists))[:nRanges*len(lists)]
	clear(sc.bounds)
	for i, l := range lists {
		row := sc.slots[i*nRanges : (i+1)*nRanges]
		if len(l.ranges) < nRanges {
			clear(row)
		}
		fillRow(row, sc.bounds, l)
	}
	if allowed != nil {
		for r := range sc.bounds {
			if w := allowed[4*r : 4*r+4]; w[0]|w[1]|w[2]|w[3] == 0 {
				sc.bounds[r] = 0
			}
		}
	}
	for _, b := range sc.bounds {
		sc.most = max(sc.most, b)
	}
}

func fillRow(row []uint64, bounds []uint32, l list) {
	at := uint64(0)
	for _, e := range l.ranges {
		r := e >> 16
		n := uint64(e>>8&0xff) + 1
		row[r] = at<<24 | n<<8 | uint64(e&0xff)
		bounds[r] += l.weight * (e & 0xff)
		at += n
	}
}

// sortRanges orders the ranges by falling bounds, roughly: those of one bucket are
// not ordered among themselves. It gives the lowest bound of each bucket by shift.
func (sc *scorer) sortRanges(most, floor uint32) (shift int) {
	shift = max(0, bits.Len32(most)-bucketBits)
	clear(sc.counts[:])
	n := 0
	for _, b := range sc.bounds {
		if b > 0 && b >= floor {
			sc.counts[b>>shift]++
			n++
		}
	}
	at := uint32(0)
	for i := len(sc.counts) - 1; i >= 0; i-- {
		c := sc.counts[i]
		sc.counts[i] = at
		at += c
	}
	sc.order = slices.Grow(sc.order[:0], n)[:n]
	for r, b := range sc.bounds {
		if b > 0 && b >= floor {
			k := b >> shift
			sc.order[sc.counts[k]] = uint16(r)
			sc.counts[k]++
		}
	}
	return shift
}

// rank offers the documents of one view to top; the scorer was prepared with the
// lists, which are from the heaviest down.
func (sc *scorer) rank(top *topList, vi int, lists []list, allowed bitset) {
	v := &top.snap.views[vi]
	most := sc.most
	if most == 0 || most < top.floor() {
		return
	}
	shift := sc.sortRanges(most, top.floor())
	for _, r := range sc.order {
		floor := top.floor()
		bound := sc.bounds[r]
		if bound < floor {
			if bound>>shift < floor>>shift {
				return // and so are all that follow
			}
			continue
		}
		next, best, rest := sc.gather(int(r), v.seg.nRanges, lists, bound, floor)
		switch {
		case best == 0:
			continue
		case next < len(lists):
			sc.finish(top, vi, uint32(r), lists[next:], next, rest, allowed)
		case best >= floor:
			sc.offer(top, vi, uint32(r), floor, allowed)
		}
		clear(sc.acc[:])
	}
}

// gather adds up the scores of a range and gives the best so far, which is 0 where
// the floor is out of reach. It stops before the list next when only a few documents
// that were met already can reach the floor, and rest is the most that the others
// bring.
func (sc *scorer) gather(r, nRanges int, lists []list, rest, floor uint32) (next int, best, left uint32) {
	tried := ^uint32(0) // what rest was when it was last worth a look
	for i := range lists {
		slot := sc.slots[i*nRanges+r]
		if slot == 0 {
			continue
		}
		if rest < floor && rest < tried/2 {
			if sc.worthFinishing(i, len(lists), r, nRanges, floor-rest) {
				return i, best, rest
			}
			tried = rest
		}
		l := &lists[i]
		first, n := slot>>24, slot>>8&0xffff
		best = accumulate(&sc.acc, l.post[2*first:2*(first+n)], l.weight, best)
		rest -= l.weight * uint32(slot&0xff)
		if best+rest < floor {
			clear(sc.acc[:])
			return len(lists), 0, 0
		}
	}
	return len(lists), best, 0
}

// What a look-up, and a look at every sum of a range, cost in additions of a posting.
const (
	lookUpCost = 14
	lookCost   = 160
)

// worthFinishing reports whether it costs less to look up the documents with a sum of
// at least enough in the lists from next on than to add those up.
func (sc *scorer) worthFinishing(next, lists, r, nRanges int, enough uint32) bool {
	postings, runs := 0, 0
	for i := next; i < lists; i++ {
		if slot := sc.slots[i*nRanges+r]; slot != 0 {
			postings += int(slot >> 8 & 0xffff)
			runs++
		}
	}
	if postings < lookCost {
		return false
	}
	few := (postings - lookCost/2) / (lookUpCost * runs)
	for _, sum := range &sc.acc {
		if sum >= enough {
			if few--; few < 0 {
				return false
			}
		}
	}
	return true
}

// finish completes the scores of those documents of a range that may still reach the
// floor: lists, the first of which has the number next, bring at most rest.
func (sc *scorer) finish(top *topList, vi int, r uint32, lists []list, next int, rest uint32, allowed bitset) {
	v := &top.snap.views[vi]
	floor := top.floor()
	for lo, sum := range &sc.acc {
		if sum == 0 || sum+rest < floor {
			continue
		}
		doc := r<<rangeBits | uint32(lo)
		if allowed != nil && !allowed.has(doc) || allowed == nil && !v.alive(doc) {
			continue
		}
		sum = sc.complete(sum, rest, floor, lists, next*v.seg.nRanges+int(r), v.seg.nRanges, byte(lo))
		if sum >= floor {
			top.offer(ranked{sum: sum, published: v.seg.published[doc], view: uint32(vi), doc: doc})
			floor = top.floor()
		}
	}
}

// complete adds what lists bring to one document, or 0 when it cannot reach the floor.
func (sc *scorer) complete(sum, rest, floor uint32, lists []list, slotAt, step int, lo byte) uint32 {
	for i := range lists {
		slot := sc.slots[slotAt+i*step]
		if slot == 0 {
			continue
		}
		if sum+rest < floor {
			return 0
		}
		rest -= lists[i].weight * uint32(slot&0xff)
		first, n := slot>>24, slot>>8&0xffff
		sum += lists[i].weight * uint32(lookUp(lists[i].post[2*first:2*(first+n)], lo))
	}
	return sum
}

// lookUp finds a document's impact in the postings of a range; 0 when it is not there.
func lookUp(post []byte, lo byte) uint8 {
	from, n := 0, len(post)/2
	for n > 1 {
		half := n / 2
		if post[2*(from+half)] <= lo {
			from += half
		}
		n -= half
	}
	if len(post) >= 2 && post[2*from] == lo {
		return post[2*from+1]
	}
	return 0
}

// accumulate adds weight times impact to the documents of post and gives the highest
// sum so far.
func accumulate(acc *[rangeSize]uint32, post []byte, weight, best uint32) uint32 {
	for len(post) >= 4 {
		a := acc[post[0]] + weight*uint32(post[1])
		acc[post[0]] = a
		b := acc[post[2]] + weight*uint32(post[3])
		acc[post[2]] = b
		best = max(best, a, b)
		post = post[4:]
	}
	if len(post) >= 2 {
		a := acc[post[0]] + weight*uint32(post[1])
		acc[post[0]] = a
		best = max(best, a)
	}
	return best
}

// offer offers the documents of the range at hand that reach the floor.
func (sc *scorer) offer(top *topList, vi int, r, floor uint32, allowed bitset) {
	v := &top.snap.views[vi]
	floor = max(floor, 1)
	for lo, sum := range &sc.acc {
		if sum < floor {
			continue
		}
		doc := r<<rangeBits | uint32(lo)
		if allowed != nil && !allowed.has(doc) || allowed == nil && !v.alive(doc) {
			continue
		}
		top.offer(ranked{sum: sum, published: v.seg.published[doc], view: uint32(vi), doc: doc})
		floor = max(floor, top.floor())
	}
}

// impact looks up a document in a list; 0 when it is not there. The scorer must have
// been prepared with the lists.
func (sc *scorer) impact(nRanges, i int, l *list, doc uint32) uint8 {
	slot := sc.slots[i*nRanges+int(doc>>rangeBits)]
	first, n := slot>>24, slot>>8&0xffff
	return lookUp(l.post[2*first:2*(first+n)], byte(doc))
}
