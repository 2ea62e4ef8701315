package tex

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// accents are the accents of text by macro: the combining character, and how the
// accent looks when it stands alone.
var accents = map[string][2]string{
	"`": {"\u0300", "`"}, "'": {"\u0301", "´"}, "^": {"\u0302", "^"}, "~": {"\u0303", "~"}, "\"": {"\u0308", "\""},
	"=": {"\u0304", "¯"}, ".": {"\u0307", "˙"}, "u": {"\u0306", "˘"}, "v": {"\u030c", "ˇ"}, "H": {"\u030b", "˝"},
	"c": {"\u0327", "¸"}, "k": {"\u0328", "˛"}, "r": {"\u030a", "˚"}, "d": {"\u0323", "."}, "b": {"\u0331", "_"},
	"t": {"\u0361", ""}, "G": {"\u030f", ""}, "textcommabelow": {"\u0326", ""}, "U": {"\u030e", ""},
}

// accent reads the argument of an accent whose name was read from start on.
func (p *parser) accent(name string, start, end int) node {
	if name == `"` && p.quoted(start, end) {
		return textNode(`"`)
	}
	after := p.pos
	p.blanks(end)
	braced := p.pos < end && p.s[p.pos] == '{'
	base, ok := p.accentBase(end)
	first, _ := utf8.DecodeRuneInString(base)
	switch {
	case ok && base == "":
		return textNode(accents[name][1])
	case ok && (unicode.IsLetter(first) || unicode.IsDigit(first)):
		return textNode(compose(base, accents[name][0]))
	case ok && braced: // going back would read the braces again, and theirs again
		return p.raw(start, p.pos)
	}
	p.pos = after
	if !isLetter(name[0]) {
		return textNode(name)
	}
	return p.raw(start, after)
}

// quoted reports whether the \" at start is one of a pair around words, which
// some authors write for quotation marks: \"so-called\".
func (p *parser) quoted(start, end int) bool {
	if c := at(p.s, p.pos); p.pos >= end || !isLetter(c) && c != '{' && c != '\\' {
		return true
	}
	before := at(p.s, start-1)
	if before != 0 && before != ' ' && before != '(' && before != '\n' {
		return false
	}
	near := p.s[p.pos:min(end, p.pos+200)]
	i := strings.Index(near, `\"`)
	c := at(near, i+2)
	return i > 0 && !isLetter(c) && c != '{' && c != '\\'
}

// accentBase reads what an accent stands on: a group, a letter or a macro for one.
func (p *parser) accentBase(end int) (string, bool) {
	if p.pos >= end {
		return "", false
	}
	switch p.s[p.pos] {
	case '{':
		j := p.partner(p.pos, end)
		if j == 0 {
			return "", false
		}
		p.pos++
		base := flat(p.text(j))
		p.pos = j + 1
		return base, true
	case '\\':
		return p.letterMacro(end)
	}
	_, n := utf8.DecodeRuneInString(p.s[p.pos:end])
	p.pos += n
	return p.s[p.pos-n : p.pos], true
}

// letterMacro reads a macro that stands for a letter, such as \i.
func (p *parser) letterMacro(end int) (string, bool) {
	name := p.name(end)
	s, ok := symbols[name]
	if !ok || s.class != ordinary {
		return "", false
	}
	if p.pos < end && p.s[p.pos] == ' ' && len(name) <= 2 {
		p.pos++
	}
	return s.text, true
}

// compose puts the combining mark on the first letter of base.
func compose(base, mark string) string {
	_, n := utf8.DecodeRuneInString(base)
	first := base[:n]
	switch first {
	case "ı":
		first = "i"
	case "ȷ":
		first = "j"
	}
	return norm.NFC.String(first+mark) + base[n:]
}

// flat gives nodes as plain text.
func flat(nodes []node) string {
	var w textWriter
	w.inline(nodes)
	return w.buf.String()
}
