package static_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/static"
	"broadsheet/internal/search/analysis"
)

func tiny(t testing.TB) *static.Model {
	t.Helper()
	m, err := static.New([]string{"galaxi", "prime", "word"}, []float32{1, 0, 0, 0, 2, 0, 0.5, 0.5, 0.5}, 3)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEmbed(t *testing.T) {
	m := tiny(t)
	diagonal := float32(1 / math.Sqrt(3))
	tests := []struct {
		title, body string
		want        []float32
	}{
		{"Galaxies", "", []float32{1, 0, 0}},
		{"", "the galaxy", []float32{1, 0, 0}},
		{"Words", "", []float32{diagonal, diagonal, diagonal}},
		{"galaxy", "a prime", []float32{0.7071, 0.7071, 0}}, // once 1, but in the title; once 2
		{"", "galaxies, galaxies: a prime", []float32{0.7071, 0.7071, 0}},
		{"unheard", "of", []float32{0, 0, 0}},
		{"", "", []float32{0, 0, 0}},
	}
	for _, test := range tests {
		got, err := m.Documents(t.Context(), []embedding.Text{{Title: test.title, Body: test.body}})
		if err != nil || !near(got[0], test.want) {
			t.Errorf("%q, %q: %v, %v; want %v", test.title, test.body, got, err, test.want)
		}
		query, err := m.Query(t.Context(), test.body)
		if err != nil || test.title == "" && !slices.Equal(query, got[0]) {
			t.Errorf("query %q: %v, %v", test.body, query, err)
		}
	}
	dst := []float32{9, 9, 9}
	if !m.EmbedRows(nil, []int32{m.Row("prime"), -1, m.Row("unheard")}, dst) || !near(dst, []float32{0, 1, 0}) {
		t.Errorf("EmbedRows: %v", dst)
	}
	if m.EmbedRows(nil, []int32{m.Row("unheard")}, dst) || !near(dst, []float32{0, 0, 0}) {
		t.Errorf("EmbedRows of unknown terms: %v", dst)
	}
}

func near(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Abs(float64(x-y)) < 0.01 })
}

func written(t testing.TB, m *static.Model) []byte {
	t.Helper()
	var out bytes.Buffer
	if n, err := m.WriteTo(&out); err != nil || n != int64(out.Len()) {
		t.Fatalf("WriteTo: %d of %d, %v", n, out.Len(), err)
	}
	return out.Bytes()
}

func TestWriteRead(t *testing.T) {
	m := tiny(t)
	again, err := static.Read(bytes.NewReader(written(t, m)))
	if err != nil {
		t.Fatal(err)
	}
	if again.Name() != m.Name() || !strings.HasPrefix(m.Name(), "static-3-") || again.Analysis() != analysis.Version {
		t.Errorf("names %q and %q, analysis %d", m.Name(), again.Name(), again.Analysis())
	}
	if !bytes.Equal(written(t, m), written(t, again)) || !slices.Equal(m.Stems(), again.Stems()) {
		t.Error("written again, it differs")
	}
	other, _ := static.New([]string{"galaxi"}, []float32{1, 0, 0}, 3)
	if other.Name() == m.Name() {
		t.Error("another table has the same name")
	}
}

func TestReadDamaged(t *testing.T) {
	data := written(t, tiny(t))
	for i := range data {
		flipped := slices.Clone(data)
		flipped[i] ^= 0x10
		if _, err := static.Read(bytes.NewReader(flipped)); err == nil {
			t.Errorf("byte %d of %d flipped: no error", i, len(data))
		}
		if _, err := static.Read(bytes.NewReader(data[:i])); err == nil {
			t.Errorf("cut after %d bytes: no error", i)
		}
	}
	broken := errors.New("broken disk")
	if _, err := static.Read(failing{broken}); !errors.Is(err, broken) {
		t.Errorf("failing reader: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestNewErrors(t *testing.T) {
	tests := []struct {
		name  string
		stems []string
		table []float32
		dims  int
	}{
		{"no dimensions", []string{"a"}, nil, 0},
		{"too short a table", []string{"a", "b"}, []float32{1}, 1},
		{"a stem twice", []string{"a", "a"}, []float32{1, 1}, 1},
		{"an empty stem", []string{""}, []float32{1}, 1},
		{"a long stem", []string{strings.Repeat("a", 256)}, []float32{1}, 1},
	}
	for _, test := range tests {
		if _, err := static.New(test.stems, test.table, test.dims); err == nil {
			t.Errorf("%s: no error", test.name)
		}
	}
}

func FuzzRead(f *testing.F) {
	data := written(f, tiny(f))
	f.Add(data)
	f.Add(data[:70])
	huge := slices.Clone(data)
	binary.LittleEndian.PutUint32(huge[12:], math.MaxUint32)
	f.Add(huge)
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := static.Read(bytes.NewReader(data)); err == nil {
			rows := make([]int32, len(m.Stems()))
			for i, stem := range m.Stems() {
				rows[i] = m.Row(stem)
			}
			m.EmbedRows(rows, nil, make([]float32, m.Dimensions()))
		}
	})
}

func BenchmarkEmbedRows(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const dims = 192
	stems, table := make([]string, 30_000), make([]float32, 30_000*dims)
	for i := range stems {
		stems[i] = fmt.Sprintf("stem%d", i)
	}
	for i := range table {
		table[i] = float32(r.NormFloat64())
	}
	m, err := static.New(stems, table, dims)
	if err != nil {
		b.Fatal(err)
	}
	rows := make([]int32, 130)
	for i := range rows {
		rows[i] = m.Row(stems[int(math.Abs(r.NormFloat64())*5000)%len(stems)])
	}
	dst := make([]float32, dims)
	for b.Loop() {
		m.EmbedRows(rows[:10], rows[10:], dst)
	}
}
