package query

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// byColumn orders what was found by date, votes or trending.
func (q *query) byColumn(k int) []hit {
	t := top[sortKey]{k: k, worse: func(a, b sortKey) bool { return q.compareKeys(a, b) > 0 }}
	for i := range q.segments {
		v := &q.segments[i]
		value := v.column(q.req.Query.Sort)
		q.found(v).Each(func(doc uint32) {
			x, published := value(doc), v.Published(doc)
			if t.full() && (k == 0 || x < t.items[0].value || x == t.items[0].value && published < t.items[0].published) {
				return
			}
			t.offer(sortKey{x, scoredDoc{published: published, segment: uint32(i), doc: doc}})
		})
	}
	out := make([]hit, len(t.items))
	for i, key := range t.sorted() {
		d := q.scored(int(key.segment), key.doc)
		out[i] = hit{scoredDoc: d, final: search.Score(d.score), unit: search.ScoreUnit}
	}
	return out
}

// column is the numbers that an order goes by.
func (v *segmentQuery) column(s search.Sort) func(doc uint32) float64 {
	switch s {
	case search.ByVotes:
		return func(doc uint32) float64 { return float64(v.Votes(doc)) }
	case search.ByTrending:
		return v.Trending
	}
	return func(doc uint32) float64 { return float64(v.Published(doc)) }
}

// A sortKey is what a document is ordered by.
type sortKey struct {
	value float64
	scoredDoc
}

// compareKeys orders the higher value first, then the newer paper, then the greater ID.
func (q *query) compareKeys(a, b sortKey) int {
	if c := cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(b.published, a.published)); c != 0 {
		return c
	}
	return cmp.Compare(q.snap.idOf(b.scoredDoc), q.snap.idOf(a.scoredDoc))
}

// facets counts what was found.
func (q *query) facets() *search.Facets {
	out := &search.Facets{}
	years, cats, orgs := map[string]int{}, map[string]int{}, map[string]int{}
	for i := range q.segments {
		v := &q.segments[i]
		c := newFacetCounter(v.Snapshot)
		c.code += v.CountFacets(q.found(v), c.years[:], c.cats, c.orgs)
		out.Code += c.code
		c.into(years, cats, orgs)
	}
	out.Years, out.Categories, out.Organizations = counts(years), counts(cats), counts(orgs)
	slices.SortFunc(out.Years, func(a, b search.Count) int { return cmp.Compare(b.Value, a.Value) })
	return out
}

// A facetCounter counts by the numbers that a segment has for values.
type facetCounter struct {
	s     *segment.Snapshot
	years [10_000]uint32
	cats  []uint32
	orgs  []uint32
	code  int
}

func newFacetCounter(s *segment.Snapshot) *facetCounter {
	return &facetCounter{s: s, cats: make([]uint32, len(s.CategoryNames())), orgs: make([]uint32, len(s.OrganizationNames())+1)}
}

func (c *facetCounter) into(years, cats, orgs map[string]int) {
	for y, n := range c.years {
		if n > 0 {
			years[strconv.Itoa(y)] += int(n)
		}
	}
	for k, n := range c.cats {
		if n > 0 {
			cats[c.s.CategoryNames()[k]] += int(n)
		}
	}
	for k, n := range c.orgs[1:] {
		if name, _, _ := strings.Cut(c.s.OrganizationNames()[k], "\t"); n > 0 && name != "" {
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
