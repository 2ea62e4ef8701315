package index

import (
	"broadsheet/internal/search"
)

// classOf is where the terms of a field are.
func classOf(f search.Field) class {
	switch f {
	case search.FieldTitle:
		return classTitle
	case search.FieldAuthor:
		return classAuthor
	case search.FieldOrganization:
		return classOrgName
	}
	return classText
}

// holding is the documents for which a condition holds.
func (s *segment) holding(n search.Node) bitset {
	switch {
	case n.Terms != nil:
		return s.havingAll(n.Field, n.Terms)
	case n.Phrase != nil:
		return s.havingPhrase(n.Field, n.Phrase)
	}
	b := s.newSet()
	for _, m := range n.AnyOf {
		b.or(s.holding(m))
	}
	return b
}

func (s *segment) havingAll(f search.Field, terms []string) bitset {
	var b bitset
	for _, term := range terms {
		set := s.newSet()
		if t := s.term(classOf(f), term); t.df > 0 {
			if f == search.FieldAbstract {
				s.addFromAbstract(set, t)
			} else {
				s.addTo(set, t)
			}
		}
		if b == nil {
			b = set
			continue
		}
		b.and(set)
	}
	return b
}

// addFromAbstract sets the bits of the documents that have a term in the abstract:
// its last position lies behind the title.
func (s *segment) addFromAbstract(b bitset, t termInfo) {
	walk := newWalk(s, t)
	for walk.next() {
		if last := walk.last(); last >= uint32(s.titleEnd[walk.doc]) {
			b.set(walk.doc)
		}
	}
}

// A walk goes through the postings of a term together with their positions.
type walk struct {
	ranges    []uint32
	post      []byte
	positions []byte
	base      uint32
	left      int
	doc       uint32
}

func newWalk(s *segment, t termInfo) *walk {
	return &walk{ranges: s.rangesOf(t), post: s.postingsOf(t), positions: s.positionsOf(t)}
}

// next goes to the next document; then its positions must be read or skipped.
func (w *walk) next() bool {
	if w.left == 0 {
		if len(w.ranges) == 0 {
			return false
		}
		e := w.ranges[0]
		w.ranges, w.base, w.left = w.ranges[1:], e>>16<<rangeBits, int(e>>8&0xff)+1
	}
	w.doc = w.base | uint32(w.post[0])
	w.post = w.post[2:]
	w.left--
	return true
}

func (w *walk) skip() { w.positions = w.positions[positionsEnd(w.positions):] }

func (w *walk) read(dst []uint32) []uint32 {
	dst, w.positions = positionsAt(w.positions, dst)
	return dst
}

// last reads the positions and gives the last one.
func (w *walk) last() uint32 {
	sum := uint32(0)
	for {
		v, rest := uvarint(w.positions)
		w.positions = rest
		sum += uint32(v >> 1)
		if v&1 == 0 {
			return sum
		}
	}
}

// A phraseDoc is a document that may have a phrase, with the places where the phrase
// would begin.
type phraseDoc struct {
	doc    uint32
	starts []uint32
}

// havingPhrase is the documents in which terms stand as they do in a phrase.
func (s *segment) havingPhrase(f search.Field, phrase []search.Place) bitset {
	c := classText
	if f == search.FieldOrganization {
		c = classOrgName
	}
	out := s.newSet()
	if f == search.FieldAuthor { // names have no places
		return out
	}
	var both bitset
	infos := make([]termInfo, len(phrase))
	for i, p := range phrase {
		if infos[i] = s.term(c, p.Term); infos[i].df == 0 {
			return out
		}
		set := s.newSet()
		s.addTo(set, infos[i])
		if both == nil {
			both = set
			continue
		}
		both.and(set)
	}
	docs := s.firstStarts(infos[0], both)
	for i := 1; i < len(phrase) && len(docs) > 0; i++ {
		docs = s.keepStarts(docs, infos[i], uint32(phrase[i].Offset))
	}
	length := uint32(phrase[len(phrase)-1].Offset)
	for _, d := range docs {
		if s.phraseIn(f, d, length) {
			out.set(d.doc)
		}
	}
	return out
}

// firstStarts are the places of a phrase's first term in some documents.
func (s *segment) firstStarts(t termInfo, among bitset) (docs []phraseDoc) {
	var pool []uint32
	walk := newWalk(s, t)
	for walk.next() {
		if !among.has(walk.doc) {
			walk.skip()
			continue
		}
		from := len(pool)
		var at []uint32
		at = walk.read(at)
		pool = append(pool, at...)
		docs = append(docs, phraseDoc{walk.doc, pool[from:len(pool):len(pool)]})
	}
	return docs
}

// keepStarts drops the starts that have no further term at their offset.
func (s *segment) keepStarts(docs []phraseDoc, t termInfo, offset uint32) []phraseDoc {
	walk, kept := newWalk(s, t), docs[:0]
	var at []uint32
	i := 0
	for i < len(docs) && walk.next() {
		if walk.doc < docs[i].doc {
			walk.skip()
			continue
		}
		for i < len(docs) && docs[i].doc < walk.doc {
			i++
		}
		if i == len(docs) {
			break
		}
		if docs[i].doc != walk.doc {
			walk.skip()
			continue
		}
		at = walk.read(at)
		if starts := startsBefore(docs[i].starts, at, offset); len(starts) > 0 {
			kept = append(kept, phraseDoc{walk.doc, starts})
		}
		i++
	}
	return kept
}

// startsBefore keeps those of starts for which start+offset is in at; both ascend.
func startsBefore(starts, at []uint32, offset uint32) []uint32 {
	kept, j := starts[:0], 0
	for _, start := range starts {
		for j < len(at) && at[j] < start+offset {
			j++
		}
		if j < len(at) && at[j] == start+offset {
			kept = append(kept, start)
		}
	}
	return kept
}

// phraseIn reports whether one of the phrases found lies in the field: none runs on
// from the title into the abstract.
func (s *segment) phraseIn(f search.Field, d phraseDoc, length uint32) bool {
	if f == search.FieldOrganization {
		return true
	}
	end := uint32(s.titleEnd[d.doc])
	for _, start := range d.starts {
		inTitle, inAbstract := start+length < end, start >= end
		if inTitle && f != search.FieldAbstract || inAbstract && f != search.FieldTitle {
			return true
		}
	}
	return false
}
