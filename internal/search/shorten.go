package search

import (
	"cmp"
	"slices"

	"broadsheet/internal/search/analysis"
)

// Of a query with more than longQuery words, such as a whole abstract, those of the
// keptWords rarest are searched: they tell it from all others as well as all of its words
// would, at a fraction of the cost. What is said again and again counts again.
//
// nDCG@10 by words of the judged collections that have such questions, by longQuery and
// keptWords, the first being without:
//
//   - 32, 24   40, 32   48, 40
//     cacm  .5014  .4985    .5014    .5014
//     cisi  .3907  .3961    .3968    .3744
//     med   .6983  .6962    .6983    .6983
const (
	longQuery = 40
	keptWords = 32
)

// Shortened is a query that has no more words than tell it apart; with says how many
// papers meet a condition. Its Text stays.
func (q Query) Shortened(with func(Node) int) Query {
	if len(q.Should) <= longQuery {
		return q
	}
	type word struct {
		term   string
		papers int
	}
	var words []word
	terms := make([]string, len(q.Should)) // main term of each, "" for what says nothing
	seen := map[string]bool{}
	for i, c := range q.Should {
		if main := analysis.Phrase(analysis.Plain(c.Text)); len(main) > 0 && !analysis.Common(main[0].Term) {
			terms[i] = main[0].Term
		}
		if term := terms[i]; term != "" && !seen[term] {
			seen[term] = true
			if n := with(Node{Terms: []string{term}}); n > 0 {
				words = append(words, word{term, n})
			}
		}
	}
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Compare(a.papers, b.papers) })
	kept := map[string]bool{}
	for _, w := range words[:min(len(words), keptWords)] {
		kept[w.term] = true
	}
	if len(words) == 0 { // nothing has them
		q.Should = q.Should[:longQuery]
		return q
	}
	all := q.Should
	q.Should = nil
	for i, c := range all {
		if kept[terms[i]] {
			q.Should = append(q.Should, c)
		}
	}
	return q
}
