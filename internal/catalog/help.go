package catalog

import (
	"cmp"
	"context"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// help offers an author's page and, where little was found, another spelling, what there
// is without each part of the query, and why there is nothing.
func (c *Catalog) help(ctx context.Context, q SearchRequest, spelling string, f *SearchResult) error {
	var err error
	f.DidYouMean = spelling
	if isPlain(f.Query) {
		if f.Author, err = c.author(ctx, f.Query.Text); err != nil {
			return err
		}
	}
	if f.Narrowings, err = c.narrowings(ctx, q, f); err != nil {
		return err
	}
	explanations := []func(context.Context, search.Query) ([]search.Hint, error){c.explainScripts, c.explain}
	switch {
	case f.Relaxed:
		explanations = explanations[:1]
	case f.Total > 0:
		return nil
	}
	for _, explain := range explanations {
		hints, err := explain(ctx, f.Query)
		if err != nil {
			return err
		}
		f.Hints = append(f.Hints, hints...)
	}
	return nil
}

// takenApart are the words of a query, which may be misspelled, as they were typed where
// there is nothing else, and its conditions, which are names more often.
func takenApart(text string, q search.Query) (words, conditions string) {
	if rest := (search.Query{Must: q.Must, Not: q.Not, Filters: q.Filters, Sort: q.Sort}); rest.String() == "" {
		return text, ""
	}
	words = search.Query{Should: q.Should}.String()
	q.Should = nil
	return words, q.String()
}

// isPlain reports whether a query has words and no conditions.
func isPlain(q search.Query) bool { return len(q.Must) == 0 && len(q.Not) == 0 && q.Text != "" }

// author returns the author whose name a text is, in any order and with initials;
// of several, the one with the most papers among the first found.
func (c *Catalog) author(ctx context.Context, text string) (*Author, error) {
	const mostWords, looked = 5, 30
	if n := len(strings.Fields(text)); n < 1 || n > mostWords {
		return nil, nil
	}
	by := search.Query{Must: []search.Clause{{Field: search.FieldAuthor, Text: text}}}
	res, err := c.engine.Search(ctx, search.Request{Query: by, Limit: looked, NoTotal: true})
	if err != nil || len(res.Hits) == 0 {
		return nil, err
	}
	authors, err := c.authorsOf(ctx, res.Hits)
	if err != nil {
		return nil, err
	}
	return mostNamed(authors, text), nil
}

// authorsOf are the authors of papers that were found.
func (c *Catalog) authorsOf(ctx context.Context, hits []search.Hit) ([]paper.Author, error) {
	if len(hits) == 0 {
		return nil, nil
	}
	ids := make([]paper.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return c.db.AuthorsOf(ctx, ids)
}

// mostNamed is the author whose name a text is; of several, the one whom it fits best, and
// then the one who stands there most often. A single word names nobody unless all who have
// it share one name.
func mostNamed(authors []paper.Author, text string) *Author {
	name := search.ParseName(text)
	count, match := map[Author]int{}, map[Author]search.NameMatch{}
	for _, a := range authors {
		m := name.Of(a.Name)
		if m == search.NameInitials && !name.Initials() { // any word has an initial
			continue
		}
		if m != search.NoName && !a.Hidden {
			known := Author{a.Name, paper.Slug(a.Name)}
			count[known]++
			match[known] = m
		}
	}
	if !name.Whole() && len(count) > 1 {
		return nil
	}
	var best *Author
	for a := range count {
		if best == nil || cmp.Or(cmp.Compare(match[a], match[*best]), cmp.Compare(count[a], count[*best]), cmp.Compare(best.Name, a.Name)) > 0 {
			best = &a
		}
	}
	return best
}
