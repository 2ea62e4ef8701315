package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/paper"
)

// A lexeme is one piece of what somebody typed.
type lexeme struct {
	field  string // before a colon, in lower case; "" for none
	value  string
	raw    string // as typed, without the minus
	minus  bool
	quoted bool
}

// A lexer cuts a text into lexemes. It looks at each byte a few times at most.
type lexer struct {
	rest string
	open bool // a quotation mark was not closed
}

const (
	maxLexemes = 256
	maxValue   = 1000 // bytes of one lexeme
)

// closing gives the mark that closes a quotation mark.
var closing = map[rune]string{'"': `"`, '“': "”\"“", '”': "”", '„': "“”\"", '«': "»", '»': "«"}

// next gives the next lexeme; false at the end.
func (l *lexer) next() (lexeme, bool) {
	for {
		l.skip()
		if l.rest == "" {
			return lexeme{}, false
		}
		if x, ok := l.lexeme(); ok {
			return x, true
		}
	}
}

// skip passes over blanks and opening parentheses.
func (l *lexer) skip() { l.rest = strings.TrimLeftFunc(l.rest, blank) }

func blank(r rune) bool { return r == '(' || unicode.IsSpace(r) || r < ' ' }

// lexeme reads one piece; false when nothing is left of it.
func (l *lexer) lexeme() (lexeme, bool) {
	var x lexeme
	dashes := len(l.rest) - len(strings.TrimLeft(l.rest, "-"))
	l.rest = l.rest[dashes:]
	x.minus = dashes == 1
	if dashes > 0 && strings.TrimLeftFunc(l.rest, unicode.IsSpace) != l.rest { // a dash between words
		return lexeme{}, false
	}
	l.rest = strings.TrimLeft(l.rest, "(")
	if text, ok := l.quotation(); ok {
		x.value, x.raw, x.quoted = text, text, true
		return x, text != ""
	}
	start := l.rest
	if name, _, ok := strings.Cut(firstBytes(l.rest, 40), ":"); ok && isField(name) {
		l.rest = l.rest[len(name)+1:]
		if text, ok := l.quotation(); ok {
			x.field, x.value, x.quoted = strings.ToLower(name), text, true
			x.raw = text
			return x, text != ""
		}
		l.rest = start
	}
	x.raw = l.word()
	x.value = x.raw
	if name, value, ok := strings.Cut(x.raw, ":"); ok && looksLikeField(name) && value != "" {
		x.field, x.value = strings.ToLower(name), value
	}
	return x, x.raw != ""
}

// word reads up to the next blank and takes off the marks around it.
func (l *lexer) word() string {
	end := strings.IndexFunc(l.rest, func(r rune) bool { return unicode.IsSpace(r) || r < ' ' })
	if end < 0 {
		end = len(l.rest)
	}
	word := l.rest[:end]
	l.rest = l.rest[end:]
	word = strings.TrimLeftFunc(firstBytes(word, maxValue), func(r rune) bool { return r == '(' || r == '-' || isQuote(r) })
	excess := strings.Count(word, ")") - strings.Count(word, "(")
	return strings.TrimRightFunc(word, func(r rune) bool {
		if r == ')' {
			excess--
			return excess >= 0
		}
		return isQuote(r)
	})
}

// quotation reads a text in quotation marks that begins here, without the marks. One
// that does not end is none, and its mark is passed over.
func (l *lexer) quotation() (string, bool) {
	r, size := utf8.DecodeRuneInString(l.rest)
	marks, ok := closing[r]
	if !ok {
		return "", false
	}
	end := strings.IndexAny(l.rest[size:], marks)
	if end < 0 {
		l.open = true
		l.rest = l.rest[size:]
		return "", false
	}
	text := l.rest[size : size+end]
	_, mark := utf8.DecodeRuneInString(l.rest[size+end:])
	l.rest = l.rest[size+end+mark:]
	return quotable(text), true
}

// quotable is a text that may stand in quotation marks, on one line.
func quotable(text string) string {
	text = strings.Map(func(r rune) rune {
		if isQuote(r) || r < ' ' {
			return ' '
		}
		return r
	}, firstBytes(text, maxValue))
	return paper.CleanLine(text)
}

func isQuote(r rune) bool {
	_, ok := closing[r]
	return ok
}

// firstBytes cuts a text to n bytes, and not within a character.
func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// looksLikeField reports whether a name before a colon may be meant as a field.
func looksLikeField(name string) bool {
	if name == "" || len(name) > 14 {
		return false
	}
	for _, r := range name {
		if r|0x20 < 'a' || r|0x20 > 'z' {
			return false
		}
	}
	return true
}
