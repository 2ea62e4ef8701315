package searchtest

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
)

func (e *plain) Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("searchtest: suggesting: %w", err)
	}
	served, done := e.serving()
	defer done()
	c := search.NewCompleter(prefix)
	if c.Key() == "" {
		return nil, nil
	}
	for _, d := range served.docs {
		suggest(c, d)
	}
	return c.Best(limit), nil
}

// folded is the key of a text, as completion has it.
func folded(text string) string { return strings.Join(analysis.Words(analysis.Plain(text)), " ") }

// suggest adds what of a paper completes what was typed.
func suggest(c *search.Completer, d *entry) {
	if key := folded(d.doc.Title); c.Completes(key) {
		c.AddTitle(string(d.id), analysis.Plain(d.doc.Title), d.doc.Votes, d.doc.Published)
	}
	for _, term := range c.Terms(folded(d.doc.Title)) {
		c.Add(search.Suggestion{Kind: "term", Text: term}, 1)
	}
	for _, name := range d.doc.Authors {
		if c.Completes(folded(name)) {
			c.Add(search.Suggestion{Kind: "author", Text: name, ID: paper.Slug(name)}, 1)
		}
	}
	if name, text := d.doc.Organization, d.doc.OrgName; name != "" && (c.Completes(folded(text)) || c.Completes(folded(name))) {
		c.Add(search.Suggestion{Kind: "organization", Text: cmp.Or(text, name), ID: name}, 1)
	}
	for _, category := range d.doc.Categories {
		if c.Completes(folded(category)) {
			c.Add(search.Suggestion{Kind: "category", Text: category, ID: category}, 1)
		}
	}
}
