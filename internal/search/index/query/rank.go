package query

import (
	"math/bits"
	"slices"
	"sync"

	"broadsheet/internal/search/index/segment"
)

// Ranking by words. It is block-max pruning over blocks of neighboring documents
// (Mallia, Suel and Tonellotto, "Faster Learned Sparse Retrieval with Block-Max
// Pruning", SIGIR 2024), with the exit of MaxScore (Turtle and Flood, 1995) inside a
// block: the maximum of a block is the sum of its terms' best impacts times their
// weights; blocks are scored from the highest maximum down until none reaches the
// threshold, the score of the last hit that is wanted, and a block is left as soon as
// what it has gathered and what may still come do not reach it. No score is changed by
// that.

// A scoredDoc is a document with its score by words.
type scoredDoc struct {
	score     uint32
	published int64
	segment   uint32 // its number in the snapshot
	doc       uint32
}

// A topDocs keeps the best documents.
type topDocs struct {
	top[scoredDoc]
	snap *Snapshot
}

// newTopDocs orders by score; of equals, the newer paper and then the greater ID come
// first.
func newTopDocs(k int, snap *Snapshot) *topDocs {
	return &topDocs{snap: snap, top: top[scoredDoc]{k: k, worse: func(a, b scoredDoc) bool {
		if a.score != b.score {
			return a.score < b.score
		}
		if a.published != b.published {
			return a.published < b.published
		}
		return snap.idOf(a) < snap.idOf(b)
	}}}
}

// offer is that of top. Of a word that nearly every paper has, most papers that reach the
// threshold are older than all that are kept: those cost one comparison.
func (t *topDocs) offer(d scoredDoc) {
	if t.k > 0 && len(t.items) == t.k {
		if worst := &t.items[0]; d.score < worst.score || d.score == worst.score && d.published < worst.published {
			return
		}
	}
	t.top.offer(d)
}

func (s *Snapshot) idOf(d scoredDoc) string { return s.Segments[d.segment].ID(d.doc) }

// threshold is the least score that still matters.
func (t *topDocs) threshold() uint32 {
	if len(t.items) < t.k || t.k == 0 {
		return 0
	}
	return t.items[0].score
}

// A list is a term's postings in one segment, ready to be scored.
type list struct {
	weight uint32
	term   int // its number in the question
	info   segment.Term
	blocks []uint32
	post   []byte
}

// A scorer holds the memory for ranking one segment.
type scorer struct {
	maxima []uint32 // per block
	bounds []uint32 // of those the ones that are worth a look, else 0
	order  []uint16 // blocks from the highest maximum down
	slots  []uint64 // per list and block: first posting<<24 | postings<<8 | best impact
	acc    [segment.BlockSize]uint32
	counts [1 << bucketBits]uint32
	at     [2][]uint32 // positions
	sets   []segment.Bitset
	used   int // of sets
}

const bucketBits = 11

var scorers = sync.Pool{New: func() any { return new(scorer) }}

// newSet is an empty set of a segment's documents, in memory that is used again after the
// query.
func (sc *scorer) newSet(numBlocks int) segment.Bitset {
	n := numBlocks * (segment.BlockSize / 64)
	if sc.used == len(sc.sets) {
		sc.sets = append(sc.sets, nil)
	}
	b := slices.Grow(sc.sets[sc.used][:0], n)[:n]
	clear(b)
	sc.sets[sc.used] = b
	sc.used++
	return b
}

// prepare fills in the slots and the maxima.
func (sc *scorer) prepare(numBlocks int, lists []list) {
	sc.maxima = slices.Grow(sc.maxima[:0], numBlocks)[:numBlocks]
	sc.slots = slices.Grow(sc.slots[:0], numBlocks*len(lists))[:numBlocks*len(lists)]
	clear(sc.maxima)
	sc.used = 0
	for i, l := range lists {
		row := sc.slots[i*numBlocks : (i+1)*numBlocks]
		if len(l.blocks) < numBlocks {
			clear(row)
		}
		fillRow(row, sc.maxima, l)
	}
}

func fillRow(row []uint64, maxima []uint32, l list) {
	at := uint64(0)
	for _, e := range l.blocks {
		r := e >> 16
		n := uint64(e>>8&0xff) + 1
		row[r] = at<<24 | n<<8 | uint64(e&0xff)
		maxima[r] += l.weight * (e & 0xff)
		at += n
	}
}

