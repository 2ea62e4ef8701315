package query

import (
	"math/bits"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// A tally counts for each document of a segment how many of some sets it is in: bit i of
// the count of document d is bit d of planes[i]. So 64 documents are counted at once.
type tally struct{ planes []segment.Bitset }

// add counts one more set, whose memory it takes.
func (t *tally) add(set segment.Bitset) {
	for _, plane := range t.planes {
		carry := uint64(0)
		for i, w := range set {
			set[i] = plane[i] & w
			plane[i] ^= w
			carry |= set[i]
		}
		if carry == 0 {
			return
		}
	}
	t.planes = append(t.planes, set)
}

// atLeast is the documents that are in n sets or more; n is at least 1.
func (t *tally) atLeast(n int, out segment.Bitset) segment.Bitset {
	if n>>len(t.planes) != 0 {
		return out
	}
	for i := range out {
		more, equal := uint64(0), ^uint64(0)
		for bit := len(t.planes) - 1; bit >= 0; bit-- {
			w := t.planes[bit][i]
			if n>>bit&1 != 0 {
				equal &= w
				continue
			}
			more |= equal & w
			equal &^= w
		}
		out[i] = more | equal
	}
	return out
}

// settle finds how many of the telling words are enough, and what matches by meaning.
func (q *query) settle() {
	if q.self != "" { // any of its words is enough
		q.enough = min(1, len(q.plan.Telling))
		if q.hybrid() && !q.distinct {
			q.findNear()
		}
		return
	}
	q.enough = len(q.plan.Telling)
	for q.enough > 1 && !q.matchAtLeast(q.plan.Papers) {
		q.enough--
		q.forgetMatches()
	}
	q.relaxed = len(q.plan.Telling) > 0 && q.enough <= q.plan.Enough && !q.meetAny(q.plan.Enough)
	if expands := q.plan.Expands(); q.hybrid() || expands && q.req.Query.Sort == search.ByRelevance {
		q.lead = q.ranked(search.WordsDepth, true)
		if expands {
			q.expand = search.Expand(q.leadTerms())
		}
	}
	if q.hybrid() {
		q.findNear()
	}
	if q.req.Some && q.enough > 1 {
		q.enough = 1
		q.forgetMatches()
	}
}

func (q *query) forgetMatches() {
	for i := range q.segments {
		q.segments[i].byWords = nil
	}
}

// matchAtLeast reports whether so many papers match by words, whatever the filters.
func (q *query) matchAtLeast(papers int) bool {
	for i := range q.segments {
		for _, w := range q.wordMatches(&q.segments[i]) {
			if papers -= bits.OnesCount64(w); papers <= 0 {
				return true
			}
		}
	}
	return papers <= 0
}

// meetAny reports whether any paper, whatever the filters, has so many of the telling words.
func (q *query) meetAny(enough int) bool {
	if enough == q.enough {
		return q.matchAtLeast(1)
	}
	for i := range q.segments {
		if !q.meeting(&q.segments[i], enough).Empty() {
			return true
		}
	}
	return false
}

// wordMatches is what matches by words in a segment, whatever the filters. It is shared.
func (q *query) wordMatches(v *segmentQuery) segment.Bitset {
	if v.byWords == nil {
		v.byWords = q.meeting(v, q.enough)
	}
	return v.byWords
}

// meeting is what of the base meets at least so many of the telling conditions.
func (q *query) meeting(v *segmentQuery, enough int) segment.Bitset {
	var b segment.Bitset
	switch all := len(q.plan.Telling); {
	case all == 0:
		b = v.FullSet()
	case enough <= 1:
		b = v.newSet()
		for _, n := range q.plan.Telling {
			addHolding(v.Segment, b, n)
		}
	case enough == all && q.plan.Papers == 1 && v.tally == nil: // few words, often met at once
		b = v.newSet()
		addHolding(v.Segment, b, q.plan.Telling[0])
		set := v.newSet()
		for _, n := range q.plan.Telling[1:] {
			if b.Empty() {
				break
			}
			clear(set)
			addHolding(v.Segment, set, n)
			b.And(set)
		}
	default:
		if v.tally == nil {
			v.tally = &tally{}
			for _, n := range q.plan.Telling {
				set := v.newSet()
				addHolding(v.Segment, set, n)
				v.tally.add(set)
			}
		}
		b = v.tally.atLeast(enough, v.newSet())
	}
	if v.base != nil {
		b.And(v.base)
	} else {
		b.AndNot(v.Deleted())
	}
	return b
}

// newSet is an empty set of the segment's documents that lasts as long as the query.
func (v *segmentQuery) newSet() segment.Bitset { return v.sc.newSet(v.NumBlocks()) }

func holdingSet(s *segment.Segment, n search.Node) segment.Bitset {
	b := s.NewSet()
	addHolding(s, b, n)
	return b
}

// addHolding adds the documents for which a condition holds.
func addHolding(s *segment.Segment, b segment.Bitset, n search.Node) {
	switch {
	case len(n.Terms) == 1 && n.Field != search.FieldAbstract && !isName(n.Field):
		if t := s.Term(classOf(n.Field), n.Terms[0]); t.DF > 0 {
			s.AddTo(b, t)
		}
	case n.AnyOf != nil:
		for _, m := range n.AnyOf {
			addHolding(s, b, m)
		}
	default:
		b.Or(holding(s, n))
	}
}

// some is how many papers match when any of the words is enough; total is how many do.
func (q *query) some(total int) int {
	if q.self != "" {
		return 0
	}
	if q.enough <= 1 {
		return total
	}
	n := 0
	for i := range q.segments {
		v := &q.segments[i]
		b := q.meeting(v, 1)
		if v.allowed != nil {
			b.And(v.allowed)
		}
		b.Or(q.found(v))
		n += b.Count()
	}
	return n
}
