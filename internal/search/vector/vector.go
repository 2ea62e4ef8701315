// Package vector keeps one unit vector for each document of a segment and finds the
// nearest to a query: a scan over codes of one bit a dimension, compared by counting
// differing bits, then the exact query against the codes of the best of them, then the
// cosine from rows of int8 for the best of those. The few at the top are ordered with
// four bits more, without which int8 alone would confuse one neighbor in a hundred.
//
// Start with [Builder], which takes vectors in document order and writes one section,
// and [Open], which reads such a section where it lies, for example in a memory-mapped
// file. [Searcher] asks a [View].
//
// Callers keep the bytes of a View unchanged and mapped as long as it is used, check
// them against a checksum of their own, and compare only vectors of one model.
//
// The section does not hold the float32 vectors, and the search looks at every code:
// there is no graph and nothing to tune as documents come and go. Three million codes
// are scanned in some milliseconds on one core.
package vector

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unsafe"
)

// MaxDimensions is the longest vector that a section holds.
const MaxDimensions = 4096

// MaxDocuments is how many rows a section holds at most.
const MaxDocuments = math.MaxInt32

// A section is a header, the center of all vectors (dimensions float32), the scale of
// each row (float32; 0: no vector), the codes and the rows, all little-endian; every
// part begins at a multiple of 64 bytes from the start.
//
// A row is an int8 for each dimension and then a half-byte for each, low half first:
// a number is scale times (int8 + (half-8)/16).
const (
	magic      = "BSVEC\x00\x00\x02"
	headerSize = 64
	partAlign  = 64
)

var errNoSection = errors.New("not a section of vectors, or of another version")

// A layout says where the parts of a section lie.
type layout struct {
	dims, count, words           int // words of a code
	scales, codes, rows, size    int // offsets in bytes
	centerBytes, scaleBytes      int
	codeBytes, rowBytes, rowStep int // rowStep: of one row
}

// codeWords is how many 64-bit words a code has: at least 256 bits, which more than
// the dimensions of a small model sharpens the first stage, and at most 512.
func codeWords(dims int) int {
	if dims <= 256 {
		return 4
	}
	return 8
}

// RowSize is how many bytes a row has.
func RowSize(dims int) int { return dims + (dims+1)/2 }

func align(n int) int { return (n + partAlign - 1) / partAlign * partAlign }

func newLayout(dims, count int) layout {
	l := layout{dims: dims, count: count, words: codeWords(dims)}
	l.centerBytes, l.scaleBytes = 4*dims, 4*count
	l.rowStep = RowSize(dims)
	l.codeBytes, l.rowBytes = 8*l.words*count, l.rowStep*count
	l.scales = align(headerSize + l.centerBytes)
	l.codes = align(l.scales + l.scaleBytes)
	l.rows = align(l.codes + l.codeBytes)
	l.size = l.rows + l.rowBytes
	return l
}

// A View reads a section. The zero View has no documents. It is safe for use by
// several goroutines.
type View struct {
	layout
	center []float32
	scale  []float32
	code   []uint64
	row    []int8
}

// Open reads a section of vectors that lies at the start of data. It copies what the
// machine cannot read in place, which is nothing when data begins at a multiple of 8
// bytes and the machine is little-endian. Sizes that do not fit together are an error.
func Open(data []byte) (View, error) {
	if len(data) < headerSize || string(data[:8]) != magic {
		return View{}, fmt.Errorf("vector: open: %w", errNoSection)
	}
	dims, count := binary.LittleEndian.Uint32(data[8:]), binary.LittleEndian.Uint32(data[12:])
	if dims == 0 || dims > MaxDimensions || count > MaxDocuments {
		return View{}, fmt.Errorf("vector: open: %d documents of %d dimensions are out of range", count, dims)
	}
	l := newLayout(int(dims), int(count))
	if len(data) < l.size {
		return View{}, fmt.Errorf("vector: open: %d bytes, want %d for %d documents of %d dimensions", len(data), l.size, count, dims)
	}
	v := View{layout: l}
	v.center = floats(data[headerSize : headerSize+l.centerBytes])
	v.scale = floats(data[l.scales : l.scales+l.scaleBytes])
	v.code = words(data[l.codes : l.codes+l.codeBytes])
	v.row = unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(data[l.rows:l.size]))), l.rowBytes)
	return v, nil
}

// Documents is how many rows there are, with and without vector.
func (v View) Documents() int { return v.count }

// Dimensions is the length of each vector; 0 for the zero View.
func (v View) Dimensions() int { return v.dims }

// Row returns a document's row as it is stored, for [Builder.AppendRow], and its scale;
// scale 0 says that it has no vector. The row is shared and must not be changed.
func (v View) Row(doc uint32) (row []int8, scale float32) {
	i := int(doc) * v.rowStep
	return v.row[i : i+v.rowStep : i+v.rowStep], v.scale[doc]
}

// Vector writes a document's vector to dst, which has Dimensions elements, and reports
// whether it has one.
func (v View) Vector(doc uint32, dst []float32) bool {
	row, scale := v.Row(doc)
	decode(dst, row, scale)
	return scale != 0
}

// inPlace reports whether words of n bytes can be read where they lie.
func inPlace(data []byte, n uintptr) bool {
	one := uint16(1)
	little := *(*byte)(unsafe.Pointer(&one)) == 1
	return little && uintptr(unsafe.Pointer(unsafe.SliceData(data)))%n == 0
}

func floats(data []byte) []float32 {
	if inPlace(data, 4) {
		return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(data))), len(data)/4)
	}
	out := make([]float32, len(data)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return out
}

func words(data []byte) []uint64 {
	if inPlace(data, 8) {
		return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(data))), len(data)/8)
	}
	out := make([]uint64, len(data)/8)
	for i := range out {
		out[i] = binary.LittleEndian.Uint64(data[8*i:])
	}
	return out
}
