package search

import (
	"slices"

	"broadsheet/internal/search/analysis"
)

// A plain word and the next one may be written as one: data set, SAM 2, trans- former. The
// whole then counts as a word, and its parts half of that, so that a paper which writes it
// together comes as high as one which does not.
const partBoost = 2

// joinWords adds the terms of neighboring plain words that are written as one, too, and
// makes them forms of both words.
func (p *Plan) joinWords(clauses []Clause) {
	for i := 1; i < len(p.plain); i++ {
		first, second := p.plain[i-1], p.plain[i]
		if first.from == first.to || second.from == second.to || first.text == "" || second.text == "" {
			continue
		}
		if term, parts, ok := joined(clauses[i-1].Text, clauses[i].Text); ok {
			p.Words = addTerm(p.Words, Term{Text: term, Boost: mainBoost})
			for j, t := range p.Words {
				if t.Field == FieldAny && t.Boost == mainBoost && slices.Contains(parts, t.Text) {
					p.Words[j].Boost = partBoost
				}
			}
			whole := Node{Terms: []string{term}}
			for _, k := range []int{first.to - 1, second.from} {
				p.Telling[k].AnyOf = append(p.Telling[k].AnyOf, whole)
			}
		}
	}
}

// joined is the term of two words that are written as one, too, and those of the words.
func joined(first, second string) (term string, parts []string, ok bool) {
	first = analysis.Plain(first)
	border := len(first)
	for _, t := range analysis.Tokens(first + " " + analysis.Plain(second)) {
		switch {
		case t.Joined && t.Start < border && t.End > border:
			term = t.Term
		case !t.Joined:
			parts = append(parts, t.Term)
		}
	}
	return term, parts, term != "" && !slices.Contains(parts, term)
}
