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
	raw    string // as typed, without the sign
	minus  bool
	plus   bool
	quoted bool
	open   bool   // a parenthesis opens; field and sign hold for what is in it
	close  bool   // a parenthesis closes
	tail   string // what is not understood behind a quotation, such as ~5
}

// operator is AND, OR or NOT, or "" for what is none.
func (x *lexeme) operator() string {
	if x.quoted || x.minus || x.plus || x.open || x.close {
		return ""
	}
	switch x.raw {
	case "AND", "&&":
		return "AND"
	case "OR", "|", "||":
		return "OR"
	case "NOT":
		return "NOT"
	}
	return ""
}

// word reports whether a lexeme is a plain word.
func (x *lexeme) word() bool {
	return x.field == "" && !x.quoted && !x.minus && !x.plus && !x.open && !x.close && x.operator() == ""
}

// A lexer cuts a text into lexemes. It looks at each byte a few times at most.
type lexer struct {
	rest    string
	closes  int  // parentheses behind the last word that close, to be read first
	unended bool // a quotation mark was not closed
}

const (
	maxLexemes = 256
	maxValue   = 1000 // bytes of one lexeme
)

// closing gives the mark that closes a quotation mark.
var closing = map[rune]string{'"': `"`, '“': "”\"“", '”': "”", '„': "“”\"", '«': "»", '»': "«", '「': "」", '『': "』", '《': "》"}

// isQuote reports whether a character is a quotation mark.
func isQuote(r rune) bool {
	_, ok := closing[r]
	return ok || r == '」' || r == '』' || r == '》'
}

// halfWidth writes the operators of full-width keyboards as the language has them.
var halfWidth = strings.NewReplacer("＋", "+", "－", "-", "（", "(", "）", ")", "＊", "*", "＂", `"`, "｜", "|", "\u3000", " ")

// next gives the next lexeme; false at the end.
func (l *lexer) next() (lexeme, bool) {
	for {
		if l.closes > 0 {
			l.closes--
			return lexeme{close: true}, true
		}
		l.rest = strings.TrimLeftFunc(l.rest, blank)
		if l.rest == "" {
			return lexeme{}, false
		}
		if x, ok := l.lexeme(); ok {
			return x, true
		}
	}
}

func blank(r rune) bool { return unicode.IsSpace(r) || r < ' ' }

// lexeme reads one piece; false when nothing is left of it.
func (l *lexer) lexeme() (lexeme, bool) {
	var x lexeme
	if !l.sign(&x) {
		return lexeme{}, false
	}
	switch {
	case strings.HasPrefix(l.rest, "("):
		l.rest = l.rest[1:]
		x.open = true
		return x, true
	case strings.HasPrefix(l.rest, ")"):
		l.rest = l.rest[1:]
		return lexeme{close: true}, true
	}
	before := len(l.rest)
	if text, ok := l.quotation(); ok {
		x.value, x.raw, x.quoted = text, text, true
		x.tail = l.tail()
		return x, text != ""
	}
	if len(l.rest) < before { // a mark that nothing closes
		return lexeme{}, false
	}
	if ok := l.fieldBefore(&x); ok {
		return x, x.open || x.value != ""
	}
	x.raw = l.word()
	x.value = x.raw
	if name, value, ok := strings.Cut(x.raw, ":"); ok && looksLikeField(name) && value != "" {
		x.field, x.value = strings.ToLower(name), value
	}
	return x, x.raw != ""
}

// sign reads a minus or plus before a piece; false when it was a dash between words.
// Several signs are none.
func (l *lexer) sign(x *lexeme) bool {
	rest := strings.TrimLeft(l.rest, "-+")
	signs := l.rest[:len(l.rest)-len(rest)]
	x.minus, x.plus = signs == "-", signs == "+"
	l.rest = rest
	return signs == "" || rest != "" && !blank(firstRune(rest))
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// fieldBefore reads a known field whose value stands in quotation marks, parentheses or
// brackets; false where it does not.
func (l *lexer) fieldBefore(x *lexeme) bool {
	head := firstBytes(l.rest, 40)
	name, _, ok := strings.Cut(head, ":")
	colon := ":"
	if wide, _, found := strings.Cut(head, "："); found && (!ok || len(wide) < len(name)) {
		name, colon, ok = wide, "：", true
	}
	if !ok || !isField(name) {
		return false
	}
	start := l.rest
	l.rest = l.rest[len(name)+len(colon):]
	x.field = strings.ToLower(name)
	if text, ok := l.quotation(); ok {
		x.value, x.raw, x.quoted = text, text, true
		x.tail = l.tail()
		return true
	}
	if strings.HasPrefix(l.rest, "(") {
		l.rest = l.rest[1:]
		x.open = true
		return true
	}
	if text, ok := l.span(); ok {
		x.value, x.raw = text, x.field+":"+text
		return true
	}
	if colon == ":" {
		l.rest, x.field = start, ""
		return false
	}
	x.value = l.word()
	x.raw = x.field + ":" + x.value
	return true
}

// span reads a range as other languages write it, [2020 TO 2023], as this one does.
func (l *lexer) span() (string, bool) {
	if l.rest == "" || l.rest[0] != '[' && l.rest[0] != '{' {
		return "", false
	}
	end := strings.IndexAny(firstBytes(l.rest, 80), "]}")
	if end < 0 {
		return "", false
	}
	from, to, ok := strings.Cut(l.rest[1:end], " TO ")
	if !ok {
		return "", false
	}
	l.rest = l.rest[end+1:]
	bound := func(s string) string { return strings.Trim(s, " *") }
	return bound(from) + ".." + bound(to), true
}

// tail reads what may follow a quotation without a blank and is not understood.
func (l *lexer) tail() string {
	if l.rest == "" || l.rest[0] != '~' && l.rest[0] != '^' {
		return ""
	}
	n := 1
	for n < len(l.rest) && (l.rest[n] >= '0' && l.rest[n] <= '9' || l.rest[n] == '.') {
		n++
	}
	tail := l.rest[:n]
	l.rest = l.rest[n:]
	return firstBytes(tail, 20)
}

// word reads up to the next blank and takes off the marks around it. A parenthesis
// that closes behind it is left to be read.
func (l *lexer) word() string {
	end := strings.IndexFunc(l.rest, blank)
	if end < 0 {
		end = len(l.rest)
	}
	word := l.rest[:end]
	l.rest = l.rest[end:]
	word = strings.TrimLeftFunc(firstBytes(word, maxValue), func(r rune) bool { return strings.ContainsRune("(+-", r) || isQuote(r) })
	bare := strings.TrimRightFunc(word, func(r rune) bool { return strings.ContainsRune(").,;:!?", r) || isQuote(r) })
	behind := word[len(bare):]
	open := strings.Count(bare, "(") - strings.Count(bare, ")")
	for i, r := range behind { // the first one that closes more than the word has opened
		if r != ')' {
			continue
		}
		if open--; open < 0 {
			l.closes = strings.Count(behind[i:], ")")
			return strings.TrimRightFunc(bare+behind[:i], isQuote)
		}
	}
	return strings.TrimRightFunc(word, isQuote)
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
		l.unended = true
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
