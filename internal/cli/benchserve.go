package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/bench"
)

const benchServeHelp = `Serve measures how long readers wait for the page of a paper while other papers come in.
It starts the site on an empty folder and a free port of this machine, with the papers of
--base, and asks for pages of random ones at a steady rate, while the first papers of FILE,
a metadata snapshot of arXiv, are imported beside it, indexed by the site, and their
segments merged. The folder is removed at the end. The site's own data and settings do not
count.

  quiet       before the import
  importing   while the import runs; the site indexes meanwhile what it can
  indexing    until all papers can be found
  merging     until the index stands still
  busy        importing, indexing and merging together

Each page counts from the moment at which it was due, so that one that waits makes those
behind it late, too.`

// A benchServeRun is one call of `broadsheet bench serve`.
type benchServeRun struct {
	format                 string
	base                   []string
	papers, rate           int
	quiet, settled, within time.Duration
}

// newBenchServe is `broadsheet bench serve`.
func newBenchServe(set *settings) *cobra.Command {
	var r benchServeRun
	cmd := &cobra.Command{
		Use:   "serve --base FILE FILE",
		Short: "Measure how long readers wait while papers come in",
		Long:  benchServeHelp,
		Example: `  broadsheet bench serve --base daily.jsonl.zst arxiv.jsonl.zst
  broadsheet bench serve --base daily.jsonl.zst --papers 50000 --rate 100 --format json arxiv.jsonl.zst`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || len(r.base) == 0 {
				return usageError("name the file of the site's papers with --base, and one file to import\nSee `%s --help`.", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, files []string) error {
			return set.benchServe(cmd.Context(), r, files[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.format, "format", "table", "write `FORMAT`: table or json")
	f.StringArrayVar(&r.base, "base", nil, "import this `FILE` of a Daily Papers API's items first; may be given again")
	f.IntVar(&r.papers, "papers", 200_000, "how many papers of FILE to import, `N`; 0: all")
	f.IntVar(&r.rate, "rate", 20, "how many pages to ask for in a second, `N` from 1 to 1000")
	f.DurationVar(&r.quiet, "quiet", 10*time.Second, "how long to ask for pages before the import, `SPAN`")
	f.DurationVar(&r.settled, "settled", 10*time.Second, "how long the index stands still before its merges count as done, `SPAN`")
	f.DurationVar(&r.within, "within", 10*time.Minute, "how long all may take, `SPAN`")
	return cmd
}

// check finds mistakes in the command line.
func (r *benchServeRun) check(file string) error {
	if err := tableOrJSON(r.format); err != nil {
		return err
	}
	switch {
	case r.rate < 1 || r.rate > 1000:
		return usageError("--rate: %d is not allowed: write a number from 1 to 1000", r.rate)
	case r.papers < 0:
		return usageError("--papers: %d is not allowed: write a number of papers, or 0 for all", r.papers)
	case r.quiet <= 0 || r.settled <= 0 || r.within <= 0:
		return usageError("--quiet, --settled and --within take a time span above 0, for example 10s or 2m")
	}
	for _, name := range append([]string{file}, r.base...) {
		if _, err := os.Stat(name); err != nil {
			return &exitError{statusUsage, err}
		}
	}
	return nil
}

// benchServe measures, and writes what was measured even when it was cut short.
func (s *settings) benchServe(ctx context.Context, r benchServeRun, file string) error {
	if err := r.check(file); err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.within, fmt.Errorf("not done within %s; --within allows more", r.within))
	defer cancel()
	rows, err := bench.Serve(ctx, bench.ServeOptions{
		Program: program, Base: r.base, Import: file, Papers: r.papers, Rate: r.rate, Quiet: r.quiet, Settled: r.settled, Progress: s.benchServeProgress(),
	})
	if r.format == "json" {
		err = errors.Join(err, writeJSONLine(s.out, rows))
	} else if len(rows) > 0 {
		err = errors.Join(err, writeServeRows(s.out, rows))
	}
	switch {
	case err == nil || ctx.Err() == nil:
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return context.Cause(ctx)
	}
	return &exitError{statusInterrupted, errors.New("interrupted")}
}

// benchServeProgress says on standard error how far the measurement is.
func (s *settings) benchServeProgress() func(bench.ServeProgress) {
	shown, phase := time.Now(), ""
	return func(p bench.ServeProgress) {
		if p.Phase == phase && time.Since(shown) < plainEvery {
			return
		}
		shown, phase = time.Now(), p.Phase
		line := fmt.Sprintf("%s: %s", p.Phase, p.Elapsed.Round(time.Second))
		if p.Pages > 0 {
			line += fmt.Sprintf(", %s pages, the longest %s", thousands(p.Pages), p.Longest.Round(time.Millisecond))
		}
		fmt.Fprintln(s.err, line)
	}
}

// writeServeRows writes the rows as a table.
func writeServeRows(w io.Writer, rows []bench.ServeRow) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-9s  %8s  %7s  %6s  %8s  %8s  %8s  %10s\n", "phase", "seconds", "pages", "failed", "p50 ms", "p90 ms", "p99 ms", "longest ms")
	for _, r := range rows {
		fmt.Fprintf(&b, "%-9s  %8.1f  %7d  %6d  %8.1f  %8.1f  %8.1f  %10.1f\n", r.Phase, r.Seconds, r.Pages, r.Failed, r.P50, r.P90, r.P99, r.Longest)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
