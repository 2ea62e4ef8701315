package index

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/vector"
)

// A question is one request on its way through one snapshot.
type question struct {
	snap  *snapshot
	plan  search.Plan
	req   search.Request
	terms []search.Term // words, then extras
	views []viewQuestion
	vec   []float32 // nil: by words alone
	self  string    // what results are to be similar to; it is no result

	byMeaning bool // alone: what has no vector is not found
}

// A viewQuestion is what a question needs of one segment.
type viewQuestion struct {
	*view
	lists   []list
	allowed bitset // what may be found; nil: all that is alive
	sc      *scorer
	near    *vector.Searcher // prepared; nil: no vectors
	matches bitset           // what was found; nil: not known yet
	missed  []uint32         // found by meaning alone
}

const maxHits = 10_000 // Offset+Limit is cut to this

// A searcher answers from a snapshot, whoever keeps it up to date.
type searcher struct {
	o       Options
	serving atomic.Pointer[snapshot] // what searches see
	closed  atomic.Bool
	news    func() // brings what is new, before a question is answered; nil: there is none
}

// Search implements search.Engine.
func (e *searcher) Search(ctx context.Context, r search.Request) (res search.Result, err error) {
	began := time.Now()
	if err := e.ready(ctx); err != nil {
		return res, err
	}
	snap := e.serving.Load()
	defer runtime.KeepAlive(snap)
	defer e.guard(&err)()
	q := &question{snap: snap, plan: search.Compile(r.Query), req: r, vec: r.Vector}
	switch r.Mode {
	case search.Lexical:
		q.vec = nil
	case search.Semantic:
		q.plan.Words, q.plan.Extra, q.plan.Title = nil, nil, 0
		q.byMeaning = true
	}
	if id := r.Query.Filters.Similar; id != "" && !q.similarTo(id) {
		return search.Result{Took: time.Since(began)}, nil
	}
	if res, err = q.run(ctx); err != nil {
		return res, err
	}
	if r.Correct != "" && res.Total < search.RareQuery {
		res.DidYouMean = snap.correct(ctx, r.Correct)
	}
	res.Took = time.Since(began)
	return res, nil
}

func (e *searcher) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("index: search: %w", err)
	}
	if e.closed.Load() {
		return errClosed
	}
	if e.news != nil {
		e.news()
	}
	return nil
}

// guard makes an error of what reading damaged or vanished memory does: files are
// checked when they are opened, but a disk may fail later.
func (e *searcher) guard(err *error) func() {
	was := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(was)
		if r := recover(); r != nil {
			e.o.Log.Error("reading the search index failed", "err", r, "stack", string(debug.Stack()))
			*err = fmt.Errorf("index: reading failed: %v: %w", r, errDamaged)
		}
	}
}

