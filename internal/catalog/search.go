package catalog

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/embedding"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// ErrNoSearch says that the catalogue was made without a search engine.
var ErrNoSearch = errors.New("there is no search engine here")

// WithSearch makes the catalogue answer searches with an engine, and embed them with
// a model (nil: by words alone). It is called before the catalogue is used.
func (c *Catalog) WithSearch(engine search.Engine, model embedding.Model) *Catalog {
	c.engine, c.model = engine, model
	return c
}

// A SearchRequest is what somebody searches for.
type SearchRequest struct {
	Text   string // in the query language
	Cursor string // of a next page; "" for the first
	Limit  int    // papers wanted; 0 means 20
	Facets bool
	Why    bool // give the parts of each score
	Words  bool // by words alone, whatever models there are
}

// A SearchResult answers a SearchRequest.
type SearchResult struct {
	Query search.Query
	Hints []search.Hint // what was not understood, and what to write instead

	// Paper is the one that the text names by its identifier or address, if the
	// site has it: there is nothing to search then. Candidates are papers whose
	// damaged identifier the text may be, when there are several.
	Paper      paper.ID
	Candidates []Entry

	Hits       []Hit
	Total      int
	Took       time.Duration // of the search itself
	Facets     *Facets
	More       string  // cursor of the next page; "" on the last
	DidYouMean string  // a likelier spelling; "" when there is none
	Author     *Author // whose name the text is; nil when it is nobody's

	// Index says whether there may be more: while it is not ready, the search has missed
	// what the index does not hold yet.
	Index IndexState
}

// A Hit is a paper with what of it answers the question.
type Hit struct {
	Entry
	Title   []search.Fragment
	Passage []search.Fragment // the best part of the abstract
	Score   float64
	Why     *search.Why
}

// An Author is a name with the address of its page, /authors/{Slug}.
type Author struct{ Name, Slug string }

// Facets counts what was found.
type Facets struct {
	Years, Categories, Organizations []Facet
	Code                             int
}

// A Facet is how many papers have a value.
type Facet struct {
	Value  string // as the query language writes it
	Label  string // as people read it
	Papers int
}

const (
	defaultFound  = 20
	deepest       = 10_000 // no page begins behind so many papers
	passageLength = 300    // bytes, roughly
)

// Search answers a question. What cannot be understood is searched as words; an error
// is the database's, the engine's, or of a cursor that no page has given.
func (c *Catalog) Search(ctx context.Context, q SearchRequest) (*SearchResult, error) {
	start, err := parseOffset(q.Cursor)
	if err != nil || start > deepest {
		return nil, errCursor
	}
	if c.engine == nil {
		return nil, ErrNoSearch
	}
	f := &SearchResult{}
	if f.Index, err = c.indexNow(ctx); err != nil {
		return nil, err
	}
	f.Query, f.Hints = search.Parse(q.Text, c.now())
	if done, err := c.byID(ctx, q.Text, f); done || err != nil {
		return f, err
	}
	r := search.Request{Query: f.Query, Offset: start, Limit: cmp.Or(q.Limit, defaultFound), Facets: q.Facets, Why: q.Why}
	if start == 0 && isPlain(f.Query) {
		r.Correct = q.Text
	}
	if r.Vector, err = c.embed(ctx, q, f.Query); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		f.Hints = append(f.Hints, search.Hint{Text: "The model of meaning does not answer: these are found by their words alone."})
	}
	res, err := c.engine.Search(ctx, r)
	if err != nil {
		return nil, err
	}
	f.Total, f.Took = res.Total, res.Took
	if start+len(res.Hits) < res.Total && len(res.Hits) > 0 {
		f.More = strconv.Itoa(start + len(res.Hits))
	}
	if f.Hits, err = c.found(ctx, res.Hits, f.Query); err != nil {
		return nil, err
	}
	if start == 0 {
		if err := c.help(ctx, res.DidYouMean, f); err != nil {
			return nil, err
		}
	}
	f.Facets, err = c.facets(ctx, res.Facets)
	return f, err
}

