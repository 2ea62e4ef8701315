package index

import (
	"testing"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/static"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// A document that comes without a vector gets the one that the model would give it.
func TestEmbedsByTerms(t *testing.T) {
	model, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	titles := []string{"Graph neural networks for molecules", "Quantum error correction with surface codes",
		"Erd\\H{o}s numbers of k-means clustering", "Deep reinforcement learning in robotics"}
	var with, without []search.Change
	for i, c := range searchtest.Corpus(3, len(titles)) {
		d := *c.Document
		d.Title, d.Abstract, d.Vector = titles[i], "We study "+titles[i]+" and more of it.", nil
		without = append(without, search.Change{ID: c.ID, Document: &d})
		vectors, err := model.Documents(t.Context(), []embedding.Text{{Title: d.Title, Body: d.Abstract}})
		if err != nil {
			t.Fatal(err)
		}
		own := d
		own.Vector = vectors[0]
		with = append(with, search.Change{ID: c.ID, Document: &own})
	}
	for _, question := range []string{"molecular graphs", "quantum codes", "robot learning", "clustering"} {
		v, err := model.Query(t.Context(), question)
		if err != nil {
			t.Fatal(err)
		}
		var best [2]search.Hit
		for i, changes := range [][]search.Change{with, without} {
			e, err := Open(t.TempDir(), Options{Model: model.Name(), Embedder: model})
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			if err := e.Apply(t.Context(), changes, search.Position{Seq: 1}); err != nil {
				t.Fatal(err)
			}
			res, err := e.Search(t.Context(), search.Request{Query: search.Words(question), Vector: v, Why: true})
			if err != nil || len(res.Hits) == 0 {
				t.Fatalf("%q: %d hits, %v", question, len(res.Hits), err)
			}
			best[i] = res.Hits[0]
		}
		a, b := best[0], best[1]
		if a.ID != b.ID || a.Why.Meaning-b.Why.Meaning > 1e-3 || b.Why.Meaning-a.Why.Meaning > 1e-3 || b.Why.Meaning == 0 {
			t.Errorf("%q: %s with cosine %.4f, from terms %s with %.4f", question, a.ID, a.Why.Meaning, b.ID, b.Why.Meaning)
		}
	}
}
