package analysis

import (
	"strings"
	"unicode/utf8"
)

// An Analyzer finds the terms of one text after another. It remembers words, which
// makes it fast; a term that it gave stays valid. Make one with [New].
type Analyzer struct {
	known  map[string]*known // by folded word
	folded map[string]folded // short parts beyond ASCII
	word   []byte            // the part at hand, folded
	joined []byte
	cuts   []int
	text   string
	mixed  caseOf
	onStop func(word string)

	// What stands before the part at hand, unless before is empty.
	before  []byte
	prior   *known // of before
	capital bool   // before begins with a capital
	start   int    // where before begins
	gap     gap
}

// A gap is what lies between two parts of words.
type gap uint8

const (
	gapNone   gap = iota
	gapHyphen     // they are one word
	gapBlank
)

// caseOf says whether a text has small letters.
type caseOf uint8

const (
	caseUnknown caseOf = iota
	caseMixed
	caseCapitals
)

// maxRemembered bounds an Analyzer's memory; it forgets all when it is full.
const maxRemembered = 1 << 18

// New makes an Analyzer.
func New() *Analyzer {
	a := &Analyzer{}
	a.forget()
	return a
}

func (a *Analyzer) forget() {
	a.known = map[string]*known{}
	a.folded = map[string]folded{}
	for _, w := range StopWords() {
		a.known[w] = &known{stop: true, form: w}
	}
}

// Each calls f with each term of a plain text, in order.
func (a *Analyzer) Each(text string, f func(Token)) { a.EachAndStops(text, f, nil) }

// EachAndStops is Each that also calls stop with each word that has no term since it is
// a stop word, folded.
func (a *Analyzer) EachAndStops(text string, f func(Token), stop func(word string)) {
	a.onStop = stop
	if len(a.known)+len(a.folded) > maxRemembered {
		a.forget()
	}
	a.text, a.mixed = text, caseUnknown
	a.before, a.gap = a.before[:0], gapNone
	position := 0
	for i := 0; i < len(text); {
		kind, size := kindAt(text, i)
		switch kind {
		case letter, digit:
			end, ascii := partEnd(text, i)
			if ascii {
				a.foldASCII(text[i:end])
			} else if a.foldOnce(text[i:end]) {
				position = a.runs(text, i, end, position, f)
				i = end
				continue
			}
			if len(a.word) > 0 {
				a.part(text[i:end], Token{Start: i, End: end, Position: position}, f)
				position++
			}
			a.keep(text[i:end], i)
			i = end
		case ideograph:
			end := ideographsEnd(text, i)
			position = a.ideographs(text, i, end, position, f)
			a.before = a.before[:0]
			i = end
		default:
			i += a.between(text, i, size)
		}
	}
}

// keep remembers the part at hand as what stands before the next one.
func (a *Analyzer) keep(source string, start int) {
	a.before, a.start, a.gap = append(a.before[:0], a.word...), start, gapNone
	a.capital = isUpper(rune(source[0]))
}

// between takes in what is no part of a word, and gives its size.
func (a *Analyzer) between(text string, i, size int) int {
	if len(a.before) == 0 {
		return size
	}
	switch {
	case a.gap == gapNone && joins(text, i, size):
		a.gap = gapHyphen
	case a.gap == gapNone && brokenLine(text, i, size) > 0:
		a.gap = gapHyphen
		return brokenLine(text, i, size)
	case a.gap != gapHyphen && isBlank(text[i:i+size]):
		a.gap = gapBlank
	default:
		a.before = a.before[:0]
	}
	return size
}

// part gives the terms of one part of a word: its own, the pieces it consists of,
// and it with the part before it.
func (a *Analyzer) part(source string, t Token, f func(Token)) {
	k := a.know(a.word)
	term := k.term
	t.Form = k.form
	word := a.word
	if n := acronymPlural(source); n > 0 && len(source) == len(a.word) {
		if single := a.know(a.word[:n]); !single.stop {
			term, word = single.term, a.word[:n]
		}
	}
	if k.stop && a.isAcronym(source) {
		term = k.form
	}
	if term == "" && k.stop && a.onStop != nil {
		a.onStop(k.form)
	}
	if term != "" {
		t.Term = term
		f(t)
		if k.other != "" {
			a.piece(k.other, t, t.Start, t.End, f)
		}
		a.pieces(source, t, f)
	}
	a.join(source, word, k, t, f)
	a.prior = k
}

// join gives a part and the one before it as one term, where they are also written so.
func (a *Analyzer) join(source string, word []byte, k *known, t Token, f func(Token)) {
	if len(a.before) == 0 || len(a.before)+len(word) > MaxTermBytes {
		return
	}
	if a.gap == gapBlank && !a.mayJoin(word, k) || a.gap != gapBlank && a.lowStop(source, k) {
		return
	}
	a.joined = append(append(a.joined[:0], a.before...), word...)
	whole := a.know(a.joined)
	if whole.term == "" || a.gap == gapBlank && a.prior.first && !a.prior.bound && !isDigit(word[0]) && compounds.cuts[whole.term] != len(a.before) {
		return
	}
	t.Term, t.Form, t.Start, t.Joined = whole.term, whole.form, a.start, true
	f(t)
}

