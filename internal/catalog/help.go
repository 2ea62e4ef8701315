package catalog

import (
	"cmp"
	"context"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

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
	return mostNamed(authors, text), nil
}

// mostNamed is the author whose name a text is; of several, the one whom it fits best, and
// then the one who stands there most often. A single word names nobody unless all who have
// it share one name.
func mostNamed(authors []paper.Author, text string) *Author {
	name := search.ParseName(text)
	count, match := map[Author]int{}, map[Author]search.NameMatch{}
	for _, a := range authors {
		if m := name.Of(a.Name); m != search.NoName && !a.Hidden {
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
