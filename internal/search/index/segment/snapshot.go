package segment

import (
	"math/bits"

	"broadsheet/internal/search"
)

// A Snapshot is a segment with what has changed since it was written: which documents
// were deleted, and the counts and vectors that replace those of the segment. Once
// published it does not change; an [Edit] makes others of it.
type Snapshot struct {
	*Segment
	deleted Bitset // nil: nothing
	dead    int    // how many bits of deleted are set
	counts  *countTable
	vectors *vectorTable
}

// Of is a segment as it was written.
func Of(s *Segment) Snapshot { return Snapshot{Segment: s} }

// Alive reports whether a document was not deleted.
func (s *Snapshot) Alive(doc uint32) bool { return s.deleted == nil || !s.deleted.Has(doc) }

// Live is how many documents were not deleted, Dead how many were.
func (s *Snapshot) Live() int { return s.docs - s.dead }

// Dead is how many documents were deleted.
func (s *Snapshot) Dead() int { return s.dead }

// Deleted is the documents that were deleted; nil: none. It is shared.
func (s *Snapshot) Deleted() Bitset { return s.deleted }

// LiveDF is how many documents that are alive have a term.
func (s *Snapshot) LiveDF(t Term) int {
	if s.dead == 0 || t.DF == 0 {
		return int(t.DF)
	}
	n, post := int(t.DF), s.Postings(t)
	for _, e := range s.Blocks(t) {
		block, size := e>>16, int(e>>8&0xff)+1
		if w := s.deleted[4*block : 4*block+4]; w[0]|w[1]|w[2]|w[3] != 0 {
			for i := range size {
				lo := post[2*i]
				n -= int(w[lo>>6] >> (lo & 63) & 1)
			}
		}
		post = post[2*size:]
	}
	return n
}

// An Edit makes new snapshots of others. What it has copied once it changes in place
// until the snapshots are given out.
type Edit struct {
	snaps []Snapshot
	own   []owned
}

// owned says what of a snapshot the edit has copied.
type owned struct {
	deleted, counts bool
	pages           Bitset // of counts
	vectors         []vectorChange
}

// NewEdit begins with some snapshots, which stay as they are.
func NewEdit(snaps []Snapshot) *Edit {
	return &Edit{append([]Snapshot(nil), snaps...), make([]owned, len(snaps))}
}

// Add adds a snapshot behind the others.
func (e *Edit) Add(s Snapshot) {
	e.snaps = append(e.snaps, s)
	e.own = append(e.own, owned{})
}

// find gives the number of the snapshot that has a living document, and the document.
func (e *Edit) find(id string) (at int, doc uint32, ok bool) {
	for i := range e.snaps {
		if doc := e.snaps[i].Find(id); doc >= 0 && e.snaps[i].Alive(uint32(doc)) {
			return i, uint32(doc), true // an identifier lives in one place
		}
	}
	return 0, 0, false
}

// MarkDeleted deletes the document with an identifier, if there is one.
func (e *Edit) MarkDeleted(id string) {
	if i, doc, ok := e.find(id); ok {
		e.markDeleted(i, doc)
	}
}

func (e *Edit) markDeleted(i int, doc uint32) {
	s := &e.snaps[i]
	if !e.own[i].deleted {
		e.own[i].deleted = true
		if s.deleted == nil {
			s.deleted = s.NewSet()
		} else {
			s.deleted = append(Bitset(nil), s.deleted...)
		}
	}
	if !s.deleted.Has(doc) {
		s.deleted.Set(doc)
		s.dead++
	}
}

// SetCounts replaces the counts of the document with an identifier, if there is one.
func (e *Edit) SetCounts(id string, c Counts) {
	if i, doc, ok := e.find(id); ok {
		e.setCounts(i, doc, c)
	}
}

// SetVector replaces the vector of the document with an identifier, if there is one;
// nil: it has none.
func (e *Edit) SetVector(id string, v []float32) {
	if i, doc, ok := e.find(id); ok {
		e.own[i].vectors = append(e.own[i].vectors, vectorChange{doc: doc, vector: v})
	}
}

// Snapshots ends the edit. An error is one of the vectors.
func (e *Edit) Snapshots() ([]Snapshot, error) {
	for i := range e.snaps {
		if changes := e.own[i].vectors; len(changes) > 0 {
			t, err := e.snaps[i].vectors.with(changes, e.snaps[i].numBlocks)
			if err != nil {
				return nil, err
			}
			e.snaps[i].vectors = t
		}
	}
	return e.snaps, nil
}

// Counts is what of a document changes often.
type Counts struct {
	Votes, Comments uint32
	Trending        float64
	Flags           uint16 // search.Has in the low byte, and FlagDaily
}

