package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/urls"
)

const papersHelp = `Papers asks a Broadsheet site for its papers: the one whose data lies on this machine,
or any that runs, with --endpoint.

On a terminal the answer is a table, elsewhere lines of rank, votes, date, identifier
and title, separated by tabs; --format asks for another form:

  table   columns for people             tsv   the same, separated by tabs
  json    all that the API says          md    Markdown
  ids     identifiers, one on a line

What else there is to say goes to standard error.`

// A papersRun is what the options of `broadsheet papers` say.
type papersRun struct {
	endpoint, format string
}

// newPapers is `broadsheet papers`.
func newPapers(set *settings) *cobra.Command {
	r := new(papersRun)
	cmd := &cobra.Command{
		Use:   "papers",
		Short: "List, search and read papers, here or on any site",
		Long:  papersHelp,
		Example: `  broadsheet papers list --date today
  broadsheet papers search --format ids sparse attention
  broadsheet papers read 2605.27365 --endpoint https://papers.example.org`,
		Args: noUnknown,
		RunE: needCommand,
	}
	f := cmd.PersistentFlags()
	f.StringVar(&r.endpoint, "endpoint", "", "ask the site at `URL` (default the data of this machine)")
	f.StringVar(&r.format, "format", "", "write `FORMAT`: table, json, tsv, md or ids (default table on a terminal, else tsv)")
	cmd.AddCommand(newPapersList(set, r), newPapersSearch(set, r), newPapersInfo(set, r), newPapersRead(set, r))
	return cmd
}

const papersListHelp = `List shows the papers of an edition in the order of its page: the newest one, or that
of --date, --week or --month. A date may be "today", which is the feed day of the site
that is asked: its edition may have no papers yet. --trending and --new show these
lists instead.`

// A listRun is one call of `broadsheet papers list`.
type listRun struct {
	date, week, month string
	trending, newest  bool
	limit             int
}

func newPapersList(set *settings, r *papersRun) *cobra.Command {
	var l listRun
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List an edition, what is trending, or what is new",
		Long:    papersListHelp,
		Example: `  broadsheet papers list
  broadsheet papers list --date today --format json
  broadsheet papers list --week 2026-W22 --limit 10
  broadsheet papers list --trending --endpoint https://papers.example.org`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, err := l.path()
			if err != nil {
				return err
			}
			return set.listPapers(cmd.Context(), r, path, url.Values{}, l.limit)
		},
	}
	f := cmd.Flags()
	f.StringVar(&l.date, "date", "", "the edition of a `DAY`: 2026-05-27, today or latest")
	f.StringVar(&l.week, "week", "", "the editions of a `WEEK`: 2026-W22")
	f.StringVar(&l.month, "month", "", "the editions of a `MONTH`: 2026-05")
	f.BoolVar(&l.trending, "trending", false, "what is trending")
	f.BoolVar(&l.newest, "new", false, "what was published last")
	f.IntVar(&l.limit, "limit", 200, "how many papers to show, `N` from 1 to 10000")
	return cmd
}

// path is where the API has the list that is asked for.
func (l *listRun) path() (string, error) {
	given := 0
	for _, is := range []bool{l.date != "", l.week != "", l.month != "", l.trending, l.newest} {
		if is {
			given++
		}
	}
	if given > 1 {
		return "", usageError("--date, --week, --month, --trending and --new name one list each: give one of them")
	}
	switch {
	case l.trending:
		return trendingPath, nil
	case l.newest:
		return newestPath, nil
	}
	period, err := l.period()
	return editionsPath + period, err
}

// period is the edition that is asked for, as the API names it.
func (l *listRun) period() (string, error) {
	var p paper.Period
	var err error
	switch {
	case l.week != "":
		p, err = paper.ParseWeek(l.week)
	case l.month != "":
		p, err = paper.ParseMonth(l.month)
	case l.date == "" || l.date == "latest":
		return "latest", nil
	case l.date == "today":
		return "today", nil
	default:
		var d paper.Day
		d, err = paper.ParseDay(l.date)
		p = d.Period()
	}
	if err != nil {
		return "", usageError("%w", err)
	}
	return string(p), nil
}

