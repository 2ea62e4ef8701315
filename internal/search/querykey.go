package search

import (
	"slices"
	"strings"

	"broadsheet/internal/search/analysis"
)

// Key names what a query asks for: queries with one key have one answer. Blanks, the order
// of conditions and filters, and capitals that the analyzer folds make no difference; the
// order of words does.
func (q Query) Key() string {
	conditions := func(clauses []Clause, sign string) []string {
		all := make([]string, len(clauses))
		for i, c := range clauses {
			all[i] = sign + folded(c.String())
		}
		return all
	}
	words := conditions(q.Should, "")
	must, not := conditions(q.Must, "+"), conditions(q.Not, "-")
	slices.Sort(must)
	slices.Sort(not)
	filters := Query{Filters: q.Filters, Sort: q.Sort}
	filters.Filters.Categories = slices.SortedFunc(slices.Values(q.Filters.Categories), slices.Compare)
	parts := slices.Concat(words, must, not, []string{filters.String()})
	for _, id := range q.IDs {
		parts = append(parts, "="+string(id))
	}
	return folded(q.Text) + "\n" + strings.Join(parts, "\n")
}

// folded is a text in small letters, unless its capitals tell the analyzer something, as
// those of AutoCoder do.
func folded(text string) string {
	small := strings.ToLower(text)
	if len(text) <= maxFolded && sameTokens(analysis.Tokens(analysis.Plain(text)), analysis.Tokens(analysis.Plain(small))) {
		return small
	}
	return text
}

// maxFolded is how many bytes of a text are looked at for capitals that tell something.
const maxFolded = 1 << 10

func sameTokens(a, b []analysis.Token) bool {
	return slices.EqualFunc(a, b, func(a, b analysis.Token) bool { return a.Term == b.Term && a.Position == b.Position })
}
