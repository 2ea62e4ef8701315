// Package static is the built-in embedding model: a table with one vector for each
// stem. A text's vector is the sum of those of its terms, a title's twice, at unit
// length; how much a stem counts is learned and lies in the length of its vector.
//
// Start with [Builtin], the model that is compiled in, or [Read]. MODEL.md beside this
// file says how it was made and how good it is; package train makes one.
//
// Callers that have a text's terms already look each up once with [Model.Row] and pass
// the rows to [Model.EmbedRows].
//
// The model does not know word order, negation or words outside its table.
package static

import (
	"context"
	"math"
	"slices"
	"sync"
	"unsafe"

	"broadsheet/internal/embedding"
	"broadsheet/internal/search/analysis"
)

// A Model is a table of stems. It does not change and may be used by several
// goroutines.
type Model struct {
	name     string
	analysis int // version of the analyzer that made the stems
	dims     int
	stems    []string // by row
	index    map[string]int32
	scales   []float32 // row i is scales[i] times rows[i*dims:(i+1)*dims]
	rows     []int8

	embedders sync.Pool
}

var _ embedding.Model = (*Model)(nil)

// New makes a model of stems and their vectors, which lie one after another in table,
// dims numbers each. They are rounded to a byte a number.
func New(stems []string, table []float32, dims int) (*Model, error) {
	if err := checkSizes(len(stems), dims, len(table)); err != nil {
		return nil, err
	}
	m := &Model{analysis: analysis.Version, dims: dims, stems: slices.Clone(stems)}
	m.rows = make([]int8, len(table))
	m.scales = make([]float32, len(stems))
	for i := range stems {
		m.scales[i] = quantize(m.rows[i*dims:(i+1)*dims], table[i*dims:(i+1)*dims])
	}
	if err := m.makeIndex(); err != nil {
		return nil, err
	}
	m.setName()
	return m, nil
}

// quantize rounds vec to row and returns the scale.
func quantize(row []int8, vec []float32) float32 {
	largest := float32(0)
	for _, x := range vec {
		largest = max(largest, x, -x)
	}
	if !(largest > 0) || largest > math.MaxFloat32 {
		return 0
	}
	for i, x := range vec {
		row[i] = int8(math.RoundToEven(float64(x) / float64(largest) * 127))
	}
	return largest / 127
}

// Name tells the model's kind, dimensions and, by a hash, its table.
func (m *Model) Name() string { return m.name }

// Dimensions is the length of every vector.
func (m *Model) Dimensions() int { return m.dims }

// Terms is m itself.
func (m *Model) Terms() embedding.TermModel { return m }

// Analysis is the version of the analyzer whose terms the model knows.
func (m *Model) Analysis() int { return m.analysis }

// Stems returns the table's terms by row. The slice is shared.
func (m *Model) Stems() []string { return m.stems }

// Row finds a term's row; -1 when the model does not know it.
func (m *Model) Row(term string) int32 {
	if row, ok := m.index[term]; ok {
		return row
	}
	return -1
}

// titleWeight is how often a title's terms count. Twice was best on the judged
// collections that have titles.
const titleWeight = 2

// EmbedRows writes to dst, which has Dimensions elements, the unit vector of a text whose
// terms were analyzed and looked up already, each as often as it occurs; a query is all
// body. Negative rows are passed over. dst becomes the zero vector, and the result is
// false, when there are no others.
func (m *Model) EmbedRows(title, body []int32, dst []float32) bool {
	clear(dst)
	for i, rows := range [2][]int32{title, body} {
		for _, row := range rows {
			if row >= 0 {
				m.add(dst, row, weights[i])
			}
		}
	}
	return normalize(dst)
}

// weights are those of title and body.
var weights = [2]float32{titleWeight, 1}

func (m *Model) add(dst []float32, row int32, weight float32) {
	addRow(dst, m.rows[int(row)*m.dims:][:len(dst)], weight*m.scales[row])
}

// normalize brings v to unit length and reports whether it has a direction.
func normalize(v []float32) bool {
	sum := float32(0)
	for _, x := range v {
		sum += x * x
	}
	if !(sum > 1e-20) {
		clear(v)
		return false
	}
	inverse := float32(1 / math.Sqrt(float64(sum)))
	for i := range v {
		v[i] *= inverse
	}
	return true
}

// Documents embeds titles and bodies; TeX in them is understood.
func (m *Model) Documents(ctx context.Context, texts []embedding.Text) ([][]float32, error) {
	e := m.embedder()
	defer m.embedders.Put(e)
	out := make([][]float32, len(texts))
	for i, t := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = m.embed(e, t.Title, t.Body)
	}
	return out, nil
}

// Query embeds what somebody asks, the same way as a document.
func (m *Model) Query(ctx context.Context, text string) ([]float32, error) {
	e := m.embedder()
	defer m.embedders.Put(e)
	return m.embed(e, "", text), ctx.Err()
}

// An embedder is what one goroutine needs to analyze.
type embedder struct {
	analyzer *analysis.Analyzer
	rows     [2][]int32 // of title and body
}

func (m *Model) embedder() *embedder {
	if e, ok := m.embedders.Get().(*embedder); ok {
		return e
	}
	return &embedder{analyzer: analysis.New()}
}

func (m *Model) embed(e *embedder, title, body string) []float32 {
	for i, text := range [2]string{title, body} {
		e.rows[i] = e.rows[i][:0]
		e.analyzer.Each(analysis.Plain(text), func(t analysis.Token) {
			e.rows[i] = append(e.rows[i], m.Row(t.Term))
		})
	}
	out := make([]float32, m.dims)
	m.EmbedRows(e.rows[0], e.rows[1], out)
	return out
}

// bytesOf reads int8s as bytes and the other way round, without copying.
func bytesOf(s []int8) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}

func int8sOf(s []byte) []int8 {
	return unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}
