package query

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// A query is one request on its way through one snapshot.
type query struct {
	snap     *Snapshot
	plan     search.Plan
	req      search.Request
	terms    []search.Term // words, then extras
	segments []segmentQuery
	vec      []float32 // nil: by words alone
	self     string    // what results are to be similar to; it is no result
	like     *search.Likeness
	distinct bool  // other versions of the paper itself are left out
	few      int   // candidates of a scan of vectors; 0: as many as it takes
	semantic bool  // by meaning alone: what has no vector is not found
	narrowed bool  // filters narrow down what may be found
	enough   int   // of the telling words
	relaxed  bool  // no paper has as many as the plan says
	near     []hit // what matches by meaning, whatever the filters
	pairs    []pairQuery
	expand   []search.Rated // terms of the best papers with their weights
	lead     []scoredDoc    // the best by words whatever the filters, not expanded; nil: not asked for
}

// A segmentQuery is what a query needs of one segment.
type segmentQuery struct {
	*segment.Snapshot
	lists   []list
	base    segment.Bitset // what may be found whatever the filters; nil: all that is alive
	allowed segment.Bitset // what may be found; nil: all that is alive
	sc      *scorer
	vectors *near          // prepared; nil: no vectors
	tally   *tally         // of the telling words; nil: not known yet
	byWords segment.Bitset // of base, what has enough of the words; nil: not known yet
	matches segment.Bitset // what was found; nil: not known yet
}

const maxHits = 10_000 // Offset+Limit is cut to this

func newQuery(snap *Snapshot, r search.Request) *query {
	q := &query{snap: snap, plan: search.Compile(r.Query.Shortened(snap.with)), req: r, vec: r.Vector}
	switch r.Mode {
	case search.Lexical:
		q.vec = nil
	case search.Semantic:
		q.plan = search.Plan{Must: q.plan.Must, Not: q.plan.Not}
		q.semantic = true
	}
	q.plan.Widen(snap.beginning)
	q.plan.Settle(snap.docs, snap.with)
	return q
}

// beginning is the terms of a field that begin with a prefix, and how many documents have
// each.
func (s *Snapshot) beginning(f search.Field, prefix string) []search.Count {
	counts := map[string]int{}
	for i := range s.Segments {
		v := &s.Segments[i]
		v.EachBeginning(classOf(f), prefix, func(term string, t segment.Term) { counts[term] += v.LiveDF(t) })
	}
	out := make([]search.Count, 0, len(counts))
	for term, n := range counts {
		out = append(out, search.Count{Value: term, Papers: n})
	}
	return out
}

// run answers the query.
func (q *query) run(ctx context.Context) (search.Result, error) {
	defer q.release()
	q.prepare()
	if err := ctx.Err(); err != nil {
		return search.Result{}, fmt.Errorf("index: search: %w", err)
	}
	limit := min(q.req.Limit, maxHits)
	if limit <= 0 {
		limit = 10
	}
	offset := min(max(q.req.Offset, 0), maxHits)
	wanted := min(offset+limit, maxHits)
	q.settle()
	res := search.Result{Relaxed: q.relaxed}
	var found []hit
	switch {
	case q.req.Query.Sort != search.ByRelevance:
		found = q.byColumn(wanted)
	case q.semantic:
		found = q.nearest(wanted, math.Inf(-1), (*segmentQuery).filtered)
	case q.like != nil:
		found = q.alike(wanted)
	case q.hybrid():
		found = q.fused(wanted)
	default:
		found = plainHits(q.byWords(wanted))
	}
	if q.req.Facets {
		res.Facets = q.facets()
	}
	if !q.req.NoTotal || q.req.Facets || q.req.Correct != "" {
		res.Total = q.total()
		res.Some = q.some(res.Total)
	}
	for _, h := range found[min(offset, len(found)):min(wanted, len(found))] {
		res.Hits = append(res.Hits, q.hit(h))
	}
	return res, nil
}

func (q *query) release() {
	if q.like != nil {
		q.like.Forget()
		likenesses.Put(q.like)
		q.like = nil
	}
	for i := range q.segments {
		if sc := q.segments[i].sc; sc != nil {
			scorers.Put(sc)
			q.segments[i].sc = nil
		}
		q.segments[i].vectors.release()
		q.segments[i].vectors = nil
	}
}

