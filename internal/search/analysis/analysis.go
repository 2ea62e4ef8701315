// Package analysis turns the texts of papers and of queries into terms, the same way
// for both, so that what somebody types meets what an author wrote.
//
// Start with [Plain], which takes TeX away, and then [Tokens] or, for many texts,
// an [Analyzer], whose Each makes no garbage. [Terms] is for queries, [Phrase] for
// what stands in quotation marks.
//
// What becomes of a text:
//   - Letters are folded: lower case, no accents, compatibility forms as the letters
//     they stand for. Erdős is erdos, Straße is strasse, ＧＰＴ is gpt.
//   - English words are spelled as in America, by rules and a table (spelling.go), and
//     their irregular plurals are undone (plural.go): behaviour is behavior, matrices
//     are matrix. So are the plurals of acronyms, told by their capitals, or in small
//     letters by a rule and a table: LLMs and llms are llm.
//   - Then they are cut to their stem (Snowball's English stemmer), but for the words
//     of a list that have a sense of their own: operation is not operator (stem.go has
//     the measurements). Beside its term, a token has the word as it is written.
//   - The words of [StopWords] are left out but keep their place, unless capitals make
//     acronyms of them: IT. [Common] tells further words that say nothing in a
//     question; they have terms, for the sake of phrases.
//   - Numbers stay whole: 2.5, 2401.01234.
//   - Parts of a word with a hyphen, underscore or ampersand are words, and two
//     neighbors are one term as well, in the place of the second: k-means is k,
//     means and kmeans. So it is found however the hyphen is typed. A hyphen at the
//     end of a line is one of these.
//   - So are two words with a blank between that are written as one, too (compound.go):
//     the pairs of a list (data set), prefixes and what follows them (multi modal), and
//     names with a version (SAM 2).
//   - Parts of CamelCase and of letters before digits are alternatives in the place
//     of the whole: AutoCoder is autocoder, auto and coder; GPT4o is gpt4o, gpt and 4o.
//   - Apostrophes are dropped, and 's with them, and accents that stand beside their
//     letters in text from a PDF.
//   - A Greek letter among others is its name: α-determinant is alpha, determinant and
//     alphadeterminant. Three and more make a word of Greek.
//   - Chinese and Japanese text becomes pairs of characters, and the single ones; Thai,
//     Lao, Khmer, Burmese and Tibetan pairs of letters. A Korean word is itself and the
//     pairs in it, so that particles hide nothing.
//   - Other scripts: words, vowel signs kept; those of Arabic and Hebrew are dropped.
//
// Callers keep [Version] beside what they store: terms of different versions do not
// meet. An Analyzer is for one goroutine; the functions are for any.
//
// [Words] is for names, which have neither stems nor stop words.
//
// The package leaves out fields, prefixes and other languages' stems.
package analysis

import (
	"slices"
	"strings"
	"sync"

	"broadsheet/internal/tex"
)

// Version changes whenever some text would become other terms than before.
const Version = 2

// MaxTermBytes is the most that a term has; what is longer is cut.
const MaxTermBytes = 64

// A Token is a term in its place.
type Token struct {
	Term       string
	Form       string // the whole word as it is written, folded, where it is an English one; else ""
	Start, End int    // in bytes of the text that was given
	Position   int    // counts words, stop words too; alternatives share it, the main one comes first
	Joined     bool   // it is the word before and this one together: fine-tuning, data set, SAM 2
}

// Plain gives the text that people read: TeX becomes Unicode, on one line. The
// other functions of the package expect it.
func Plain(text string) string { return tex.Text(text) }

var pool = sync.Pool{New: func() any { return New() }}

// Tokens gives the terms of a plain text in order.
func Tokens(text string) []Token {
	var out []Token
	a := pool.Get().(*Analyzer)
	a.Each(text, func(t Token) { out = append(out, t) })
	pool.Put(a)
	return out
}

// Stops gives the different stop words of a plain text.
func Stops(text string) []string {
	var out []string
	a := pool.Get().(*Analyzer)
	a.EachAndStops(text, func(Token) {}, func(word string) {
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	})
	pool.Put(a)
	return out
}

// Terms gives the different terms of a plain text, in the order of their first
// places.
func Terms(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range Tokens(text) {
		if !seen[t.Term] {
			seen[t.Term] = true
			out = append(out, t.Term)
		}
	}
	return out
}

// Words gives the folded words of a name: no stems, no stop words, none joined.
func Words(name string) []string {
	var out []string
	eachPart(name, false, func(_, word string) { out = append(out, word) })
	return out
}

// Spelled gives all words of a plain text, stop words too, folded and in American
// spelling, but neither stemmed nor joined. Greek letters have their names, and each
// Chinese character is a word.
func Spelled(text string) []string {
	var out []string
	eachPart(text, true, func(source, word string) {
		if inRuns(source) {
			word = greekNames.Replace(word)
		}
		out = append(out, american(word))
	})
	return out
}

// eachPart calls f with each part of a word in a text, as it stands there and folded.
// Ideographs are parts one by one, or as many as there are.
func eachPart(text string, ideographs bool, f func(source, word string)) {
	a := pool.Get().(*Analyzer)
	defer pool.Put(a)
	for i := 0; i < len(text); {
		k, size := kindAt(text, i)
		end, ascii := i+size, false
		switch {
		case k == letter || k == digit:
			end, ascii = partEnd(text, i)
		case k != ideograph:
			i = end
			continue
		case !ideographs:
			end = ideographsEnd(text, i)
		}
		if a.fold(text[i:end], ascii); len(a.word) > 0 {
			f(text[i:end], string(a.word))
		}
		i = end
	}
}

// Phrase gives the main term of every place of a plain text: what has to follow one
// another for the text to be there as a phrase. Stop words leave gaps.
func Phrase(text string) []Token {
	out := Tokens(text)
	n := 0
	for _, t := range out {
		if n == 0 || out[n-1].Position != t.Position {
			out[n] = t
			n++
		}
	}
	return out[:n]
}

// Common reports whether a term is of a word that asks or points but tells nothing,
// such as what, could, those: in a question's plain words it is better left out.
// Measured on five judged collections, that lifts the mean of nDCG@10 by .011.
func Common(term string) bool { return commonTerms[term] }

var commonTerms = func() map[string]bool {
	set := map[string]bool{}
	for _, term := range Terms(commonList) {
		set[term] = true
	}
	return set
}()

const commonList = `what which who whom how when where why do doe does did has have
had been can could may might should would from we our us i my me you your its he she
his her them those than also about between must so some any all most more other each
both only very too over under after before during while were am being`

// StopWords are left out: they stand in nearly every text.
func StopWords() []string { return strings.Fields(stopList) }

const stopList = `a an and are as at be but by for if in into is it no not of on or
such that the their then there these they this to was will with`
