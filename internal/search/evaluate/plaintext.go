package evaluate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"golang.org/x/text/unicode/norm"

	"broadsheet/internal/tex"
)

// A tokenizer gives the terms of a text in the plainest way that is fair: runs of letters
// and digits in lower case without accents, without stop words, cut by Snowball's English
// stemmer. Terms are numbers from 1. It shares nothing with the analyzer of the search that
// is measured.
type tokenizer struct {
	words map[string]uint32 // to their terms; 0 for a stop word
	terms map[string]uint32 // by stem
	env   *snowballstem.Env
}

func newTokenizer() *tokenizer {
	t := &tokenizer{words: map[string]uint32{}, terms: map[string]uint32{}, env: snowballstem.NewEnv("")}
	for w := range strings.FieldsSeq(plainStopWords) {
		t.words[w] = 0
	}
	return t
}

const plainStopWords = `a about after all also an and any are as at be because been being between both but by can
could do does for from had has have how however if in into is it its more most no nor not of on only or other
our out over same should so some such than that the their them then there these they this those through to
too under up very was we were what when where which while who why will with would you your`

// termsOf gives the terms of a text, TeX included, in order.
func (t *tokenizer) termsOf(text string) []uint32 {
	var out []uint32
	for _, w := range words(text) {
		if term := t.term(w); term != 0 {
			out = append(out, term)
		}
	}
	return out
}

func (t *tokenizer) term(word string) uint32 {
	if term, ok := t.words[word]; ok {
		return term
	}
	t.env.SetCurrent(word)
	english.Stem(t.env)
	stem := strings.Clone(t.env.Current())
	term, ok := t.terms[stem]
	if !ok {
		term = uint32(len(t.terms) + 1)
		t.terms[stem] = term
	}
	t.words[strings.Clone(word)] = term
	return term
}

// words gives the runs of letters and digits of a text, folded.
func words(text string) []string {
	return strings.FieldsFunc(fold(tex.Text(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// fold gives a text in lower case, without accents and apostrophes, and with compatibility
// forms as the letters that they stand for.
func fold(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		text = norm.NFKD.String(text)
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == '\'' || r == '’' || unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, text))
}
