package index

import (
	"cmp"
	"slices"
	"sync"

	"broadsheet/internal/search"
	"broadsheet/internal/search/vector"
)

var searchers = sync.Pool{New: func() any { return new(vector.Searcher) }}

// near is the view's searcher for the question's vector; nil where nothing can be
// compared with it.
func (q *question) near(v *viewQuestion) *vector.Searcher {
	if q.vec == nil || q.snap.foreign || v.seg.vectors.Dimensions() != len(q.vec) {
		return nil
	}
	if v.near == nil {
		s := searchers.Get().(*vector.Searcher)
		if err := s.Prepare(v.seg.vectors, q.vec); err != nil {
			searchers.Put(s)
			return nil
		}
		v.near = s
	}
	return v.near
}

// comparable is the documents whose vectors can be compared with the question's.
func (q *question) comparable(v *viewQuestion) bitset {
	b := v.seg.newSet()
	if q.near(v) == nil {
		return b
	}
	for doc := range uint32(v.seg.Docs) {
		if _, scale := v.seg.vectors.Row(doc); scale != 0 {
			b.set(doc)
		}
	}
	return b
}

// nearest is the documents nearest to the question's vector, at most k: all that can be
// compared with it, or those that point its way.
func (q *question) nearest(k int, all bool) (out []hit) {
	for i := range q.views {
		v := &q.views[i]
		near := q.near(v)
		if near == nil {
			continue
		}
		keep := v.allowed
		if keep == nil && v.deleted != nil {
			keep = v.seg.fullSet()
			keep.andNot(v.deleted)
		}
		for _, h := range near.Search(k, keep) {
			if all || h.Cosine > 0 {
				out = append(out, hit{ranked: q.ranked(i, h.Doc), cosine: float64(h.Cosine), score: float64(h.Cosine)})
			}
		}
	}
	slices.SortFunc(out, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.cosine, a.cosine), q.newerFirst(a, b))
	})
	return out[:min(k, len(out))]
}

// newerFirst breaks ties.
func (q *question) newerFirst(a, b hit) int {
	if c := cmp.Compare(b.published, a.published); c != 0 {
		return c
	}
	return cmp.Compare(q.snap.views[b.view].seg.ids.at(int(b.doc)), q.snap.views[a.view].seg.ids.at(int(a.doc)))
}

// fused joins the ranking by words with the one by meaning. What matches by words
// and is no candidate follows.
func (q *question) fused(k int) []hit {
	byWords := q.byWords(max(k, search.WordsDepth))
	rest := plainHits(byWords[min(len(byWords), search.WordsDepth):])
	candidates := plainHits(byWords[:min(len(byWords), search.WordsDepth)])
	if q.self == "" {
		q.vec = search.Feedback(q.vec, q.told(byWords))
	}
	at := make(map[[2]uint32]int, 2*len(candidates))
	for i, h := range candidates {
		at[[2]uint32{h.view, h.doc}] = i
		v := &q.views[h.view]
		if near := q.near(v); near != nil {
			candidates[i].cosine = float64(near.Cosine(h.doc))
		}
	}
	for _, h := range q.nearest(search.MeaningDepth, false) {
		if _, ok := at[[2]uint32{h.view, h.doc}]; ok {
			continue
		}
		at[[2]uint32{h.view, h.doc}] = len(candidates)
		candidates = append(candidates, h)
		if v := &q.views[h.view]; !q.hasWord(v, h.doc) {
			v.missed = append(v.missed, h.doc)
		}
	}
	rest = slices.DeleteFunc(rest, func(h hit) bool { _, ok := at[[2]uint32{h.view, h.doc}]; return ok })
	return append(q.fuse(candidates), rest...)
}

// told is what the best papers by words say of what is meant.
func (q *question) told(found []ranked) (out []search.Told) {
	for _, r := range found[:min(len(found), search.FeedbackDepth)] {
		told := search.Told{Score: float64(r.sum)}
		if v := q.views[r.view].seg.vectors; v.Dimensions() == len(q.vec) && !q.snap.foreign {
			vec := make([]float32, len(q.vec))
			if v.Vector(r.doc, vec) {
				told.Vector = vec
			}
		}
		out = append(out, told)
	}
	return out
}

// fuse sorts the candidates by their fused scores.
func (q *question) fuse(candidates []hit) []hit {
	words, meaning := make([]search.Scored, len(candidates)), make([]search.Scored, len(candidates))
	for i, h := range candidates {
		words[i] = search.Scored{Doc: uint32(i), Score: float64(h.sum)}
		meaning[i] = search.Scored{Doc: uint32(i), Score: h.cosine}
	}
	for _, s := range search.Fuse(words, meaning, search.DefaultFusion) {
		candidates[s.Doc].score = s.Score
	}
	slices.SortFunc(candidates, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), q.newerFirst(a, b))
	})
	return candidates
}
