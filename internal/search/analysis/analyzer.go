package analysis

import "unicode/utf8"

// An Analyzer finds the terms of one text after another. It remembers stems, which
// makes it fast; a term that it gave stays valid. Make one with [New].
type Analyzer struct {
	stems   map[string]string // folded word to term, "" for a stop word
	strings map[string]string // other terms, one string each
	folded  map[string]string // short parts beyond ASCII, and how they fold
	word    []byte            // the part at hand, folded
	before  []byte            // the part that a hyphen joins to it; empty when there is none
	start   int               // where that part begins
	joined  []byte
	cuts    []int
}

// maxRemembered bounds an Analyzer's memory; it forgets all when it is full.
const maxRemembered = 1 << 18

// New makes an Analyzer.
func New() *Analyzer {
	a := &Analyzer{}
	a.forget()
	return a
}

func (a *Analyzer) forget() {
	a.stems = map[string]string{}
	a.strings = map[string]string{}
	a.folded = map[string]string{}
	for _, w := range StopWords() {
		a.stems[w] = ""
	}
}

// Each calls f with each term of a plain text, in order.
func (a *Analyzer) Each(text string, f func(Token)) {
	if len(a.stems)+len(a.strings)+len(a.folded) > maxRemembered {
		a.forget()
	}
	a.before = a.before[:0]
	position := 0
	for i := 0; i < len(text); {
		kind, size := kindAt(text, i)
		switch kind {
		case letter, digit:
			end, ascii := partEnd(text, i)
			a.fold(text[i:end], ascii)
			if len(a.word) > 0 {
				a.part(text[i:end], Token{Start: i, End: end, Position: position}, f)
				position++
			}
			a.before, a.start = append(a.before[:0], a.word...), i
			i = end
		case ideograph:
			end := ideographsEnd(text, i)
			position = a.ideographs(text, i, end, position, f)
			a.before = a.before[:0]
			i = end
		default:
			if !joins(text, i, size) {
				a.before = a.before[:0]
			}
			i += size
		}
	}
}

// part gives the terms of one part of a word: its own, the pieces it consists of,
// and it with the part before its hyphen.
func (a *Analyzer) part(source string, t Token, f func(Token)) {
	t.Term = a.stem(a.word)
	if t.Term != "" {
		f(t)
		a.pieces(source, t, f)
	}
	if len(a.before) == 0 || a.lowStop(source, t.Term) {
		return
	}
	a.joined = append(append(a.joined[:0], a.before...), a.word...)
	if len(a.joined) > MaxTermBytes {
		return
	}
	t.Term = a.stem(a.joined)
	t.Start = a.start
	if t.Term != "" {
		f(t)
	}
}

// lowStop reports whether a part is a stop word in lower case, or follows one: such
// parts are not joined, as nobody writes "stateof".
func (a *Analyzer) lowStop(source, term string) bool {
	if term == "" && source[0] >= 'a' {
		return true
	}
	if len(a.before) < 2 {
		return false
	}
	known, ok := a.stems[string(a.before)]
	return ok && known == ""
}

// stem gives the term of a folded word, "" for a stop word.
func (a *Analyzer) stem(word []byte) string {
	if term, ok := a.stems[string(word)]; ok {
		return term
	}
	if !stemmable(word) {
		return a.same(word)
	}
	s := string(word)
	term := stemEnglish(s)
	a.stems[s] = term
	return term
}

// same gives a term that has no stem, always as the same string.
func (a *Analyzer) same(word []byte) string {
	if s, ok := a.strings[string(word)]; ok {
		return s
	}
	s := string(word)
	a.strings[s] = s
	return s
}

func stemmable(word []byte) bool {
	for _, c := range word {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return len(word) > 2
}

// pieces gives what a part consists of as alternatives.
func (a *Analyzer) pieces(source string, t Token, f func(Token)) {
	if len(a.word) < 4 || len(source) > MaxTermBytes {
		return
	}
	if n := lettersBeforeDigits(a.word); n > 0 && len(source) == len(a.word) {
		first, second := a.stem(a.word[:n]), a.stem(a.word[n:])
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
		a.piece(a.stem(a.word[from:to]), t, t.Start+from, t.Start+to, f)
		from = to
	}
	a.piece(a.stem(a.word[from:]), t, t.Start+from, t.End, f)
}

func (a *Analyzer) piece(term string, t Token, start, end int, f func(Token)) {
	if term == "" {
		return
	}
	t.Term, t.Start, t.End = term, start, end
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
			f(Token{Term: a.same(a.word), Start: i, End: next + size, Position: position})
		}
		a.fold(text[i:next], false)
		f(Token{Term: a.same(a.word), Start: i, End: next, Position: position})
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
	if n < 3 || n == len(word) || word[n] < '0' || word[n] > '9' {
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
