package segment

import (
	"slices"

	"broadsheet/internal/search"
)

// ImpactOf looks up a document in a term's postings.
func (s *Segment) ImpactOf(t Term, doc uint32) uint8 {
	post, want := s.Postings(t), doc>>blockBits
	for _, e := range s.Blocks(t) {
		n := 2 * (int(e>>8&0xff) + 1)
		if e>>16 == want {
			for i := 0; i < n; i += 2 {
				if post[i] == byte(doc) {
					return post[i+1]
				}
			}
			return 0
		}
		post = post[n:]
	}
	return 0
}

// EachTerm calls f with the terms that say the most about a document: all of them in a
// small segment. A key, the class and then the term, is valid during the call.
func (s *Segment) EachTerm(doc uint32, f func(key []byte, t Term)) {
	for _, ordinal := range s.docTerms(doc) {
		if key, t := s.dict.at(int(ordinal)); len(key) > 0 {
			f(key, t)
		}
	}
}

// docTerms are the ordinals of the terms that say the most about a document.
func (s *Segment) docTerms(doc uint32) []uint32 {
	if len(s.termOffs) == 0 {
		return nil
	}
	return s.docTermList[s.termOffs[doc]:s.termOffs[doc+1]]
}

// at gives the term of an ordinal.
func (d *dict) at(ordinal int) ([]byte, Term) {
	c := dictCursor{d: d}
	if !c.block(ordinal / dictBlock) {
		return nil, Term{}
	}
	for range ordinal%dictBlock + 1 {
		if !c.step() {
			return nil, Term{}
		}
	}
	return c.key, c.info
}

// A forward gathers the terms of each document while a segment's lists are written:
// all of them in a small segment, in a large one those that say the most.
type forward struct {
	docs  int
	keep  int // terms of a document
	terms []uint32
	sums  []uint16 // what each brings to the document's score, in steps of sumStep
	n     []uint16
	low   []uint16 // the least of sums of a full document
}

const (
	forwardAll  = 4096                 // documents; a segment of at most so many keeps all terms
	forwardMost = search.MostRated + 4 // terms kept in larger ones: which rate highest there is known of this segment alone
	sumStep     = 16
)

func (f *forward) add(ordinal uint32, DF int, ps []posting) {
	weight := search.TermWeight(f.docs, DF, search.SimilarBoost)
	for _, p := range ps {
		f.put(p.doc, ordinal, uint16(min(1<<16-1, (weight*uint32(p.imp)+sumStep-1)/sumStep)))
	}
}

func (f *forward) put(doc, ordinal uint32, sum uint16) {
	at := int(doc) * f.keep
	if n := int(f.n[doc]); n < f.keep {
		f.terms[at+n], f.sums[at+n] = ordinal, sum
		if f.n[doc]++; n+1 == f.keep {
			f.low[doc] = slices.Min(f.sums[at : at+f.keep])
		}
		return
	}
	if sum <= f.low[doc] {
		return
	}
	sums := f.sums[at : at+f.keep]
	i := slices.Index(sums, f.low[doc])
	sums[i], f.terms[at+i] = sum, ordinal
	f.low[doc] = slices.Min(sums)
}

func newForward(docs int) *forward {
	f := &forward{docs: docs, keep: forwardMost}
	f.terms, f.sums = make([]uint32, docs*f.keep), make([]uint16, docs*f.keep)
	f.n, f.low = make([]uint16, docs), make([]uint16, docs)
	return f
}

func (f *forward) of(doc int) []uint32 {
	return f.terms[doc*f.keep:][:f.n[doc]]
}

// A smallForward keeps all terms.
type smallForward struct{ terms [][]uint32 }

func (f *smallForward) add(ordinal uint32, _ int, ps []posting) {
	for _, p := range ps {
		f.terms[p.doc] = append(f.terms[p.doc], ordinal)
	}
}

func (f *smallForward) of(doc int) []uint32 { return f.terms[doc] }

// A forwarder gathers the terms of each document.
type forwarder interface {
	add(ordinal uint32, DF int, ps []posting)
	of(doc int) []uint32
}

func forwarderFor(docs int) forwarder {
	if docs <= forwardAll {
		return &smallForward{make([][]uint32, docs)}
	}
	return newForward(docs)
}
