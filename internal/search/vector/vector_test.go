package vector_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"broadsheet/internal/search/vector"
)

// crowd makes n unit vectors around a few hundred centers, the way texts gather
// around topics, all of them to one side of the origin.
func crowd(seed uint64, n, dims int) [][]float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	centers := make([][]float32, 200)
	for i := range centers {
		centers[i] = gaussian(r, dims)
		centers[i][0] += 3
	}
	out := make([][]float32, n)
	for i := range out {
		out[i] = gaussian(r, dims)
		for j, x := range centers[r.IntN(len(centers))] {
			out[i][j] += 2 * x
		}
		normalize(out[i])
	}
	return out
}

func gaussian(r *rand.Rand, dims int) []float32 {
	out := make([]float32, dims)
	for i := range out {
		out[i] = float32(r.NormFloat64())
	}
	return out
}

func normalize(v []float32) {
	n := math.Sqrt(float64(product(v, v)))
	for i := range v {
		v[i] = float32(float64(v[i]) / n)
	}
}

func product(a, b []float32) float32 {
	s := float32(0)
	for i, x := range a {
		s += x * b[i]
	}
	return s
}

func section(t testing.TB, dims int, vectors [][]float32) []byte {
	t.Helper()
	b, err := vector.NewBuilder(dims)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		if err := b.Append(v); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	n, err := b.WriteTo(&out)
	if err != nil || n != int64(out.Len()) {
		t.Fatalf("WriteTo: %d, %v; wrote %d", n, err, out.Len())
	}
	return out.Bytes()
}

