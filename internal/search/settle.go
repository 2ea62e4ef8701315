package search

import (
	"slices"
	"strings"

	"broadsheet/internal/search/analysis"
)

// How a query's words become names. A name decides what comes first, so it counts only
// where it tells more than the same words do in texts:
//
//   - two to maxAuthorWords neighbors are an author's name if some author has it, and the
//     papers by such authors are at least half as many as those with the words one after
//     another in title or abstract;
//   - up to maxOrganizationWords neighbors are an organization likewise, if it is called so
//     as a whole; a word of its name is nothing;
//   - a single word is an author's if at least wordRatio times as many papers have such an
//     author as have the word in a text, and hardly any text has it: Vaswani, but not Li,
//     Adam or Song. Where hardly a paper has all words of the query, others are tried, too.
const (
	maxNamedWords        = 40 // longer queries have no names
	maxAuthorWords       = 4
	maxOrganizationWords = 12
	wordRatio            = 4
	nameBoost            = 8
	fewHaveAll           = 3 // papers with all words of a query
	longestAcronym       = 8 // bytes
	maxTried             = 6 // words of a query of which single ones are tried as names
)

// A plainWord is a word as it was typed and its conditions in Telling.
type plainWord struct {
	text     string
	from, to int
}

// Settle decides what of a plan depends on the papers that can be found: docs is how many
// they are, and with tells how many of them meet a condition. It says what of a query is a
// name, and resolves FirstOf and Maybe. Engines settle a plan before they run it.
func (p *Plan) Settle(docs int, with func(Node) int) {
	s := settler{plan: p, docs: docs, with: with}
	for _, list := range [][]Node{p.Must, p.Not, p.Telling} {
		for i := range list {
			list[i] = s.settled(list[i])
		}
	}
	if len(p.plain) > 0 && len(p.plain) <= maxNamedWords {
		s.names()
	}
	p.plain = nil
}

// A settler settles one plan.
type settler struct {
	plan *Plan
	docs int
	with func(Node) int

	authors       []int  // of each plain word: papers with an author of that word
	organizations []bool // some organization has it, or it is a stop word
	named         []bool // of Telling: it is a name
}

// settled is a condition without FirstOf and Maybe.
func (s *settler) settled(n Node) Node {
	if len(n.FirstOf) > 0 {
		for _, first := range n.FirstOf[:len(n.FirstOf)-1] {
			if s.with(first) > 0 {
				return s.settled(first)
			}
		}
		return s.settled(n.FirstOf[len(n.FirstOf)-1])
	}
	n.AllOf = s.each(n.AllOf)
	if slices.ContainsFunc(n.AnyOf, func(m Node) bool { return m.Maybe }) {
		text := n.AnyOf[0]
		n.AnyOf = slices.DeleteFunc(slices.Clone(n.AnyOf), func(m Node) bool { return m.Maybe && !s.tells(s.with(m), text) })
	}
	n.AnyOf = s.each(n.AnyOf)
	return n
}

// tells reports whether so many papers of a name say more than those with a text.
func (s *settler) tells(name int, text Node) bool { return name > 0 && 2*name >= s.with(text) }

// atLeast is how many papers meet a condition, or fewer, and costs little.
func (s *settler) atLeast(n Node) int {
	most := 0
	switch {
	case len(n.Terms) == 1:
		return s.with(n)
	case n.AnyOf != nil:
		for _, m := range n.AnyOf {
			most = max(most, s.atLeast(m))
		}
	}
	return most
}

func (s *settler) each(nodes []Node) []Node {
	if nodes == nil {
		return nil
	}
	out := make([]Node, len(nodes))
	for i, n := range nodes {
		out[i] = s.settled(n)
	}
	return out
}

