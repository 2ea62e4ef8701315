package query

import (
	"cmp"
	"slices"
	"sync"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
	"broadsheet/internal/search/vector"
)

var searchers = sync.Pool{New: func() any { return new(vector.Searcher) }}

// A near compares a query's vector with those of one segment's documents: with those
// that the segment was written with, and with the patches that replace some of them.
type near struct {
	snap    *segment.Snapshot
	base    *vector.Searcher   // nil: nothing can be compared
	patches []*vector.Searcher // by patch; nil: nothing can be compared
}

// prepareSearcher is a searcher for a query's vector in a view, with so many candidates (0:
// as many as it takes); nil where the vector's length is another.
func prepareSearcher(v vector.View, vec []float32, candidates int) *vector.Searcher {
	if v.Dimensions() != len(vec) {
		return nil
	}
	s := searchers.Get().(*vector.Searcher)
	s.Candidates = candidates
	if err := s.Prepare(v, vec); err != nil {
		searchers.Put(s)
		return nil
	}
	return s
}

// nearIn is the segment's near for the query's vector; nil where nothing can be compared
// with it.
func (q *query) nearIn(v *segmentQuery) *near {
	if q.vec == nil || q.snap.OtherModel {
		return nil
	}
	if v.vectors == nil {
		n := &near{snap: v.Snapshot, base: prepareSearcher(v.Vectors(), q.vec, q.few)}
		for _, p := range v.Patches() {
			n.patches = append(n.patches, prepareSearcher(p.View(), q.vec, q.few))
		}
		v.vectors = n
	}
	return v.vectors
}

func (n *near) release() {
	if n == nil {
		return
	}
	for _, s := range append(n.patches, n.base) {
		if s != nil {
			searchers.Put(s)
		}
	}
}

// cosine is the query's with a document; 0 where there is none.
func (n *near) cosine(doc uint32) float64 {
	if r := n.snap.Replaced(); r != nil && r.Has(doc) {
		for i, p := range n.snap.Patches() {
			if row, ok := p.Row(doc); ok && n.patches[i] != nil {
				return float64(n.patches[i].Cosine(row))
			}
		}
		return 0
	}
	if n.base == nil {
		return 0
	}
	return float64(n.base.Cosine(doc))
}

// search gives at most k documents of keep, nil: of all that are alive, for each of the
// segment's vectors and patches.
func (n *near) search(k int, keep segment.Bitset, f func(doc uint32, cosine float64)) {
	if n.base != nil {
		base := keep
		if deleted, replaced := n.snap.Deleted(), n.snap.Replaced(); keep == nil && deleted != nil || replaced != nil {
			if keep != nil {
				base = slices.Clone(keep)
			} else {
				base = n.snap.FullSet()
				base.AndNot(deleted)
			}
			base.AndNot(replaced)
		}
		for _, h := range n.base.Search(k, base) {
			f(h.Doc, float64(h.Cosine))
		}
	}
	for i, p := range n.snap.Patches() {
		if n.patches[i] == nil {
			continue
		}
		rows := make(segment.Bitset, p.View().Documents()/64+1)
		p.Each(func(doc, row uint32) {
			if keep != nil && keep.Has(doc) || keep == nil && n.snap.Alive(doc) {
				rows.Set(row)
			}
		})
		for _, h := range n.patches[i].Search(k, rows) {
			f(p.Doc(h.Doc), float64(h.Cosine))
		}
	}
}

// comparable is the documents whose vectors can be compared with the query's.
func (q *query) comparable(v *segmentQuery) segment.Bitset {
	b := v.NewSet()
	n := q.nearIn(v)
	if n == nil {
		return b
	}
	if n.base != nil {
		for doc := range uint32(v.Docs()) {
			if _, scale := v.Vectors().Row(doc); scale != 0 {
				b.Set(doc)
			}
		}
	}
	b.AndNot(v.Replaced())
	for i, p := range v.Patches() {
		if n.patches[i] == nil {
			continue
		}
		p.Each(func(doc, row uint32) {
			if _, scale := p.View().Row(row); scale != 0 {
				b.Set(doc)
			}
		})
	}
	return b
}