// hybrid reports whether papers match by words and by meaning. Names have none.
func (q *query) hybrid() bool { return q.vec != nil && len(q.plan.Words) > 0 && !q.plan.Named }

// prepare looks up the terms and narrows down what may be found.
func (q *query) prepare() {
	q.terms = slices.Concat(q.plan.Words, q.plan.Extra)
	q.segments = make([]segmentQuery, len(q.snap.Segments))
	infos := make([]segment.Term, len(q.snap.Segments)*len(q.terms))
	withs, weights := make([]int, len(q.terms)), make([]uint32, len(q.terms))
	for t, term := range q.terms {
		with := 0
		for i := range q.snap.Segments {
			v := &q.snap.Segments[i]
			if isName(term.Field) {
				with += v.LiveNamed(v.Named(term.Text, term.Field == search.FieldFullName))
				continue
			}
			info := v.Term(classOf(term.Field), term.Text)
			infos[i*len(q.terms)+t] = info
			with += v.LiveDF(info)
		}
		withs[t], weights[t] = with, search.TermWeight(q.snap.docs, with, term.Boost)
		if term.Within != "" && with > 0 {
			weights[t] = q.within(term, weights[t])
		}
	}
	for i := range q.segments {
		v := &q.segments[i]
		v.Snapshot = &q.snap.Segments[i]
		v.addLists(q, infos[i*len(q.terms):(i+1)*len(q.terms)], weights)
		v.base = q.baseIn(v)
		v.allowed = q.allowedIn(v)
		v.sc = scorers.Get().(*scorer)
		v.sc.prepare(v.NumBlocks(), v.lists)
	}
	q.preparePairs(withs)
}

// within is the weight of a part of a name: no more than that of the same word in a text.
func (q *query) within(t search.Term, weight uint32) uint32 {
	with := q.snap.with(search.Node{Terms: []string{t.Within}})
	if with == 0 {
		return weight
	}
	return min(weight, search.TermWeight(q.snap.docs, with, t.Boost))
}

func (v *segmentQuery) addLists(q *query, infos []segment.Term, weights []uint32) {
	for t, info := range infos {
		if term := q.terms[t]; isName(term.Field) {
			if n := v.Named(term.Text, term.Field == search.FieldFullName); len(n.Blocks) > 0 {
				v.lists = append(v.lists, list{weight: weights[t], term: t, blocks: n.Blocks, post: n.Postings})
			}
			continue
		}
		if info.DF > 0 {
			v.lists = append(v.lists, list{weight: weights[t], term: t, info: info, blocks: v.Blocks(info), post: v.Postings(info)})
		}
	}
	slices.SortStableFunc(v.lists, func(a, b list) int { return cmp.Compare(b.weight, a.weight) })
}

// baseIn is what the conditions leave of a segment; nil: all that is alive.
func (q *query) baseIn(v *segmentQuery) segment.Bitset {
	if len(q.plan.Must)+len(q.plan.Not) == 0 && q.self == "" && !q.semantic {
		return nil
	}
	b := v.FullSet()
	b.AndNot(v.Deleted())
	if q.self != "" {
		b.AndNot(withIDs(v.Segment, []paper.ID{paper.ID(q.self)}))
	}
	if q.semantic {
		b.And(q.comparable(v))
	}
	for _, n := range q.plan.Must {
		b.And(holding(v.Segment, n))
	}
	for _, n := range q.plan.Not {
		b.AndNot(holding(v.Segment, n))
	}
	return b
}

// allowedIn is what the filters leave of the base; nil: all that is alive.
func (q *query) allowedIn(v *segmentQuery) segment.Bitset {
	f := q.req.Query.Filters
	shared := v.Filtered(f)
	q.narrowed = q.narrowed || f.IDs != nil || f.Titles != nil || shared != nil
	switch {
	case f.IDs == nil && f.Titles == nil && shared == nil:
		return v.base
	case f.IDs == nil && f.Titles == nil && v.base == nil && v.Deleted() == nil:
		return shared
	}
	b := v.FullSet()
	if v.base != nil {
		b.And(v.base)
	} else {
		b.AndNot(v.Deleted())
	}
	if shared != nil {
		b.And(shared)
	}
	if f.IDs != nil {
		b.And(withIDs(v.Segment, f.IDs))
	}
	if f.Titles != nil {
		b.And(withTitles(v.Segment, f.Titles))
	}
	return b
}