// run answers the question.
func (q *question) run(ctx context.Context) (search.Result, error) {
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
	case q.byMeaning:
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

func (q *question) release() {
	for i := range q.views {
		if sc := q.views[i].sc; sc != nil {
			scorers.Put(sc)
			q.views[i].sc = nil
		}
		if s := q.views[i].near; s != nil {
			searchers.Put(s)
			q.views[i].near = nil
		}
	}
}

// prepare looks up the terms and narrows down what may be found.
func (q *question) prepare() {
	q.terms = slices.Concat(q.plan.Words, q.plan.Extra)
	q.views = make([]viewQuestion, len(q.snap.views))
	infos := make([]termInfo, len(q.snap.views)*len(q.terms))
	weights := make([]uint32, len(q.terms))
	for t, term := range q.terms {
		with := 0
		for i := range q.snap.views {
			v := &q.snap.views[i]
			info := v.seg.term(classOf(term.Field), term.Text)
			infos[i*len(q.terms)+t] = info
			with += v.liveDF(info)
		}
		weights[t] = search.TermWeight(q.snap.docs, with, term.Boost)
	}
	key := filterKey(q.req.Query.Filters)
	for i := range q.views {
		v := &q.views[i]
		v.view = &q.snap.views[i]
		v.addLists(q, infos[i*len(q.terms):(i+1)*len(q.terms)], weights)
		v.allowed = q.allowedIn(v, key)
		v.sc = scorers.Get().(*scorer)
		v.sc.prepare(v.seg.nRanges, v.lists, v.allowed)
	}
}

func (v *viewQuestion) addLists(q *question, infos []termInfo, weights []uint32) {
	for t, info := range infos {
		if info.df > 0 {
			v.lists = append(v.lists, list{weight: weights[t], word: t < len(q.plan.Words), term: t,
				ranges: v.seg.rangesOf(info), post: v.seg.postingsOf(info)})
		}
	}
	slices.SortStableFunc(v.lists, func(a, b list) int { return cmp.Compare(b.weight, a.weight) })
}

// liveDF is how many documents that are alive have a term.
func (v *view) liveDF(t termInfo) int {
	if v.nDel == 0 || t.df == 0 {
		return int(t.df)
	}
	n, post := int(t.df), v.seg.postingsOf(t)
	for _, e := range v.seg.rangesOf(t) {
		r, size := e>>16, int(e>>8&0xff)+1
		if w := v.deleted[4*r : 4*r+4]; w[0]|w[1]|w[2]|w[3] != 0 {
			for i := range size {
				lo := post[2*i]
				n -= int(w[lo>>6] >> (lo & 63) & 1)
			}
		}
		post = post[2*size:]
	}
	return n
}

// allowedIn is what filters and conditions leave of a view; nil: all that is alive.
func (q *question) allowedIn(v *viewQuestion, key string) bitset {
	f := q.req.Query.Filters
	shared := v.seg.filtered(f, key)
	if len(q.plan.Must)+len(q.plan.Not) == 0 && q.self == "" && f.IDs == nil && !q.byMeaning && (shared == nil || v.deleted == nil) {
		return shared
	}
	b := v.seg.newSet()
	if shared != nil {
		copy(b, shared)
	} else {
		copy(b, v.seg.fullSet())
	}
	if v.deleted != nil {
		b.andNot(v.deleted)
	}
	if f.IDs != nil {
		b.and(v.seg.withIDs(f.IDs))
	}
	if q.self != "" {
		b.andNot(v.seg.withIDs([]paper.ID{paper.ID(q.self)}))
	}
	if q.byMeaning {
		b.and(q.comparable(v))
	}
	for _, n := range q.plan.Must {
		b.and(v.seg.holding(n))
	}
	for _, n := range q.plan.Not {
		b.andNot(v.seg.holding(n))
	}
	return b
}

// rankable is allowed without what has only extra terms and no plain word.
func (v *viewQuestion) rankable(q *question) bitset {
	if len(q.plan.Extra) == 0 || len(q.plan.Words) == 0 {
		return v.allowed
	}
	return q.found(v)
}

func (s *segment) withIDs(ids []paper.ID) bitset {
	b := s.newSet()
	for _, id := range ids {
		if doc := s.find(string(id)); doc >= 0 {
			b.set(uint32(doc))
		}
	}
	return b
}

// anyWord is the documents that have one of the plain words.
func (v *viewQuestion) anyWord() bitset {
	b := v.seg.newSet()
	for i := range v.lists {
		if v.lists[i].word {
			v.lists[i].addTo(b)
		}
	}
	return b
}

func (l *list) addTo(set bitset) {
	post := l.post
	for _, e := range l.ranges {
		words := (*[4]uint64)(set[(e>>16)*4:])
		n := 2 * (int(e>>8&0xff) + 1)
		for i := 0; i < n; i += 2 {
			lo := post[i]
			words[lo>>6] |= 1 << (lo & 63)
		}
		post = post[n:]
	}
}

// found is all that matches by words in a view; what meaning adds is apart.
func (q *question) found(v *viewQuestion) bitset {
	if v.matches != nil {
		return v.matches
	}
	switch {
	case len(q.plan.Words) > 0:
		v.matches = v.anyWord()
		if v.allowed != nil {
			v.matches.and(v.allowed)
		} else if v.deleted != nil {
			v.matches.andNot(v.deleted)
		}
	case v.allowed != nil:
		v.matches = v.allowed
	default:
		v.matches = v.seg.fullSet()
		if v.deleted != nil {
			v.matches.andNot(v.deleted)
		}
	}
	return v.matches
}

// mayFind reports whether a document passes the conditions.
func (v *viewQuestion) mayFind(doc uint32) bool {
	if v.allowed != nil {
		return v.allowed.has(doc)
	}
	return v.alive(doc)
}

func (q *question) total() int {
	n := 0
	for i := range q.views {
		v := &q.views[i]
		n += len(v.missed)
		if l := v.onlyWord(q); l != nil && v.allowed == nil && v.deleted == nil {
			n += len(l.post) / 2
			continue
		}
		n += q.found(v).count()
	}
	return n
}

// onlyWord is the only list of the only word, if that is so.
func (v *viewQuestion) onlyWord(q *question) *list {
	if len(q.plan.Words) == 1 && len(v.lists) == 1 && v.lists[0].word {
		return &v.lists[0]
	}
	return nil
}

// byWords ranks by words.
func (q *question) byWords(k int) []ranked {
	titled := q.titled()
	top := &topList{k: k + len(titled), snap: q.snap}
	for i := range q.views {
		v := &q.views[i]
		v.sc.rank(top, i, v.lists, v.rankable(q))
	}
	if len(top.items) < top.k {
		q.fill(top)
	}
	if len(titled) == 0 {
		return top.sorted()
	}
	all := slices.DeleteFunc(top.sorted(), func(r ranked) bool {
		return slices.ContainsFunc(titled, func(t ranked) bool { return t.view == r.view && t.doc == r.doc })
	})
	better := &topList{k: k, snap: q.snap}
	for _, r := range slices.Concat(titled, all) {
		better.offer(r)
	}
	return better.sorted()
}

// titled is the documents whose title is the question.
func (q *question) titled() (out []ranked) {
	if q.plan.Title == 0 {
		return nil
	}
	for i := range q.views {
		v := &q.views[i]
		for _, doc := range v.seg.titleHash.withKey(q.plan.Title) {
			if v.seg.titleKeys[doc] != q.plan.Title || !v.mayFind(doc) || !q.hasWord(v, doc) {
				continue
			}
			out = append(out, q.ranked(i, doc))
		}
	}
	return out
}

// ranked scores one document by words.
func (q *question) ranked(view int, doc uint32) ranked {
	v := &q.views[view]
	r := ranked{published: v.seg.published[doc], view: uint32(view), doc: doc}
	for i := range v.lists {
		r.sum += v.lists[i].weight * uint32(v.sc.impact(v.seg.nRanges, i, &v.lists[i], doc))
	}
	if q.plan.Title != 0 && v.seg.titleKeys[doc] == q.plan.Title {
		r.sum += search.TitleBonus
	}
	return r
}

// hasWord reports whether a document has one of the plain words, or none is asked for.
func (q *question) hasWord(v *viewQuestion, doc uint32) bool {
	if len(q.plan.Words) == 0 {
		return true
	}
	for i := range v.lists {
		if v.lists[i].word && v.sc.impact(v.seg.nRanges, i, &v.lists[i], doc) > 0 {
			return true
		}
	}
	return false
}

// fill adds what matches without a score.
func (q *question) fill(top *topList) {
	have := map[[2]uint32]bool{}
	for _, r := range top.items {
		have[[2]uint32{r.view, r.doc}] = true
	}
	for i := range q.views {
		v := &q.views[i]
		q.found(v).each(func(doc uint32) {
			if len(have) == 0 || !have[[2]uint32{uint32(i), doc}] {
				top.offer(ranked{published: v.seg.published[doc], view: uint32(i), doc: doc})
			}
		})
	}
}

// A hit is a document found, with the score people see.
type hit struct {
	ranked
	score  float64
	cosine float64
}

func plainHits(rs []ranked) []hit {
	out := make([]hit, len(rs))
	for i, r := range rs {
		out[i] = hit{ranked: r, score: search.Score(r.sum)}
	}
	return out
}

// hit is a hit as the contract has it; what it holds outlives the segment.
func (q *question) hit(h hit) search.Hit {
	v := &q.views[h.view]
	out := search.Hit{ID: paper.ID([]byte(v.seg.ids.at(int(h.doc)))), Score: h.score}
	if q.req.Why {
		out.Why = q.why(v, h)
	}
	return out
}

func (q *question) why(v *viewQuestion, h hit) *search.Why {
	r := q.ranked(int(h.view), h.doc)
	why := &search.Why{Words: search.Score(r.sum), Meaning: h.cosine}
	if near := q.near(v); near != nil && why.Meaning == 0 {
		why.Meaning = float64(near.Cosine(h.doc))
	}
	for i := range v.lists {
		l := &v.lists[i]
		if sum := l.weight * uint32(v.sc.impact(v.seg.nRanges, i, l, h.doc)); sum > 0 {
			t := q.terms[l.term]
			why.Terms = append(why.Terms, search.TermScore{Term: t.Text, Field: t.Field.String(), Score: search.Score(sum)})
		}
	}
	slices.SortStableFunc(why.Terms, func(a, b search.TermScore) int { return cmp.Compare(a.Term, b.Term) })
	return why
}
