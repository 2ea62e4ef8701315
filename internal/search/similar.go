package search

import (
	"cmp"
	"math"
	"slices"
)

// MostRated is how many of a paper's words say what it is about: engines have to know so
// many of the terms that rate highest, and no more.
const MostRated = 20

// SimilarBoost is the boost of the terms of a SimilarPlan.
const SimilarBoost = mainBoost

// A Rated is a term of a paper with what it brings to that paper's own score for
// it: its weight times its impact.
type Rated struct {
	Term  string
	Score uint32
}

// SimilarPlan is the plan that finds papers like one, from all terms of its title
// and abstract: those that say the most about it, where of equals the first in the
// alphabet. The WordsDepth best by them and the MeaningDepth nearest to the paper's vector,
// without the paper itself, are ordered by their [Likeness]; what else has one of the terms
// follows.
func SimilarPlan(terms []Rated) Plan {
	terms = slices.Clone(terms)
	slices.SortFunc(terms, func(a, b Rated) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Term, b.Term))
	})
	var p Plan
	for _, t := range terms[:min(len(terms), MostRated)] {
		p.Words = append(p.Words, Term{Text: t.Term, Boost: SimilarBoost})
		p.Telling = append(p.Telling, Node{Terms: []string{t.Term}})
	}
	p.Enough, p.Papers = min(1, len(p.Telling)), math.MaxInt // any of them is enough
	return p
}
