package segment

import (
	"sync/atomic"
	"unsafe"

	"broadsheet/internal/search"
)

// Sequence is a document's text as similar ones are compared by; nil in a segment of an
// earlier version, which answers until the index is rebuilt. It lies in the segment's memory.
func (s *Segment) Sequence(doc uint32) search.Sequence {
	if len(s.sequenceOffs) == 0 {
		return nil
	}
	return search.Sequence(s.sequences[s.sequenceOffs[doc]:s.sequenceOffs[doc+1]])
}

// CodeDF is how many living documents have each code in their sequences.
func (s *Snapshot) CodeDF() []uint32 {
	if s.dead == 0 {
		return s.allCodes()
	}
	if known := s.codes.living.Load(); known != nil && known.deleted == unsafe.SliceData(s.deleted) {
		return known.counts
	}
	l := &livingCodes{deleted: unsafe.SliceData(s.deleted), counts: append([]uint32(nil), s.allCodes()...)}
	c := codeCounter{counts: l.counts, last: make([]uint32, 1<<16)}
	s.deleted.Each(func(doc uint32) { c.add(s.Sequence(doc), -1) })
	s.codes.living.Store(l)
	return l.counts
}

// allCodes is how many documents, deleted ones too, have each code.
func (s *Segment) allCodes() []uint32 {
	if len(s.codeCounts) > 0 {
		return s.codeCounts
	}
	if all := s.codes.all.Load(); all != nil {
		return *all
	}
	counts := countCodes(s.docs, func(i int) search.Sequence { return s.Sequence(uint32(i)) })
	s.codes.all.Store(&counts)
	return counts
}

// A codeCache remembers what small segments do not keep, and what remains of a segment's
// counts without the deleted documents.
type codeCache struct {
	all    atomic.Pointer[[]uint32]
	living atomic.Pointer[livingCodes]
}

type livingCodes struct {
	deleted *uint64 // the set, which never changes
	counts  []uint32
}

// A codeCounter counts documents by code.
type codeCounter struct {
	counts []uint32
	last   []uint32 // the last document that had a code
	docs   uint32
}

func countCodes(docs int, of func(int) search.Sequence) []uint32 {
	c := codeCounter{counts: make([]uint32, 1<<16), last: make([]uint32, 1<<16)}
	for i := range docs {
		c.add(of(i), 1)
	}
	return c.counts
}

func (c *codeCounter) add(s search.Sequence, n int) {
	c.docs++
	for _, code := range s {
		if c.last[code] != c.docs {
			c.last[code] = c.docs
			c.counts[code] += uint32(n)
		}
	}
}
