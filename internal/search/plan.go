package search

import (
	"fmt"
	"slices"
	"strings"

	"broadsheet/internal/search/analysis"
)

// A Plan is a query in terms: what every engine runs.
//
// A paper may be found when it has all of Must and none of Not and passes the filters. Of
// those, all match where nothing is Telling. Else a paper matches by words when it meets so
// many of Telling as Papers papers do, but for the filters: as many conditions as possible,
// at least one. Where no paper meets Enough of them, the search is relaxed, and says so.
//
// Its score is that of scoring.go over Words and Extra, whether it matches by them or not.
// The scores of the best WordsDepth papers are then raised by what Pairs and, if it
// Expands, the best papers' own terms bring; they stay before all others.
type Plan struct {
	Must    []Node
	Not     []Node
	Telling []Node // for each telling plain word what a paper has of it: one of its forms
	Enough  int    // how many of Telling some paper should meet
	Papers  int    // how many papers should match by words
	Words   []Term // plain words
	Extra   []Term // what Must asks for, which scores as well; words of texts and names
	Pairs   []Pair // plain words that stand side by side
	Title   uint64 // TitleKey of the question; papers with it get TitleBonus; 0: none

	// Settle sets Named where the plain words are authors' names and nothing else, which
	// have no meaning. It looks for names among the words of plain.
	Named bool
	plain []plainWord
	begun []begun // what Widen scores
}

// A Term is to be scored. With FieldAny it is of title and abstract together.
type Term struct {
	Field  Field // FieldAny, FieldAuthor, FieldOrganization or FieldName
	Text   string
	Boost  uint32 // in quarters
	Within string // of a name: its weight is at most that of this term of FieldAny, if any paper has that
}

// A Node is a condition. Just one of Terms, Phrase, AnyOf, AllOf and FirstOf is set.
type Node struct {
	Field  Field    // of Terms and Phrase
	Terms  []string // all of them are in the field; with FieldAny each in title or abstract; with FieldName or FieldFullName each is an author's name
	Phrase []Place  // they stand in the field so; with FieldAny all in the title or all in the abstract
	AnyOf  []Node   // at least one holds; none holds where it is empty
	AllOf  []Node   // each of them holds
	Prefix string   // instead of Terms: a term of the field begins so; Widen resolves it

	// What Settle resolves.
	FirstOf []Node // the first that some paper meets, else the last
	Maybe   bool   // within AnyOf: it is a name, which counts if it tells more than the first of them
}

// A Place is a term of a phrase and how far behind the first one it stands.
type Place struct {
	Term   string
	Offset int
}

// A Pair is two terms of FieldAny, among the Words of a plan, and how far behind the first
// one the second one stands.
type Pair struct {
	First, Second string
	Offset        int
}

const (
	maxTerms   = 256 // of a plan; what comes after is left out
	allOf      = 3   // telling words of which a paper needs all; of more it may lack some
	mainBoost  = 4   // of a word's main term
	otherBoost = 1   // of its alternatives, which would count it twice
	maxPairs   = 24  // of a plan
	maxBoost   = 12  // a word that is typed often counts three times at most
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
	p.begun = append(begins(q.Should, false), begins(q.Must, true)...)
	p.Words = p.Words[:min(len(p.Words), maxTerms/2)]
	p.addPairs(q.Should)
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
		p.addTelling(clauses, func(string) bool { return false })
	} else {
		p.addTelling(clauses, analysis.Common)
	}
	p.Words = telling
	if len(telling) == 0 {
		p.addStops(clauses)
	}
	p.setEnough()
	p.joinWords(clauses)
	if len(p.Telling) <= allOf { // see exactBoost
		p.Words = exactTerms(p.Words, clauses)
	}
}

// addPairs adds the words that stand side by side, stop words between them left out.
func (p *Plan) addPairs(clauses []Clause) {
	var texts []string
	for _, c := range clauses {
		if c.Field == FieldAny && !c.Phrase && c.AnyOf == nil && c.AllOf == nil {
			texts = append(texts, c.Text)
		}
	}
	scored := func(term string) bool {
		return slices.ContainsFunc(p.Words, func(t Term) bool { return t.Field == FieldAny && t.Text == term })
	}
	words := analysis.Phrase(analysis.Plain(strings.Join(texts, " ")))
	for i := 1; i < len(words) && len(p.Pairs) < maxPairs; i++ {
		a, b := words[i-1], words[i]
		pair := Pair{a.Term, b.Term, b.Position - a.Position}
		if a.Term != b.Term && scored(a.Term) && scored(b.Term) && !slices.Contains(p.Pairs, pair) {
			p.Pairs = append(p.Pairs, pair)
		}
	}
}

// setEnough says how many of the telling words a paper needs: all of up to three. Of more,
// which are a question or a title rather than a topic, about half, and more where
// WordsDepth papers have them, as many as are ranked by meaning, too: of longer questions
// the best answer often lacks some words. nDCG@10 by words over five judged collections,
// their questions having 3 to 60 telling words, when as many words are asked for as so many
// papers have:
//
//	20      50      100     200     any one of the words
//	.466    .491    .495    .495    .503
//
// What is lost against any of the words is lost on the questions of up to three.
func (p *Plan) setEnough() {
	p.Enough, p.Papers = len(p.Telling), 1
	if p.Enough > allOf {
		p.Enough, p.Papers = (p.Enough+1)/2, WordsDepth
	}
}

