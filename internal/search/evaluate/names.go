package evaluate

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"broadsheet/internal/paper"
)

// Names asks n times each for authors by their names, as written, reversed, with an
// initial and in plain letters, for authors and a word of one of their titles, for
// organizations, and for organizations and a topic. Right is a paper by that author or
// organization; where there is a word or topic, one that has it.
func (s *Sampler) Names(n int) []*Collection {
	slugs := slices.Sorted(maps.Keys(s.authors))
	var marked []string
	for _, slug := range slugs {
		if name := s.authors[slug]; plainLetters(name, false) != name && !strings.ContainsAny(name, `\{}$`) {
			marked = append(marked, slug)
		}
	}
	author := newKind("author")
	for _, slug := range sample(slugs, n, s.random(author.Name)) {
		author.ask(s.authors[slug], s.papersOf(s.byAuthor[slug]))
	}
	reversed := newKind("author, reversed")
	for _, slug := range sample(slugs, n, s.random(reversed.Name)) {
		family, given, _ := nameParts(s.authors[slug])
		reversed.ask(family+", "+given, s.papersOf(s.byAuthor[slug]))
	}
	initial := newKind("author, initial")
	for _, slug := range sample(slugs, n, s.random(initial.Name)) {
		family, given, _ := nameParts(s.authors[slug])
		initial.ask(initialOf(given)+" "+family, s.papersOf(s.byInitial[initialKey(family, given)]))
	}
	plain := newKind("author, no accents")
	for i, slug := range sample(marked, n, s.random(plain.Name)) {
		plain.ask(plainLetters(s.authors[slug], i%2 == 1), s.papersOf(s.byAuthor[slug]))
	}
	return []*Collection{author, reversed, initial, plain, s.authorsAndWords(slugs, n), s.organizations(n), s.organizationsAndTopics(n)}
}

// initialOf is "K." of Kaiming.
func initialOf(given string) string { return string([]rune(given)[:1]) + "." }

// plainLetters writes Latin letters in ASCII; transliterated, ä becomes ae, and so on, as
// German and Scandinavian names are written.
func plainLetters(name string, transliterated bool) string {
	if transliterated {
		name = transliteration.Replace(norm.NFC.String(name))
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(otherLetters.Replace(norm.NFC.String(name))))
}

var (
	transliteration = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "Å", "Aa", "Ø", "Oe")
	otherLetters    = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ł", "l", "ı", "i", "Ø", "O", "Ł", "L", "Đ", "D", "Æ", "Ae")
)

// authorsAndWords asks for an author and the rarest word of one of the titles.
func (s *Sampler) authorsAndWords(slugs []string, n int) *Collection {
	c := newKind("author and word")
	r := s.random(c.Name)
	for _, slug := range sample(slugs, n, r) {
		papers := s.byAuthor[slug]
		name := s.authors[slug]
		word := s.rarest(s.b.papers[papers[r.IntN(len(papers))]].Title, name, 1)
		if len(word) == 0 {
			continue
		}
		term := s.b.tokens.term(word[0])
		c.ask(name+" "+word[0], s.papersOf(slices.DeleteFunc(slices.Clone(papers), func(i int) bool { return !s.has(i, term) })))
	}
	return c
}

// organizations asks for organizations by their full names.
func (s *Sampler) organizations(n int) *Collection {
	c := newKind("organization")
	for _, name := range sample(slices.Sorted(maps.Keys(s.byOrg)), n, s.random(c.Name)) {
		c.ask(s.organizationName(name), s.papersOf(s.byOrg[name]))
	}
	return c
}

// organizationName is the name as people read it.
func (s *Sampler) organizationName(name string) string {
	o := s.b.papers[s.byOrg[name][0]].Organization
	if full := paper.CleanLine(o.FullName); full != "" {
		return full
	}
	return name
}

// leastOfKeyword is how many papers have a keyword that is asked for beside an organization.
const leastOfKeyword = 3

// organizationsAndTopics asks for an organization and a keyword that one of its papers
// has. Right is a paper of the organization that has the keyword, or all its words in
// title and abstract.
func (s *Sampler) organizationsAndTopics(n int) *Collection {
	c := newKind("organization and topic")
	r := s.random(c.Name)
	for _, name := range sample(slices.Sorted(maps.Keys(s.byOrg)), n, r) {
		var topics []string
		for _, i := range s.byOrg[name] {
			for _, k := range s.keywords[i] {
				if len(s.byKeyword[k]) >= leastOfKeyword {
					topics = append(topics, k)
				}
			}
		}
		if len(topics) == 0 {
			continue
		}
		topic := topics[r.IntN(len(topics))]
		var right []int
		for _, i := range s.byOrg[name] {
			if slices.Contains(s.keywords[i], topic) || s.hasAll(i, topic) {
				right = append(right, i)
			}
		}
		c.ask(s.organizationName(name)+" "+s.spellings[topic], s.papersOf(right))
	}
	return c
}

// hasAll reports whether title and abstract of paper i have all words of a text.
func (s *Sampler) hasAll(i int, text string) bool {
	terms := s.b.tokens.termsOf(text)
	return len(terms) > 0 && !slices.ContainsFunc(terms, func(t uint32) bool { return !s.has(i, t) })
}
