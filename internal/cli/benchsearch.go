package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"broadsheet/internal/bench"
	"broadsheet/internal/indexer"
	"broadsheet/internal/store"
)

const benchSearchHelp = `Search measures how long the engine takes to answer, on the site's own index, which is
brought up to date first, or with --index on another one of the same papers. It runs on
one processor, from the text of a query to the identifiers of the ten best papers. Each
query is asked once to warm up and three times more, of which the middle time counts.
The table says processor time apart (cpu), which is what to compare when other programs
keep the machine busy.

The queries come from the titles of papers picked at random, always the same ones: a
third whole titles, a third three words in a row, a third two words. With --eval, the
queries of judged collections are asked too.

  words         by words
  total         by words, with the exact number of papers that match
  hybrid        by words and by meaning, the embedding of the query included
  hybrid-total  the same, with the number of papers
  facets        by words and by meaning, with counts by year, category and organization
  filter        by words, and by both, among about 0.1 %, 1 %, 10 % and 50 % of all
                papers: ranges of dates, each a new one, so that none is remembered
  suggest       what completes the beginning of a query
  recall        by meaning alone, and how many of the true ten nearest papers, by exact
                float32 vectors, are found. All papers are embedded again for that.

While serve runs, it has the index: stop it first, or measure a copy of the folder.`

// A benchSearchRun is one call of `broadsheet bench search`.
type benchSearchRun struct {
	format, index string
	queries       int
	modes, eval   []string
}

// newBenchSearch is `broadsheet bench search`.
func newBenchSearch(set *settings) *cobra.Command {
	var r benchSearchRun
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Measure how long searching takes",
		Long:  benchSearchHelp,
		Example: `  broadsheet bench search
  broadsheet bench search --mode words,hybrid --queries 1000 --format json
  broadsheet bench search --index /tmp/copy-of-index --eval collections/*`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(r.eval) > 0 {
				return nil
			}
			return noArgs(cmd, args)
		},
		RunE: func(cmd *cobra.Command, more []string) error {
			r.eval = append(r.eval, more...)
			return set.benchSearch(cmd.Context(), r)
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.format, "format", "table", "write `FORMAT`: table or json")
	f.StringVar(&r.index, "index", "", "the `DIR` of another index of the same papers")
	f.IntVar(&r.queries, "queries", 300, "how many queries to make of titles: `N` from 1 to 100000, or 0 with --eval")
	f.StringSliceVar(&r.modes, "mode", nil, "what to measure, `MODE,...` (default everything)")
	f.StringArrayVar(&r.eval, "eval", nil, "ask the queries of the judged collections in `DIR...`, too")
	return cmd
}

// check finds mistakes in the command line.
func (r *benchSearchRun) check() error {
	if err := tableOrJSON(r.format); err != nil {
		return err
	}
	if r.queries < 0 || r.queries > 100_000 || r.queries == 0 && len(r.eval) == 0 {
		return usageError("--queries: %d is not allowed: write a number from 1 to 100000, or 0 with --eval", r.queries)
	}
	for _, name := range r.modes {
		if !slices.Contains(bench.Modes(), name) {
			return usageError("--mode: there is no %q: write some of %s, separated by commas", name, strings.Join(bench.Modes(), ", "))
		}
	}
	if r.index == "" {
		return nil
	}
	if info, err := os.Stat(r.index); err != nil || !info.IsDir() {
		return usageError("--index: %s is no folder with a search index", r.index)
	}
	return nil
}

// benchSearch measures what r asks for.
func (s *settings) benchSearch(ctx context.Context, r benchSearchRun) error {
	if err := r.check(); err != nil {
		return err
	}
	rows, err := s.benchRows(ctx, r)
	if err != nil && ctx.Err() != nil {
		return &exitError{statusInterrupted, errors.New("interrupted")}
	}
	if err != nil {
		return err
	}
	if r.format == "json" {
		return writeJSONLine(s.out, rows)
	}
	return writeBench(s.out, rows)
}

// benchRows opens the index and measures.
func (s *settings) benchRows(ctx context.Context, r benchSearchRun) ([]bench.SearchRow, error) {
	cfg, err := s.load()
	if err != nil {
		return nil, err
	}
	var rows []bench.SearchRow
	measure := func(db *store.DB, index *indexer.Index) error {
		rows, err = bench.Search(ctx, db, index, bench.SearchOptions{
			Queries: r.queries, Collections: r.eval, Modes: r.modes, Begin: s.benchBegins,
			Embedded: func(n int) { fmt.Fprintf(s.err, "recall: %s embedded again\n", count(n, "paper")) },
		})
		if err == nil {
			fmt.Fprintf(s.err, "peak memory %s\n", peak())
		}
		return err
	}
	if r.index == "" {
		err = s.withIndex(ctx, cfg, measure)
		return rows, err
	}
	cfg.Search = "index:" + r.index
	err = s.onIndex(ctx, cfg, func(db *store.DB, index *indexer.Index) error {
		if err := lockIndex(cfg, index); err != nil {
			return err
		}
		return measure(db, index)
	})
	return rows, err
}

// benchBegins says what is measured.
func (s *settings) benchBegins(index bench.SearchInfo) {
	fmt.Fprintf(s.err, "%s in %d segments, %s, vectors of %s; %s queries\n", count(index.Papers, "paper"), index.Segments,
		megabytes(index.Bytes), cmp.Or(index.Model, "no model"), thousands(index.Queries))
}

// writeBench writes the rows as a table.
func writeBench(w io.Writer, rows []bench.SearchRow) error {
	_, err := fmt.Fprintf(w, "%-18s  %8s  %8s  %8s  %8s  %8s  %7s\n",
		"mode", "mean ms", "p50 ms", "p95 ms", "p99 ms", "cpu ms", "queries")
	for _, r := range rows {
		if err != nil {
			break
		}
		_, err = fmt.Fprintf(w, "%-18s  %8.3f  %8.3f  %8.3f  %8.3f  %8.3f  %7d%s\n",
			r.Mode, r.Mean, r.P50, r.P95, r.P99, r.CPU, r.Queries, rowNote(&r))
	}
	return err
}

// rowNote is what only some rows have.
func rowNote(r *bench.SearchRow) string {
	switch {
	case r.Recall != nil:
		return fmt.Sprintf("  recall@10 %.4f", *r.Recall)
	case r.Matching > 0:
		return "  among " + count(r.Matching, "paper")
	}
	return ""
}
