package search

import (
	"slices"
	"strings"
)

// A NameMatch says how well a name is that of an author.
type NameMatch uint8

// The matches, from the least to the best one.
const (
	NoName       NameMatch = iota
	PartOfName             // the author has further words: "Juan García" is one of "Juan Pablo García López"
	NameInitials           // initials stand for words: "G. Hinton", "Geoffrey Hinton"
	FullName               // but for missing initials, particles and suffixes, the words are the same
	SameName               // they are the same
)

// Impact is what a whole name brings to the score of a paper by such an author.
func (m NameMatch) Impact() uint8 {
	return [...]uint8{NoName: 0, PartOfName: 90, NameInitials: 150, FullName: 230, SameName: 255}[m]
}

// Initials reports whether the name has initials.
func (n *Name) Initials() bool { return slices.ContainsFunc(n.parts, namePart.initial) }

// Of reports how well the name, or a word of one, is that of an author.
func (n *Name) Of(author string) NameMatch {
	best, terms := NoName, AuthorTerms(author)
	if len(n.parts) == 1 {
		switch has := slices.ContainsFunc(n.parts[0].forms, func(form string) bool { return slices.Contains(terms, form) }); {
		case has && len(terms) == 1:
			return SameName
		case has:
			return PartOfName
		}
	}
	for _, term := range terms {
		best = max(best, n.Match(term))
	}
	return best
}

