package searchtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
)

// kinds are the kinds of suggestions in the order of their usefulness among equals.
var kinds = []string{"title", "author", "organization", "category", "term"}

func (e *plain) Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("searchtest: suggesting: %w", err)
	}
	served, done := e.serving()
	defer done()
	s := suggester{prefix: folded(prefix), uses: map[search.Suggestion]int{}}
	if s.prefix == "" {
		return nil, nil
	}
	for _, d := range served.docs {
		s.paper(d)
	}
	return s.best(limit), nil
}

// folded are the words of a text with one blank between them, so that prefixes of
// it are prefixes of what people read.
func folded(text string) string { return strings.Join(analysis.Words(analysis.Plain(text)), " ") }

// A suggester counts how often what begins with the prefix is used.
type suggester struct {
	prefix string
	uses   map[search.Suggestion]int
}

func (s *suggester) paper(d *entry) {
	title := analysis.Plain(d.doc.Title)
	s.add("title", title, string(d.id))
	for _, name := range d.doc.Authors {
		s.add("author", name, paper.Slug(name))
	}
	s.add("organization", d.doc.OrgName, d.doc.Organization)
	for _, c := range d.doc.Categories {
		s.add("category", c, c)
	}
	for _, word := range analysis.Words(title) {
		if len(analysis.Terms(word)) > 0 {
			s.add("term", word, "")
		}
	}
}

func (s *suggester) add(kind, text, id string) {
	if strings.HasPrefix(folded(text), s.prefix) {
		s.uses[search.Suggestion{Kind: kind, Text: text, ID: id}]++
	}
}

func (s *suggester) best(limit int) []search.Suggestion {
	var out []search.Suggestion
	for suggestion := range s.uses {
		out = append(out, suggestion)
	}
	slices.SortFunc(out, func(a, b search.Suggestion) int {
		return cmp.Or(cmp.Compare(s.uses[b], s.uses[a]), slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind),
			cmp.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(max(0, limit), len(out))]
}
