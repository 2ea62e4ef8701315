package static_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/embedding/static"
	"broadsheet/internal/search/evaluate"
)

func builtin(t testing.TB) *static.Model {
	t.Helper()
	m, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBuiltin(t *testing.T) {
	embeddingtest.TestModel(t, builtin(t))
}

// The built-in model keeps its quality on collections that people judged. It has seen
// nothing of them.
func TestBuiltinJudged(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..", "shared", "data", "ir")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no judged collections: %v", err)
	}
	least := map[string]float64{"cranfield": 0.38, "cacm": 0.36, "cisi": 0.31, "med": 0.46, "npl": 0.32}
	for name, want := range least {
		c, err := evaluate.Read(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		got := measure(t, builtin(t), c)
		t.Logf("%-10s %d queries: nDCG@10 %.3f, recall@100 %.3f", name, got.Queries, got.NDCG10, got.Recall)
		if got.NDCG10 < want {
			t.Errorf("%s: nDCG@10 is %.3f, want at least %.3f", name, got.NDCG10, want)
		}
	}
}

// measure ranks all documents by cosine.
func measure(t *testing.T, m embedding.Model, c *evaluate.Collection) evaluate.Measures {
	t.Helper()
	texts := make([]embedding.Text, len(c.Documents))
	for i, d := range c.Documents {
		texts[i] = embedding.Text{Title: d.Title, Body: d.Text}
	}
	vectors, err := m.Documents(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	rankings := map[string][]string{}
	for _, q := range c.Queries {
		v, err := m.Query(t.Context(), q.Text)
		if err != nil {
			t.Fatal(err)
		}
		scores, order := make([]float32, len(vectors)), make([]int, len(vectors))
		for i, d := range vectors {
			order[i] = i
			for j, x := range d {
				scores[i] += x * v[j]
			}
		}
		slices.SortStableFunc(order, func(a, b int) int {
			switch {
			case scores[a] > scores[b]:
				return -1
			case scores[a] < scores[b]:
				return 1
			}
			return 0
		})
		for _, i := range order[:min(100, len(order))] {
			rankings[q.ID] = append(rankings[q.ID], c.Documents[i].ID)
		}
	}
	return c.Measure(rankings)
}

// The file is small enough to be compiled in.
func TestBuiltinSize(t *testing.T) {
	data := written(t, builtin(t))
	file, err := os.ReadFile("model.bin")
	if err != nil || !bytes.Equal(data, file) {
		t.Errorf("written again, the model differs from its file: %v", err)
	}
	if len(data) > 8_000_000 {
		t.Errorf("%d bytes, want at most 8 MB", len(data))
	}
}

func BenchmarkLoad(b *testing.B) {
	data := written(b, builtin(b))
	for b.Loop() {
		if _, err := static.Read(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDocuments(b *testing.B) {
	m := builtin(b)
	text := []embedding.Text{{
		Title: "Sparse retrieval with learned weights on long documents",
		Body: "We study how terms are weighted when documents are long. A small network gives each term " +
			"of a passage a weight, and an inverted index keeps the largest. On four collections the " +
			"method finds more relevant passages than the usual formula at the same cost. We also show " +
			"that most of the gain comes from terms which stand in headings, and that the index can be " +
			"pruned to a third of its size without loss. Code and weights for $n \\le 10^6$ are available.",
	}}
	for b.Loop() {
		if _, err := m.Documents(b.Context(), text); err != nil {
			b.Fatal(err)
		}
	}
}
