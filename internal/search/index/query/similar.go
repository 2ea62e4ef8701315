package query

import (
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// similarTo makes the question one for papers like another; false when that is not
// known.
func (q *query) similarTo(id paper.ID) bool {
	seg, doc, ok := q.snap.find(string(id))
	if !ok {
		return false
	}
	plan := search.SimilarPlan(q.snap.rated(seg, doc))
	if q.semantic {
		plan = search.Plan{}
	}
	plan.Must, plan.Not = q.plan.Must, q.plan.Not
	q.plan, q.self = plan, string(id)
	q.vec = nil
	if q.req.Mode != search.Lexical && !q.snap.OtherModel {
		q.vec = vectorOf(seg, doc)
	}
	return true
}

// vectorOf is a document's vector; nil when it has none.
func vectorOf(seg *segment.Snapshot, doc uint32) []float32 {
	v, row := seg.VectorOf(doc)
	if v.Dimensions() == 0 {
		return nil
	}
	out := make([]float32, v.Dimensions())
	if !v.Vector(row, out) {
		return nil
	}
	return out
}

// rated is the terms of a document with what they bring to its own score.
func (s *Snapshot) rated(seg *segment.Snapshot, doc uint32) (out []search.Rated) {
	seg.EachTerm(doc, func(key []byte, t segment.Term) {
		if len(key) < 2 || segment.Class(key[0]) != segment.ClassText {
			return
		}
		with := 0
		for i := range s.Segments {
			if other := &s.Segments[i]; other.Segment == seg.Segment {
				with += other.LiveDF(t)
			} else {
				with += other.LiveDF(other.FindTerm(key))
			}
		}
		weight := search.TermWeight(s.docs, with, search.SimilarBoost)
		out = append(out, search.Rated{Term: string(key[1:]), Score: weight * uint32(seg.ImpactOf(t, doc))})
	})
	return out
}
