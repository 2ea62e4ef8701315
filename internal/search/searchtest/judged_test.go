package searchtest

import (
	"os"
	"path/filepath"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/evaluate"
)

// judged are the collections, and the nDCG@10 that words alone must reach.
var judged = []struct {
	name  string
	floor float64
}{{"cranfield", .470}, {"cacm", .490}, {"cisi", .415}, {"med", .705}, {"npl", .432}}

func TestJudged(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	var sum float64
	for _, want := range judged {
		c := readJudged(t, want.name)
		e := NewPlain()
		apply(t, e, collectionChanges(c), 1)
		rankings := map[string][]string{}
		for _, q := range c.Queries {
			for _, h := range run(t, e, search.Request{Query: search.Words(q.Text), Limit: 100}).Hits {
				rankings[q.ID] = append(rankings[q.ID], string(h.ID))
			}
		}
		m := c.Measure(rankings)
		sum += m.NDCG10
		t.Logf("%-10s nDCG@10 %.4f  MAP %.4f  MRR %.4f  recall@100 %.4f", want.name, m.NDCG10, m.MAP, m.MRR, m.Recall)
		if m.NDCG10 < want.floor {
			t.Errorf("%s: nDCG@10 %.4f, want %.3f", want.name, m.NDCG10, want.floor)
		}
	}
	t.Logf("mean %.4f", sum/float64(len(judged)))
}

func readJudged(t *testing.T, name string) *evaluate.Collection {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "data", "ir", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the judged collections are not here: %v", err)
	}
	c, err := evaluate.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func collectionChanges(c *evaluate.Collection) []search.Change {
	var out []search.Change
	for _, d := range c.Documents {
		out = append(out, search.Change{ID: paper.ID(d.ID), Document: &search.Document{Title: d.Title, Abstract: d.Text}})
	}
	return out
}
