package query

import (
	"cmp"
	"context"
	"fmt"
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
	semantic bool      // by meaning alone: what has no vector is not found
}

// A segmentQuery is what a query needs of one segment.
type segmentQuery struct {
	*segment.Snapshot
	lists        []list
	allowed      segment.Bitset // what may be found; nil: all that is alive
	sc           *scorer
	near         *near          // prepared; nil: no vectors
	matches      segment.Bitset // what was found; nil: not known yet
	semanticOnly []uint32       // found by meaning alone
}

const maxHits = 10_000 // Offset+Limit is cut to this

func newQuery(snap *Snapshot, r search.Request) *query {
	q := &query{snap: snap, plan: search.Compile(r.Query), req: r, vec: r.Vector}
	switch r.Mode {
	case search.Lexical:
		q.vec = nil
	case search.Semantic:
		q.plan.Words, q.plan.Extra, q.plan.Title = nil, nil, 0
		q.semantic = true
	}
	return q
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
	var res search.Result
	var found []hit
	switch {
	case q.req.Query.Sort != search.ByRelevance:
		found = q.byColumn(wanted)
	case q.semantic:
		found = q.nearest(wanted, true)
	case q.vec != nil && len(q.plan.Words) > 0:
		found = q.fused(wanted)
	default:
		found = plainHits(q.byWords(wanted))
	}
	if q.req.Facets {
		res.Facets = q.facets()
	}
	if !q.req.NoTotal || q.req.Facets || q.req.Correct != "" {
		res.Total = q.total()
	}
	for _, h := range found[min(offset, len(found)):min(wanted, len(found))] {
		res.Hits = append(res.Hits, q.hit(h))
	}
	return res, nil
}

func (q *query) release() {
	for i := range q.segments {
		if sc := q.segments[i].sc; sc != nil {
			scorers.Put(sc)
			q.segments[i].sc = nil
		}
		q.segments[i].near.release()
		q.segments[i].near = nil
	}
}

// prepare looks up the terms and narrows down what may be found.
func (q *query) prepare() {
	q.terms = slices.Concat(q.plan.Words, q.plan.Extra)
	q.segments = make([]segmentQuery, len(q.snap.Segments))
	infos := make([]segment.Term, len(q.snap.Segments)*len(q.terms))
	weights := make([]uint32, len(q.terms))
	for t, term := range q.terms {
		with := 0
		for i := range q.snap.Segments {
			v := &q.snap.Segments[i]
			info := v.Term(classOf(term.Field), term.Text)
			infos[i*len(q.terms)+t] = info
			with += v.LiveDF(info)
		}
		weights[t] = search.TermWeight(q.snap.docs, with, term.Boost)
	}
	for i := range q.segments {
		v := &q.segments[i]
		v.Snapshot = &q.snap.Segments[i]
		v.addLists(q, infos[i*len(q.terms):(i+1)*len(q.terms)], weights)
		v.allowed = q.allowedIn(v)
		v.sc = scorers.Get().(*scorer)
		v.sc.prepare(v.NumBlocks(), v.lists, v.allowed)
	}
}

func (v *segmentQuery) addLists(q *query, infos []segment.Term, weights []uint32) {
	for t, info := range infos {
		if info.DF > 0 {
			v.lists = append(v.lists, list{weight: weights[t], word: t < len(q.plan.Words), term: t,
				blocks: v.Blocks(info), post: v.Postings(info)})
		}
	}
	slices.SortStableFunc(v.lists, func(a, b list) int { return cmp.Compare(b.weight, a.weight) })
}

