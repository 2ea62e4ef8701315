package segment

import (
	"bytes"
	"fmt"
	"slices"

	"broadsheet/internal/search/vector"
)

// A vectorTable holds the vectors that replace those of a segment, in patches: each
// edit adds one, and small ones are joined, so that a vector is written again only a
// few times.
type vectorTable struct {
	replaced Bitset // documents that are in a patch
	patches  []VectorPatch
	edits    int // how many tables came before
}

// A VectorPatch is the vectors of some documents.
type VectorPatch struct {
	docs []uint32 // ascending
	view vector.View
	gone Bitset // rows that a later patch replaces; nil: none
}

// maxPatches is how many patches a table has at most.
const maxPatches = 8

type vectorChange struct {
	doc    uint32
	vector []float32 // nil: a row
	row    []int8
	dims   int // of the row
	scale  float32
}

// with gives a table with changes, of which the last one of a document counts. A nil
// table has none.
func (t *vectorTable) with(changes []vectorChange, numBlocks int) (*vectorTable, error) {
	slices.SortStableFunc(changes, func(a, b vectorChange) int { return int(a.doc) - int(b.doc) })
	last := changes[:0]
	for i, c := range changes {
		if i+1 == len(changes) || changes[i+1].doc != c.doc {
			last = append(last, c)
		}
	}
	patch, err := newPatch(last)
	if err != nil {
		return nil, err
	}
	out := &vectorTable{replaced: make(Bitset, numBlocks*(BlockSize/64)), edits: 1}
	if t != nil {
		copy(out.replaced, t.replaced)
		out.patches, out.edits = slices.Clone(t.patches), t.edits+1
	}
	for i := range out.patches {
		out.patches[i].retire(patch.docs)
	}
	for _, doc := range patch.docs {
		out.replaced.Set(doc)
	}
	out.patches = append(out.patches, patch)
	return out, out.join()
}

// retire notes that a later patch has some of the documents.
func (p *VectorPatch) retire(docs []uint32) {
	copied := false
	for _, doc := range docs {
		i, ok := slices.BinarySearch(p.docs, doc)
		if !ok {
			continue
		}
		if !copied {
			copied = true
			gone := make(Bitset, len(p.docs)/64+1)
			copy(gone, p.gone)
			p.gone = gone
		}
		p.gone.Set(uint32(i))
	}
}

// newPatch makes a patch of changes in the order of their documents. Vectors of another
// length than the first are left out.
func newPatch(changes []vectorChange) (VectorPatch, error) {
	dims := 0
	for _, c := range changes {
		if dims = max(len(c.vector), c.dims); dims > 0 {
			break
		}
	}
	b, err := vector.NewBuilder(max(dims, 1))
	if err != nil {
		return VectorPatch{}, err
	}
	var p VectorPatch
	for _, c := range changes {
		p.docs = append(p.docs, c.doc)
		switch {
		case len(c.vector) == dims && dims > 0:
			err = b.Append(c.vector)
		case c.row != nil && c.dims == dims:
			err = b.AppendRow(c.row, c.scale)
		default:
			err = b.Append(nil)
		}
		if err != nil {
			return VectorPatch{}, fmt.Errorf("index: %w", err)
		}
	}
	var buf bytes.Buffer
	if _, err := b.WriteTo(&buf); err != nil {
		return VectorPatch{}, fmt.Errorf("index: %w", err)
	}
	p.view, err = vector.Open(buf.Bytes())
	return p, err
}

// join makes one patch of the last ones when there are many, as far as they are about
// as large as what follows them.
func (t *vectorTable) join() error {
	if len(t.patches) <= maxPatches {
		return nil
	}
	from := len(t.patches) - 2
	n := len(t.patches[from+1].docs)
	for n += len(t.patches[from].docs); from > 0 && len(t.patches[from-1].docs) <= 2*n; n += len(t.patches[from].docs) {
		from--
	}
	joined, err := newPatch(rowsOf(t.patches[from:]))
	if err != nil {
		return err
	}
	t.patches = append(slices.Clip(t.patches[:from]), joined)
	return nil
}

// rowsOf is what patches hold, in the order of documents.
func rowsOf(patches []VectorPatch) (out []vectorChange) {
	for _, p := range patches {
		p.Each(func(doc, row uint32) {
			r, scale := p.view.Row(row)
			out = append(out, vectorChange{doc: doc, row: r, dims: p.view.Dimensions(), scale: scale})
		})
	}
	slices.SortFunc(out, func(a, b vectorChange) int { return int(a.doc) - int(b.doc) })
	return out
}

// Each calls f with the documents of a patch and their rows.
func (p *VectorPatch) Each(f func(doc, row uint32)) {
	for i, doc := range p.docs {
		if p.gone == nil || !p.gone.Has(uint32(i)) {
			f(doc, uint32(i))
		}
	}
}

// View is the vectors of the patch, row by row.
func (p *VectorPatch) View() vector.View { return p.view }

// Doc is the document of a row.
func (p *VectorPatch) Doc(row uint32) uint32 { return p.docs[row] }

// Row finds the row of a document.
func (p *VectorPatch) Row(doc uint32) (uint32, bool) {
	i, ok := slices.BinarySearch(p.docs, doc)
	return uint32(i), ok && (p.gone == nil || !p.gone.Has(uint32(i)))
}

// Patches are the vectors that replace those of the segment.
func (s *Snapshot) Patches() []VectorPatch {
	if s.vectors == nil {
		return nil
	}
	return s.vectors.patches
}

// Replaced is the documents whose vectors are in a patch; nil: none.
func (s *Snapshot) Replaced() Bitset {
	if s.vectors == nil {
		return nil
	}
	return s.vectors.replaced
}

// VectorOf finds the view and the row that hold a document's vector.
func (s *Snapshot) VectorOf(doc uint32) (vector.View, uint32) {
	if s.vectors != nil && s.vectors.replaced.Has(doc) {
		for i := range s.vectors.patches {
			if row, ok := s.vectors.patches[i].Row(doc); ok {
				return s.vectors.patches[i].view, row
			}
		}
	}
	return s.Segment.vectors, doc
}