func withTitles(s *segment.Segment, keys []uint64) segment.Bitset {
	b := s.NewSet()
	for _, key := range keys {
		for _, doc := range s.WithTitleKey(key) {
			if s.TitleKey(doc) == key {
				b.Set(doc)
			}
		}
	}
	return b
}

func withIDs(s *segment.Segment, ids []paper.ID) segment.Bitset {
	b := s.NewSet()
	for _, id := range ids {
		if doc := s.Find(string(id)); doc >= 0 {
			b.Set(uint32(doc))
		}
	}
	return b
}

// found is all that matches in a segment.
func (q *query) found(v *segmentQuery) segment.Bitset {
	if v.matches != nil {
		return v.matches
	}
	v.matches = v.newSet()
	copy(v.matches, q.wordMatches(v))
	if v.allowed != nil {
		v.matches.And(v.allowed)
	}
	for _, h := range q.near {
		if v == &q.segments[h.segment] && v.mayFind(h.doc) {
			v.matches.Set(h.doc)
		}
	}
	return v.matches
}

// conditions is what may be found whatever the filters, filtered what may be found at all;
// nil: all that is alive.
func (v *segmentQuery) conditions() segment.Bitset { return v.base }
func (v *segmentQuery) filtered() segment.Bitset   { return v.allowed }

// mayFind reports whether a document passes the conditions and filters.
func (v *segmentQuery) mayFind(doc uint32) bool {
	if v.allowed != nil {
		return v.allowed.Has(doc)
	}
	return v.Alive(doc)
}

func (q *query) total() int {
	n := 0
	for i := range q.segments {
		n += q.found(&q.segments[i]).Count()
	}
	return n
}

// byWords ranks what matches by words. The best ones come first with the scores that
// their pairs and the terms of other papers raise.
func (q *query) byWords(k int) []scoredDoc {
	var out []scoredDoc
	if k <= search.WordsDepth && q.lead != nil && !q.req.Some && !q.narrowed {
		out = slices.Clone(q.lead)
	} else {
		out = q.ranked(k, false)
	}
	if len(q.expand) > 0 {
		best := out[:min(len(out), search.WordsDepth)]
		q.raiseByTerms(best)
		q.sortDocs(best)
	}
	return out[:min(k, len(out))]
}

// ranked is at least the best k by words, if there are so many; unfiltered is whatever the
// filters. The scores of the first are raised by pairs.
func (q *query) ranked(k int, unfiltered bool) []scoredDoc {
	if len(q.pairs) > 0 || q.plan.Expands() {
		k = max(k, search.WordsDepth)
	}
	sets := make([]segment.Bitset, len(q.segments))
	for i := range q.segments {
		v := &q.segments[i]
		sets[i] = q.wordMatches(v)
		if v.allowed != nil && !unfiltered {
			sets[i] = v.newSet()
			copy(sets[i], q.wordMatches(v))
			sets[i].And(v.allowed)
		}
	}
	out := q.rank(k, sets)
	if len(q.pairs) > 0 {
		best := out[:min(len(out), search.WordsDepth)]
		q.raiseByPairs(best)
		q.sortDocs(best)
	}
	return out
}

// sortDocs sorts documents as newTopDocs orders them.
func (q *query) sortDocs(docs []scoredDoc) {
	slices.SortFunc(docs, func(a, b scoredDoc) int { return cmp.Or(cmp.Compare(b.score, a.score), q.newerFirst(a, b)) })
}

// rank is the best k documents of sets.
func (q *query) rank(k int, sets []segment.Bitset) []scoredDoc {
	titled := q.titled(sets)
	top := newTopDocs(k+len(titled), q.snap)
	for i := range q.segments {
		v := &q.segments[i]
		v.sc.rank(top, i, v.lists, sets[i])
	}
	if len(top.items) < top.k {
		q.fill(top, sets)
	}
	if len(titled) == 0 {
		return top.sorted()
	}
	all := slices.DeleteFunc(top.sorted(), func(r scoredDoc) bool {
		return slices.ContainsFunc(titled, func(t scoredDoc) bool { return t.segment == r.segment && t.doc == r.doc })
	})
	better := newTopDocs(k, q.snap)
	for _, r := range slices.Concat(titled, all) {
		better.offer(r)
	}
	return better.sorted()
}

