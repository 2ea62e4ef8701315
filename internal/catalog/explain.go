package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
	"broadsheet/internal/spelling"
)

// explain says why nothing is found, where a condition of the query finds nothing by
// itself: categories and years that no paper here has, names that nobody here bears.
func (c *Catalog) explain(ctx context.Context, q search.Query) ([]search.Hint, error) {
	var out []search.Hint
	f := q.Filters
	if len(f.Categories) > 0 || f.From != 0 || f.Before != 0 {
		res, err := c.engine.Search(ctx, search.Request{Limit: 1, Facets: true})
		if err != nil || res.Total == 0 || res.Facets == nil {
			return nil, err
		}
		out = append(out, explainCategories(q, res.Facets.Categories)...)
		out = append(out, explainDates(f, res.Facets.Years)...)
	}
	if q.Text != "" && len(analysis.Terms(q.Text)) == 0 {
		out = append(out, search.Hint{Part: q.Text, Text: "Nearly every paper has these words, and no title here is made of them: add one that says what it is about."})
	}
	for i, clause := range q.Must {
		h, err := c.explainName(ctx, q, i)
		if err != nil {
			return nil, fmt.Errorf("names near to %q: %w", clause.Text, err)
		}
		if h.Text != "" {
			out = append(out, h)
		}
	}
	return out, nil
}

// explainScripts says that no paper here is written in a script that was typed: that there
// is no word which begins with one of the characters. The other words are to be asked instead.
func (c *Catalog) explainScripts(ctx context.Context, q search.Query) ([]search.Hint, error) {
	const mostCharacters = 32
	scripts := analysis.Scripts(q.Text)
	if len(scripts) == 0 {
		return nil, nil
	}
	begins := search.Clause{}
	for _, r := range q.Text {
		if len(analysis.Scripts(string(r))) > 0 && len(begins.AnyOf) < mostCharacters {
			begins.AnyOf = append(begins.AnyOf, search.Clause{Text: string(r), Prefix: true})
		}
	}
	res, err := c.engine.Search(ctx, search.Request{Query: search.Query{Must: []search.Clause{begins}}, Limit: 1, NoTotal: true})
	if err != nil || len(res.Hits) > 0 {
		return nil, err
	}
	h := search.Hint{Text: fmt.Sprintf("No paper here is written in %s script: ask in English.", strings.Join(scripts, " or "))}
	others := q
	others.Should = slices.DeleteFunc(slices.Clone(q.Should), func(c search.Clause) bool { return len(analysis.Scripts(c.String())) > 0 })
	if text := others.String(); len(others.Should) > 0 && len(others.Should) < len(q.Should) {
		h.Try = []string{text}
	}
	return []search.Hint{h}, nil
}

// explainName says that nobody bears the name that the i-th condition asks for; the zero
// Hint where somebody does, or it asks for no name.
func (c *Catalog) explainName(ctx context.Context, q search.Query, i int) (h search.Hint, err error) {
	clause, near := q.Must[i], c.nearAuthors
	switch clause.Field {
	case search.FieldAuthor:
		h.Text = "No paper here is by an author of this name."
	case search.FieldOrganization:
		h.Text, near = "No paper here is of an organization of this name.", c.nearOrganizations
	default:
		return search.Hint{}, nil
	}
	alone := search.Query{Must: []search.Clause{clause}}
	res, err := c.engine.Search(ctx, search.Request{Query: alone, Limit: 1, NoTotal: true})
	if err != nil || len(res.Hits) > 0 {
		return search.Hint{}, err
	}
	names, err := near(ctx, clause.Text)
	for _, name := range names {
		other := q
		other.Must = slices.Clone(q.Must)
		other.Must[i].Text, other.Must[i].Phrase = name, strings.Contains(name, " ")
		h.Try = append(h.Try, other.String())
	}
	h.Part = alone.String()
	return h, err
}

