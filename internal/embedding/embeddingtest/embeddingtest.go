// Package embeddingtest helps to test embedding models and what uses them.
//
// Start with [TestModel], which checks the contract of embedding.Model and is run on
// every model, or with [Model], a small one that needs no data and gives the same
// vectors everywhere.
package embeddingtest

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"broadsheet/internal/embedding"
	"broadsheet/internal/search/analysis"
)

// Model gives every word a random direction that depends on its letters alone, and a
// text the sum of its words' directions: texts that share words lie close together.
// The zero value has 32 dimensions.
type Model struct {
	Dims int // 0 means 32
}

var _ embedding.Model = Model{}

// Name is "test" and the dimensions.
func (m Model) Name() string { return fmt.Sprintf("test-%d", m.Dimensions()) }

// Dimensions is the length of every vector.
func (m Model) Dimensions() int {
	if m.Dims == 0 {
		return 32
	}
	return m.Dims
}

// Terms is nil: the model reads texts.
func (m Model) Terms() embedding.TermModel { return nil }

// Documents embeds titles and bodies as one text each.
func (m Model) Documents(ctx context.Context, texts []embedding.Text) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		out[i] = m.embed(t.Title + " " + t.Body)
	}
	return out, ctx.Err()
}

// Query embeds a text like a document.
func (m Model) Query(ctx context.Context, text string) ([]float32, error) {
	return m.embed(text), ctx.Err()
}

func (m Model) embed(text string) []float32 {
	sum := make([]float64, m.Dimensions())
	for _, word := range strings.Fields(strings.ToLower(text)) {
		h := fnv.New64a()
		h.Write([]byte(word))
		r := rand.New(rand.NewPCG(h.Sum64(), 0))
		for i := range sum {
			sum[i] += r.NormFloat64()
		}
	}
	length := 0.0
	for _, x := range sum {
		length += x * x
	}
	out := make([]float32, len(sum))
	if length > 0 {
		for i, x := range sum {
			out[i] = float32(x / math.Sqrt(length))
		}
	}
	return out
}

// TestModel checks that m keeps the contract of embedding.Model. It asks for a few
// dozen vectors of short English texts.
func TestModel(t *testing.T, m embedding.Model) {
	t.Helper()
	if m.Name() == "" || m.Dimensions() < 1 {
		t.Fatalf("Name %q, Dimensions %d", m.Name(), m.Dimensions())
	}
	t.Run("shapes", func(t *testing.T) { testShapes(t, m) })
	t.Run("meaning", func(t *testing.T) { testMeaning(t, m) })
	t.Run("batches", func(t *testing.T) { testBatches(t, m) })
	t.Run("terms", func(t *testing.T) { testTerms(t, m) })
	t.Run("together", func(t *testing.T) { testTogether(t, m) })
	t.Run("canceled", func(t *testing.T) { testCanceled(t, m) })
}

var texts = []embedding.Text{
	{Title: "Galaxy clusters in the early universe", Body: "We observe distant clusters of galaxies and measure the redshift of each galaxy."},
	{Title: "Neural machine translation of rare words", Body: "Words that are rare are hard to translate; a neural network learns to split words."},
	{Title: "A bound on prime gaps", Body: "The distance between consecutive primes is bounded with a sieve."},
}

func testShapes(t *testing.T, m embedding.Model) {
	odd := []embedding.Text{{}, {Title: "only a title"}, {Body: "only a body"}, {Title: "αβγ 漢字 \xff\x00"},
		{Body: strings.Repeat("a long body of many words ", 400)}}
	got, err := m.Documents(t.Context(), append(odd, texts...))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(odd)+len(texts) {
		t.Fatalf("%d vectors for %d texts", len(got), len(odd)+len(texts))
	}
	for i, v := range got {
		checkVector(t, m, v, i >= len(odd))
	}
	if none, err := m.Documents(t.Context(), nil); err != nil || len(none) != 0 {
		t.Errorf("no texts: %d vectors, %v", len(none), err)
	}
	for _, q := range []string{"", "galaxy clusters", "\xff"} {
		v, err := m.Query(t.Context(), q)
		if err != nil {
			t.Fatalf("query %q: %v", q, err)
		}
		checkVector(t, m, v, q == "galaxy clusters")
	}
}

// checkVector fails unless v has the model's dimensions and unit length, or, where a
// text may be unknown, is zero.
func checkVector(t *testing.T, m embedding.Model, v []float32, known bool) {
	t.Helper()
	if len(v) != m.Dimensions() {
		t.Fatalf("vector of %d dimensions, want %d", len(v), m.Dimensions())
	}
	length := math.Sqrt(cosine(v, v))
	if math.Abs(length-1) > 1e-3 && (known || length != 0) {
		t.Errorf("vector of length %v", length)
	}
}

func testMeaning(t *testing.T, m embedding.Model) {
	docs, err := m.Documents(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range []string{"distant galaxy clusters", "translation of rare words", "primes gaps sieve"} {
		v, err := m.Query(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for j := range docs {
			if j != i && cosine(v, docs[j]) >= cosine(v, docs[i]) {
				t.Errorf("%q lies nearer to %q than to %q", q, texts[j].Title, texts[i].Title)
			}
		}
	}
}

// testBatches checks that a text's vector does not depend on its company.
func testBatches(t *testing.T, m embedding.Model) {
	var many []embedding.Text
	for range 20 {
		many = append(many, texts...)
	}
	got, err := m.Documents(t.Context(), many)
	if err != nil || len(got) != len(many) {
		t.Fatalf("%d vectors, %v", len(got), err)
	}
	for i, text := range texts {
		alone, err := m.Documents(t.Context(), []embedding.Text{text})
		if err != nil {
			t.Fatal(err)
		}
		for j := i; j < len(got); j += len(texts) {
			if cosine(got[j], alone[0]) < 0.999 {
				t.Fatalf("text %d has another vector when it is embedded alone", j)
			}
		}
	}
}

// testTerms checks that a model of terms makes the vectors that the model makes of texts.
func testTerms(t *testing.T, m embedding.Model) {
	terms := m.Terms()
	if terms == nil {
		return
	}
	if terms.Dimensions() != m.Dimensions() {
		t.Errorf("%d dimensions by terms, %d by texts", terms.Dimensions(), m.Dimensions())
	}
	rows := func(text string) (rows []int32) {
		analysis.New().Each(analysis.Plain(text), func(t analysis.Token) { rows = append(rows, terms.Row(t.Term)) })
		return rows
	}
	want, err := m.Documents(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, m.Dimensions())
	for i, text := range texts {
		if known := terms.EmbedRows(rows(text.Title), rows(text.Body), got); !known || cosine(got, want[i]) < 0.9999 {
			t.Errorf("%q by its terms has another vector", text.Title)
		}
	}
	if known := terms.EmbedRows([]int32{-1}, nil, got); known || cosine(got, got) != 0 {
		t.Errorf("a text of unknown terms has the vector %v", got)
	}
}

func testTogether(t *testing.T, m embedding.Model) {
	want, err := m.Query(t.Context(), texts[0].Title)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 4 {
				got, err := m.Query(t.Context(), texts[0].Title)
				if err != nil || cosine(got, want) < 0.999 {
					t.Errorf("at the same time: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

func testCanceled(t *testing.T, m embedding.Model) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Documents(ctx, texts); err == nil {
		t.Error("Documents with a canceled context is no error")
	}
	if _, err := m.Query(ctx, texts[0].Title); err == nil {
		t.Error("Query with a canceled context is no error")
	}
}

func cosine(a, b []float32) float64 {
	sum := 0.0
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}