// byID answers a text that is an identifier, an address or a DOI, or could be one
// that has lost its zeros. It reports whether that is the answer.
func (c *Catalog) byID(ctx context.Context, text string, f *SearchResult) (bool, error) {
	if id, err := paper.ParseID(strings.TrimSpace(text)); err == nil {
		known, err := c.db.Known(ctx, id)
		if known {
			f.Paper = id
		}
		if known || err != nil {
			return known, err
		}
	}
	ids := search.RepairIDs(text)
	if len(ids) == 0 {
		return false, nil
	}
	rows, err := c.db.ByID(ctx, ids)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	if len(rows) == 1 {
		f.Paper = rows[0].Paper.ID
		return true, nil
	}
	for _, r := range rows {
		f.Candidates = append(f.Candidates, Entry{Paper: r.Paper, Submission: r.Submission})
	}
	return true, nil
}

// embed is the vector of a question's words; nil when there is nothing to embed.
func (c *Catalog) embed(ctx context.Context, q SearchRequest, query search.Query) ([]float32, error) {
	if c.model == nil || q.Words || query.Text == "" || query.Sort != search.ByRelevance {
		return nil, nil
	}
	return c.model.Query(ctx, query.Text)
}

// found reads the papers of the hits and marks what answers the query.
func (c *Catalog) found(ctx context.Context, hits []search.Hit, q search.Query) ([]Hit, error) {
	ids := make([]paper.ID, len(hits))
	at := map[paper.ID]search.Hit{}
	for i, h := range hits {
		ids[i] = h.ID
		at[h.ID] = h
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := c.db.ByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var all []Hit
	for _, r := range rows {
		h := at[r.Paper.ID]
		all = append(all, Hit{
			Entry:   Entry{Paper: r.Paper, Submission: r.Submission},
			Title:   search.Highlight(r.Paper.Title, q),
			Passage: search.Passage(cmp.Or(r.Paper.Abstract, r.Paper.Summary), q, passageLength),
			Score:   h.Score, Why: h.Why,
		})
	}
	return all, nil
}

// help offers an author's page and, where little was found, another spelling.
func (c *Catalog) help(ctx context.Context, spelling string, f *SearchResult) error {
	if !isPlain(f.Query) {
		return nil
	}
	var err error
	if f.DidYouMean, err = c.worthSaying(ctx, spelling, f.Total); err != nil {
		return err
	}
	f.Author, err = c.author(ctx, f.Query.Text)
	return err
}

// isPlain reports whether a query has words and no conditions.
func isPlain(q search.Query) bool { return len(q.Must) == 0 && len(q.Not) == 0 && q.Text != "" }

// muchBetter is how many times more papers another spelling has to find.
const muchBetter = 10

// worthSaying gives a spelling of a query that finds total papers if the spelling finds
// many more, else "".
func (c *Catalog) worthSaying(ctx context.Context, spelling string, total int) (string, error) {
	if spelling == "" {
		return "", nil
	}
	q, _ := search.Parse(spelling, c.now())
	res, err := c.engine.Search(ctx, search.Request{Query: q, Limit: 1})
	if err != nil || res.Total < muchBetter*(total+1) {
		return "", err
	}
	return spelling, nil
}

// author returns the author whose name a text is, in any order and with initials;
// of several, the one with the most papers among the first found.
func (c *Catalog) author(ctx context.Context, text string) (*Author, error) {
	const mostWords, looked = 5, 30
	if n := len(strings.Fields(text)); n < 1 || n > mostWords {
		return nil, nil
	}
	want := search.AuthorQuery(text)
	if len(want) == 0 {
		return nil, nil
	}
	by := search.Query{Must: []search.Clause{{Field: search.FieldAuthor, Text: text}}}
	res, err := c.engine.Search(ctx, search.Request{Query: by, Limit: looked, NoTotal: true})
	if err != nil || len(res.Hits) == 0 {
		return nil, err
	}
	ids := make([]paper.ID, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	authors, err := c.db.AuthorsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	return mostNamed(authors, want), nil
}

// mostNamed is the author that has all the wanted terms in one name and stands there most
// often. A single word names nobody unless all of them share it.
func mostNamed(authors []paper.Author, want []string) *Author {
	count := map[Author]int{}
	for _, a := range authors {
		terms := search.AuthorTerms(a.Name)
		missing := slices.ContainsFunc(want, func(t string) bool { return !slices.Contains(terms, t) })
		if !missing && !a.Hidden {
			count[Author{a.Name, paper.Slug(a.Name)}]++
		}
	}
	var best *Author
	for a, n := range count {
		if best == nil || n > count[*best] || n == count[*best] && a.Name < best.Name {
			best = &a
		}
	}
	if len(want) == 1 && len(count) > 1 {
		return nil
	}
	return best
}

// mostFacets is how many values of a kind are given, the most frequent ones.
const mostFacets = 20

// facets names the values of an engine's counts.
func (c *Catalog) facets(ctx context.Context, in *search.Facets) (*Facets, error) {
	if in == nil {
		return nil, nil
	}
	out := &Facets{Code: in.Code}
	for _, y := range in.Years {
		out.Years = append(out.Years, Facet{y.Value, y.Value, y.Papers})
	}
	for _, cat := range in.Categories[:min(mostFacets, len(in.Categories))] {
		out.Categories = append(out.Categories, Facet{cat.Value, cat.Value, cat.Papers})
	}
	orgs := in.Organizations[:min(mostFacets, len(in.Organizations))]
	if len(orgs) == 0 {
		return out, nil
	}
	values := make([]string, len(orgs))
	for i, o := range orgs {
		values[i] = o.Value
	}
	names, err := c.db.OrganizationNames(ctx, values)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		out.Organizations = append(out.Organizations, Facet{o.Value, cmp.Or(names[o.Value], o.Value), o.Papers})
	}
	return out, nil
}

// Suggestions complete what somebody is typing, the likeliest first.
type Suggestions struct {
	Suggestions []search.Suggestion
	Index       IndexState // while it is not ready, suggestions may be missing
}

// Suggest completes what somebody is typing.
func (c *Catalog) Suggest(ctx context.Context, prefix string, limit int) (*Suggestions, error) {
	state, err := c.Index(ctx)
	if err != nil {
		return nil, err
	}
	all, err := c.engine.Suggest(ctx, prefix, limit)
	if err != nil {
		return nil, err
	}
	return &Suggestions{all, state}, nil
}

// RandomQuery is something to search for: a keyword, else the title, of a paper of
// the newest editions; "" when there are no papers.
func (c *Catalog) RandomQuery(ctx context.Context) (string, error) {
	papers, err := c.trendingCandidates(ctx)
	if err != nil {
		return "", err
	}
	var id paper.ID
	if len(papers) > 0 {
		id = papers[rand.IntN(len(papers))].ID
	} else {
		newest, err := c.db.Newest(ctx, store.Keyset{}, 50)
		if err != nil || len(newest) == 0 {
			return "", err
		}
		id = newest[rand.IntN(len(newest))].Paper.ID
	}
	rows, err := c.db.ByID(ctx, []paper.ID{id})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	if k := rows[0].Paper.Keywords; len(k) > 0 {
		return k[rand.IntN(len(k))], nil
	}
	return rows[0].Paper.Title, nil
}

// Name puts the papers that the text of a question names by their identifiers among
// the papers found, unmarked: most lists show them alike.
func (c *Catalog) Name(ctx context.Context, f *SearchResult) error {
	named := f.Candidates
	if f.Paper != "" {
		rows, err := c.Papers(ctx, []paper.ID{f.Paper})
		if err != nil {
			return err
		}
		named = rows
	}
	for _, e := range named {
		f.Hits = append(f.Hits, Hit{
			Entry:   e,
			Title:   search.Highlight(e.Paper.Title, search.Query{}),
			Passage: search.Passage(cmp.Or(e.Paper.Abstract, e.Paper.Summary), search.Query{}, passageLength),
		})
	}
	f.Total = max(f.Total, len(f.Hits))
	return nil
}
