package search

import (
	"slices"
	"strings"

	"broadsheet/internal/search/analysis"
)

// exactBoost is the boost of a word as it is written, beside that of its stem. Topics, keywords
// that papers were given, gain by it. Questions of more than allOf telling words, whole
// sentences, are scored without. nDCG@10 by words, and as the site ranked before:
//
//	boost, in quarters           0           1           2
//	250 topics of 11,112 papers  .249 .247   .255 .249   .260 .252
//	250 others                   .246 .241   .254 .248   .256 .249
const exactBoost = 1

// exactTerms adds the words of clauses as they are written.
func exactTerms(terms []Term, clauses []Clause) []Term {
	for _, c := range clauses {
		terms = exactTerms(terms, c.AnyOf)
		terms = exactTerms(terms, c.AllOf)
		if c.Field == FieldAuthor || c.Field == FieldOrganization || c.Prefix {
			continue
		}
		for _, t := range analysis.Tokens(analysis.Plain(c.Text)) {
			if t.Form == "" || analysis.Common(t.Term) {
				continue
			}
			if terms = addTerm(terms, Term{Field: FieldExact, Text: t.Form, Boost: exactBoost}); len(terms) >= maxTerms {
				break
			}
		}
	}
	return terms
}

// exactly is the condition that a phrase stands in a text not only by its stems: that its
// words occur as they are written, or the two of it as one. False where it has none that
// could be written otherwise.
func exactly(text string) (Node, bool) {
	text = strings.TrimSpace(analysis.Plain(text))
	var forms []string
	words := analysis.Phrase(text)
	for _, t := range words {
		if t.Form != "" && !slices.Contains(forms, t.Form) && len(forms) < maxTerms {
			forms = append(forms, t.Form)
		}
	}
	n := Node{Field: FieldExact, Terms: forms}
	if whole, ok := wholeOf(analysis.Tokens(text), words); ok && whole.Form != "" {
		n = Node{AnyOf: []Node{n, {Field: FieldExact, Terms: []string{whole.Form}}}}
	}
	return n, len(forms) > 0
}

// wholeOf is the term of two words that are also written as one, when the text is
// nothing else.
func wholeOf(tokens, words []analysis.Token) (analysis.Token, bool) {
	if len(words) != 2 {
		return analysis.Token{}, false
	}
	last := tokens[len(tokens)-1]
	return last, last.Joined && last.Start == words[0].Start && last.End == words[1].End
}

// fewestStops is how many different stop words can be a title, such as To be or not to be;
// fewer tell nothing.
const fewestStops = 3

// addStops makes words of stop words where a query has no others. They are looked for in
// titles, all of them in one.
func (p *Plan) addStops(clauses []Clause) {
	var stops []string
	for _, c := range clauses {
		if c.word() {
			stops = append(stops, analysis.Stops(analysis.Plain(c.Text))...)
		}
	}
	slices.Sort(stops)
	stops = slices.Compact(stops)
	if len(stops) < fewestStops {
		return
	}
	for _, word := range stops {
		p.Words = append(p.Words, Term{Field: FieldExact, Text: word, Boost: mainBoost})
	}
	p.Telling = append(p.Telling, Node{Field: FieldExact, Terms: stops})
}
