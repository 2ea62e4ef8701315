package segment

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unsafe"

	"broadsheet/internal/search/vector"
)

// Edits grows with every edit of counts or vectors.
func (s *Snapshot) Edits() int {
	n := 0
	if s.counts != nil {
		n += s.counts.edits
	}
	if s.vectors != nil {
		n += s.vectors.edits
	}
	return n
}

// EncodeDeleted gives the deleted documents as a file holds them: the bits of the set.
func (s *Snapshot) EncodeDeleted() []byte { return bytesOf(s.deleted) }

// WithDeleted is the snapshot without the documents of a file of EncodeDeleted.
func (s Snapshot) WithDeleted(b []byte) (Snapshot, error) {
	s.deleted = append(Bitset(nil), numbersOf[uint64](b)...)
	if len(s.deleted) != len(s.NewSet()) {
		return s, fmt.Errorf("index: deleted documents of %s: %w", s.record.Name, ErrDamaged)
	}
	s.dead = s.deleted.Count()
	return s, nil
}

// EncodeChanges gives the counts and vectors that replace those of the segment, as a
// file holds them: how many counts there are, each with its document; then for each
// patch the dimensions, how many vectors there are, and each with its document.
func (s *Snapshot) EncodeChanges() []byte {
	b := []byte{0, 0, 0, 0}
	n := uint32(0)
	s.counts.each(func(doc uint32, c Counts) {
		n++
		b = binary.LittleEndian.AppendUint32(b, doc)
		b = c.Append(b)
	})
	binary.LittleEndian.PutUint32(b, n)
	for _, p := range s.Patches() {
		b = binary.LittleEndian.AppendUint32(b, uint32(p.view.Dimensions()))
		at := len(b)
		b = append(b, 0, 0, 0, 0)
		n := uint32(0)
		p.Each(func(doc, row uint32) {
			n++
			r, scale := p.view.Row(row)
			b = binary.LittleEndian.AppendUint32(b, doc)
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(scale))
			b = append(b, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(r))), len(r))...)
		})
		binary.LittleEndian.PutUint32(b[at:], n)
	}
	return b
}

// WithChanges is the snapshot with the changes of a file of EncodeChanges.
func (s Snapshot) WithChanges(b []byte) (_ Snapshot, err error) {
	e := NewEdit([]Snapshot{s})
	r := reader{b: b}
	for n := r.uint32(); n > 0 && r.ok(); n-- {
		doc := r.uint32()
		c := DecodeCounts(r.take(CountsSize))
		if doc >= uint32(s.docs) {
			r.short = true
			break
		}
		e.setCounts(0, doc, c)
	}
	var t *vectorTable
	for len(r.b) > 0 && r.ok() {
		dims := int(r.uint32())
		var changes []vectorChange
		for n := r.uint32(); n > 0 && r.ok(); n-- {
			c := vectorChange{doc: r.uint32(), dims: dims, scale: math.Float32frombits(r.uint32())}
			row := r.take(vector.RowSize(dims))
			c.row = slices.Clone(unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(row))), len(row)))
			if c.doc >= uint32(s.docs) {
				r.short = true
				break
			}
			changes = append(changes, c)
		}
		if !r.ok() || len(changes) == 0 {
			continue
		}
		if t, err = t.with(changes, s.numBlocks); err != nil {
			return s, err
		}
	}
	if !r.ok() {
		return s, fmt.Errorf("index: changes of %s: %w", s.record.Name, ErrDamaged)
	}
	snaps, err := e.Snapshots()
	if err != nil {
		return s, err
	}
	snaps[0].vectors = t
	return snaps[0], nil
}

// CountsSize is how many bytes Append writes.
const CountsSize = 4 + 4 + 2 + 8

// Append writes counts behind b.
func (c Counts) Append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, c.Votes)
	b = binary.LittleEndian.AppendUint32(b, c.Comments)
	b = binary.LittleEndian.AppendUint16(b, c.Flags)
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(c.Trending))
}

// DecodeCounts reads what Append wrote; nothing of fewer bytes.
func DecodeCounts(b []byte) (c Counts) {
	if len(b) < CountsSize {
		return c
	}
	return Counts{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]),
		math.Float64frombits(binary.LittleEndian.Uint64(b[10:])), binary.LittleEndian.Uint16(b[8:])}
}

// A reader takes bytes off the front and notes when there were too few.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) ok() bool { return !r.short }

func (r *reader) take(n int) []byte {
	if n > len(r.b) || n < 0 {
		r.b, r.short = nil, true
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}
