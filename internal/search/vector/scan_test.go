package vector

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The scan gives the candidates of smallest distance, ties to the first.
func TestScan(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const n = 1003
	s := Searcher{view: View{layout: newLayout(200, n)}, code: make([]uint64, 4)}
	s.view.code, s.view.scale = make([]uint64, 4*n), make([]float32, n)
	for i := range s.view.code {
		s.view.code[i] = r.Uint64() & r.Uint64()
	}
	for i := range s.view.scale {
		s.view.scale[i] = float32(r.IntN(5))
	}
	copy(s.view.code[4*77:], []uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}) // 256 bits differ
	for _, want := range []int{1, 7, 100, n} {
		for _, from := range []int{0, 1, 66} {
			s.pick.reset(want, 256, s.view.scale)
			s.scan4(from, n)
			got := slices.Clone(s.pick.best())
			if sorted := s.nearest(from, want); !slices.Equal(got, sorted) {
				t.Errorf("%d from %d: got %v, want %v", want, from, got, sorted)
			}
		}
	}
}

// nearest sorts all documents by distance.
func (s *Searcher) nearest(from, want int) []candidate {
	var all []candidate
	for doc := from; doc < s.view.count; doc++ {
		if s.view.scale[doc] != 0 {
			all = append(all, candidate{uint32(doc), uint32(s.distance(doc))})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return int(a.distance) - int(b.distance) })
	all = all[:min(want, len(all))]
	slices.SortFunc(all, func(a, b candidate) int { return int(a.doc) - int(b.doc) })
	return all
}

// However wrong the guess of a limit is, the scan finds the nearest.
func TestScanGuess(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const n = 17_000
	s := Searcher{view: View{layout: newLayout(200, n)}, code: make([]uint64, 4)}
	s.view.code, s.view.scale = make([]uint64, 4*n), make([]float32, n)
	for _, near := range []int{1, 2, 4} { // every so many documents lie near; samples are taken every 4
		for doc := range n {
			s.view.scale[doc] = 1
			for w := range 4 {
				word := r.Uint64()
				if doc%near == 0 {
					word &= r.Uint64() & r.Uint64()
				}
				s.view.code[4*doc+w] = word
			}
		}
		for _, want := range []int{50, 5000, n} {
			got := slices.Clone(s.scan(want, nil))
			if !slices.Equal(got, s.nearest(0, want)) {
				t.Errorf("%d, every %d near: the scan does not find the nearest", want, near)
			}
		}
	}
}
