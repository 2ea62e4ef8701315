package search

import (
	"cmp"
	"math"
	"slices"
)

// Why is what a score is made of.
type Why struct {
	Words   float64     // what all but the meaning adds
	Meaning float64     // cosine of the vectors
	Terms   []TermScore // what each part adds, the most first; together they are the score
}

// A TermScore is one part of a score.
type TermScore struct {
	Term  string  // analyzed; of what is no term, such as the meaning, a description
	Field string  // where it stands, or what it is
	Score float64 // with three decimals
}

// Fields of a TermScore that are not those of papers.
const (
	PartPair    = "pair"    // of words that stand side by side
	PartAbout   = "about"   // what the best papers are about
	PartTitle   = "whole"   // the whole title
	PartMeaning = "meaning" // the cosine, weighed
)

// Explain says what the hit's score is made of: parts by words, sums as in scoring.go, of
// which a score of 1 has so many as unit says; and what the cosine adds. The score is
// rounded to three decimals, and the parts so that they add up to it.
func (h *Hit) Explain(parts []TermScore, unit, meaning, cosine float64) {
	why := &Why{Meaning: cosine}
	for _, p := range parts {
		if p.Field == PartTitle {
			p.Score = titleFused
		} else {
			p.Score /= unit
		}
		if i := slices.IndexFunc(why.Terms, func(q TermScore) bool { return q.Term == p.Term && q.Field == p.Field }); i >= 0 {
			why.Terms[i].Score += p.Score
			continue
		}
		why.Terms = append(why.Terms, p)
	}
	if meaning != 0 {
		why.Terms = append(why.Terms, TermScore{PartMeaning, PartMeaning, meaning})
	}
	h.Score = math.Round(1000*h.Score) / 1000
	why.Terms = rounded(why.Terms, h.Score)
	for _, p := range why.Terms {
		if p.Field != PartMeaning {
			why.Words += p.Score
		}
	}
	why.Words = math.Round(1000*why.Words) / 1000
	h.Why = why
}

// rounded gives parts of three decimals that add up to a score that has as many, the
// largest first: those that are cut the most are rounded up. Parts of nothing are left out.
func rounded(parts []TermScore, score float64) []TermScore {
	byScore := func(a, b TermScore) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Term, b.Term), cmp.Compare(a.Field, b.Field))
	}
	slices.SortFunc(parts, byScore)
	rest := int(math.Round(1000 * score))
	order := make([]int, len(parts))
	cut := make([]float64, len(parts))
	for i, p := range parts {
		whole := math.Floor(1000 * p.Score)
		order[i], cut[i] = i, 1000*p.Score-whole
		parts[i].Score = whole
		rest -= int(whole)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cut[b], cut[a]) })
	for i := 0; rest > 0 && len(order) > 0; i++ {
		parts[order[i%len(order)]].Score++
		rest--
	}
	for i := len(order) - 1; rest < 0 && i >= 0; i-- {
		parts[order[i]].Score--
		rest++
	}
	for i := range parts {
		parts[i].Score /= 1000
	}
	parts = slices.DeleteFunc(parts, func(p TermScore) bool { return p.Score == 0 })
	slices.SortFunc(parts, byScore)
	return parts
}
