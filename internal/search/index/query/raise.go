package query

import (
	"cmp"
	"slices"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// How the scores of the best papers by words are raised: by pairs of words that stand side
// by side, and by the terms of the very best of them. Only few papers are looked at, so a
// look at a paper may cost a microsecond.

// A pairQuery is a pair of words on its way through a snapshot.
type pairQuery struct {
	search.Pair
	first, second int // among the terms of the query
	weight        uint32
}

// preparePairs finds the terms of the pairs; with says how many documents have each term of
// the query.
func (q *query) preparePairs(with []int) {
	for _, p := range q.plan.Pairs {
		first, second := q.termOf(p.First), q.termOf(p.Second)
		if first < 0 || second < 0 || with[first] == 0 || with[second] == 0 {
			continue
		}
		weight := func(t int) uint32 { return search.TermWeight(q.snap.docs, with[t], search.SimilarBoost) }
		q.pairs = append(q.pairs, pairQuery{p, first, second, search.PairWeight(weight(first), weight(second), len(q.plan.Pairs))})
	}
}

// termOf is the number of a word of title and abstract among the query's terms.
func (q *query) termOf(text string) int {
	return slices.IndexFunc(q.terms, func(t search.Term) bool { return t.Field == search.FieldAny && t.Text == text })
}

// raiseByPairs adds to the scores of documents what pairs bring.
func (q *query) raiseByPairs(docs []scoredDoc) {
	for i := range docs {
		d := &docs[i]
		for _, p := range q.pairs {
			d.score += p.weight * uint32(q.pairImpact(p, *d))
		}
	}
}

// pairImpact is the impact of a pair in a document.
func (q *query) pairImpact(p pairQuery, d scoredDoc) uint8 {
	v := &q.segments[d.segment]
	first, impact := v.positions(q, p.first, d.doc, v.sc.at[0][:0])
	v.sc.at[0] = first
	if len(first) == 0 {
		return 0
	}
	second, _ := v.positions(q, p.second, d.doc, v.sc.at[1][:0])
	v.sc.at[1] = second
	end, offset := v.TitleEnd(d.doc), uint32(p.Offset)
	inTitle, pairTitle, pairAbstract := 0, 0, 0
	for _, at := range first {
		if at < end {
			inTitle++
		}
		if _, ok := slices.BinarySearch(second, at+offset); !ok {
			continue
		}
		switch {
		case at+offset < end:
			pairTitle++
		case at >= end:
			pairAbstract++
		}
	}
	return search.PairImpact(pairTitle, pairAbstract, inTitle, len(first)-inTitle, impact)
}

// positions is where a term of the query stands in a document, and its impact there.
func (v *segmentQuery) positions(q *query, term int, doc uint32, dst []uint32) ([]uint32, uint8) {
	i := slices.IndexFunc(v.lists, func(l list) bool { return l.term == term })
	if i < 0 {
		return dst, 0
	}
	impact := v.sc.impact(v.NumBlocks(), i, &v.lists[i], doc)
	if impact == 0 {
		return dst, 0
	}
	first := uint32(v.sc.slots[i*v.NumBlocks()+int(doc/segment.BlockSize)] >> 24)
	return v.PositionsIn(v.lists[i].info, doc, first, dst), impact
}

// leadTerms is the best papers by words with their terms.
func (q *query) leadTerms() (out []search.RatedPaper) {
	for _, d := range q.lead[:min(len(q.lead), search.FeedbackDepth)] {
		out = append(out, search.RatedPaper{Score: d.score, Terms: q.snap.rated(q.segments[d.segment].Snapshot, d.doc)})
	}
	return out
}

// raiseByTerms adds to the scores of documents what the terms of the best papers bring.
func (q *query) raiseByTerms(docs []scoredDoc) {
	q.eachTerm(docs, func(i int, score uint32) { docs[i].score += score })
}

// eachTerm calls f with the number of a document and what a term of the best papers brings
// to its score, for each of both.
func (q *query) eachTerm(docs []scoredDoc, f func(i int, score uint32)) {
	if len(q.expand) == 0 || len(docs) == 0 {
		return
	}
	order := make([]int, len(docs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(docs[a].segment, docs[b].segment), cmp.Compare(docs[a].doc, docs[b].doc))
	})
	for len(order) > 0 {
		v := &q.segments[docs[order[0]].segment]
		n := 1
		for n < len(order) && docs[order[n]].segment == docs[order[0]].segment {
			n++
		}
		for _, t := range q.expand {
			info := v.Term(segment.ClassText, t.Term)
			post, at := v.Postings(info), 0
			for _, e := range v.Blocks(info) {
				size := 2 * (int(e>>8&0xff) + 1)
				for at < n && docs[order[at]].doc/segment.BlockSize < e>>16 {
					at++
				}
				for ; at < n && docs[order[at]].doc/segment.BlockSize == e>>16; at++ {
					if impact := lookUp(post[:size], byte(docs[order[at]].doc)); impact > 0 {
						f(order[at], t.Score*uint32(impact))
					}
				}
				post = post[size:]
			}
		}
		order = order[n:]
	}
}
