package cli

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

const searchHelp = `Search finds papers among those that lie on this machine, as the site's search box
does: by words and by meaning, the best first. The query language is the same:

  deep learning             all of the words, or near to them in meaning
  "deep learning"           one after another      quantiz*          words that begin so
  +word  -survey            with, without          title:(a OR b)    a field for several
  a AND (b OR c)  NOT d     both, one of both, without: in capitals
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
	format     string
	limit      int
	words, why bool
	some       bool
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
			write, err := set.listWriter(r.format, searchFormats, r.why, writeFound)
			if err != nil {
				return err
			}
			query := url.Values{"q": {strings.Join(words, " ")}, "words": {strconv.FormatBool(r.words)}, "why": {strconv.FormatBool(r.why)}}
			if r.some {
				query.Set("some", "true")
			}
			return set.list(cmd.Context(), listRequest{path: searchPath, query: query, limit: r.limit, most: 1000}, write)
		},
	}
	f := cmd.Flags()
	f.IntVar(&r.limit, "limit", 20, "how many papers to show, `N` from 1 to 1000")
	f.BoolVar(&r.words, "words", false, "go by words alone, not by meaning")
	f.BoolVar(&r.some, "some", false, "take papers that have only some of the words, too")
	f.BoolVar(&r.why, "why", false, "say what each paper's score is made of")
	f.StringVar(&r.format, "format", "", "write `FORMAT`: table, json, tsv or ids (default table on a terminal, else tsv)")
	return cmd
}

func needQuery(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError("say what to search for\nSee `%s --help`.", cmd.CommandPath())
	}
	return nil
}
