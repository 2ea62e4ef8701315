package search

import (
	"slices"
	"strings"

	"broadsheet/internal/search/analysis"
)

// A Plan is a query in terms: what every engine runs. A paper matches when it has
// all of Must and none of Not, passes the filters, and, if there are any Words, has
// at least one of them. Its score is that of scoring.go over Words and Extra.
type Plan struct {
	Must  []Node
	Not   []Node
	Words []Term // plain words
	Extra []Term // what Must asks for, which scores as well; all are of FieldAny
	Title uint64 // TitleKey of the question; papers with it get TitleBonus; 0: none
}

// A Term is to be scored. With FieldAny it is of title and abstract together.
type Term struct {
	Field Field // FieldAny, FieldAuthor or FieldOrganization
	Text  string
	Boost uint32 // in quarters
}

// A Node is a condition. Just one of Terms, Phrase, AnyOf and AllOf is set.
type Node struct {
	Field  Field    // of Terms and Phrase
	Terms  []string // all of them are in the field; with FieldAny each in title or abstract
	Phrase []Place  // they stand in the field so; with FieldAny all in the title or all in the abstract
	AnyOf  []Node   // at least one holds; none holds where it is empty
	AllOf  []Node   // each of them holds
}

// A Place is a term of a phrase and how far behind the first one it stands.
type Place struct {
	Term   string
	Offset int
}

const (
	maxTerms     = 256 // of a plan; what comes after is left out
	maxNameWords = 6   // more plain words than these are no name
	mainBoost    = 4   // of a word's main term
	otherBoost   = 1   // of its alternatives, which would count it twice
	maxBoost     = 12  // a word that is typed often counts three times at most
)

// Compile turns a query into terms. What has none, such as a stop word, is left out.
func Compile(q Query) Plan {
	var p Plan
	for _, c := range q.Must {
		if n, ok := node(c, false); ok {
			p.Must = append(p.Must, n)
		}
		p.Extra = addScored(p.Extra, c)
	}
	for _, c := range q.Not {
		if n, ok := node(c, true); ok {
			p.Not = append(p.Not, n)
		}
	}
	p.addWords(q.Should)
	p.Title = TitleKey(q.Text)
	p.Words = p.Words[:min(len(p.Words), maxTerms/2)]
	p.Extra = p.Extra[:min(len(p.Extra), maxTerms/2)]
	return p
}

// addWords adds what is typed without a field. Words that say nothing are left out,
// unless there are no others.
func (p *Plan) addWords(clauses []Clause) {
	var words, telling []Term
	for _, c := range clauses {
		words = addScored(words, c)
	}
	for _, t := range words {
		if !analysis.Common(t.Text) {
			telling = append(telling, t)
		}
	}
	if len(telling) == 0 {
		telling = words
	}
	p.Words = telling
	if len(telling) <= maxNameWords {
		p.addNames(clauses)
	}
}

// addNames adds plain words as parts of names.
func (p *Plan) addNames(clauses []Clause) {
	for _, c := range clauses {
		if c.Field != FieldAny || c.Phrase {
			continue
		}
		for _, word := range nameParts(c.Text) {
			if len(word) > 1 && len(analysis.Terms(word)) > 0 && !analysis.Common(analysis.Terms(word)[0]) {
				p.Words = addTerm(p.Words, Term{FieldAuthor, word, mainBoost})
			}
		}
		for _, term := range analysis.Terms(c.Text) {
			if len(term) > 1 && !analysis.Common(term) {
				p.Words = addTerm(p.Words, Term{FieldOrganization, term, mainBoost})
			}
		}
	}
}

// addScored adds the terms of a clause that title and abstract are scored by.
func addScored(terms []Term, c Clause) []Term {
	for _, member := range slices.Concat(c.AnyOf, c.AllOf) {
		terms = addScored(terms, member)
	}
	if c.Field == FieldAuthor || c.Field == FieldOrganization {
		return terms
	}
	last := -1
	for _, t := range analysis.Tokens(analysis.Plain(c.Text)) {
		boost := uint32(mainBoost)
		if t.Position == last { // an alternative
			boost = otherBoost
		}
		last = t.Position
		if terms = addTerm(terms, Term{FieldAny, t.Term, boost}); len(terms) >= maxTerms {
			break
		}
	}
	return terms
}

func addTerm(terms []Term, t Term) []Term {
	i := slices.IndexFunc(terms, func(u Term) bool { return u.Field == t.Field && u.Text == t.Text })
	if i < 0 {
		return append(terms, t)
	}
	terms[i].Boost = min(maxBoost, terms[i].Boost+t.Boost)
	return terms
}

// node gives the condition of a clause; false when it has no terms. Plainly is for
// what must not match: then FieldAny means title and abstract only, as who leaves
// out a word does not mean people of that name.
func node(c Clause, plainly bool) (Node, bool) {
	switch {
	case c.AnyOf != nil:
		members := nodes(c.AnyOf, plainly)
		return Node{AnyOf: members}, len(members) > 0
	case c.AllOf != nil:
		members := nodes(c.AllOf, plainly)
		return Node{AllOf: members}, len(members) > 0
	case c.Field == FieldAuthor:
		terms := AuthorQuery(c.Text)
		return Node{Field: FieldAuthor, Terms: terms}, len(terms) > 0
	}
	n, ok := textNode(c.Field, c.Text)
	if !ok || c.Field != FieldAny || plainly {
		return n, ok
	}
	choice := Node{AnyOf: []Node{n}}
	if terms := AuthorQuery(c.Text); len(terms) > 0 {
		choice.AnyOf = append(choice.AnyOf, Node{Field: FieldAuthor, Terms: terms})
	}
	if n, ok := textNode(FieldOrganization, c.Text); ok {
		choice.AnyOf = append(choice.AnyOf, n)
	}
	return choice, true
}

func nodes(clauses []Clause, plainly bool) (out []Node) {
	for _, c := range clauses {
		if n, ok := node(c, plainly); ok {
			out = append(out, n)
		}
	}
	return out
}

// textNode is the condition that a field has a text: as a phrase, or written
// together where it is one word with hyphens.
func textNode(field Field, text string) (Node, bool) {
	text = strings.TrimSpace(analysis.Plain(text))
	tokens := analysis.Tokens(text)
	main := analysis.Phrase(text)
	if len(main) == 0 {
		return Node{}, false
	}
	main = main[:min(len(main), maxTerms)]
	if len(main) == 1 {
		return Node{Field: field, Terms: []string{main[0].Term}}, true
	}
	phrase := Node{Field: field}
	for _, t := range main {
		phrase.Phrase = append(phrase.Phrase, Place{t.Term, t.Position - main[0].Position})
	}
	whole := tokens[len(tokens)-1]
	if len(main) == 2 && whole.Start == main[0].Start && whole.End == main[1].End && whole.Term != main[1].Term {
		return Node{AnyOf: []Node{phrase, {Field: field, Terms: []string{whole.Term}}}}, true
	}
	return phrase, true
}
