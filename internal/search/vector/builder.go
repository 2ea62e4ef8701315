package vector

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// A Builder gathers the vectors of a segment, one for each document in order, and
// writes them as a section. It keeps them as they are stored, not in float32.
type Builder struct {
	dims   int
	scales []float32
	rows   []int8
}

// NewBuilder makes a Builder for vectors of so many dimensions, 1 to MaxDimensions.
func NewBuilder(dims int) (*Builder, error) {
	if dims < 1 || dims > MaxDimensions {
		return nil, fmt.Errorf("vector: %d dimensions, want 1 to %d", dims, MaxDimensions)
	}
	return &Builder{dims: dims}, nil
}

// Documents is how many rows were appended.
func (b *Builder) Documents() int { return len(b.scales) }

// Append adds the vector of the next document; nil or the zero vector: it has none.
// A vector of another length or with a number that is not finite is an error.
func (b *Builder) Append(vec []float32) error {
	if len(vec) == 0 {
		b.appendNone()
		return nil
	}
	if len(vec) != b.dims {
		return fmt.Errorf("vector: document %d: %d dimensions, want %d", b.Documents(), len(vec), b.dims)
	}
	largest := float32(0)
	for _, x := range vec {
		largest = max(largest, x, -x)
	}
	if !(largest <= math.MaxFloat32) { // infinite or not a number
		return fmt.Errorf("vector: document %d: a number that is not finite", b.Documents())
	}
	if largest < 1e-20 {
		b.appendNone()
		return nil
	}
	b.rows = appendRow(b.rows, vec, largest)
	b.scales = append(b.scales, largest/127)
	return nil
}

// AppendRow adds the next document as another section's [View.Row] has it, without
// rounding it again.
func (b *Builder) AppendRow(row []int8, scale float32) error {
	if scale == 0 {
		b.appendNone()
		return nil
	}
	if len(row) != RowSize(b.dims) {
		return fmt.Errorf("vector: document %d: row of %d bytes, want %d", b.Documents(), len(row), RowSize(b.dims))
	}
	b.rows = append(b.rows, row...)
	b.scales = append(b.scales, scale)
	return nil
}

func (b *Builder) appendNone() {
	for range RowSize(b.dims) {
		b.rows = append(b.rows, 0)
	}
	b.scales = append(b.scales, 0)
}

func (b *Builder) row(doc int) []int8 {
	step := RowSize(b.dims)
	return b.rows[doc*step : (doc+1)*step]
}

// WriteTo writes the section. It has to begin at a multiple of 8 bytes, better 64, of
// a file that will be mapped.
func (b *Builder) WriteTo(w io.Writer) (int64, error) {
	l := newLayout(b.dims, b.Documents())
	out := &sectionWriter{w: bufio.NewWriterSize(w, 1<<16)}
	out.header(l)
	center := b.center()
	out.floats(center)
	out.pad()
	out.floats(b.scales)
	out.pad()
	b.writeCodes(out, l, center)
	out.pad()
	out.int8s(b.rows)
	if err := out.w.Flush(); err != nil {
		return out.n, fmt.Errorf("vector: write section: %w", err)
	}
	return out.n, nil
}

// center is the mean of the vectors. Codes are taken from there, because embeddings
// crowd on one side of the origin, where many bits would be alike.
func (b *Builder) center() []float32 {
	sum, vec := make([]float64, b.dims), make([]float32, b.dims)
	n := 0.0
	for doc, scale := range b.scales {
		if scale == 0 {
			continue
		}
		n++
		decode(vec, b.row(doc), scale)
		for i, x := range vec {
			sum[i] += float64(x)
		}
	}
	out := make([]float32, b.dims)
	for i := range out {
		out[i] = float32(sum[i] / max(n, 1))
	}
	return out
}

func (b *Builder) writeCodes(out *sectionWriter, l layout, center []float32) {
	enc := newEncoder(l)
	vec := make([]float32, b.dims)
	for doc, scale := range b.scales {
		if out.err != nil {
			return
		}
		clear(enc.code)
		if scale != 0 {
			decode(vec, b.row(doc), scale)
			for i, x := range center {
				vec[i] -= x
			}
			enc.encode(vec)
		}
		out.words(enc.code)
	}
}

// A sectionWriter counts what it writes and keeps the first error.
type sectionWriter struct {
	w   *bufio.Writer
	n   int64
	err error
}

func (o *sectionWriter) bytes(p []byte) {
	n, err := o.w.Write(p)
	o.n += int64(n)
	o.err = cmp.Or(o.err, err)
}

func (o *sectionWriter) header(l layout) {
	var h [headerSize]byte
	copy(h[:], magic)
	binary.LittleEndian.PutUint32(h[8:], uint32(l.dims))
	binary.LittleEndian.PutUint32(h[12:], uint32(l.count))
	o.bytes(h[:])
}

func (o *sectionWriter) pad() {
	var zero [partAlign]byte
	o.bytes(zero[:align(int(o.n))-int(o.n)])
}

func (o *sectionWriter) floats(values []float32) {
	var p [4]byte
	for _, x := range values {
		binary.LittleEndian.PutUint32(p[:], math.Float32bits(x))
		o.bytes(p[:])
	}
}

func (o *sectionWriter) words(values []uint64) {
	var p [8]byte
	for _, x := range values {
		binary.LittleEndian.PutUint64(p[:], x)
		o.bytes(p[:])
	}
}

func (o *sectionWriter) int8s(values []int8) {
	var p [512]byte
	for len(values) > 0 {
		n := min(len(values), len(p))
		for i, x := range values[:n] {
			p[i] = byte(x)
		}
		o.bytes(p[:n])
		values = values[n:]
	}
}