// Prefixes are the beginnings of all keys among an author's terms that may match a whole
// name: a word of it and the initial of another.
func (n *Name) Prefixes() (out []string) {
	for i, p := range n.parts {
		if p.initial() || p.optional {
			continue
		}
		for j, next := range n.parts {
			if i == j {
				continue
			}
			for _, form := range p.forms {
				out = append(out, form+" "+initial(next.word()))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Match reports how well a whole name is that of an author who has a key, one of
// [AuthorTerms]. Each word of the name has to be one of the author's, be written apart or
// together, or have its initial there; each initial has to be that of a word. An initial may
// be missing on one side if the other side has nothing else in its place.
func (n *Name) Match(key string) NameMatch {
	if !n.Whole() || strings.IndexByte(key, ' ') < 0 {
		return NoName
	}
	asked, known := &nameSide{}, &nameSide{}
	for _, p := range n.parts {
		asked.add(p.word())
	}
	for word := range strings.SplitSeq(key, " ") {
		known.add(word)
	}
	pairs := n.sameWords(asked, known)
	if !known.used[0] {
		return NoName
	}
	if pairs == asked.n && pairs == known.n {
		return SameName
	}
	pairs += asked.joins(known) + known.joins(asked)
	loose := asked.initialsOf(known) + asked.spells(known)
	short := known.initialsOf(asked) + known.spells(asked)
	return n.verdict(asked, known, pairs, loose, short)
}

// verdict says what it means that pairs of words are the same, loose ones are words of the
// author by their initials, short ones words of the name by the author's initials, and the
// others are left over.
func (n *Name) verdict(asked, known *nameSide, pairs, loose, short int) NameMatch {
	missing, surplus, further := 0, 0, 0 // initials asked for, those of the author, words of the author
	for i := range asked.n {
		switch {
		case asked.used[i] || n.parts[i].optional:
		case !n.parts[i].initial():
			return NoName
		default:
			missing++
		}
	}
	for i := range known.n {
		switch word := known.words[i]; {
		case known.used[i] || particles[word] || suffixes[word]:
		case isInitial(word):
			surplus++
		default:
			further++
		}
	}
	switch {
	case pairs+loose+short < 2, missing > 0 && surplus+further > 0, short > 0 && further > 0:
		return NoName
	case further > 0:
		return PartOfName
	case loose+short > 0:
		return NameInitials
	}
	return FullName
}

// A nameSide is the words of one of two names, and which have a counterpart in the other.
type nameSide struct {
	words [maxNameParts]string
	used  [maxNameParts]bool
	n     int
}

func (s *nameSide) add(word string) {
	if s.n < maxNameParts {
		s.words[s.n] = word
		s.n++
	}
}

// sameWords pairs the words of the name that are the same, and tells how many they are.
func (n *Name) sameWords(asked, known *nameSide) (pairs int) {
	for k := range known.n {
		for a := range asked.n {
			if asked.used[a] || k == 0 && (n.parts[a].initial() || n.parts[a].optional) || !slices.Contains(n.parts[a].forms, known.words[k]) {
				continue
			}
			asked.used[a], known.used[k] = true, true
			pairs++
			break
		}
	}
	return pairs
}

// joins pairs words of s with neighbors in t that are written as one word in s.
func (s *nameSide) joins(t *nameSide) (pairs int) {
	for i := range s.n {
		if s.used[i] || isInitial(s.words[i]) {
			continue
		}
		if from, to := t.run(s.words[i], func(word string) string { return word }); to > 0 {
			s.use(i, t, from, to)
			pairs++
		}
	}
	return pairs
}

// spells pairs short words of s with neighbors in t whose initials they are: JP, Jean-Pierre.
func (s *nameSide) spells(t *nameSide) (pairs int) {
	for i := range s.n {
		if s.used[i] || len(s.words[i]) > 3 || isInitial(s.words[i]) {
			continue
		}
		if from, to := t.run(s.words[i], initial); to > 0 {
			s.use(i, t, from, to)
			pairs++
		}
	}
	return pairs
}

func (s *nameSide) use(i int, t *nameSide, from, to int) {
	s.used[i] = true
	for k := from; k < to; k++ {
		t.used[k] = true
	}
}

// run finds neighbors without a counterpart, two or more, of which piece gives a word;
// 0, 0 where there are none.
func (s *nameSide) run(word string, piece func(string) string) (from, to int) {
	for i := range s.n {
		rest := word
		for k := i; k < s.n && !s.used[k]; k++ {
			tail, ok := strings.CutPrefix(rest, piece(s.words[k]))
			if !ok {
				break
			}
			if rest = tail; rest == "" && k > i {
				return i, k + 1
			}
		}
	}
	return 0, 0
}

// initialsOf pairs initials of s with words of t that begin with them.
func (s *nameSide) initialsOf(t *nameSide) (pairs int) {
	for i := range s.n {
		if s.used[i] || !isInitial(s.words[i]) {
			continue
		}
		for k := range t.n {
			if !t.used[k] && !isInitial(t.words[k]) && initial(t.words[k]) == s.words[i] {
				s.used[i], t.used[k] = true, true
				pairs++
				break
			}
		}
	}
	return pairs
}

// authorNode is the condition that an author has a name, or a word of one; false where the
// text is neither.
func authorNode(text string) (Node, bool) {
	n := ParseName(text)
	return n.node(text)
}

// node is authorNode of a name that was read from text.
func (n *Name) node(text string) (Node, bool) {
	if n.Whole() {
		return Node{Field: FieldName, Terms: []string{text}}, true
	}
	var words []string
	for _, p := range n.parts {
		if forms := p.forms; len(forms) > 1 && len(n.parts) == 1 {
			return Node{AnyOf: []Node{{Field: FieldAuthor, Terms: forms[:1]}, {Field: FieldAuthor, Terms: forms[1:2]}}}, true
		}
		words = append(words, p.word())
	}
	return Node{Field: FieldAuthor, Terms: words}, len(words) > 0
}

// addAuthor adds the term of an author's whole name, so that those whom it fits best come
// first.
func addAuthor(terms []Term, text string) []Term {
	if n := ParseName(text); n.Whole() {
		return addTerm(terms, Term{Field: FieldName, Text: text, Boost: mainBoost})
	}
	return terms
}

// nameNodes are the conditions that a text is an author's name, and that it is what an
// organization is called.
func nameNodes(text string) (out []Node) {
	if n, ok := authorNode(text); ok {
		n.Maybe = true
		out = append(out, n)
	}
	if key := organizationKey(text); key != "" {
		out = append(out, Node{Field: FieldOrganization, Terms: []string{nameMark + key}, Maybe: true})
	}
	return out
}