// sortBlocks orders the blocks with allowed documents by falling maxima, roughly: those of
// one bucket are not ordered among themselves. It gives the lowest maximum of each bucket
// by shift.
func (sc *scorer) sortBlocks(threshold uint32, allowed segment.Bitset) (shift int) {
	most := uint32(0)
	sc.bounds = append(sc.bounds[:0], sc.maxima...)
	for r, b := range sc.bounds {
		if w := allowed[4*r : 4*r+4]; b < threshold || w[0]|w[1]|w[2]|w[3] == 0 {
			sc.bounds[r] = 0
			continue
		}
		most = max(most, b)
	}
	shift = max(0, bits.Len32(most)-bucketBits)
	clear(sc.counts[:])
	n := 0
	for _, b := range sc.bounds {
		if b > 0 {
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
		if b > 0 {
			k := b >> shift
			sc.order[sc.counts[k]] = uint16(r)
			sc.counts[k]++
		}
	}
	return shift
}

// rank offers the documents of one segment to top; the scorer was prepared with the
// lists, which are from the heaviest down. Only the allowed ones are offered, all of which
// are alive.
func (sc *scorer) rank(top *topDocs, si int, lists []list, allowed segment.Bitset) {
	v := &top.snap.Segments[si]
	shift := sc.sortBlocks(top.threshold(), allowed)
	for _, r := range sc.order {
		threshold := top.threshold()
		maximum := sc.bounds[r]
		if maximum < threshold {
			if maximum>>shift < threshold>>shift {
				return // and so are all that follow
			}
			continue
		}
		next, best, rest := sc.gather(int(r), v.NumBlocks(), lists, maximum, threshold)
		switch {
		case best == 0:
			continue
		case next < len(lists):
			sc.finish(top, si, uint32(r), lists[next:], next, rest, allowed)
		case best >= threshold:
			sc.offer(top, si, uint32(r), threshold, allowed)
		}
		clear(sc.acc[:])
	}
}

// gather adds up the scores of a block and gives the best so far, which is 0 where
// the threshold is out of reach. It stops before the list next when only a few documents
// that were met already can reach the threshold, and rest is the most that the others
// bring.
func (sc *scorer) gather(r, numBlocks int, lists []list, rest, threshold uint32) (next int, best, left uint32) {
	tried := ^uint32(0) // what rest was when it was last worth a look
	for i := range lists {
		slot := sc.slots[i*numBlocks+r]
		if slot == 0 {
			continue
		}
		if rest < threshold && rest < tried/2 {
			if sc.worthFinishing(i, len(lists), r, numBlocks, threshold-rest) {
				return i, best, rest
			}
			tried = rest
		}
		l := &lists[i]
		first, n := slot>>24, slot>>8&0xffff
		best = accumulate(&sc.acc, l.post[2*first:2*(first+n)], l.weight, best)
		rest -= l.weight * uint32(slot&0xff)
		if best+rest < threshold {
			clear(sc.acc[:])
			return len(lists), 0, 0
		}
	}
	return len(lists), best, 0
}

// What a look-up, and a look at every score of a block, cost in additions of a posting.
const (
	lookUpCost = 14
	lookCost   = 160
)

// worthFinishing reports whether it costs less to look up the documents with a score of
// at least enough in the lists from next on than to add those up.
func (sc *scorer) worthFinishing(next, lists, r, numBlocks int, enough uint32) bool {
	postings, runs := 0, 0
	for i := next; i < lists; i++ {
		if slot := sc.slots[i*numBlocks+r]; slot != 0 {
			postings += int(slot >> 8 & 0xffff)
			runs++
		}
	}
	if postings < lookCost {
		return false
	}
	few := (postings - lookCost/2) / (lookUpCost * runs)
	for _, score := range &sc.acc {
		if score >= enough {
			if few--; few < 0 {
				return false
			}
		}
	}
	return true
}

// finish completes the scores of those documents of a block that may still reach the
// threshold: lists, the first of which has the number next, bring at most rest.
func (sc *scorer) finish(top *topDocs, si int, r uint32, lists []list, next int, rest uint32, allowed segment.Bitset) {
	v := &top.snap.Segments[si]
	threshold := top.threshold()
	for lo, score := range &sc.acc {
		if score == 0 || score+rest < threshold {
			continue
		}
		doc := r*segment.BlockSize + uint32(lo)
		if !allowed.Has(doc) {
			continue
		}
		score = sc.complete(score, rest, threshold, lists, next*v.NumBlocks()+int(r), v.NumBlocks(), byte(lo))
		if score >= threshold {
			top.offer(scoredDoc{score: score, published: v.Published(doc), segment: uint32(si), doc: doc})
			threshold = top.threshold()
		}
	}
}

// complete adds what lists bring to one document, or 0 when it cannot reach the threshold.
func (sc *scorer) complete(score, rest, threshold uint32, lists []list, slotAt, step int, lo byte) uint32 {
	for i := range lists {
		slot := sc.slots[slotAt+i*step]
		if slot == 0 {
			continue
		}
		if score+rest < threshold {
			return 0
		}
		rest -= lists[i].weight * uint32(slot&0xff)
		first, n := slot>>24, slot>>8&0xffff
		score += lists[i].weight * uint32(lookUp(lists[i].post[2*first:2*(first+n)], lo))
	}
	return score
}

// lookUp finds a document's impact in the postings of a block; 0 when it is not there.
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
// score so far.
func accumulate(acc *[segment.BlockSize]uint32, post []byte, weight, best uint32) uint32 {
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

// offer offers the documents of the block at hand that reach the threshold.
func (sc *scorer) offer(top *topDocs, si int, r, threshold uint32, allowed segment.Bitset) {
	v := &top.snap.Segments[si]
	threshold = max(threshold, 1)
	for lo, score := range &sc.acc {
		if score < threshold {
			continue
		}
		doc := r*segment.BlockSize + uint32(lo)
		if !allowed.Has(doc) {
			continue
		}
		top.offer(scoredDoc{score: score, published: v.Published(doc), segment: uint32(si), doc: doc})
		threshold = max(threshold, top.threshold())
	}
}

// impact looks up a document in a list; 0 when it is not there. The scorer must have
// been prepared with the lists.
func (sc *scorer) impact(numBlocks, i int, l *list, doc uint32) uint8 {
	slot := sc.slots[i*numBlocks+int(doc/segment.BlockSize)]
	first, n := slot>>24, slot>>8&0xffff
	return lookUp(l.post[2*first:2*(first+n)], byte(doc))
}
