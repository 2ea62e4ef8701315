package vector

import "math/bits"

// scan returns the want documents of keep, or of all, whose codes differ least from the
// query's.
func (s *Searcher) scan(want int, keep []uint64) []candidate {
	s.pick.keep = nil
	s.pick.reset(want, 64*s.view.words, s.view.scale)
	s.pick.limit = s.guess(want, keep)
	s.scanSet(keep)
	if s.pick.limit < 64*s.view.words && len(s.pick.list) < want { // the guess was too low
		s.pick.reset(want, 64*s.view.words, s.view.scale)
		s.scanSet(keep)
	}
	return s.pick.best()
}

// guess looks at some documents for a distance that somewhat more than want of all will
// not exceed, so that the scan need not gather, and drop, many more before it finds out.
func (s *Searcher) guess(want int, keep []uint64) int {
	const sample = 4096
	step := s.view.count / sample
	if step < 4 {
		return 64 * s.view.words
	}
	clear(s.pick.counts)
	for doc := 0; doc < s.view.count; doc += step {
		if s.view.scale[doc] != 0 && contains(keep, doc) {
			s.pick.counts[s.distance(doc)]++
		}
	}
	enough := want/step*5/4 + 16
	for distance, n := range s.pick.counts {
		if enough -= n; enough <= 0 {
			return distance
		}
	}
	return 64 * s.view.words
}

// contains reports whether a document is in a set; in nil are all.
func contains(keep []uint64, doc int) bool {
	return keep == nil || doc/64 < len(keep) && keep[doc/64]>>(doc%64)&1 == 1
}

// scanAll offers the documents from <= doc < to.
func (s *Searcher) scanAll(from, to int) {
	if s.view.words == 4 {
		s.scan4(from, to)
		return
	}
	for doc := from; doc < to; doc++ {
		s.pick.offer(doc, s.distance(doc))
	}
}

// scan4 is scanAll for codes of 256 bits, the ones of the built-in model.
func (s *Searcher) scan4(from, to int) {
	q0, q1, q2, q3 := s.code[0], s.code[1], s.code[2], s.code[3]
	codes := s.view.code[4*from : 4*to]
	limit := s.pick.limit
	for doc := from; len(codes) >= 4; doc++ {
		n := bits.OnesCount64(codes[0]^q0) + bits.OnesCount64(codes[1]^q1) +
			bits.OnesCount64(codes[2]^q2) + bits.OnesCount64(codes[3]^q3)
		codes = codes[4:]
		if n <= limit {
			s.pick.offer(doc, n)
			limit = s.pick.limit
		}
	}
}

// scanSet offers the documents of a set; nil means all. Where none is missing it scans
// as fast as without a set.
func (s *Searcher) scanSet(keep []uint64) {
	if keep == nil {
		s.scanAll(0, s.view.count)
		return
	}
	keep = keep[:min(len(keep), (s.view.count+63)/64)]
	if denseSet*countOf(keep) > s.view.count {
		s.pick.keep = keep
		s.scanAll(0, min(64*len(keep), s.view.count))
		return
	}
	for w := 0; w < len(keep); w++ {
		if keep[w] != ^uint64(0) {
			s.scanWord(64*w, keep[w])
			continue
		}
		from := w
		for w+1 < len(keep) && keep[w+1] == ^uint64(0) {
			w++
		}
		s.scanAll(64*from, min(64*(w+1), s.view.count))
	}
}

// denseSet is the part of all documents, one in so many, from which on it is faster to
// look at all of them and pass over those that are near enough and not in the set.
const denseSet = 16

func countOf(set []uint64) int {
	n := 0
	for _, w := range set {
		n += bits.OnesCount64(w)
	}
	return n
}

// scanWord offers the documents of 64 that a word names.
func (s *Searcher) scanWord(base int, word uint64) {
	for ; word != 0; word &= word - 1 {
		doc := base + bits.TrailingZeros64(word)
		if doc >= s.view.count {
			return
		}
		s.pick.offer(doc, s.distance(doc))
	}
}

// distance counts the bits in which a document's code differs from the query's.
func (s *Searcher) distance(doc int) int {
	n := 0
	code := s.view.code[doc*len(s.code):][:len(s.code)]
	for i, q := range s.code {
		n += bits.OnesCount64(code[i] ^ q)
	}
	return n
}

// A candidate is a document that may be among the nearest.
type candidate struct {
	doc      uint32
	distance uint32
}

// A selection keeps the candidates of smallest distance, of equal ones those offered
// first, without a heap: it gathers a few times more than it needs, counts them by
// distance, drops the farther ones and gathers on under a lower limit.
type selection struct {
	want   int
	limit  int      // larger distances are of no use
	keep   []uint64 // what else is of no use is not in it; nil: all are
	scale  []float32
	counts []int
	list   []candidate
}

// gather is how many times want a selection holds before it drops some.
const gather = 3

func (p *selection) reset(want, bits int, scale []float32) {
	p.want, p.limit, p.scale = want, bits, scale
	if len(p.counts) != bits+1 {
		p.counts = make([]int, bits+1)
	}
	if n := gather * min(want, len(scale)); cap(p.list) < n {
		p.list = make([]candidate, 0, n)
	}
	p.list = p.list[:0]
}

func (p *selection) offer(doc, distance int) {
	if distance > p.limit || p.scale[doc] == 0 || !contains(p.keep, doc) {
		return
	}
	p.list = append(p.list, candidate{uint32(doc), uint32(distance)})
	if len(p.list) >= gather*p.want {
		p.drop()
	}
}

// drop keeps the want best and lowers the limit to what would still be better than the
// worst of them.
func (p *selection) drop() {
	clear(p.counts)
	for _, c := range p.list {
		p.counts[c.distance]++
	}
	last, before := uint32(0), 0
	for ; before+p.counts[last] < p.want; last++ {
		before += p.counts[last]
	}
	kept, equal := p.list[:0], p.want-before
	for _, c := range p.list {
		switch {
		case c.distance < last:
			kept = append(kept, c)
		case c.distance == last && equal > 0:
			equal--
			kept = append(kept, c)
		}
	}
	p.list = kept
	p.limit = int(last) - 1
}

// best returns at most want candidates, in document order.
func (p *selection) best() []candidate {
	if len(p.list) > p.want {
		p.drop()
	}
	return p.list
}
