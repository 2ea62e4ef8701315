package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/app"
	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/static"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/evaluate"
)

const evalHelp = `Eval measures how good the search is. Each DIR is a judged collection in the layout of
BEIR: corpus.jsonl (_id, title, text), queries.jsonl (_id, text), and in qrels.tsv or
qrels/test.tsv which documents people found relevant to which query, and how much.

Each collection is indexed in a temporary folder, with the model that is compiled in or
the one of --model, and all its judged queries are asked three times: by words alone,
by meaning alone, and by both, as the site does (hybrid). Queries are asked as plain
words: quotation marks and colons in them are no query language.

The measures are means over the queries: nDCG@10, MAP and recall@100 as trec_eval has
them, and the reciprocal rank of the first relevant document among ten. A missing file
or one that cannot be read ends with status 1. The site's own papers are left alone.`

// An evalRun is one call of `broadsheet eval`.
type evalRun struct {
	format, model string
}

// newEval is `broadsheet eval`.
func newEval(set *settings) *cobra.Command {
	var r evalRun
	cmd := &cobra.Command{
		Use:   "eval DIR...",
		Short: "Measure how good the search is on judged collections",
		Long:  evalHelp,
		Example: `  broadsheet eval collections/*
  broadsheet eval --format json collections/scifact
  broadsheet eval --model new-model.bin collections/scifact`,
		Args: needFolders,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			return set.eval(cmd.Context(), r, dirs)
		},
	}
	cmd.Flags().StringVar(&r.format, "format", "table", "write `FORMAT`: table or json")
	cmd.Flags().StringVar(&r.model, "model", "", "a model `FILE` of broadsheet model train, instead of the model that is compiled in")
	return cmd
}

func needFolders(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError("name the folders of judged collections\nSee `%s --help`.", cmd.CommandPath())
	}
	return nil
}

// tableOrJSON checks the --format of a measurement.
func tableOrJSON(format string) error {
	if format != "table" && format != "json" {
		return usageError("--format: %q is not allowed: write table or json", format)
	}
	return nil
}

// A part is a way of searching that is measured by itself.
type part struct {
	name    string
	request func(text string, vector []float32) search.Request
}

// evalDepth is how long the rankings are that are measured.
const evalDepth = 1000

var evalParts = []part{
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

// A score is how good a part is on a collection.
type score struct {
	Collection string `json:"collection"`
	Part       string `json:"part"`
	evaluate.Measures
}

// eval measures all parts on all collections.
func (s *settings) eval(ctx context.Context, r evalRun, dirs []string) error {
	if err := tableOrJSON(r.format); err != nil {
		return err
	}
	model, err := readModel(r.model)
	if err != nil {
		return err
	}
	var scores []score
	for _, dir := range dirs {
		c, err := evaluate.Read(dir)
		if err != nil {
			return err
		}
		got, err := s.evalCollection(ctx, c, model)
		if err != nil && ctx.Err() != nil {
			return &exitError{statusInterrupted, errors.New("interrupted")}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		scores = append(scores, got...)
	}
	if r.format == "json" {
		return writeJSONLine(s.out, scores)
	}
	return writeScores(s.out, scores, len(dirs) > 1)
}

// readModel reads a model's file; "" stands for the model that is compiled in.
func readModel(name string) (embedding.Model, error) {
	if name == "" {
		return static.Builtin()
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	defer f.Close()
	m, err := static.Read(f)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	return m, nil
}

// evalCollection measures all parts on one collection.
func (s *settings) evalCollection(ctx context.Context, c *evaluate.Collection, model embedding.Model) (_ []score, err error) {
	start := time.Now()
	cfg, err := s.load()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "broadsheet-eval-")
	if err != nil {
		return nil, fmt.Errorf("a folder for the index: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cfg.Data, cfg.Search, cfg.Embedding = dir, "", "builtin"
	finder, err := s.openFinder(cfg)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, finder.Close()) }()
	finder.Model = model
	if err := tellCollection(ctx, finder, c.Documents); err != nil {
		return nil, err
	}
	var scores []score
	for _, p := range evalParts {
		rankings, err := rankings(ctx, finder, c, p)
		if err != nil {
			return nil, err
		}
		scores = append(scores, score{c.Name, p.name, rounded(c.Measure(rankings))})
	}
	fmt.Fprintf(s.err, "%s: %s documents, %s judged queries, %s\n", c.Name, thousands(len(c.Documents)),
		thousands(scores[0].Queries), roundTime(time.Since(start)))
	return scores, nil
}

// tellCollection indexes documents, whose names stand in for identifiers.
func tellCollection(ctx context.Context, finder *app.Finder, documents []evaluate.Document) error {
	seq := int64(0)
	for batch := range slices.Chunk(documents, 4096) {
		texts := make([]embedding.Text, len(batch))
		for i, d := range batch {
			texts[i] = embedding.Text{Title: d.Title, Body: d.Text}
		}
		vectors, err := finder.Model.Documents(ctx, texts)
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
		if err := finder.Apply(ctx, changes, search.Position{Seq: seq}); err != nil {
			return err
		}
	}
	return nil
}

// rankings asks all judged queries of a collection.
func rankings(ctx context.Context, finder *app.Finder, c *evaluate.Collection, p part) (map[string][]string, error) {
	all := map[string][]string{}
	for _, q := range c.Queries {
		if len(c.Grades[q.ID]) == 0 {
			continue
		}
		vector, err := finder.Model.Query(ctx, q.Text)
		if err != nil {
			return nil, fmt.Errorf("query %s: embed: %w", q.ID, err)
		}
		res, err := finder.Search(ctx, p.request(q.Text, vector))
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

// writeScores writes the table of all scores, with their means.
func writeScores(w io.Writer, scores []score, means bool) error {
	if means {
		for _, p := range evalParts {
			scores = append(scores, meanScore(scores, p.name))
		}
	}
	width := len("collection")
	for _, s := range scores {
		width = max(width, len(s.Collection))
	}
	_, err := fmt.Fprintf(w, "%-*s  %-7s  %7s  %7s  %6s  %6s  %10s\n", width, "collection", "part", "queries", "nDCG@10", "MAP", "MRR", "recall@100")
	for _, s := range scores {
		if err == nil {
			_, err = fmt.Fprintf(w, "%-*s  %-7s  %7d  %7.4f  %6.4f  %6.4f  %10.4f\n", width, s.Collection, s.Part, s.Queries, s.NDCG10, s.MAP, s.MRR, s.Recall)
		}
	}
	return err
}

// meanScore is the mean of a part over the collections, each counting the same.
func meanScore(scores []score, part string) score {
	mean, n := score{Collection: "mean", Part: part}, 0.0
	for _, s := range scores {
		if s.Part == part {
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
	return mean
}
