package searchtest

import (
	"context"
	"fmt"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/evaluate"
)

// An Embedder is a model as Sweep needs it.
type Embedder interface {
	Document(title, body string) ([]float32, error)
	Query(text string) ([]float32, error)
}

// Sweep measures a collection by words and meaning for each of some weights of
// meaning, with exact scores and vectors; the weight 0 is words alone. It is how
// search.DefaultFusion is fitted: choose the weight on some collections, and look at
// the others.
func Sweep(c *evaluate.Collection, model Embedder, weights []float64) ([]evaluate.Measures, error) {
	e := newPlain(search.DefaultFusion)
	changes, err := embedded(c, model)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	if err := e.Apply(ctx, changes, search.Position{Seq: 1}); err != nil {
		return nil, err
	}
	var out []evaluate.Measures
	for _, weight := range weights {
		e.fusion.Meaning = weight
		rankings, err := e.rankings(ctx, c, model)
		if err != nil {
			return nil, err
		}
		out = append(out, c.Measure(rankings))
	}
	return out, nil
}

// embedded are the documents of a collection with their vectors.
func embedded(c *evaluate.Collection, model Embedder) ([]search.Change, error) {
	var out []search.Change
	for _, d := range c.Documents {
		v, err := model.Document(d.Title, d.Text)
		if err != nil {
			return nil, fmt.Errorf("searchtest: embedding %s of %s: %w", d.ID, c.Name, err)
		}
		out = append(out, search.Change{ID: paper.ID(d.ID), Document: &search.Document{Title: d.Title, Abstract: d.Text, Vector: v}})
	}
	return out, nil
}

func (e *plain) rankings(ctx context.Context, c *evaluate.Collection, model Embedder) (map[string][]string, error) {
	out := map[string][]string{}
	for _, q := range c.Queries {
		r := search.Request{Query: search.Words(q.Text), Limit: 100}
		if e.fusion.Meaning > 0 {
			v, err := model.Query(q.Text)
			if err != nil {
				return nil, fmt.Errorf("searchtest: embedding query %s of %s: %w", q.ID, c.Name, err)
			}
			r.Vector = v
		}
		result, err := e.Search(ctx, r)
		if err != nil {
			return nil, err
		}
		for _, h := range result.Hits {
			out[q.ID] = append(out[q.ID], string(h.ID))
		}
	}
	return out, nil
}
