package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/app"
	"broadsheet/internal/bench"
	"broadsheet/internal/indexer"
	"broadsheet/internal/store"
)

const benchHTTPHelp = `HTTP measures how long the site takes to answer searches over HTTP, from the request to
the last byte of the answer. It serves the site's own data on a free loopback port, after
its search index has been brought up to date, and asks what a program and a browser ask:

  api             /api/v1/search with facets, each query once, one behind the other
  page            /papers?q=, the page of results, in the same way
  api-repeated    the first 20 queries again and again, by several clients at a time
  page-repeated   the same for the page

The queries come from the titles of papers picked at random, always the same ones, as those
of broadsheet bench search. Answers are asked for as browsers ask, compressed.

While serve runs, it has the index: stop it first, or measure a copy of the folder.`

// A benchHTTPRun is one call of `broadsheet bench http`.
type benchHTTPRun struct {
	format           string
	queries, clients int
	repeat           time.Duration
}

// newBenchHTTP is `broadsheet bench http`.
func newBenchHTTP(set *settings) *cobra.Command {
	var r benchHTTPRun
	cmd := &cobra.Command{
		Use:   "http",
		Short: "Measure how long searching takes over HTTP",
		Long:  benchHTTPHelp,
		Example: `  broadsheet bench http
  broadsheet bench http --queries 1000 --clients 8 --format json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return set.benchHTTP(cmd.Context(), r) },
	}
	f := cmd.Flags()
	f.StringVar(&r.format, "format", "table", "write `FORMAT`: table or json")
	f.IntVar(&r.queries, "queries", 300, "how many queries to make of titles: `N` from 1 to 100000")
	f.IntVar(&r.clients, "clients", 4, "how many clients repeat queries at a time: `N` from 1 to 1000")
	f.DurationVar(&r.repeat, "repeat", 3*time.Second, "for how long they do, `SPAN`")
	return cmd
}

// check finds mistakes in the command line.
func (r *benchHTTPRun) check() error {
	switch {
	case r.queries < 1 || r.queries > 100_000:
		return usageError("--queries: %d is not allowed: write a number from 1 to 100000", r.queries)
	case r.clients < 1 || r.clients > 1000:
		return usageError("--clients: %d is not allowed: write a number from 1 to 1000", r.clients)
	case r.repeat <= 0:
		return usageError("--repeat: %s is not allowed: write a time such as 3s", r.repeat)
	}
	return tableOrJSON(r.format)
}

// benchHTTP measures what r asks for.
func (s *settings) benchHTTP(ctx context.Context, r benchHTTPRun) error {
	if err := r.check(); err != nil {
		return err
	}
	cfg, err := s.load()
	if err != nil {
		return err
	}
	cfg.APILimit = 0 // one client asks more than a site allows
	var rows []bench.HTTPRow
	err = s.withIndex(ctx, cfg, func(db *store.DB, idx *indexer.Index) error {
		if err := idx.WaitMerges(ctx); err != nil {
			return err
		}
		site, err := app.Local(ctx, cfg, slog.New(slog.DiscardHandler), db, idx)
		if err != nil {
			return err
		}
		rows, err = bench.HTTP(ctx, db, site, bench.HTTPOptions{Queries: r.queries, Clients: r.clients, Repeat: r.repeat})
		return err
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return &exitError{statusInterrupted, errors.New("interrupted")}
	case err != nil:
		return err
	case r.format == "json":
		return writeJSONLine(s.out, rows)
	}
	return writeBenchHTTP(s.out, rows)
}

// writeBenchHTTP writes the rows as a table.
func writeBenchHTTP(w io.Writer, rows []bench.HTTPRow) error {
	_, err := fmt.Fprintf(w, "%-14s  %8s  %8s  %8s  %8s  %10s  %8s\n", "what", "mean ms", "p50 ms", "p95 ms", "p99 ms", "requests/s", "requests")
	for _, r := range rows {
		if err != nil {
			break
		}
		_, err = fmt.Fprintf(w, "%-14s  %8.3f  %8.3f  %8.3f  %8.3f  %10.0f  %8d\n", r.What, r.Mean, r.P50, r.P95, r.P99, r.Rate, r.Requests)
	}
	return err
}