// names looks for names among the plain words, the longest first, and then for single
// words that are names.
func (s *settler) names() {
	words := s.plan.plain
	s.named = make([]bool, len(s.plan.Telling))
	s.authors, s.organizations = make([]int, len(words)), make([]bool, len(words))
	for i, w := range words {
		s.authors[i] = s.withAuthor(w.text)
		terms := analysis.Terms(analysis.Plain(w.text))
		s.organizations[i] = len(terms) == 0 || s.with(Node{Field: FieldOrganization, Terms: terms[:1]}) > 0
	}
	used := make([]bool, len(words))
	for size := min(maxOrganizationWords, len(words)); size > 0; size-- {
		for i := 0; i+size <= len(words); i++ {
			if slices.Contains(used[i:i+size], true) || slices.ContainsFunc(words[i:i+size], func(w plainWord) bool { return w.text == "" }) {
				continue
			}
			if s.organization(i, size) || s.author(i, size) {
				for k := i; k < i+size; k++ {
					used[k] = true
				}
			}
		}
	}
	s.single(used)
	s.compact()
}

// isInitials is the number of papers with an author of a word that has initials.
const isInitials = -1

// withAuthor is how many papers have an author of a word.
func (s *settler) withAuthor(word string) int {
	n := ParseName(word)
	switch {
	case n.Initials():
		return isInitials
	case len(n.parts) == 1:
		is, _ := n.node(word)
		return s.with(is)
	}
	most := 0
	for _, p := range n.parts {
		most = max(most, s.with(Node{Field: FieldAuthor, Terms: p.forms[:1]}))
	}
	return most
}

// author takes neighbors as an author's name, if that tells. Authors who have an initial in
// place of a word are meant only where the name is all that is asked for, or has initials:
// any word has an initial. In longer queries all of the words have to be known of authors,
// since each look at a name costs something.
func (s *settler) author(from, size int) bool {
	words, known := s.plan.plain[from:from+size], s.authors[from:from+size]
	if size < 2 || size > maxAuthorWords || slices.Max(known) <= 0 || slices.Contains(known, 0) && len(s.plan.plain) > maxAuthorWords {
		return false
	}
	text := textOf(words)
	if name := ParseName(text); !name.Whole() {
		return false
	}
	is := Node{Field: FieldFullName, Terms: []string{text}}
	papers := 0
	if !slices.Contains(known, isInitials) {
		papers = s.with(is)
	}
	if papers == 0 && (slices.Contains(known, isInitials) || size == len(s.plan.plain) && !slices.Contains(known, 0)) {
		is.Field = FieldName
		papers = s.with(is)
	}
	if papers == 0 || !s.take(words, text, is, papers) {
		return false
	}
	s.plan.Words = addTerm(s.plan.Words, Term{Field: is.Field, Text: text, Boost: nameBoost})
	return true
}

// organization takes neighbors as an organization, if that tells.
func (s *settler) organization(from, size int) bool {
	words := s.plan.plain[from : from+size]
	if slices.Contains(s.organizations[from:from+size], false) && (size > 1 || len(words[0].text) > longestAcronym) || size == 1 && words[0].from == words[0].to {
		return false
	}
	text := textOf(words)
	key := organizationKey(text)
	if key == "" {
		return false
	}
	is := Node{Field: FieldOrganization, Terms: []string{nameMark + key}}
	papers := s.with(is)
	if papers == 0 || !s.take(words, text, is, papers) {
		return false
	}
	t := Term{Field: FieldOrganization, Text: is.Terms[0], Boost: nameBoost}
	if terms := analysis.Terms(analysis.Plain(text)); !strings.Contains(key, " ") && len(terms) > 0 { // papers by it and about it
		t.Boost, t.Within = mainBoost, terms[0]
	}
	s.plan.Words = addTerm(s.plan.Words, t)
	return true
}