// mayJoin reports whether two words with a blank between may be one: a prefix and its
// word, two parts of a compound, a name and its version.
func (a *Analyzer) mayJoin(word []byte, k *known) bool {
	if a.prior.stop || k.stop {
		return false
	}
	if isDigit(word[0]) {
		return (len(a.before) > 1 || a.capital) && numbered(a.before, word)
	}
	return k.form != "" && (a.prior.first || a.prior.bound)
}

// lowStop reports whether a part is a stop word in lower case, or follows one: such
// parts are not joined, as nobody writes "stateof".
func (a *Analyzer) lowStop(source string, k *known) bool {
	return k.stop && source[0] >= 'a' || len(a.before) > 1 && a.prior.stop
}

// isAcronym reports whether what looks like a stop word is an acronym: IT and OR in a
// text that also has small letters.
func (a *Analyzer) isAcronym(source string) bool {
	if len(source) < 2 || strings.IndexFunc(source, func(r rune) bool { return !isUpper(r) }) >= 0 {
		return false
	}
	if a.mixed == caseUnknown {
		a.mixed = caseCapitals
		if strings.IndexFunc(a.text, isLower) >= 0 {
			a.mixed = caseMixed
		}
	}
	return a.mixed == caseMixed
}

// know gives what there is to know of a folded word, always the same.
func (a *Analyzer) know(word []byte) *known {
	if k, ok := a.known[string(word)]; ok {
		return k
	}
	s := string(word)
	k := learn(s)
	a.known[s] = k
	return k
}

// pieces gives what a part consists of as alternatives.
func (a *Analyzer) pieces(source string, t Token, f func(Token)) {
	if len(a.word) < 4 || len(source) > MaxTermBytes {
		return
	}
	if n := lettersBeforeDigits(a.word); n > 0 && len(source) == len(a.word) {
		first, second := a.know(a.word[:n]).term, a.know(a.word[n:]).term
		a.piece(first, t, t.Start, t.Start+n, f)
		a.piece(second, t, t.Start+n, t.End, f)
		return
	}
	a.cuts = camelCuts(a.cuts[:0], source)
	if len(a.cuts) == 0 || len(source) != len(a.word) {
		return
	}
	from := 0
	for _, to := range a.cuts {
		a.piece(a.know(a.word[from:to]).term, t, t.Start+from, t.Start+to, f)
		from = to
	}
	a.piece(a.know(a.word[from:]).term, t, t.Start+from, t.End, f)
}

// piece gives a part of a word as an alternative in its place.
func (a *Analyzer) piece(term string, t Token, start, end int, f func(Token)) {
	if term == "" {
		return
	}
	t.Term, t.Form, t.Start, t.End = term, "", start, end
	f(t)
}

// ideographs gives every pair of neighbors and every character of text[i:end], and
// the position after them.
func (a *Analyzer) ideographs(text string, i, end, position int, f func(Token)) int {
	for i < end {
		_, size := utf8.DecodeRuneInString(text[i:])
		next := i + size
		if next < end {
			_, size = utf8.DecodeRuneInString(text[next:])
			a.fold(text[i:next+size], false)
			f(Token{Term: a.know(a.word).term, Start: i, End: next + size, Position: position})
		}
		a.fold(text[i:next], false)
		f(Token{Term: a.know(a.word).term, Start: i, End: next, Position: position})
		i, position = next, position+1
	}
	return position
}

// lettersBeforeDigits is how many letters a word begins with when there are at
// least three and a digit follows; else 0.
func lettersBeforeDigits(word []byte) int {
	n := 0
	for n < len(word) && 'a' <= word[n] && word[n] <= 'z' {
		n++
	}
	if n < 3 || n == len(word) || !isDigit(word[n]) {
		return 0
	}
	return n
}

// camelCuts adds to cuts where the pieces of a CamelCase word begin, all but the
// first: nothing when there are none, or one has fewer than three letters (LaTeX,
// LLMs).
func camelCuts(cuts []int, s string) []int {
	from := 0
	for i := 1; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return nil
		}
		if !isUpper(rune(s[i])) || !pieceBegins(s, i) {
			continue
		}
		if i-from < 3 {
			return nil
		}
		cuts, from = append(cuts, i), i
	}
	if len(s)-from < 3 {
		return nil
	}
	return cuts
}

// pieceBegins reports whether the capital s[i] begins a piece: after a small letter
// (AutoCoder), or as the last of several (GPTModel).
func pieceBegins(s string, i int) bool {
	return isLower(rune(s[i-1])) || i+1 < len(s) && isLower(rune(s[i+1])) && isUpper(rune(s[i-1]))
}

func isUpper(r rune) bool { return 'A' <= r && r <= 'Z' }
func isLower(r rune) bool { return 'a' <= r && r <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
