package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/bench"
	"broadsheet/internal/config"
	"broadsheet/internal/embedding"
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
or one that cannot be read ends with status 1.

` + evalCatalogHelp

// An evalRun is one call of `broadsheet eval`.
type evalRun struct {
	format, model string
	catalog       catalogRun
}

// newEval is `broadsheet eval`.
func newEval(set *settings) *cobra.Command {
	var r evalRun
	cmd := &cobra.Command{
		Use:   "eval [--catalog] [DIR...]",
		Short: "Measure how good the search is",
		Long:  evalHelp,
		Example: `  broadsheet eval collections/*
  broadsheet eval --format json collections/scifact
  broadsheet eval --model new-model.bin collections/scifact
  broadsheet eval --catalog --seed 7
  broadsheet eval --catalog --topics 1000 --names 0 --known 0 --similar 0`,
		Args: func(cmd *cobra.Command, dirs []string) error {
			if r.catalog.on {
				return nil
			}
			return needFolders(cmd, dirs)
		},
		RunE: func(cmd *cobra.Command, dirs []string) error {
			return set.eval(cmd.Context(), r, dirs)
		},
	}
	cmd.Flags().StringVar(&r.format, "format", "table", "write `FORMAT`: table or json")
	cmd.Flags().StringVar(&r.model, "model", "", "a model `FILE` of broadsheet model train, instead of the model that is compiled in")
	r.catalog.flags(cmd.Flags())
	return cmd
}

func needFolders(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError("name the folders of judged collections, or say --catalog\nSee `%s --help`.", cmd.CommandPath())
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

// eval measures all collections, and the catalog where that is asked for, and writes the
// scores.
func (s *settings) eval(ctx context.Context, r evalRun, dirs []string) error {
	if err := tableOrJSON(r.format); err != nil {
		return err
	}
	if err := r.catalog.check(); err != nil {
		return err
	}
	if r.model != "" && len(dirs) == 0 {
		return usageError("--model is for judged collections: the site's own papers are measured with its model (--catalog), so name a DIR or leave it out")
	}
	cfg, err := s.load()
	if err != nil {
		return err
	}
	scores, err := s.evalCollections(ctx, cfg, r, dirs)
	if err != nil {
		return err
	}
	var own []bench.CatalogScore
	if r.catalog.on {
		if own, err = s.evalCatalog(ctx, cfg, r.catalog); own == nil {
			return err
		}
	}
	return errors.Join(s.writeEval(r, scores, own), err)
}

// evalCollections measures judged collections.
func (s *settings) evalCollections(ctx context.Context, cfg *config.Config, r evalRun, dirs []string) (scores []bench.EvalScore, err error) {
	var model embedding.Model // nil: the one that is compiled in
	if r.model != "" {
		if model, err = bench.ReadModel(r.model); err != nil {
			return nil, err
		}
	}
	for _, dir := range dirs {
		c, err := evaluate.Read(dir)
		if err != nil {
			return nil, err
		}
		start := time.Now()
		got, err := bench.Eval(ctx, c, model, s.log(cfg, s.err))
		if err != nil && ctx.Err() != nil {
			return nil, &exitError{statusInterrupted, errors.New("interrupted")}
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		fmt.Fprintf(s.err, "%s: %s documents, %s judged queries, %s\n", c.Name, thousands(len(c.Documents)),
			thousands(got[0].Queries), roundTime(time.Since(start)))
		scores = append(scores, got...)
	}
	return scores, nil
}

// writeEval writes all scores: one table for collections and one for the catalog, or both
// in one array of JSON.
func (s *settings) writeEval(r evalRun, scores []bench.EvalScore, own []bench.CatalogScore) error {
	if r.format == "json" {
		var all []any
		for _, score := range scores {
			all = append(all, score)
		}
		for _, score := range own {
			all = append(all, score)
		}
		return writeJSONLine(s.out, all)
	}
	if len(scores) > 0 {
		if scores[0].Collection != scores[len(scores)-1].Collection {
			scores = append(scores, bench.EvalMeans(scores)...)
		}
		if err := writeScores(s.out, scores); err != nil || len(own) == 0 {
			return err
		}
		fmt.Fprintln(s.out)
	}
	return writeCatalogScores(s.out, own)
}

// writeScores writes the table of all scores.
func writeScores(w io.Writer, scores []bench.EvalScore) error {
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
