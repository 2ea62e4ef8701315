package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"slices"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/static"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/evaluate"
)

// A way is one of the ways of searching that [Eval] measures.
type way struct {
	name    string
	request func(text string, vector []float32) search.Request
}

// evalDepth is how long the rankings are that are measured.
const evalDepth = 1000

var ways = []way{
	{"words", func(text string, _ []float32) search.Request {
		return search.Request{Query: search.Words(text), Limit: evalDepth, NoTotal: true}
	}},
	{"meaning", func(_ string, vector []float32) search.Request {
		return search.Request{Mode: search.Semantic, Vector: vector, Limit: evalDepth, NoTotal: true}
	}},
	{"hybrid", func(text string, vector []float32) search.Request {
		return search.Request{Query: search.Words(text), Vector: vector, Limit: evalDepth, NoTotal: true}
	}},
}

// An EvalScore says how good one way of searching is on one collection.
type EvalScore struct {
	Collection string `json:"collection"`
	Part       string `json:"part"` // words, meaning or hybrid
	evaluate.Measures
}

// Eval indexes the documents of a collection in a temporary folder and asks all judged
// queries by words, by meaning, and by both. A nil model stands for the one that is
// compiled in.
func Eval(ctx context.Context, c *evaluate.Collection, model embedding.Model, log *slog.Logger) (_ []EvalScore, err error) {
	if model == nil {
		if model, err = static.Builtin(); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "broadsheet-eval-")
	if err != nil {
		return nil, fmt.Errorf("a folder for the index: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	index, err := indexer.Open(ctx, "index:"+dir, indexer.Options{Model: model, Log: log})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	if err := index.Lock(); err != nil {
		return nil, err
	}
	if err := indexCollection(ctx, index, c.Documents); err != nil {
		return nil, err
	}
	var scores []EvalScore
	for _, w := range ways {
		rankings, err := rankings(ctx, index, c, w)
		if err != nil {
			return nil, err
		}
		scores = append(scores, EvalScore{c.Name, w.name, rounded(c.Measure(rankings))})
	}
	return scores, nil
}

// indexCollection indexes documents, whose names stand in for identifiers.
func indexCollection(ctx context.Context, index *indexer.Index, documents []evaluate.Document) error {
	seq := int64(0)
	for batch := range slices.Chunk(documents, 4096) {
		texts := make([]embedding.Text, len(batch))
		for i, d := range batch {
			texts[i] = embedding.Text{Title: d.Title, Body: d.Text}
		}
		vectors, err := index.Model().Documents(ctx, texts)
		if err != nil {
			return fmt.Errorf("embed: %w", err)
		}
		changes := make([]search.Change, len(batch))
		for i, d := range batch {
			changes[i] = search.Change{ID: paper.ID(d.ID), Document: &search.Document{
				Title: d.Title, Abstract: d.Text, Vector: vectors[i],
			}}
		}
		seq++
		if err := index.Apply(ctx, changes, search.Position{Seq: seq}); err != nil {
			return err
		}
	}
	return nil
}

// rankings asks all judged queries of a collection.
func rankings(ctx context.Context, index *indexer.Index, c *evaluate.Collection, w way) (map[string][]string, error) {
	all := map[string][]string{}
	for _, q := range c.Queries {
		if len(c.Grades[q.ID]) == 0 {
			continue
		}
		vector, err := index.Model().Query(ctx, q.Text)
		if err != nil {
			return nil, fmt.Errorf("query %s: embed: %w", q.ID, err)
		}
		res, err := index.Search(ctx, w.request(q.Text, vector))
		if err != nil {
			return nil, fmt.Errorf("query %s: %w", q.ID, err)
		}
		ids := make([]string, len(res.Hits))
		for i, h := range res.Hits {
			ids[i] = string(h.ID)
		}
		all[q.ID] = ids
	}
	return all, nil
}

// rounded has four digits behind the point: more would promise too much.
func rounded(m evaluate.Measures) evaluate.Measures {
	for _, x := range []*float64{&m.NDCG10, &m.MAP, &m.MRR, &m.Recall} {
		*x = math.Round(*x*1e4) / 1e4
	}
	return m
}

// EvalMeans returns the mean of each way of searching over the collections, each counting
// the same.
func EvalMeans(scores []EvalScore) []EvalScore {
	var means []EvalScore
	for _, w := range ways {
		mean, n := EvalScore{Collection: "mean", Part: w.name}, 0.0
		for _, s := range scores {
			if s.Part == w.name {
				n++
				mean.Queries += s.Queries
				mean.NDCG10 += s.NDCG10
				mean.MAP += s.MAP
				mean.MRR += s.MRR
				mean.Recall += s.Recall
			}
		}
		for _, x := range []*float64{&mean.NDCG10, &mean.MAP, &mean.MRR, &mean.Recall} {
			*x /= n
		}
		means = append(means, mean)
	}
	return means
}