// explainCategories says which groups of wanted categories no paper has, of the known ones.
func explainCategories(q search.Query, known []search.Count) []search.Hint {
	var out []search.Hint
	names := make([]string, len(known))
	for i, one := range known {
		names[i] = one.Value
	}
	all := search.Document{Categories: names}
	for i, group := range q.Filters.Categories {
		one := search.Filters{Categories: [][]string{group}}
		if one.Match("", &all) {
			continue
		}
		h := search.Hint{Part: search.Query{Filters: one}.String(), Text: "No paper here is in this category."}
		if len(known) == 0 {
			h.Text = "None of the papers here has categories."
		} else if near := spelling.Nearest(group[0], names, 2); near != "" {
			other := q
			other.Filters.Categories = slices.Clone(q.Filters.Categories)
			other.Filters.Categories[i] = []string{near}
			h.Try = []string{other.String()}
		}
		out = append(out, h)
	}
	return out
}

// explainDates says from when to when there are papers, where others are asked for.
func explainDates(f search.Filters, years []search.Count) []search.Hint {
	if len(years) == 0 || f.From == 0 && f.Before == 0 {
		return nil
	}
	for _, one := range years {
		year, err := strconv.Atoi(one.Value)
		begins := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		if err != nil || begins.AddDate(1, 0, 0).UnixMicro() > f.From && (f.Before == 0 || begins.UnixMicro() < f.Before) {
			return nil // some of that year is asked for
		}
	}
	newest, oldest := years[0].Value, years[len(years)-1].Value
	h := search.Hint{
		Part: search.Query{Filters: search.Filters{From: f.From, Before: f.Before}}.String(),
		Text: fmt.Sprintf("No paper here is from that time: they are from %s to %s.", oldest, newest),
	}
	if newest == oldest {
		h.Text = fmt.Sprintf("No paper here is from that time: all are from %s.", newest)
	}
	return []search.Hint{h}
}

// mostNearNames is how many near names are told.
const mostNearNames = 3

// nearAuthors are names of authors that resemble a name: of those that the beginnings of
// its words are completed to, and of those that have one of its words and the initials of
// the others.
func (c *Catalog) nearAuthors(ctx context.Context, name string) ([]string, error) {
	const letters, mostWords, looked = 3, 3, 100
	words := analysis.Words(name)
	words = words[:min(len(words), mostWords)]
	var names []string
	for i, word := range words {
		completed, err := c.engine.Suggest(ctx, firstLetters(word, letters), looked)
		if err != nil {
			return nil, err
		}
		for _, s := range completed {
			if s.Kind == "author" {
				names = append(names, s.Text)
			}
		}
		if len(words) == 1 {
			break
		}
		initials := word
		for j, other := range words {
			if j != i {
				initials += " " + firstLetters(other, 1)
			}
		}
		by := search.Query{Must: []search.Clause{{Field: search.FieldAuthor, Text: initials, Phrase: true}}}
		res, err := c.engine.Search(ctx, search.Request{Query: by, Limit: looked, NoTotal: true})
		if err != nil {
			return nil, err
		}
		authors, err := c.authorsOf(ctx, res.Hits)
		if err != nil {
			return nil, err
		}
		for _, a := range authors {
			if !a.Hidden {
				names = append(names, a.Name)
			}
		}
	}
	return nearest(name, names), nil
}

func firstLetters(word string, n int) string {
	letters := []rune(word)
	return string(letters[:min(len(letters), n)])
}

// nearOrganizations are names of organizations that resemble a name or have it in them.
func (c *Catalog) nearOrganizations(ctx context.Context, name string) ([]string, error) {
	const most = 20_000
	all, err := c.db.Organizations(ctx, "", most)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, o := range all {
		names = append(names, cmp.Or(o.FullName, o.Name))
	}
	return nearest(name, names), nil
}

// nearest are the names that resemble a name most, in whole or in a word, without regard
// to accents and capitals, the shortest ones first.
func nearest(name string, names []string) []string {
	have := map[string][]string{} // names by their words, and by all of them
	var texts []string
	for _, n := range names {
		words := analysis.Words(n)
		for _, text := range append(words, strings.Join(words, " ")) {
			if have[text] == nil {
				texts = append(texts, text)
			}
			if !slices.Contains(have[text], n) {
				have[text] = append(have[text], n)
			}
		}
	}
	wanted := strings.Join(analysis.Words(name), " ")
	out := have[spelling.Nearest(wanted, texts, min(2, len(wanted)/3))]
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	return out[:min(len(out), mostNearNames)]
}
