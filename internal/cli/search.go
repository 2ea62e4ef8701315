package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

const searchHelp = `Search finds papers among those that lie on this machine, as the site's search box
does: by words and by meaning, the best first. The query language is the same:

  deep learning             any of the words       "deep learning"   one after another
  -survey                   without                a OR b            one of both
  author:  title:  abs:  org:  cat:cs.CL           in that field
  year:2024..2025  after:2024-05-01  before:30d    by date
  has:code  in:daily  votes:>10                    by what is known of them
  similar:2401.01234  sort:new|votes|trending      in another order

Put a query into quotation marks, so that the shell leaves it alone, and -- before one
that begins with a minus.

On a terminal the answer is a table, elsewhere lines of rank, votes, date, identifier
and title, separated by tabs. How many papers were found, and what to write instead, goes
to standard error. The search index is brought up to date first, by serve while that
runs. Where that is not done at once, standard error says what is missing, and the exit
status is 3: a paper that is not found may be there all the same.`

// A searchRun is one call of `broadsheet search`.
type searchRun struct {
	question catalog.SearchRequest
	format   string
}

// newSearch is `broadsheet search`.
func newSearch(set *settings) *cobra.Command {
	var r searchRun
	cmd := &cobra.Command{
		Use:   "search QUERY...",
		Short: "Find papers by words and by meaning",
		Long:  searchHelp,
		Example: `  broadsheet search retrieval augmented generation
  broadsheet search 'author:"Ada Lovelace" year:2024.. -survey'
  broadsheet search --limit 50 --format json 'cat:cs.CL has:code sort:votes'
  broadsheet search --why 'sparse attention'`,
		Args: needQuery,
		RunE: func(cmd *cobra.Command, words []string) error {
			r.question.Text = strings.Join(words, " ")
			return set.search(cmd.Context(), r)
		},
	}
	f := cmd.Flags()
	f.IntVar(&r.question.Limit, "limit", 20, "how many papers to show, `N` from 1 to 1000")
	f.BoolVar(&r.question.Words, "words", false, "go by words alone, not by meaning")
	f.BoolVar(&r.question.Why, "why", false, "say what each paper's score is made of")
	f.StringVar(&r.format, "format", "", "write `FORMAT`: table, json, tsv or ids (default table on a terminal, else tsv)")
	return cmd
}

func needQuery(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError("say what to search for\nSee `%s --help`.", cmd.CommandPath())
	}
	return nil
}

// search answers one question.
func (s *settings) search(ctx context.Context, r searchRun) error {
	write, err := s.answerWriter(r)
	if err != nil {
		return err
	}
	cfg, err := s.load()
	if err != nil {
		return err
	}
	return s.withReader(ctx, cfg, func(db *store.DB, idx *indexer.Index, lag bool) error {
		a, err := ask(ctx, cfg, db, idx, r.question)
		if err != nil {
			return err
		}
		if err := write(s.out, a); err != nil {
			return fmt.Errorf("write the answer: %w", err)
		}
		return explain(ctx, s.err, db, a, lag)
	})
}

// answerWriter checks the options and returns what writes answers.
func (s *settings) answerWriter(r searchRun) (answerWriter, error) {
	if n := r.question.Limit; n < 1 || n > 1000 {
		return nil, usageError("--limit: %d is not allowed: write a number from 1 to 1000", n)
	}
	width, terminal := terminalWidth(s.out)
	switch r.format {
	case "":
		if !terminal {
			return writeTSV, nil
		}
		return tableWriter(width, true), nil
	case "table":
		return tableWriter(width, terminal), nil
	case "tsv":
		return writeTSV, nil
	case "json":
		return writeJSON, nil
	case "ids":
		return writeIDs, nil
	}
	return nil, usageError("--format: %q is not allowed: write table, json, tsv or ids", r.format)
}

// An answer is what was found, ready to be written.
type answer struct {
	*catalog.SearchResult
	why bool
}

// ask asks the catalogue. A paper that the question names stands among the papers
// found, as do the candidates for a damaged identifier.
func ask(ctx context.Context, cfg *config.Config, db *store.DB, idx *indexer.Index, q catalog.SearchRequest) (answer, error) {
	clock, err := paper.NewClock(cfg.ClockZone, cfg.ClockOpens)
	if err != nil {
		return answer{}, err
	}
	found, err := catalog.New(db, clock, time.Now).WithSearch(idx, idx.Model()).Search(ctx, q)
	if err != nil {
		return answer{}, err
	}
	entries := found.Candidates
	if found.Paper != "" {
		rows, err := db.ByID(ctx, []paper.ID{found.Paper})
		if err != nil {
			return answer{}, err
		}
		for _, r := range rows {
			entries = append(entries, catalog.Entry{Paper: r.Paper, Submission: r.Submission})
		}
	}
	for _, e := range entries {
		found.Hits = append(found.Hits, catalog.Hit{Entry: e})
	}
	return answer{found, q.Why}, nil
}

// explain says how many papers were found, and what might be asked instead.
func explain(ctx context.Context, w io.Writer, db *store.DB, a answer, lag bool) error {
	switch {
	case a.Paper != "":
		fmt.Fprintln(w, "the paper of that identifier")
	case len(a.Candidates) > 0:
		fmt.Fprintln(w, "the papers whose identifier it may be")
	case len(a.Hits) == 0 && lag: // it is not known whether there are any
	case len(a.Hits) == 0:
		fmt.Fprintln(w, "no paper is found")
	default:
		fmt.Fprintf(w, "%s of %s in %s\n", thousands(len(a.Hits)), papers(a.Total), a.Took.Round(10*time.Microsecond))
	}
	for _, h := range a.Hints {
		fmt.Fprintf(w, "hint: %s\n", strings.TrimPrefix(h.Part+": ", ": ")+h.Text)
	}
	if a.DidYouMean != "" {
		fmt.Fprintf(w, "did you mean: %s\n", a.DidYouMean)
	}
	if a.Author != nil {
		fmt.Fprintf(w, "all papers of %s: author:%q\n", a.Author.Name, a.Author.Name)
	}
	if len(a.Hits) > 0 {
		return nil
	}
	n, err := db.Papers(ctx)
	if err == nil && n == 0 {
		fmt.Fprintln(w, "there are no papers here yet: see `broadsheet import --help`")
	}
	return err
}

// papers is n papers, or one.
func papers(n int) string {
	if n == 1 {
		return "1 paper"
	}
	return thousands(n) + " papers"
}
