package vector

import (
	"fmt"
	"math"
	"slices"
)

// A Hit is a document found.
type Hit struct {
	Doc    uint32
	Cosine float32 // with the query
}

// A Searcher asks one View one query at a time and keeps its memory for the next. The
// zero Searcher is ready. It is not safe for use by several goroutines.
type Searcher struct {
	// Candidates is how many documents the first stage hands on; 0 means
	// DefaultCandidates. A sixteenth of them are rescored. Both are raised when Search is
	// asked for so many that they would be too few.
	Candidates int

	view  View
	enc   *encoder
	code  []uint64
	spun  []float32 // the rotated query
	table []float32 // for each byte of a code, what each of its values adds
	query query
	pick  selection
	hits  []Hit
}

// DefaultCandidates finds more than 99 of 100 of the true ten nearest among 629,306 papers
// with vectors of 192 dimensions: .994 with 4,096, .9965 with 8,192.
const DefaultCandidates = 4096

// fewestCandidates are enough for a set of any size.
const fewestCandidates = 1536

// For each document rescored there are 16 candidates or, when many hits are wanted, 8;
// for each hit wanted, at least three documents rescored.
const (
	handOn         = 16
	leastHandOn    = 8
	leastForOneHit = 3
)

// Prepare makes q, a vector of unit length, the query for view. The zero vector has the
// cosine 0 with everything.
func (s *Searcher) Prepare(view View, q []float32) error {
	if view.count > 0 && len(q) != view.dims {
		return fmt.Errorf("vector: query of %d dimensions, documents of %d", len(q), view.dims)
	}
	if s.enc == nil || s.view.dims != view.dims {
		s.enc = nil
		if view.dims > 0 {
			s.enc = newEncoder(view.layout)
		}
	}
	s.view = view
	if view.count == 0 {
		return nil
	}
	if err := s.query.set(q); err != nil {
		return err
	}
	s.enc.encode(q)
	s.code = append(s.code[:0], s.enc.code...)
	s.spun = append(s.spun[:0], s.enc.work[:s.enc.bits]...)
	return nil
}

// Cosine is the query's with a document; 0 for one without vector.
func (s *Searcher) Cosine(doc uint32) float32 {
	row, scale := s.view.Row(doc)
	return s.query.fine(row) * scale
}

// Search returns the k documents of highest cosine, the highest first, ties in document
// order. keep, when not nil, is a set of documents, one bit each, lowest first; only
// they are looked at, and a set of few is searched in the time of few. The answer is
// valid until the next call.
func (s *Searcher) Search(k int, keep []uint64) []Hit {
	s.hits = s.hits[:0]
	if k <= 0 || s.view.count == 0 {
		return nil
	}
	wanted := s.Candidates
	if wanted <= 0 {
		wanted = s.enough(keep)
	}
	rescored := max(wanted/handOn, leastForOneHit*k)
	s.byCode(s.scan(max(wanted, leastHandOn*rescored), keep), rescored)
	for i, h := range s.hits {
		row, scale := s.view.Row(h.Doc)
		s.hits[i].Cosine = s.query.coarse(row) * scale
	}
	s.hits = topHits(s.hits, k+k/4+32) // int8 misplaces by a few ranks
	for i, h := range s.hits {
		s.hits[i].Cosine = s.Cosine(h.Doc)
	}
	return topHits(s.hits, k)
}

// manyDocuments is how many DefaultCandidates are meant for.
const manyDocuments = 600_000

// enough is how many candidates a search among few documents, or in a set of few, needs:
// the true nearest stand as far ahead of few as of many, but with fewer between them. It
// shrinks with the fourth root of how many there are.
func (s *Searcher) enough(keep []uint64) int {
	documents := s.view.count
	if keep != nil {
		documents = countOf(keep)
	}
	part := float64(documents) / manyDocuments
	return max(fewestCandidates, int(DefaultCandidates*math.Pow(min(1, part), 0.25)))
}

// Search finds the k nearest to q among the documents of keep; see [Searcher], which
// it uses, made anew when s is nil.
func (v View) Search(q []float32, k int, keep []uint64, s *Searcher) ([]Hit, error) {
	if s == nil {
		s = new(Searcher)
	}
	if err := s.Prepare(v, q); err != nil {
		return nil, err
	}
	return s.Search(k, keep), nil
}

func byCosine(a, b Hit) int {
	switch {
	case a.Cosine > b.Cosine:
		return -1
	case a.Cosine < b.Cosine:
		return 1
	}
	return int(a.Doc) - int(b.Doc)
}

// topHits orders the best k of hits to the front and returns them.
func topHits(hits []Hit, k int) []Hit {
	if k >= len(hits) {
		slices.SortFunc(hits, byCosine)
		return hits
	}
	top := hits[:k]
	slices.SortFunc(top, byCosine)
	for _, h := range hits[k:] {
		if byCosine(h, top[k-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, h, byCosine)
		copy(top[at+1:], top[at:k-1])
		top[at] = h
	}
	return top
}