// allowedIn is what filters and conditions leave of a segment; nil: all that is alive.
func (q *query) allowedIn(v *segmentQuery) segment.Bitset {
	f := q.req.Query.Filters
	shared := v.Filtered(f)
	if len(q.plan.Must)+len(q.plan.Not) == 0 && q.self == "" && f.IDs == nil && !q.semantic && (shared == nil || v.Deleted() == nil) {
		return shared
	}
	b := v.NewSet()
	if shared != nil {
		copy(b, shared)
	} else {
		copy(b, v.FullSet())
	}
	if v.Deleted() != nil {
		b.AndNot(v.Deleted())
	}
	if f.IDs != nil {
		b.And(withIDs(v.Segment, f.IDs))
	}
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

// rankable is allowed without what has only extra terms and no plain word.
func (v *segmentQuery) rankable(q *query) segment.Bitset {
	if len(q.plan.Extra) == 0 || len(q.plan.Words) == 0 {
		return v.allowed
	}
	return q.found(v)
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

// anyWord is the documents that have one of the plain words.
func (v *segmentQuery) anyWord() segment.Bitset {
	b := v.NewSet()
	for i := range v.lists {
		if v.lists[i].word {
			v.lists[i].addTo(b)
		}
	}
	return b
}

func (l *list) addTo(set segment.Bitset) {
	post := l.post
	for _, e := range l.blocks {
		words := (*[4]uint64)(set[(e>>16)*4:])
		n := 2 * (int(e>>8&0xff) + 1)
		for i := 0; i < n; i += 2 {
			lo := post[i]
			words[lo>>6] |= 1 << (lo & 63)
		}
		post = post[n:]
	}
}

// found is all that matches by words in a segment; what meaning adds is apart.
func (q *query) found(v *segmentQuery) segment.Bitset {
	if v.matches != nil {
		return v.matches
	}
	switch {
	case len(q.plan.Words) > 0:
		v.matches = v.anyWord()
		if v.allowed != nil {
			v.matches.And(v.allowed)
		} else if v.Deleted() != nil {
			v.matches.AndNot(v.Deleted())
		}
	case v.allowed != nil:
		v.matches = v.allowed
	default:
		v.matches = v.FullSet()
		if v.Deleted() != nil {
			v.matches.AndNot(v.Deleted())
		}
	}
	return v.matches
}

// mayFind reports whether a document passes the conditions.
func (v *segmentQuery) mayFind(doc uint32) bool {
	if v.allowed != nil {
		return v.allowed.Has(doc)
	}
	return v.Alive(doc)
}

func (q *query) total() int {
	n := 0
	for i := range q.segments {
		v := &q.segments[i]
		n += len(v.semanticOnly)
		if l := v.onlyWord(q); l != nil && v.allowed == nil && v.Deleted() == nil {
			n += len(l.post) / 2
			continue
		}
		n += q.found(v).Count()
	}
	return n
}

// onlyWord is the only list of the only word, if that is so.
func (v *segmentQuery) onlyWord(q *query) *list {
	if len(q.plan.Words) == 1 && len(v.lists) == 1 && v.lists[0].word {
		return &v.lists[0]
	}
	return nil
}

// byWords ranks by words.
func (q *query) byWords(k int) []scoredDoc {
	titled := q.titled()
	top := newTopDocs(k+len(titled), q.snap)
	for i := range q.segments {
		v := &q.segments[i]
		v.sc.rank(top, i, v.lists, v.rankable(q))
	}
	if len(top.items) < top.k {
		q.fill(top)
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

// titled is the documents whose title is the query.
func (q *query) titled() (out []scoredDoc) {
	if q.plan.Title == 0 {
		return nil
	}
	for i := range q.segments {
		v := &q.segments[i]
		for _, doc := range v.WithTitleKey(q.plan.Title) {
			if v.TitleKey(doc) != q.plan.Title || !v.mayFind(doc) || !q.hasWord(v, doc) {
				continue
			}
			out = append(out, q.scored(i, doc))
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

// hasWord reports whether a document has one of the plain words, or none is asked for.
func (q *query) hasWord(v *segmentQuery, doc uint32) bool {
	if len(q.plan.Words) == 0 {
		return true
	}
	for i := range v.lists {
		if v.lists[i].word && v.sc.impact(v.NumBlocks(), i, &v.lists[i], doc) > 0 {
			return true
		}
	}
	return false
}

// fill adds what matches without a score.
func (q *query) fill(top *topDocs) {
	have := map[place]bool{}
	for _, r := range top.items {
		have[r.place()] = true
	}
	for i := range q.segments {
		v := &q.segments[i]
		q.found(v).Each(func(doc uint32) {
			if len(have) == 0 || !have[place{uint32(i), doc}] {
				top.offer(scoredDoc{published: v.Published(doc), segment: uint32(i), doc: doc})
			}
		})
	}
}

// A hit is a document found, with the score people see.
type hit struct {
	scoredDoc
	final  float64
	cosine float64
}

func plainHits(rs []scoredDoc) []hit {
	out := make([]hit, len(rs))
	for i, r := range rs {
		out[i] = hit{scoredDoc: r, final: search.Score(r.score)}
	}
	return out
}

// hit is a hit as the contract has it; what it holds outlives the segment.
func (q *query) hit(h hit) search.Hit {
	v := &q.segments[h.segment]
	out := search.Hit{ID: paper.ID([]byte(v.ID(h.doc))), Score: h.final}
	if q.req.Why {
		out.Why = q.why(v, h)
	}
	return out
}

func (q *query) why(v *segmentQuery, h hit) *search.Why {
	r := q.scored(int(h.segment), h.doc)
	why := &search.Why{Words: search.Score(r.score), Meaning: h.cosine}
	if near := q.near(v); near != nil && why.Meaning == 0 {
		why.Meaning = near.cosine(h.doc)
	}
	for i := range v.lists {
		l := &v.lists[i]
		if score := l.weight * uint32(v.sc.impact(v.NumBlocks(), i, l, h.doc)); score > 0 {
			t := q.terms[l.term]
			why.Terms = append(why.Terms, search.TermScore{Term: t.Text, Field: t.Field.String(), Score: search.Score(score)})
		}
	}
	slices.SortStableFunc(why.Terms, func(a, b search.TermScore) int { return cmp.Compare(a.Term, b.Term) })
	return why
}
