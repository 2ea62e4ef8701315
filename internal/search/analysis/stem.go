package analysis

import (
	_ "embed" // the tables
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// A known is what an Analyzer remembers of a folded word.
type known struct {
	term  string // its term; "" for a stop word
	form  string // how it is written, in American spelling; "" where that is no English word
	other string // a second term, of a word that is the plural of two; else ""
	stop  bool
	first bool // it is the first part of compounds
	bound bool // it is a prefix rather than a word: non, multi
}

// learn finds out about a folded word.
func learn(word string) *known {
	if !stemmable(word) {
		return &known{term: word}
	}
	form := american(word)
	k := &known{form: form, term: stemOf(form), first: compounds.first[word], bound: boundPrefixes[word]}
	if second := twofold[form]; second != "" {
		k.other = stemEnglish(second)
	}
	return k
}

// stemmable reports whether a folded word is an English one: three letters or more.
func stemmable(word string) bool {
	for i := range len(word) {
		if c := word[i]; c < 'a' || c > 'z' {
			return false
		}
	}
	return len(word) > 2
}

// stemOf gives the term of an English word in American spelling.
func stemOf(word string) string {
	if singular, ok := irregular[word]; ok {
		word = singular
	} else if acronyms[word] || consonantsAndS(word) {
		word = word[:len(word)-1]
	}
	if term, ok := parted[word]; ok {
		return term
	}
	return stemEnglish(word)
}

// stemEnglish cuts a word in lower case to its stem.
func stemEnglish(word string) string {
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}

// parted are words that Snowball's stemmer joins with others of another sense, and
// their terms: operation is not operator, a transformer is no transform. The list was
// made of 677,454 titles and abstracts of arXiv, after Xu and Croft ("Corpus-Based
// Stemming Using Cooccurrence of Word Variants", 1998): the inflected forms of a word
// are a group, and groups with the same stem stay together when they occur in the same
// papers at least three times as often as by chance; then it was read, and some words
// were added or taken out by hand. Each line is a group, its first word the term.
//
// nDCG@10 by words over the five judged collections, and over 797 topics, the keywords
// of 8 to 80 of 11,112 papers:
//
//	                                          judged  topics
//	Snowball                                  .5027   .1711
//	and parted at 1.5 times                   .5039   .1713
//	and parted at 2 times                     .5092   .1719
//	and parted at 3 times                     .5136   .1726
//	and parted at 4 times                     .5095   .1733
//	after Krovetz, arXiv's words his lexicon  .5016   .1804
//	inflections alone                         .4946   .1820
//	no stems                                  .4553   .1995
//
// What the last ones gain on topics, which are names of things, is had by exact forms.
var parted = func() map[string]string {
	terms := map[string]string{}
	for line := range strings.Lines(partedTable) {
		group := strings.Fields(line)
		for _, word := range group {
			terms[word] = group[0]
		}
	}
	return terms
}()

//go:embed tables/parted.txt
var partedTable string