// CountsOf is the counts of a document.
func CountsOf(d *search.Document) Counts {
	c := Counts{uint32(max(d.Votes, 0)), uint32(max(d.Comments, 0)), d.Trending, uint16(d.Has)}
	if d.Daily {
		c.Flags |= FlagDaily
	}
	return c
}

// A countTable holds the counts that replace those of a segment, in pages, so that a
// vote copies one page and not the column.
type countTable struct {
	pages   []*countPage // nil: the segment's own
	filters filterCache  // of filters by counts
	edits   int          // how many tables came before
}

const pageDocs = 1024

type countPage struct {
	counts  [pageDocs]Counts
	changed [pageDocs / 64]uint64 // those that are not the segment's own
}

func (e *Edit) setCounts(i int, doc uint32, c Counts) {
	s, own := &e.snaps[i], &e.own[i]
	if !own.counts {
		own.counts = true
		t := &countTable{pages: make([]*countPage, (s.docs+pageDocs-1)/pageDocs), edits: 1}
		if s.counts != nil {
			copy(t.pages, s.counts.pages)
			t.edits += s.counts.edits
		}
		s.counts = t
		own.pages = make(Bitset, len(t.pages)/64+1)
	}
	k := doc / pageDocs
	if !own.pages.Has(k) {
		own.pages.Set(k)
		s.counts.pages[k] = s.copyPage(k)
	}
	p := s.counts.pages[k]
	p.counts[doc%pageDocs] = c
	p.changed[doc%pageDocs/64] |= 1 << (doc % 64)
}

func (s *Snapshot) copyPage(k uint32) *countPage {
	p := new(countPage)
	if old := s.counts.pages[k]; old != nil {
		*p = *old
		return p
	}
	for i := range p.counts {
		doc := int(k)*pageDocs + i
		if doc == s.docs {
			break
		}
		p.counts[i] = Counts{s.votes[doc], s.comments[doc], s.trending[doc], s.flags[doc]}
	}
	return p
}

// page is the page that replaces a document's counts; nil: none does.
func (s *Snapshot) page(doc uint32) *countPage {
	if s.counts == nil {
		return nil
	}
	return s.counts.pages[doc/pageDocs]
}

// Counts are a document's counts.
func (s *Snapshot) Counts(doc uint32) Counts {
	if p := s.page(doc); p != nil {
		return p.counts[doc%pageDocs]
	}
	return Counts{s.votes[doc], s.comments[doc], s.trending[doc], s.flags[doc]}
}

// Votes, Trending and Flags are single counts of a document.
func (s *Snapshot) Votes(doc uint32) uint32 {
	if p := s.page(doc); p != nil {
		return p.counts[doc%pageDocs].Votes
	}
	return s.votes[doc]
}

// Trending is one of a document's counts.
func (s *Snapshot) Trending(doc uint32) float64 {
	if p := s.page(doc); p != nil {
		return p.counts[doc%pageDocs].Trending
	}
	return s.trending[doc]
}

// Flags is one of a document's counts.
func (s *Snapshot) Flags(doc uint32) uint16 {
	if p := s.page(doc); p != nil {
		return p.counts[doc%pageDocs].Flags
	}
	return s.flags[doc]
}

// CountFacets adds to years, cats and orgs, by ordinal, how many documents of a set have
// each; orgs has the documents without one at 0. It gives how many have code.
func (s *Snapshot) CountFacets(set Bitset, years, cats, orgs []uint32) (code int) {
	docYears, docOrgs, offs := s.years, s.orgs, s.catOffs
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			doc := uint32(64*i + bits.TrailingZeros64(w))
			years[docYears[doc]]++
			orgs[docOrgs[doc]]++
			for _, k := range s.cats[offs[doc]:offs[doc+1]] {
				cats[k]++
			}
			code += int(s.Flags(doc) & uint16(search.HasCode))
		}
	}
	return code
}

// each calls f with the documents whose counts are not the segment's own.
func (t *countTable) each(f func(doc uint32, c Counts)) {
	if t == nil {
		return
	}
	for k, p := range t.pages {
		if p == nil {
			continue
		}
		for i, w := range p.changed {
			for ; w != 0; w &= w - 1 {
				at := 64*i + bits.TrailingZeros64(w)
				f(uint32(k*pageDocs+at), p.counts[at])
			}
		}
	}
}

// Changed is how many documents have other counts or another vector than the segment.
func (s *Snapshot) Changed() int {
	n := 0
	if s.counts != nil {
		for _, p := range s.counts.pages {
			if p != nil {
				for _, w := range p.changed {
					n += bits.OnesCount64(w)
				}
			}
		}
	}
	if s.vectors != nil {
		n += s.vectors.replaced.Count()
	}
	return n
}
