package search

import (
	"cmp"
	"slices"

	"broadsheet/internal/search/analysis"
)

// Of a query with more than longQuery words, such as a whole abstract, the keptWords
// rarest are searched: they tell it from all others as well as all of its words would,
// and cost a tenth.
const (
	longQuery = 32
	keptWords = 24
)

// Shortened is a query that has no more words than tell it apart; with says how many
// papers meet a condition. Its Text stays.
func (q Query) Shortened(with func(Node) int) Query {
	if len(q.Should) <= longQuery {
		return q
	}
	type word struct {
		at, papers int
	}
	var words []word
	seen := map[string]bool{}
	for i, c := range q.Should {
		terms := analysis.Phrase(analysis.Plain(c.Text))
		if len(terms) == 0 || seen[terms[0].Term] || analysis.Common(terms[0].Term) {
			continue
		}
		seen[terms[0].Term] = true
		if n := with(Node{Terms: []string{terms[0].Term}}); n > 0 {
			words = append(words, word{i, n})
		}
	}
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Compare(a.papers, b.papers) })
	words = words[:min(len(words), keptWords)]
	slices.SortFunc(words, func(a, b word) int { return cmp.Compare(a.at, b.at) })
	if len(words) == 0 { // nothing has them
		q.Should = q.Should[:longQuery]
		return q
	}
	all := q.Should
	q.Should = make([]Clause, len(words))
	for i, w := range words {
		q.Should[i] = all[w.at]
	}
	return q
}
