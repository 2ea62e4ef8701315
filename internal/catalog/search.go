package catalog

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// ErrNoSearch says that the catalog was made without a search engine.
var ErrNoSearch = errors.New("there is no search engine here")

// A SearchRequest is what somebody searches for.
type SearchRequest struct {
	Text   string // in the query language
	Cursor string // of a next page; "" for the first
	Limit  int    // papers wanted; 0 means 20
	Facets bool
	Why    bool // give the parts of each score
	Words  bool // by words alone, whatever models there are
	Some   bool // papers with some of the words, too, not only those with enough of them
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
	Relaxed    bool          // no paper has enough of the words: these have some
	Some       int           // how many papers there are with SearchRequest.Some
	Took       time.Duration // of the search itself
	Facets     *Facets
	More       string      // cursor of the next page; "" on the last
	Narrowings []Narrowing // where few papers are found: the parts of the query without which there are more
	DidYouMean string      // a likelier spelling; "" when there is none
	Author     *Author     // whose name the text is; nil when it is nobody's

	// Kept says that the question was asked before, and that nothing has changed since: this
	// is what was found then.
	Kept bool

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
	named, err := c.named(ctx, q.Text, f)
	if named.done || err != nil {
		return f, err
	}
	if f.Query.Empty() && strings.TrimSpace(q.Text) != "" && len(named.papers) == 0 {
		return f, nil // its hint says why
	}
	key := answerKey{f.Index.stamp, f.Query.Key(), start, cmp.Or(q.Limit, defaultFound), q.Words, q.Some}
	if kept := c.answers.get(key, q); kept != nil {
		kept.Query, kept.Hints, kept.Index, kept.Kept = f.Query, slices.Concat(f.Hints, kept.Hints), f.Index, true
		return kept, c.putFirst(ctx, named, key, kept)
	}
	parsed := f.Hints
	f.Hints = nil
	whole, err := c.answer(ctx, q, key, f)
	if err != nil {
		return nil, err
	}
	if whole {
		c.answers.put(key, f)
	}
	f.Hints = slices.Concat(parsed, f.Hints)
	return f, c.putFirst(ctx, named, key, f)
}

// answer asks the engine and fills f with what it finds. It reports whether that is as
// good as it will be while nothing changes.
func (c *Catalog) answer(ctx context.Context, q SearchRequest, key answerKey, f *SearchResult) (whole bool, err error) {
	r := search.Request{Query: f.Query, Offset: key.start, Limit: key.limit, Facets: q.Facets, Why: q.Why, Some: q.Some}
	words, conditions := takenApart(q.Text, f.Query)
	if key.start == 0 && f.Query.IDs == nil {
		r.Correct = words
	}
	quote := search.QuoteOf(f.Query)
	if key.start == 0 && quote != (search.Quote{}) {
		r.Limit = max(key.limit, quoteDepth)
	}
	whole = true
	if r.Vector, err = c.embed(ctx, q, f.Query); err != nil {
		if ctx.Err() != nil {
			return false, err
		}
		whole = false
		f.Hints = append(f.Hints, search.Hint{Text: "The model of meaning does not answer: these are found by their words alone."})
	}
	res, err := c.engine.Search(ctx, r)
	if err != nil {
		return false, err
	}
	f.Total, f.Some, f.Relaxed, f.Took = res.Total, res.Some, res.Relaxed && res.Total > 0, res.Took
	if key.start+len(res.Hits) < res.Total && len(res.Hits) > 0 {
		f.More = strconv.Itoa(key.start + len(res.Hits))
	}
	if f.Hits, err = c.found(ctx, res.Hits, f.Query); err != nil {
		return false, err
	}
	f.quotedFirst(quote, key)
	if key.start == 0 {
		spelling := res.DidYouMean
		if spelling != "" && conditions != "" {
			spelling += " " + conditions
		}
		if err := c.help(ctx, q, spelling, f); err != nil {
			return false, err
		}
	}
	f.Facets, err = c.facets(ctx, res.Facets)
	return whole, err
}

// embed is the vector of a question's words; nil when there is nothing to embed.
func (c *Catalog) embed(ctx context.Context, q SearchRequest, query search.Query) ([]float32, error) {
	if c.model == nil || q.Words || query.Text == "" {
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
	if len(rows) == 0 {
		return nil, nil
	}
	all := make([]Hit, len(rows))
	return all, inParallel(len(rows), func(i int) {
		p := &rows[i].Paper
		all[i] = Hit{
			Entry:   Entry{Paper: *p, Submission: rows[i].Submission},
			Title:   search.Highlight(p.Title, q),
			Passage: search.Passage(cmp.Or(p.Abstract, p.Summary), q, passageLength),
			Score:   at[p.ID].Score, Why: at[p.ID].Why,
		}
	})
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
