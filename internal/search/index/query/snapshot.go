package query

import (
	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// A Snapshot is what searches see: segments as they were at one position of a
// database's history. Once published it does not change, but for what it remembers.
type Snapshot struct {
	Segments   []segment.Snapshot
	At         search.Position
	Model      string // of the vectors
	OtherModel bool   // questions are embedded by another one

	docs        int // living
	frequencies frequencies
}

// NewSnapshot is a snapshot of segments.
func NewSnapshot(segments []segment.Snapshot, at search.Position, model string) *Snapshot {
	s := &Snapshot{Segments: segments, At: at, Model: model}
	for i := range segments {
		s.docs += segments[i].Live()
	}
	return s
}

// Docs is how many documents can be found.
func (s *Snapshot) Docs() int { return s.docs }

// Status is what the snapshot holds.
func (s *Snapshot) Status() search.Status {
	st := search.Status{Papers: s.docs, Position: s.At, Served: s.At, Segments: len(s.Segments), State: search.Ready, Model: s.Model}
	for i := range s.Segments {
		st.Bytes += s.Segments[i].Bytes()
	}
	return st
}

// find gives the segment and the document of an identifier; false when there is none.
func (s *Snapshot) find(id string) (*segment.Snapshot, uint32, bool) {
	for i := range s.Segments {
		seg := &s.Segments[i]
		if doc := seg.Find(id); doc >= 0 && seg.Alive(uint32(doc)) {
			return seg, uint32(doc), true
		}
	}
	return nil, 0, false
}