func newPapersSearch(set *settings, r *papersRun) *cobra.Command {
	var limit int
	var some bool
	cmd := &cobra.Command{
		Use:   "search QUERY...",
		Short: "Find papers by words and by meaning",
		Long: `Search finds papers as the site's search box does, the best first; broadsheet search
--help shows the query language. The exit status is 3 where papers may be missing, as the
search index does not hold them yet.`,
		Example: `  broadsheet papers search retrieval augmented generation
  broadsheet papers search --limit 5 --format md 'year:2026 has:code agents'`,
		Args: needQuery,
		RunE: func(cmd *cobra.Command, words []string) error {
			query := url.Values{"q": {strings.Join(words, " ")}}
			if some {
				query.Set("some", "true")
			}
			return set.listPapers(cmd.Context(), r, searchPath, query, limit)
		},
	}
	cmd.Flags().BoolVar(&some, "some", false, "take papers that have only some of the words, too")
	cmd.Flags().IntVar(&limit, "limit", 20, "how many papers to show, `N` from 1 to 10000")
	return cmd
}

func newPapersInfo(set *settings, r *papersRun) *cobra.Command {
	return &cobra.Command{
		Use:   "info ID",
		Short: "Show what is known about a paper",
		Long: `Info shows what is known about one paper, without its text. ID is an arXiv identifier, a
DOI, or the address of a page about the paper.`,
		Example: `  broadsheet papers info 2605.27365
  broadsheet papers info --format json https://arxiv.org/abs/2605.27365v2`,
		Args: needPaper,
		RunE: func(cmd *cobra.Command, args []string) error {
			return set.showPaper(cmd.Context(), r, args[0], r.format)
		},
	}
}

func newPapersRead(set *settings, r *papersRun) *cobra.Command {
	return &cobra.Command{
		Use:   "read ID",
		Short: "Show a paper with its abstract, as Markdown",
		Long: `Read shows a paper as Markdown: what is known about it, its links, its summary and its
abstract.`,
		Example: `  broadsheet papers read 2605.27365
  broadsheet papers read 2605.27365 --endpoint https://papers.example.org > paper.md`,
		Args: needPaper,
		RunE: func(cmd *cobra.Command, args []string) error {
			format := r.format
			if format == "" {
				format = "md"
			}
			return set.showPaper(cmd.Context(), r, args[0], format)
		},
	}
}

func needPaper(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError("say which paper by its identifier, for example 2605.27365\nSee `%s --help`.", cmd.CommandPath())
	}
	return nil
}

// Where the API has its lists.
const (
	searchPath   = urls.V1 + "/search"
	trendingPath = urls.V1 + "/trending"
	newestPath   = urls.V1 + "/papers"
	editionsPath = urls.V1 + "/editions/"
)

// A listRequest asks for the first papers of a list.
type listRequest struct {
	endpoint string // "": the data of this machine
	path     string // of the list in the API
	query    url.Values
	limit    int
	most     int // that limit may be
}

// listPapers writes the first papers of a list as `broadsheet papers` does.
func (s *settings) listPapers(ctx context.Context, r *papersRun, path string, query url.Values, limit int) error {
	write, err := s.listWriter(r.format, papersFormats, false, writeWhole)
	if err != nil {
		return err
	}
	return s.list(ctx, listRequest{endpoint: r.endpoint, path: path, query: query, limit: limit, most: 10_000}, write)
}

// list writes the first papers of a list, and says on standard error what there is to say.
func (s *settings) list(ctx context.Context, r listRequest, write paperWriter) error {
	if r.limit < 1 || r.limit > r.most {
		return usageError("--limit: %d is not allowed: write a number from 1 to %d", r.limit, r.most)
	}
	return s.withClient(ctx, r.endpoint, r.path == searchPath, func(c *client) error {
		all, page, err := c.papers(ctx, r.path, r.query, r.limit)
		if err != nil {
			return err
		}
		if err := write(s.out, all); err != nil {
			return fmt.Errorf("write the answer: %w", err)
		}
		known := c.lag // of this machine's index more is known, and said at the end
		c.lag = c.lag || page.Index != nil && !page.Index.Ready
		if err := s.remark(ctx, c, r, page, len(all)); err != nil || known || !c.lag {
			return err
		}
		return &exitError{statusIncomplete, fmt.Errorf("papers may be missing. %s", page.Index.Reason)}
	})
}

