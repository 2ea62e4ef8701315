package search

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fewestPrefix is how many letters must stand before a *.
const fewestPrefix = 3

// What other query languages have and this one has not. Formulas and names such as
// x^2, A* and C*-algebra are none of it.
var (
	weight    = regexp.MustCompile(`^(\p{L}{4,})\^\d+(?:\.\d+)?$`)
	fuzzy     = regexp.MustCompile(`^(\p{L}{3,})~\d*$`)
	inner     = regexp.MustCompile(`^\*\p{L}{2}|\p{Ll}\*\p{Ll}`)
	question  = regexp.MustCompile(`^\p{L}+\?\p{L}+$`)
	regular   = regexp.MustCompile(`^/.+/$`)
	bareRange = regexp.MustCompile(`^[\[{]\S*$`)
)

// mended reads a word that stands alone: a * at its end asks for all that begin so. What
// else looks like an operator of another language is said and searched as a word.
func (p *parser) mended(word string) (text string, prefix bool) {
	if !strings.ContainsAny(word, "*^~?/[{") {
		return word, false
	}
	bare := strings.TrimRight(word, "*")
	switch stem := strings.TrimLeftFunc(bare, func(r rune) bool { return !unicode.IsLetter(r) }); {
	case bare == word || bare == "":
	case utf8.RuneCountInString(stem) >= fewestPrefix && lettersAlone(stem):
		return stem, true
	case stem != "" && strings.IndexFunc(stem, unicode.IsUpper) < 0 && lettersAlone(stem):
		p.hint(word, "A * needs at least %d letters before it.", fewestPrefix)
		return bare, false
	}
	switch m := weight.FindStringSubmatch(word); {
	case m != nil:
		p.weighted(word, word[len(m[1]):])
		return m[1], false
	case fuzzy.MatchString(word):
		p.hint(word, "~ is not understood and was left out: a likelier spelling is offered where there is one.")
		return fuzzy.FindStringSubmatch(word)[1], false
	case inner.MatchString(word):
		p.hint(word, "A * works at the end of a word only, as in transform*.")
	case question.MatchString(word):
		p.hint(word, "A ? does not stand for a letter. A * at the end of a word stands for its endings, as in wom*.")
	case regular.MatchString(word) && strings.IndexByte(word[1:len(word)-1], '/') < 0:
		p.hint(word, "Regular expressions are not understood: it was searched as words.")
	case bareRange.MatchString(word) && p.rangeFollows():
		p.hint(word, "A range is written like year:2020..2023: it was searched as words.")
	}
	return word, false
}

// rangeFollows reports whether a TO comes next.
func (p *parser) rangeFollows() bool {
	x := p.peek()
	return x != nil && x.raw == "TO"
}

// weighted says that weights are not understood.
func (p *parser) weighted(part, weight string) {
	p.hint(part, "Words have no weights: %s was left out.", weight)
}

// lettersAlone reports whether a text may be the beginning of a word.
func lettersAlone(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && !unicode.IsMark(r)
	})
}
