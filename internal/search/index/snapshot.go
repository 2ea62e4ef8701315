package index

import (
	"fmt"

	"broadsheet/internal/search"
)

// A view is a segment with what was deleted from it since it was written.
type view struct {
	seg     *segment
	deleted bitset // nil: nothing
	nDel    int

	delFile    string // where the bits were last written, with so many set
	delSum     partSum
	delWritten int
}

func (v view) alive(doc uint32) bool { return v.deleted == nil || !v.deleted.has(doc) }

func (v view) live() int { return v.seg.Docs - v.nDel }

// A snapshot is what searches see: once published it does not change.
type snapshot struct {
	views   []view
	docs    int // living
	at      search.Position
	model   string // of its vectors
	foreign bool   // that is not the model of questions
}

func (s *snapshot) counted() *snapshot {
	s.docs = 0
	for _, v := range s.views {
		s.docs += v.live()
	}
	return s
}

// status is what the snapshot holds.
func (s *snapshot) status() search.Status {
	st := search.Status{Papers: s.docs, Position: s.at, Served: s.at, Segments: len(s.views), State: search.Ready}
	for _, v := range s.views {
		st.Bytes += v.seg.bytes
	}
	return st
}

// forget gives views without some documents. The bits that change are copied.
func forget(views []view, ids []string) []view {
	out := append([]view(nil), views...)
	own := make([]bool, len(out))
	for _, id := range ids {
		for i := range out {
			v := &out[i]
			doc := v.seg.find(id)
			if doc < 0 || !v.alive(uint32(doc)) {
				continue
			}
			if !own[i] {
				own[i] = true
				if v.deleted == nil {
					v.deleted = v.seg.newSet()
				} else {
					v.deleted = append(bitset(nil), v.deleted...)
				}
			}
			v.deleted.set(uint32(doc))
			v.nDel++
			break // an ID lives in one place
		}
	}
	return out
}

// replay takes in a record of the log while an index is opened.
func (s *snapshot) replay(r record, live *int) error {
	s.views = forget(s.views, r.ids)
	if r.docs {
		seg, err := openSegment(r.parts)
		if err != nil {
			return fmt.Errorf("index: log: %w", err)
		}
		s.views = append(s.views, view{seg: seg})
		*live++
		if merged, n, err := mergeLive(s.views, *live); err == nil {
			s.views, *live = merged, n
		}
	}
	s.at.Seq, s.at.Token = r.seq, r.token
	return nil
}

// find gives the view and the document of an identifier; doc -1 when there is none.
func (s *snapshot) find(id string) (view, int) {
	for _, v := range s.views {
		if doc := v.seg.find(id); doc >= 0 && v.alive(uint32(doc)) {
			return v, doc
		}
	}
	return view{}, -1
}
