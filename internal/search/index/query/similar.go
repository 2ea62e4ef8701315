package query

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// similarTo makes the question one for papers like another; false when that is not
// known.
func (q *query) similarTo(id paper.ID) bool {
	seg, doc, ok := q.snap.find(string(id))
	if !ok {
		return false
	}
	plan := search.SimilarPlan(q.snap.rated(seg, doc))
	if q.semantic {
		plan = search.Plan{}
	}
	plan.Must, plan.Not = q.plan.Must, q.plan.Not
	q.plan, q.self = plan, string(id)
	q.vec = nil
	if q.req.Mode != search.Lexical && !q.snap.OtherModel {
		q.vec = vectorOf(seg, doc)
	}
	if !q.semantic {
		q.like = likenesses.Get().(*search.Likeness)
		q.like.To(likePaper(seg, doc, nil), q.snap.docs, q.snap.codeDF())
	}
	return true
}

var likenesses = sync.Pool{New: func() any { return new(search.Likeness) }}

// likePaper is what of a document makes it similar to others. It lies in the segment's
// memory, and the list of authors in that of another.
func likePaper(s *segment.Snapshot, doc uint32, authors []string) search.LikePaper {
	p := search.LikePaper{Sequence: s.Sequence(doc), Published: s.Published(doc), TitleKey: s.TitleKey(doc), Authors: authors[:0]}
	names := s.Names()
	for _, a := range s.Authors(doc) {
		p.Authors = append(p.Authors, names.At(int(a)))
	}
	if org := s.Organization(doc); org > 0 {
		p.Organization, _, _ = strings.Cut(s.OrganizationNames()[org-1], "\t")
	}
	return p
}

// codeDF returns how many papers have a code in their sequences.
func (s *Snapshot) codeDF() func(uint16) int {
	counts := make([][]uint32, len(s.Segments))
	for i := range s.Segments {
		counts[i] = s.Segments[i].CodeDF()
	}
	return func(code uint16) int {
		n := 0
		for _, c := range counts {
			n += int(c[code])
		}
		return n
	}
}

// alike ranks by likeness the best by words and the nearest by vector; the others that
// match by words follow, if so many are wanted.
func (q *query) alike(k int) []hit {
	best := q.topWords(search.WordsDepth)
	if q.distinct && q.hybrid() {
		q.findNeighbors(best)
	}
	candidates := make([]hit, 0, len(best)+len(q.near))
	at := make(map[place]bool, cap(candidates))
	var other search.LikePaper
	add := func(d scoredDoc, cosine float64) {
		if at[d.place()] {
			return
		}
		at[d.place()] = true
		v := &q.segments[d.segment]
		other = likePaper(v.Snapshot, d.doc, other.Authors)
		other.Cosine = cosine
		score, same := q.like.Score(other)
		if !same || !q.distinct {
			candidates = append(candidates, hit{scoredDoc: d, cosine: cosine, final: score})
		}
	}
	for _, d := range best {
		cosine := 0.0
		if near := q.nearIn(&q.segments[d.segment]); near != nil {
			cosine = near.cosine(d.doc)
		}
		add(d, cosine)
	}
	for _, h := range q.near {
		if q.segments[h.segment].mayFind(h.doc) {
			add(h.scoredDoc, h.cosine)
		}
	}
	slices.SortFunc(candidates, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.final, a.final), q.newerFirst(a.scoredDoc, b.scoredDoc))
	})
	if k <= len(candidates) || q.distinct {
		return candidates
	}
	rest := plainHits(q.byWords(k + len(candidates)))
	return append(candidates, slices.DeleteFunc(rest, func(h hit) bool { return at[h.place()] })...)
}

// neighbors is how many papers a list of similar ones takes from the vectors, and
// neighborCandidates how many codes it compares exactly: far fewer than a search, since most
// are among the best by words.
const (
	neighbors          = 40
	neighborCandidates = 640
)

// findNeighbors finds the nearest by vector where the best by words lie. A segment keeps
// papers that are alike beside one another, so that the nearest of all are mostly there, in
// some dozens of its thousands of blocks. Where words find few papers, all are compared.
func (q *query) findNeighbors(best []scoredDoc) {
	q.few = neighborCandidates
	keep := (*segmentQuery).conditions
	if len(best) == search.WordsDepth {
		sets := map[*segment.Segment]segment.Bitset{}
		for i := range q.segments {
			sets[q.segments[i].Segment] = q.segments[i].NewSet()
		}
		for _, d := range best {
			v := &q.segments[d.segment]
			from := d.doc / segment.BlockSize * (segment.BlockSize / 64)
			copy(sets[v.Segment][from:from+segment.BlockSize/64], v.base[from:])
		}
		keep = func(v *segmentQuery) segment.Bitset { return sets[v.Segment] }
	}
	q.near = q.nearest(neighbors, search.NearEnough, keep)
}

// topWords is the best by words of what may be found; none without a word.
func (q *query) topWords(k int) []scoredDoc {
	top := newTopDocs(k, q.snap)
	for i := range q.segments {
		v := &q.segments[i]
		v.sc.rank(top, i, v.lists, v.allowed)
	}
	return top.sorted()
}

// vectorOf is a document's vector; nil when it has none.
func vectorOf(seg *segment.Snapshot, doc uint32) []float32 {
	v, row := seg.VectorOf(doc)
	if v.Dimensions() == 0 {
		return nil
	}
	out := make([]float32, v.Dimensions())
	if !v.Vector(row, out) {
		return nil
	}
	return out
}

// rated is the terms of a document with what they bring to its own score.
func (s *Snapshot) rated(seg *segment.Snapshot, doc uint32) (out []search.Rated) {
	seg.EachTerm(doc, func(key []byte, t segment.Term) {
		if len(key) < 2 || segment.Class(key[0]) != segment.ClassText {
			return
		}
		term := string(key[1:])
		with := s.frequencies.of(search.FieldAny, term, func() (docs int) {
			for i := range s.Segments {
				if other := &s.Segments[i]; other.Segment == seg.Segment {
					docs += other.LiveDF(t)
				} else {
					docs += other.LiveDF(other.FindTerm(key))
				}
			}
			return docs
		})
		weight := search.TermWeight(s.docs, with, search.SimilarBoost)
		out = append(out, search.Rated{Term: term, Score: weight * uint32(seg.ImpactOf(t, doc))})
	})
	return out
}
