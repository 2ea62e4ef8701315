//go:build !(goexperiment.simd && amd64)

package vector

// scan256 offers the documents from <= doc < to by codes of 256 bits.
func (s *Searcher) scan256(from, to int) { s.scan4(from, to) }
