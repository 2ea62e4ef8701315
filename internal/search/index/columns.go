package index

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/search"
)

// byColumn orders what was found by date, votes or trending.
func (q *question) byColumn(k int) []hit {
	t := &columnTop{q: q, k: k}
	for i := range q.views {
		v := &q.views[i]
		value := v.column(q.req.Query.Sort)
		q.found(v).each(func(doc uint32) {
			if len(t.items) == k && value(doc) < t.items[0].value {
				return
			}
			t.offer(valued{value(doc), hit{ranked: ranked{published: v.seg.published[doc], view: uint32(i), doc: doc}}})
		})
	}
	slices.SortFunc(t.items, t.compare)
	out := make([]hit, len(t.items))
	for i, it := range t.items {
		out[i] = it.hit
		out[i].ranked = q.ranked(int(it.view), it.doc)
		out[i].score = search.Score(out[i].sum)
	}
	return out
}

// column is the numbers that an order goes by.
func (v *viewQuestion) column(s search.Sort) func(doc uint32) float64 {
	switch s {
	case search.ByVotes:
		return func(doc uint32) float64 { return float64(v.seg.votes[doc]) }
	case search.ByTrending:
		return func(doc uint32) float64 { return v.seg.trending[doc] }
	}
	return func(doc uint32) float64 { return float64(v.seg.published[doc]) }
}

type valued struct {
	value float64
	hit
}

// A columnTop keeps the k first by value; the last of them is at the top of the heap.
type columnTop struct {
	q     *question
	k     int
	items []valued
}

// compare orders the higher value first, then the newer paper.
func (t *columnTop) compare(a, b valued) int {
	return cmp.Or(cmp.Compare(b.value, a.value), t.q.newerFirst(a.hit, b.hit))
}

func (t *columnTop) offer(v valued) {
	switch {
	case t.k == 0:
	case len(t.items) < t.k:
		t.items = append(t.items, v)
		if len(t.items) == t.k {
			slices.SortFunc(t.items, func(a, b valued) int { return t.compare(b, a) }) // a sorted list is a heap
		}
	case t.compare(v, t.items[0]) < 0:
		t.items[0] = v
		t.down()
	}
}

func (t *columnTop) down() {
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(t.items) {
			return
		}
		if c+1 < len(t.items) && t.compare(t.items[c+1], t.items[c]) > 0 {
			c++
		}
		if t.compare(t.items[c], t.items[i]) <= 0 {
			return
		}
		t.items[i], t.items[c] = t.items[c], t.items[i]
		i = c
	}
}

// facets counts what was found.
func (q *question) facets() *search.Facets {
	out := &search.Facets{}
	years, cats, orgs := map[string]int{}, map[string]int{}, map[string]int{}
	for i := range q.views {
		v := &q.views[i]
		c := newFacetCounter(v.seg)
		c.addAll(q.found(v))
		for _, doc := range v.missed {
			c.add(doc)
		}
		out.Code += c.code
		c.into(years, cats, orgs)
	}
	out.Years, out.Categories, out.Organizations = counts(years), counts(cats), counts(orgs)
	slices.SortFunc(out.Years, func(a, b search.Count) int { return cmp.Compare(b.Value, a.Value) })
	return out
}

// A facetCounter counts by the numbers that a segment has for values.
type facetCounter struct {
	s     *segment
	years [10_000]uint32
	cats  []uint32
	orgs  []uint32
	code  int
}

func newFacetCounter(s *segment) *facetCounter {
	return &facetCounter{s: s, cats: make([]uint32, len(s.catNames)), orgs: make([]uint32, len(s.orgNames)+1)}
}

func (c *facetCounter) add(doc uint32) {
	s := c.s
	c.years[s.years[doc]]++
	for _, k := range s.cats[s.catOffs[doc]:s.catOffs[doc+1]] {
		c.cats[k]++
	}
	c.orgs[s.orgs[doc]]++
	c.code += int(s.flags[doc] & uint16(search.HasCode))
}

// addAll counts a set.
func (c *facetCounter) addAll(set bitset) {
	s := c.s
	years, orgs, cats, offs := s.years, s.orgs, s.cats, s.catOffs
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			doc := 64*i + bits.TrailingZeros64(w)
			c.years[years[doc]]++
			c.orgs[orgs[doc]]++
			for k := offs[doc]; k < offs[doc+1]; k++ {
				c.cats[cats[k]]++
			}
			c.code += int(s.flags[doc] & uint16(search.HasCode))
		}
	}
}

func (c *facetCounter) into(years, cats, orgs map[string]int) {
	for y, n := range c.years {
		if n > 0 {
			years[strconv.Itoa(y)] += int(n)
		}
	}
	for k, n := range c.cats {
		if n > 0 {
			cats[c.s.catNames[k]] += int(n)
		}
	}
	for k, n := range c.orgs[1:] {
		if name, _, _ := strings.Cut(c.s.orgNames[k], "\t"); n > 0 && name != "" {
			orgs[name] += int(n)
		}
	}
}

// counts are the most frequent first, then by value.
func counts(m map[string]int) []search.Count {
	var out []search.Count
	for value, n := range m {
		out = append(out, search.Count{Value: value, Papers: n})
	}
	slices.SortFunc(out, func(a, b search.Count) int {
		return cmp.Or(cmp.Compare(b.Papers, a.Papers), cmp.Compare(a.Value, b.Value))
	})
	return out
}