// nearest is the documents nearest to the query's vector, at most k, with a cosine of at
// least floor, of those that keep gives; nil: of all that are alive.
func (q *query) nearest(k int, floor float64, keep func(*segmentQuery) segment.Bitset) (out []hit) {
	for i := range q.segments {
		v := &q.segments[i]
		near := q.nearIn(v)
		if near == nil {
			continue
		}
		near.search(k, keep(v), func(doc uint32, cosine float64) {
			if cosine >= floor {
				out = append(out, hit{scoredDoc: scoredDoc{published: v.Published(doc), segment: uint32(i), doc: doc}, cosine: cosine, final: cosine, meaning: cosine})
			}
		})
	}
	slices.SortFunc(out, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.cosine, a.cosine), q.newerFirst(a.scoredDoc, b.scoredDoc))
	})
	return out[:min(k, len(out))]
}

// newerFirst breaks ties.
func (q *query) newerFirst(a, b scoredDoc) int {
	return cmp.Or(cmp.Compare(b.published, a.published), cmp.Compare(q.snap.idOf(b), q.snap.idOf(a)))
}

// place names a document of a snapshot.
type place struct{ segment, doc uint32 }

func (d scoredDoc) place() place { return place{d.segment, d.doc} }

// findNear finds what matches by meaning, whatever the filters.
func (q *query) findNear() {
	if q.self == "" {
		q.vec = search.Feedback(q.vec, q.feedback(q.lead))
	}
	q.near = q.nearest(search.MeaningDepth, search.NearEnough, (*segmentQuery).conditions)
}

// fused joins the ranking by words with the one by meaning. What matches by words
// and is no candidate follows.
func (q *query) fused(k int) []hit {
	byWords := q.byWords(max(k, search.WordsDepth))
	candidates := plainHits(byWords)
	rest := candidates[min(len(byWords), search.WordsDepth):]
	candidates = slices.Clone(candidates[:len(candidates)-len(rest)])
	at := make(map[place]bool, 2*len(candidates))
	for i, h := range candidates {
		at[h.place()] = true
		if near := q.nearIn(&q.segments[h.segment]); near != nil {
			candidates[i].cosine = near.cosine(h.doc)
		}
	}
	var others []scoredDoc
	for _, h := range q.near {
		if !at[h.place()] && q.segments[h.segment].mayFind(h.doc) {
			at[h.place()] = true
			candidates = append(candidates, h)
			others = append(others, q.scored(int(h.segment), h.doc))
		}
	}
	q.raiseByPairs(others)
	q.raiseByTerms(others)
	for i, d := range others {
		candidates[len(candidates)-len(others)+i].scoredDoc = d
	}
	rest = slices.DeleteFunc(rest, func(h hit) bool { return at[h.place()] })
	return append(q.fuse(candidates), rest...)
}

// feedback is what the best papers by words say of what is meant.
func (q *query) feedback(found []scoredDoc) (out []search.FeedbackPaper) {
	for _, r := range found[:min(len(found), search.FeedbackDepth)] {
		p := search.FeedbackPaper{Score: float64(r.score)}
		if vec := vectorOf(q.segments[r.segment].Snapshot, r.doc); len(vec) == len(q.vec) && !q.snap.OtherModel {
			p.Vector = vec
		}
		out = append(out, p)
	}
	return out
}

// fuse sorts the candidates by their fused scores.
func (q *query) fuse(candidates []hit) []hit {
	words, meaning := make([]search.Scored, len(candidates)), make([]search.Scored, len(candidates))
	for i, h := range candidates {
		words[i] = search.Scored{Doc: uint32(i), Score: float64(h.score)}
		meaning[i] = search.Scored{Doc: uint32(i), Score: h.cosine}
	}
	unit := search.FusedUnit(words)
	weights := search.DefaultFusion.For(&q.plan, len(q.lead), q.relaxed)
	for _, s := range search.Fuse(words, meaning, weights) {
		h := &candidates[s.Doc]
		h.final, h.unit, h.raised = s.Score, unit, true
		h.meaning = weights.Meaning * max(0, h.cosine)
	}
	slices.SortFunc(candidates, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.final, a.final), q.newerFirst(a.scoredDoc, b.scoredDoc))
	})
	return candidates
}
