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
	weight uint32
	lists  [][2]int // by segment: those of both; -1: none
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
		pair := pairQuery{p, search.PairWeight(weight(first), weight(second), len(q.plan.Pairs)), make([][2]int, len(q.segments))}
		for i := range q.segments {
			pair.lists[i] = [2]int{q.segments[i].listOf(first), q.segments[i].listOf(second)}
		}
		q.pairs = append(q.pairs, pair)
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
	lists := p.lists[d.segment]
	impact := v.impactIn(lists[0], d.doc)
	if impact == 0 || v.impactIn(lists[1], d.doc) == 0 {
		return 0
	}
	first := v.positions(lists[0], d.doc, v.sc.at[0][:0])
	second := v.positions(lists[1], d.doc, v.sc.at[1][:0])
	v.sc.at[0], v.sc.at[1] = first, second
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

// listOf is the number of the list of a term of the query; -1: it has none here.
func (v *segmentQuery) listOf(term int) int {
	return slices.IndexFunc(v.lists, func(l list) bool { return l.term == term })
}

// impactIn is the impact of a document in a list, 0 where there is no such list.
func (v *segmentQuery) impactIn(i int, doc uint32) uint8 {
	if i < 0 {
		return 0
	}
	return v.sc.impact(v.NumBlocks(), i, &v.lists[i], doc)
}

// positions is where the term of a list stands in a document that has it.
func (v *segmentQuery) positions(i int, doc uint32, dst []uint32) []uint32 {
	first := uint32(v.sc.slots[i*v.NumBlocks()+int(doc/segment.BlockSize)] >> 24)
	return v.PositionsIn(v.lists[i].info, doc, first, dst)
}

// leadTerms is the best papers by words with their terms.
func (q *query) leadTerms() (out []search.RatedPaper) {
	for _, d := range q.lead[:min(len(q.lead), search.ExpandDepth)] {
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
				if at == n {
					break
				}
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
