package index

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// Similar implements search.Engine.
func (e *searcher) Similar(ctx context.Context, id paper.ID, limit int) (hits []search.Hit, err error) {
	if err := e.ready(ctx); err != nil {
		return nil, err
	}
	snap := e.serving.Load()
	defer runtime.KeepAlive(snap)
	defer e.guard(&err)()
	q := &question{snap: snap, req: search.Request{Limit: limit, NoTotal: true}}
	if !q.similarTo(id) {
		return nil, fmt.Errorf("index: similar to %s: %w", id, paper.ErrNotFound)
	}
	res, err := q.run(ctx)
	return res.Hits, err
}

// similarTo makes the question one for papers like another; false when that is not
// known.
func (q *question) similarTo(id paper.ID) bool {
	v, doc := q.snap.find(string(id))
	if doc < 0 {
		return false
	}
	plan := search.SimilarPlan(q.snap.rated(v.seg, uint32(doc)))
	plan.Must, plan.Not = q.plan.Must, q.plan.Not
	if q.byMeaning {
		plan.Words = nil
	}
	q.plan, q.self = plan, string(id)
	q.vec = nil
	if n := v.seg.vectors.Dimensions(); n > 0 && !q.snap.foreign && q.req.Mode != search.Lexical {
		vec := make([]float32, n)
		if v.seg.vectors.Vector(uint32(doc), vec) {
			q.vec = vec
		}
	}
	return true
}

// similarBoost is the one that search.SimilarPlan gives its terms, which makes no
// difference to their order.
const similarBoost = 4

// rated is the terms of a document with what they bring to its own score.
func (s *snapshot) rated(seg *segment, doc uint32) (out []search.Rated) {
	for _, ordinal := range seg.docTerms(doc) {
		key, info := seg.dict.at(int(ordinal))
		if len(key) < 2 || class(key[0]) != classText {
			continue
		}
		with := 0
		for i := range s.views {
			if v := &s.views[i]; v.seg == seg {
				with += v.liveDF(info)
			} else {
				with += v.liveDF(v.seg.dict.find(key))
			}
		}
		weight := search.TermWeight(s.docs, with, similarBoost)
		out = append(out, search.Rated{Term: string(key[1:]), Sum: weight * uint32(seg.impactOf(info, doc))})
	}
	return out
}

// impactOf looks up a document in a term's postings.
func (s *segment) impactOf(t termInfo, doc uint32) uint8 {
	post, want := s.postingsOf(t), doc>>rangeBits
	for _, e := range s.rangesOf(t) {
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

// docTerms are the ordinals of the terms that say the most about a document.
func (s *segment) docTerms(doc uint32) []uint32 {
	if len(s.termOffs) == 0 {
		return nil
	}
	return s.docTermList[s.termOffs[doc]:s.termOffs[doc+1]]
}

// at gives the term of an ordinal.
func (d *dict) at(ordinal int) ([]byte, termInfo) {
	c := dictCursor{d: d}
	if !c.block(ordinal / dictBlock) {
		return nil, termInfo{}
	}
	for range ordinal%dictBlock + 1 {
		if !c.step() {
			return nil, termInfo{}
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
	forwardAll  = 4096 // documents; a segment of at most so many keeps all terms
	forwardMost = 24   // terms kept in larger ones; search.SimilarPlan takes 20
	sumStep     = 16
)

func (f *forward) add(ordinal uint32, df int, ps []posting) {
	weight := search.TermWeight(f.docs, df, similarBoost)
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
	add(ordinal uint32, df int, ps []posting)
	of(doc int) []uint32
}

func forwarderFor(docs int) forwarder {
	if docs <= forwardAll {
		return &smallForward{make([][]uint32, docs)}
	}
	return newForward(docs)
}