// remark says on standard error what a list is short of, and what else could be asked.
func (s *settings) remark(ctx context.Context, c *client, r listRequest, page *clientPage, shown int) error {
	switch {
	case page.Named == "paper":
		fmt.Fprintln(s.err, "the paper of that identifier")
	case page.Named == "candidates":
		fmt.Fprintln(s.err, "the papers whose identifier it may be")
	case shown == 0 && c.lag: // it is not known whether there are any
	case shown == 0 && page.Period != "":
		fmt.Fprintf(s.err, "the edition of %s (%s) has no papers; --date latest shows the newest that has\n", page.Period, page.State)
	case shown == 0:
		fmt.Fprintln(s.err, "no paper is found")
	case r.path == searchPath:
		took := time.Duration(page.TookMS * float64(time.Millisecond))
		fmt.Fprintf(s.err, "%s of %s in %s\n", thousands(shown), count(page.Total, "paper"), took.Round(10*time.Microsecond))
		switch some := r.query.Has("some"); {
		case some:
		case page.Relaxed:
			fmt.Fprintln(s.err, "no paper has all of these words: these have some")
		case page.Some > page.Total:
			fmt.Fprintf(s.err, "%s have some of the words: --some shows them\n", thousands(page.Some))
		}
	case page.Total > shown:
		fmt.Fprintf(s.err, "%s of %s\n", thousands(shown), count(page.Total, "paper"))
	}
	for _, h := range page.Hints {
		fmt.Fprintf(s.err, "hint: %s\n", search.Hint(h))
	}
	for _, n := range page.Narrowings {
		fmt.Fprintf(s.err, "%s without %s: %s\n", thousands(n.Papers), n.Part, n.Query)
	}
	if page.DidYouMean != "" {
		fmt.Fprintf(s.err, "did you mean: %s\n", page.DidYouMean)
	}
	if page.Author != nil {
		fmt.Fprintf(s.err, "all papers of %s: author:%q\n", page.Author.Name, page.Author.Name)
	}
	if shown > 0 || r.path != searchPath || r.endpoint != "" {
		return nil
	}
	if any, _, err := c.papers(ctx, newestPath, url.Values{}, 1); err != nil || len(any) > 0 {
		return err
	}
	fmt.Fprintln(s.err, "there are no papers here yet: see `broadsheet import --help`")
	return nil
}

// showPaper writes one paper.
func (s *settings) showPaper(ctx context.Context, r *papersRun, given, format string) error {
	id, err := paper.ParseID(given)
	if err != nil {
		return usageError("%w", err)
	}
	write, err := s.infoWriter(format)
	if err != nil {
		return err
	}
	return s.withClient(ctx, r.endpoint, false, func(c *client) error {
		if format == "md" {
			text, err := c.get(ctx, urls.Paper(id)+".md", nil)
			if err != nil {
				return noPaper(err, c, id)
			}
			_, err = s.out.Write(text)
			return err
		}
		body, err := c.get(ctx, urls.V1+urls.Paper(id), nil)
		if err != nil {
			return noPaper(err, c, id)
		}
		var p clientPaper
		if err := json.Unmarshal(body, &p); err != nil {
			return fmt.Errorf("%s: this is not what a Broadsheet site answers: %w", c.base, err)
		}
		return write(s.out, &p)
	})
}

// noPaper says that a site does not know a paper.
func noPaper(err error, c *client, id paper.ID) error {
	var r *refusal
	if errors.As(err, &r) && r.status == http.StatusNotFound {
		return fmt.Errorf("%s has no paper %s", c.base, id)
	}
	return err
}