func view(t testing.TB, dims int, vectors [][]float32) vector.View {
	t.Helper()
	v, err := vector.Open(section(t, dims, vectors))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// exact ranks all documents of keep by the cosine of the float32 vectors.
func exact(vectors [][]float32, q []float32, k int, keep func(int) bool) []vector.Hit {
	var hits []vector.Hit
	for doc, v := range vectors {
		if v != nil && (keep == nil || keep(doc)) {
			hits = append(hits, vector.Hit{Doc: uint32(doc), Cosine: product(q, v)})
		}
	}
	slices.SortFunc(hits, func(a, b vector.Hit) int {
		if a.Cosine != b.Cosine {
			return int(math.Copysign(1, float64(b.Cosine-a.Cosine)))
		}
		return int(a.Doc) - int(b.Doc)
	})
	return hits[:min(k, len(hits))]
}

func common(a, b []vector.Hit) int {
	n := 0
	for _, h := range a {
		if slices.ContainsFunc(b, func(o vector.Hit) bool { return o.Doc == h.Doc }) {
			n++
		}
	}
	return n
}

func TestRecall(t *testing.T) {
	for _, dims := range []int{64, 192, 256, 384, 1000} {
		vectors := crowd(uint64(dims), 3100, dims)
		docs, queries := vectors[:3000], vectors[3000:3060]
		v := view(t, dims, docs)
		found, want := 0, 0
		var s vector.Searcher
		for _, q := range queries {
			got, err := v.Search(q, 10, nil, &s)
			if err != nil {
				t.Fatal(err)
			}
			best := exact(docs, q, 10, nil)
			found += common(got, best)
			want += len(best)
			for _, h := range got {
				if d := h.Cosine - product(q, docs[h.Doc]); math.Abs(float64(d)) > 0.005 {
					t.Fatalf("%d dimensions: document %d: cosine off by %v", dims, h.Doc, d)
				}
			}
		}
		if r := float64(found) / float64(want); r < 0.98 {
			t.Errorf("%d dimensions: recall@10 = %.3f, want at least 0.98", dims, r)
		}
	}
}

// With as many candidates as documents, the answer is that of the rows alone.
func TestSearchEqualsRows(t *testing.T) {
	vectors := crowd(7, 2000, 192)
	for i := 0; i < len(vectors); i += 5 {
		vectors[i] = nil
	}
	v := view(t, 192, vectors)
	rows := make([][]float32, len(vectors))
	for i := range rows {
		row := make([]float32, 192)
		if v.Vector(uint32(i), row) {
			rows[i] = row
		} else if vectors[i] != nil {
			t.Fatalf("document %d lost its vector", i)
		}
	}
	s := vector.Searcher{Candidates: 16 * len(vectors)} // a sixteenth is rescored
	for _, q := range crowd(8, 20, 192) {
		got, err := v.Search(q, 50, nil, &s)
		if err != nil {
			t.Fatal(err)
		}
		if n := common(got, exact(rows, q, 50, nil)); n < 49 { // the query is rounded too
			t.Errorf("%d of 50 in common with the rows", n)
		}
		for i, h := range got {
			if s.Cosine(h.Doc) != h.Cosine {
				t.Errorf("document %d: cosine %v and %v", h.Doc, h.Cosine, s.Cosine(h.Doc))
			}
			if i > 0 && got[i-1].Cosine < h.Cosine {
				t.Errorf("hit %d is out of order", i)
			}
		}
	}
}

func TestSearchKeep(t *testing.T) {
	vectors := crowd(9, 3000, 192)
	v := view(t, 192, vectors)
	sets := map[string]func(int) bool{
		"all":      func(int) bool { return true },
		"none":     func(int) bool { return false },
		"one":      func(d int) bool { return d == 2999 },
		"few":      func(d int) bool { return d%701 == 3 },
		"half":     func(d int) bool { return d%2 == 0 },
		"block":    func(d int) bool { return d >= 100 && d < 900 },
		"last odd": func(d int) bool { return d >= 2990 },
	}
	var s vector.Searcher
	for name, in := range sets {
		keep := make([]uint64, len(vectors)/64+3) // longer than needed
		for d := range vectors {
			if in(d) {
				keep[d/64] |= 1 << (d % 64)
			}
		}
		for i := len(vectors); i < 64*len(keep); i++ {
			keep[i/64] |= 1 << (i % 64) // documents there are not
		}
		q := vectors[17]
		got, err := v.Search(q, 10, keep, &s)
		if err != nil {
			t.Fatal(err)
		}
		want := exact(vectors, q, 10, in)
		if len(got) != len(want) || common(got, want) < len(want)-1 {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
		if got, _ := v.Search(q, 10, keep[:1], &s); len(got) > 64 {
			t.Errorf("%s: a set shorter than the documents gave %d", name, len(got))
		}
	}
}

func TestNothingToFind(t *testing.T) {
	q := crowd(1, 1, 192)[0]
	tests := []struct {
		name    string
		vectors [][]float32
		k       int
	}{
		{"no documents", nil, 10},
		{"no vectors", make([][]float32, 100), 10},
		{"zero vectors", [][]float32{make([]float32, 192)}, 10},
		{"none wanted", crowd(2, 10, 192), 0},
	}
	for _, test := range tests {
		got, err := view(t, 192, test.vectors).Search(q, test.k, nil, nil)
		if err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", test.name, got, err)
		}
	}
	if got, err := (vector.View{}).Search(q, 10, nil, nil); err != nil || got != nil {
		t.Errorf("zero View: %v, %v", got, err)
	}
	hits, err := view(t, 192, crowd(3, 10, 192)).Search(make([]float32, 192), 3, nil, nil)
	if err != nil || len(hits) != 3 || hits[0] != (vector.Hit{}) {
		t.Errorf("zero query: %v, %v", hits, err)
	}
}

func TestErrors(t *testing.T) {
	if _, err := vector.NewBuilder(0); err == nil {
		t.Error("0 dimensions are no error")
	}
	b, _ := vector.NewBuilder(3)
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for _, v := range [][]float32{{1, 2}, {1, 2, 3, 4}, {nan, 1, 1}, {1, nan, 1}, {1, 1, inf}} {
		if err := b.Append(v); err == nil {
			t.Errorf("Append(%v) is no error", v)
		}
	}
	v := view(t, 3, [][]float32{{1, 0, 0}})
	for _, q := range [][]float32{nil, {1}, {nan, 0, 0}, {inf, 0, 0}} {
		if _, err := v.Search(q, 1, nil, nil); err == nil {
			t.Errorf("query %v is no error", q)
		}
	}
}

// A section made of another's rows is the same section.
func TestAppendRow(t *testing.T) {
	vectors := crowd(4, 300, 192)
	vectors[5] = nil
	first := section(t, 192, vectors)
	v, err := vector.Open(first)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := vector.NewBuilder(192)
	for doc := range v.Documents() {
		row, scale := v.Row(uint32(doc))
		if err := b.AppendRow(row, scale); err != nil {
			t.Fatal(err)
		}
	}
	var second bytes.Buffer
	if _, err := b.WriteTo(&second); err != nil || !bytes.Equal(first, second.Bytes()) {
		t.Errorf("copy differs: %v", err)
	}
}

// A section that lies at an odd address is read by copying.
func TestOpenUnaligned(t *testing.T) {
	vectors := crowd(5, 100, 64)
	data := section(t, 64, vectors)
	moved := append(make([]byte, 1, len(data)+1), data...)[1:]
	v, err := vector.Open(moved)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := v.Search(vectors[3], 5, nil, nil)
	want, _ := view(t, 64, vectors).Search(vectors[3], 5, nil, nil)
	if !slices.Equal(got, want) || got[0].Doc != 3 {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzOpen(f *testing.F) {
	data := section(f, 8, crowd(6, 20, 8))
	f.Add(data)
	f.Add(data[:len(data)-1])
	f.Add(data[:40])
	huge := slices.Clone(data)
	binary.LittleEndian.PutUint32(huge[12:], math.MaxUint32)
	f.Add(huge)
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := vector.Open(data)
		if err != nil {
			return
		}
		q := make([]float32, v.Dimensions())
		q[0] = 1
		hits, err := v.Search(q, 5, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			if int(h.Doc) >= v.Documents() {
				t.Fatalf("document %d of %d", h.Doc, v.Documents())
			}
		}
	})
}

func benchmarkSearch(b *testing.B, keep func(int) bool) {
	const million = 1 << 20
	vectors := crowd(1, 1<<14, 192)
	build, _ := vector.NewBuilder(192)
	for i := range million {
		if err := build.Append(vectors[i%len(vectors)]); err != nil {
			b.Fatal(err)
		}
	}
	var data bytes.Buffer
	if _, err := build.WriteTo(&data); err != nil {
		b.Fatal(err)
	}
	v, err := vector.Open(data.Bytes())
	if err != nil {
		b.Fatal(err)
	}
	var set []uint64
	if keep != nil {
		set = make([]uint64, million/64)
		for d := range million {
			if keep(d) {
				set[d/64] |= 1 << (d % 64)
			}
		}
	}
	var s vector.Searcher
	for i := 0; b.Loop(); i++ {
		if _, err := v.Search(vectors[i%len(vectors)], 10, set, &s); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/million, "ns/doc")
}

func BenchmarkSearch(b *testing.B) { benchmarkSearch(b, nil) }

func BenchmarkSearchTenth(b *testing.B) {
	benchmarkSearch(b, func(d int) bool { return d*7919%10 == 0 })
}

func BenchmarkSearchThousandth(b *testing.B) {
	benchmarkSearch(b, func(d int) bool { return d*7919%1000 == 0 })
}
