package search

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

const (
	expandFrom   = 4 // telling words of a question that is expanded
	expandWeight = 0.7

	// ExpandDepth is how many of the best papers by words a question is expanded by.
	ExpandDepth = 2
)

// Expands reports whether the plan is expanded: that of a question of a few telling words,
// which are not all authors' names.
func (p *Plan) Expands() bool { return len(p.Telling) >= expandFrom && !p.Named }

// A RatedPaper is a paper that was found by words: its score and its terms.
type RatedPaper struct {
	Score uint32
	Terms []Rated // of title and abstract, with the boost SimilarBoost
}

// Expand gives the terms that say what the best papers by words, ExpandDepth or as many as
// there are, are about, each with its weight: they score as words of the question do. It is
// the relevance model RM3 (Abdul-Jaleel and others, 2004) in the units of scoring.go:
//
//	weight = expandWeight * Σ over the papers: share of the papers' scores * the term's own score / 255
func Expand(papers []RatedPaper) []Rated {
	total := 0.0
	for _, p := range papers {
		total += float64(p.Score &^ TitleBonus)
	}
	weights := map[string]float64{}
	for _, p := range papers {
		share := float64(p.Score&^TitleBonus) / max(total, 1)
		for _, t := range best(p.Terms) {
			weights[t.Term] += expandWeight * share * float64(t.Score) / 255
		}
	}
	var out []Rated
	for _, term := range slices.Sorted(maps.Keys(weights)) {
		out = append(out, Rated{term, uint32(math.Round(weights[term]))})
	}
	return best(out)
}

// best is the terms that say the most, where of equals the first in the alphabet.
func best(terms []Rated) []Rated {
	terms = slices.Clone(terms)
	slices.SortFunc(terms, func(a, b Rated) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Term, b.Term))
	})
	return terms[:min(len(terms), MostRated)]
}
