package tex

import (
	"html/template"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep groups, arguments and fences may stand in each other;
// what is deeper is shown as source.
const maxDepth = 64

// A parser reads s from pos on. Its methods take the end before which they stay.
type parser struct {
	s      string
	pos    int
	pair   []int32 // where the partner of each opener is, see pairs
	depth  int
	font   font
	cells  bool // & and \\ end a cell of a table
	fences int  // \left that wait for their \right
	indent bool // a line that starts with blanks starts a paragraph
	mono   bool // in \texttt: dashes and quotes stay
	items  []int
	bad    bool // something was not understood
}

func newParser(s string) *parser { return &parser{s: s, pair: pairs(s)} }

// partner is where the opener at i is closed, or 0 when not before end.
func (p *parser) partner(i, end int) int {
	if j := int(p.pair[i]); j < end {
		return j
	}
	return 0
}

// deeper counts a level; when there are too many, it reports false.
func (p *parser) deeper() bool {
	p.depth++
	return p.depth <= maxDepth
}

// raw takes the text from start to end as source that was not understood.
func (p *parser) raw(start, end int) node {
	p.bad = true
	p.pos = end
	return node{kind: source, text: p.s[start:end]}
}

func textNode(s string) node { return node{kind: plainText, text: s} }

// text reads text up to end.
func (p *parser) text(end int) (out []node) {
	defer func() { p.depth-- }()
	if !p.deeper() {
		return []node{p.raw(p.pos, end)}
	}
	for p.pos < end {
		if n := plainRun(p.s[p.pos:end]); n > 0 {
			out = append(out, textNode(p.s[p.pos:p.pos+n]))
			p.pos += n
			continue
		}
		out = p.piece(out, end)
	}
	return out
}

// piece reads what stands at pos, a special character, and appends it to out.
func (p *parser) piece(out []node, end int) []node {
	switch c := p.s[p.pos]; c {
	case '\\':
		return p.command(out, end)
	case '$':
		return append(out, p.dollar(end))
	case '{':
		return p.group(out, end)
	case '}':
		return append(out, p.raw(p.pos, p.pos+1))
	case '~':
		return append(out, p.tie())
	case '^', '_':
		return append(out, p.bareScript(end))
	case '\n':
		return append(out, p.lineEnd(end))
	default:
		return append(out, p.quoteOrDash(c, end))
	}
}

// take skips n bytes and gives them as text.
func (p *parser) take(n int) node {
	p.pos += n
	return textNode(p.s[p.pos-n : p.pos])
}

// as skips n bytes and gives s in their place.
func (p *parser) as(n int, s string) node {
	p.pos += n
	return textNode(s)
}

func (p *parser) group(out []node, end int) []node {
	j := p.partner(p.pos, end)
	if j == 0 {
		return append(out, p.raw(p.pos, p.pos+1))
	}
	p.pos++
	out = append(out, p.text(j)...)
	p.pos = j + 1
	return out
}

// dollar reads a formula, or the sign of a currency.
func (p *parser) dollar(end int) node {
	width := 1
	if at(p.s, p.pos+1) == '$' && p.pos+1 < end {
		width = 2
	}
	j := p.partner(p.pos, end)
	if j == 0 {
		if width == 1 && amount(p.s, p.pos) {
			return p.take(1)
		}
		return p.raw(p.pos, p.pos+width)
	}
	p.pos += width
	return p.formula(j, width, width == 2)
}

// amount reports whether the dollar at i belongs to a number: $5, $ 5, 5$ or 5k$.
func amount(s string, i int) bool {
	before := at(s, i-1)
	if before == 'k' || before == 'M' || before == 'K' || isBlank(before) {
		before = at(s, i-2)
	}
	after := at(s, i+1)
	if after == ' ' {
		after = at(s, i+2)
	}
	return isDigit(before) || isDigit(after)
}

// formula reads a formula up to end and skips the width bytes that close it.
func (p *parser) formula(end, width int, block bool) node {
	n := node{kind: math}
	if block {
		n.flag = display
	}
	n.kids = p.fresh(end)
	p.pos = end + width
	return n
}

// fresh reads a formula up to end that knows nothing of what it stands in.
func (p *parser) fresh(end int) []node {
	font, cells, fences := p.font, p.cells, p.fences
	p.font, p.cells, p.fences = italic, false, 0
	out := p.row(end)
	p.font, p.cells, p.fences = font, cells, fences
	return out
}

// tie reads ~, which is a blank except where it means "about" or stands in a URL.
func (p *parser) tie() node {
	before, after := at(p.s, p.pos-1), at(p.s, p.pos+1)
	if before == '/' || p.mono || isDigit(after) && (before == 0 || isBlank(before) || before == '(') {
		return p.take(1)
	}
	return p.as(1, "\u00a0")
}

// bareScript reads ^ or _ outside a formula: a script when it looks like one.
func (p *parser) bareScript(end int) node {
	element := "sup"
	if p.s[p.pos] == '_' {
		element = "sub"
	}
	next := p.pos + 1
	if j := p.partner(min(next, len(p.s)), end); next < end && p.s[next] == '{' && j > 0 {
		p.pos = next + 1
		return p.bareGroup(j, element)
	}
	n := bareLen(p.s[p.pos:end], p.s[max(0, p.pos-4):p.pos])
	if n == 0 || p.mono {
		return p.take(1)
	}
	p.pos++
	return node{kind: styled, text: element, kids: []node{p.take(n)}}
}

// bareGroup reads the script in braces up to end as a formula would be.
func (p *parser) bareGroup(end int, element string) node {
	kids := p.text(end)
	p.pos = end + 1
	return node{kind: styled, text: element, kids: kids}
}

// bareLen is how much of s after its ^ or _ is a script: a number, or one letter
// or star after ^. What stands before it decides: x_1 has one, file_1 has none.
func bareLen(s, before string) int {
	word := 0
	for word < len(before) && isLetter(before[len(before)-1-word]) {
		word++
	}
	last := at(before, len(before)-1)
	if last == 0 || isBlank(last) || s[0] == '_' && (word == 0 && last != ')' || word > 2) {
		return 0
	}
	n := 1
	if s[0] == '^' && (at(s, n) == '-' || at(s, n) == '+') {
		n++
	}
	for isDigit(at(s, n)) {
		n++
	}
	if n > 2 || n == 2 && isDigit(s[1]) || n == 2 && !isLetter(at(s, 2)) {
		return n - 1
	}
	c := at(s, 1)
	if s[0] == '^' && n == 1 && (isLetter(c) && !isLetter(at(s, 2)) || c == '*') && s[0] != last {
		return 1
	}
	return 0
}

// lineEnd reads the white space at a line end.
func (p *parser) lineEnd(end int) node {
	lines, start := 0, p.pos
	for p.pos < end && isBlank(p.s[p.pos]) {
		if p.s[p.pos] == '\n' {
			lines++
			start = p.pos
		}
		p.pos++
	}
	if lines > 1 || p.indent && p.pos > start+1 {
		return node{kind: paragraphBreak}
	}
	return textNode(" ")
}

// quoteOrDash reads what TeX makes of -, ' and `.
func (p *parser) quoteOrDash(c byte, end int) node {
	n := 1
	for p.pos+n < end && p.s[p.pos+n] == c {
		n++
	}
	before, after := at(p.s, p.pos-1), at(p.s, p.pos+n)
	switch {
	case p.mono:
	case c == '-' && n == 2 && after != '>' && before != '<' && before != '!' && (!isBlank(before) || !isLetter(after)):
		return p.as(2, "–")
	case c == '-' && n == 3:
		return p.as(3, "—")
	case c == '\'' && n == 2:
		return p.as(2, "”")
	case c == '`' && n == 2:
		return p.as(2, "“")
	case c == '`' && n == 1:
		return p.singleQuote(end)
	}
	return p.take(n)
}

// singleQuote reads `: it opens a quotation when a ' closes it nearby.
func (p *parser) singleQuote(end int) node {
	near := p.s[p.pos+1 : min(end, p.pos+200)]
	if i := strings.IndexAny(near, "`'"); i > 0 && near[i] == '\'' && !isLetter(at(near, i+1)) {
		return p.as(1, "‘")
	}
	return p.take(1)
}

// name reads the macro name at pos, which is at a backslash: letters or one character.
func (p *parser) name(end int) string {
	start := p.pos + 1
	i := start
	for i < end && isLetter(p.s[i]) {
		i++
	}
	if i == start && i < end {
		_, n := utf8.DecodeRuneInString(p.s[i:end])
		i += n
	}
	p.pos = i
	return p.s[start:i]
}

// star skips the star that some macros take.
func (p *parser) star(end int) {
	if p.pos < end && p.s[p.pos] == '*' {
		p.pos++
	}
}

func (p *parser) blanks(end int) {
	for p.pos < end && isBlank(p.s[p.pos]) {
		p.pos++
	}
}

// braced gives the source of the argument at pos without its braces, "" when
// there is none in braces.
func (p *parser) braced(end int) (string, bool) {
	start := p.pos
	p.blanks(end)
	if p.pos < end && p.s[p.pos] == '{' {
		if j := p.partner(p.pos, end); j > 0 {
			in := p.s[p.pos+1 : j]
			p.pos = j + 1
			return in, true
		}
	}
	p.pos = start
	return "", false
}

// bracketed gives where the optional argument at pos starts and ends, and skips it.
func (p *parser) bracketed(end int) (from, to int, ok bool) {
	if p.pos >= end || p.s[p.pos] != '[' {
		return 0, 0, false
	}
	limit := min(end, p.pos+500)
	for i := p.pos + 1; i < limit; i++ {
		switch p.s[i] {
		case '{':
			i = max(i, p.partner(i, end))
		case ']':
			from, p.pos = p.pos+1, i+1
			return from, i, true
		}
	}
	return 0, 0, false
}

// render gives the nodes as HTML; size is a guess of its length.
func render(nodes []node, size int) template.HTML {
	var w htmlWriter
	w.buf.Grow(size)
	w.inline(nodes)
	return template.HTML(strings.TrimSpace(w.buf.String()))
}