// titled is the documents of sets whose title is the query.
func (q *query) titled(sets []segment.Bitset) (out []scoredDoc) {
	if q.plan.Title == 0 {
		return nil
	}
	for i := range q.segments {
		v := &q.segments[i]
		for _, doc := range v.WithTitleKey(q.plan.Title) {
			if v.TitleKey(doc) == q.plan.Title && sets[i].Has(doc) {
				out = append(out, q.scored(i, doc))
			}
		}
	}
	return out
}

// scored is a document with its score by words.
func (q *query) scored(seg int, doc uint32) scoredDoc {
	v := &q.segments[seg]
	r := scoredDoc{published: v.Published(doc), segment: uint32(seg), doc: doc}
	for i := range v.lists {
		r.score += v.lists[i].weight * uint32(v.sc.impact(v.NumBlocks(), i, &v.lists[i], doc))
	}
	if q.plan.Title != 0 && v.TitleKey(doc) == q.plan.Title {
		r.score += search.TitleBonus
	}
	return r
}

// fill adds what of sets matches without a score. The last documents, which are the newest
// of most segments, come first, so that the others are soon older than all that are kept.
func (q *query) fill(top *topDocs, sets []segment.Bitset) {
	have := map[place]bool{}
	for _, r := range top.items {
		have[r.place()] = true
	}
	for i := len(q.segments) - 1; i >= 0; i-- {
		v := &q.segments[i]
		sets[i].EachDown(func(doc uint32) {
			if len(have) == 0 || !have[place{uint32(i), doc}] {
				top.offer(scoredDoc{published: v.Published(doc), segment: uint32(i), doc: doc})
			}
		})
	}
}

// A hit is a document found, with the score people see.
type hit struct {
	scoredDoc
	final   float64
	cosine  float64
	unit    float64 // the sum by words that makes a score of 1; 0: the score is the cosine
	meaning float64 // what the cosine adds to the score
	raised  bool    // its score by words is
}

func plainHits(rs []scoredDoc) []hit {
	out := make([]hit, len(rs))
	for i, r := range rs {
		out[i] = hit{scoredDoc: r, final: search.Score(r.score), unit: search.ScoreUnit, raised: i < search.WordsDepth}
	}
	return out
}

// hit is a hit as the contract has it; what it holds outlives the segment.
func (q *query) hit(h hit) search.Hit {
	v := &q.segments[h.segment]
	out := search.Hit{ID: paper.ID([]byte(v.ID(h.doc))), Score: h.final}
	if q.req.Why {
		cosine := h.cosine
		if near := q.nearIn(v); near != nil && cosine == 0 {
			cosine = near.cosine(h.doc)
		}
		out.Explain(q.parts(v, h), h.unit, h.meaning, cosine)
	}
	return out
}

// parts is what the score of a hit by words is made of.
func (q *query) parts(v *segmentQuery, h hit) (parts []search.TermScore) {
	add := func(term, part string, sum uint32) {
		if sum > 0 {
			parts = append(parts, search.TermScore{Term: term, Field: part, Score: float64(sum)})
		}
	}
	if h.unit == 0 {
		return nil
	}
	for i := range v.lists {
		l := &v.lists[i]
		t := q.terms[l.term]
		add(t.Text, t.Field.String(), l.weight*uint32(v.sc.impact(v.NumBlocks(), i, l, h.doc)))
	}
	if q.plan.Title != 0 && v.TitleKey(h.doc) == q.plan.Title {
		add("title", search.PartTitle, search.TitleBonus)
	}
	if !h.raised {
		return parts
	}
	for _, p := range q.pairs {
		add(p.First+" "+p.Second, search.PartPair, p.weight*uint32(q.pairImpact(p, h.scoredDoc)))
	}
	about := uint32(0)
	q.eachTerm([]scoredDoc{h.scoredDoc}, func(_ int, score uint32) { about += score })
	add("best papers", search.PartAbout, about)
	return parts
}