// addTelling adds a condition for each different word that says something.
func (p *Plan) addTelling(clauses []Clause, common func(term string) bool) {
	seen := map[string]bool{}
	for _, c := range clauses {
		w := plainWord{from: len(p.Telling)}
		for _, n := range tellingNodes(c, common) {
			if key := fmt.Sprint(n, strings.ToLower(c.Text)); !seen[key] && len(p.Telling) < maxTerms/2 {
				seen[key] = true
				p.Telling = append(p.Telling, n)
			}
		}
		if w.to = len(p.Telling); c.word() && !c.Prefix {
			w.text = c.Text
		}
		p.plain = append(p.plain, w)
	}
}

// tellingNodes are the conditions that a paper has the words of a clause, each in one of its
// forms. What says nothing has none.
func tellingNodes(c Clause, common func(term string) bool) (nodes []Node) {
	switch {
	case c.AnyOf != nil:
		var choice Node
		for _, member := range c.AnyOf {
			if of := tellingNodes(member, common); len(of) == 1 {
				choice.AnyOf = append(choice.AnyOf, of[0])
			} else if n, ok := node(member, false); ok {
				choice.AnyOf = append(choice.AnyOf, n)
			}
		}
		if len(choice.AnyOf) > 0 {
			nodes = append(nodes, choice)
		}
		return nodes
	case c.Phrase || c.Prefix || c.Field != FieldAny:
		if n, ok := node(c, false); ok {
			nodes = append(nodes, n)
		}
		return nodes
	}
	for _, w := range compounds(c.Text) {
		if forms := w.forms(common); len(forms) > 0 {
			nodes = append(nodes, Node{AnyOf: forms})
		}
	}
	return nodes
}

// A compound is a word, or what hyphens join.
type compound struct {
	text   string
	parts  []string // main terms
	joined string   // of two parts, which are one term as well
}

// compounds are the words of a text.
func compounds(text string) (out []compound) {
	text = analysis.Plain(text)
	var starts []int // of the parts of the last one
	position := -1
	for _, t := range analysis.Tokens(text) {
		last := len(out) - 1
		switch {
		case t.Position != position:
			out = append(out, compound{text[t.Start:t.End], []string{t.Term}, ""})
			starts, position = append(starts, t.Start), t.Position
		case last > 0 && len(starts) > 1 && t.Start == starts[len(starts)-2]: // it joins two parts
			w := &out[last-1]
			w.parts, w.joined = append(w.parts, out[last].parts...), t.Term
			w.text = text[starts[len(starts)-len(w.parts)]:t.End]
			if len(w.parts) > 2 {
				w.joined = ""
			}
			out = out[:last]
		}
	}
	return out
}

// forms are the forms of a word in title and abstract: its term, or the terms of its parts,
// wherever they stand, or both as one term. Parts of one letter stand in too many papers,
// and have to stand as they do in the word.
func (w compound) forms(common func(term string) bool) []Node {
	parts := slices.DeleteFunc(slices.Clone(w.parts), common)
	if len(parts) == 0 {
		return nil
	}
	if len(parts) > 1 && slices.ContainsFunc(parts, func(term string) bool { return len(term) == 1 }) {
		if n, ok := textNode(FieldAny, w.text); ok {
			return []Node{n}
		}
	}
	forms := []Node{{Terms: parts}}
	if w.joined != "" {
		forms = append(forms, Node{Terms: []string{w.joined}})
	}
	return forms
}

// addScored adds the terms of a clause that title and abstract are scored by.
func addScored(terms []Term, c Clause) []Term {
	for _, member := range slices.Concat(c.AnyOf, c.AllOf) {
		terms = addScored(terms, member)
	}
	if c.Prefix {
		return terms
	}
	switch c.Field {
	case FieldAuthor:
		return addAuthor(terms, c.Text)
	case FieldOrganization:
		return terms
	}
	last := -1
	for _, t := range analysis.Tokens(analysis.Plain(c.Text)) {
		boost := uint32(mainBoost)
		if t.Position == last { // an alternative
			boost = otherBoost
		}
		last = t.Position
		if terms = addTerm(terms, Term{Text: t.Term, Boost: boost}); len(terms) >= maxTerms {
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
	case c.Prefix:
		return prefixNode(c)
	case c.Field == FieldAuthor:
		return authorNode(c.Text)
	case c.Field == FieldOrganization:
		return organizationNode(c.Text)
	}
	n, ok := textNode(c.Field, c.Text)
	if forms, exact := exactly(c.Text); c.Phrase && exact && c.Field != FieldOrganization {
		n = Node{AllOf: []Node{n, forms}}
	}
	if !ok || c.Field != FieldAny || plainly {
		return n, ok
	}
	return Node{AnyOf: append([]Node{n}, nameNodes(c.Text)...)}, true
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