// take makes one condition of the words' conditions: that a paper has the name, or the
// words one after another in a text. It does nothing where the text tells more.
func (s *settler) take(words []plainWord, text string, name Node, papers int) bool {
	choice := Node{AnyOf: []Node{name}}
	if n, ok := textNode(FieldAny, text); ok {
		if !s.tells(papers, n) {
			return false
		}
		choice.AnyOf = append(choice.AnyOf, n)
	}
	taken := false
	for _, w := range words {
		for i := w.from; i < w.to; i++ {
			s.plan.Telling[i] = Node{}
			if !taken {
				s.plan.Telling[i], s.named[i] = choice, name.Field != FieldOrganization
				taken = true
			}
		}
	}
	if !taken { // the words say nothing but as a name
		s.plan.Telling, s.named = append(s.plan.Telling, choice), append(s.named, name.Field != FieldOrganization)
	}
	return true
}

// single adds the words that are names, each by itself.
func (s *settler) single(used []bool) {
	words := s.plan.plain
	var mostly, others []plainWord
	for i, w := range words {
		if used[i] || s.authors[i] <= 0 || w.to != w.from+1 || len(ParseName(w.text).parts) > 1 {
			continue
		}
		is := s.plan.Telling[w.from]
		if s.authors[i] < wordRatio*s.atLeast(is) {
			others = append(others, w)
			continue
		}
		text := s.with(is)
		switch {
		case s.authors[i] < wordRatio*text:
			others = append(others, w)
		case text <= s.hardly(len(words)):
			s.word(w, mainBoost)
			s.named[w.from] = true
		default:
			mostly = append(mostly, w)
		}
	}
	if len(mostly)+len(others) > 0 && len(words) > 1 && len(words) <= maxTried {
		s.try(mostly, others)
	}
}

// try adds words that may be names where the query does not fit as it stands: those that
// mostly are where hardly a paper has all words of the query, others where none has but some
// with the word as an author's name.
func (s *settler) try(mostly, others []plainWord) {
	all := s.withAll()
	if all > fewHaveAll {
		return
	}
	for _, w := range mostly {
		s.word(w, mainBoost/2)
	}
	if all > 0 || len(mostly) > 0 && s.withAll() > 0 {
		return
	}
	for _, w := range others {
		before, terms := s.plan.Telling[w.from], s.plan.Words
		if s.word(w, mainBoost/2); s.withAll() > 0 {
			return
		}
		s.plan.Telling[w.from], s.plan.Words = before, terms
	}
}

// withAll is how many papers meet all of Telling.
func (s *settler) withAll() int {
	return s.with(Node{AllOf: slices.DeleteFunc(slices.Clone(s.plan.Telling), empty)})
}

// hardly is how many papers have a word that hardly any has: fewer where the query has
// other words, which may tell a topic with it.
func (s *settler) hardly(words int) int {
	if words == 1 {
		return 2 + s.docs/2000
	}
	return 2 + s.docs/10_000
}

// word lets an author's name stand for a word.
func (s *settler) word(w plainWord, boost uint32) {
	n, _ := authorNode(w.text)
	s.plan.Telling[w.from] = Node{AnyOf: []Node{s.plan.Telling[w.from], n}}
	within := ""
	if terms := analysis.Terms(analysis.Plain(w.text)); len(terms) > 0 {
		within = terms[0]
	}
	for _, form := range ParseName(w.text).parts[0].forms {
		s.plan.Words = addTerm(s.plan.Words, Term{Field: FieldAuthor, Text: form, Boost: boost, Within: within})
	}
}

// compact drops the conditions that were taken into others.
func (s *settler) compact() {
	p := s.plan
	before := len(p.Telling)
	p.Named = before > 0
	kept := p.Telling[:0]
	for i, n := range p.Telling {
		if !empty(n) {
			kept = append(kept, n)
			p.Named = p.Named && s.named[i]
		}
	}
	if p.Telling = kept; len(kept) != before {
		p.setEnough()
	}
}

func empty(n Node) bool { return n.Terms == nil && n.Phrase == nil && n.AnyOf == nil && n.AllOf == nil }

func textOf(words []plainWord) string {
	var texts []string
	for _, w := range words {
		texts = append(texts, w.text)
	}
	return strings.Join(texts, " ")
}
