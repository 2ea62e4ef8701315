package tex

import (
	"strconv"
	"strings"
)

// command reads the command at pos, which is at a backslash, and appends it to out.
func (p *parser) command(out []node, end int) []node {
	start := p.pos
	name := p.name(end)
	if name == "" {
		return append(out, p.raw(start, p.pos))
	}
	if !isLetter(name[0]) {
		return append(out, p.controlSymbol(name, start, end))
	}
	if _, ok := accents[name]; ok {
		return append(out, p.accent(name, start, end))
	}
	if s, ok := phrases[name]; ok {
		return append(out, textNode(s))
	}
	if n, ok := p.style(name, end); ok {
		return append(out, n)
	}
	if nodes, ok := p.structure(name, start, end); ok {
		return append(out, nodes...)
	}
	if arg, ok := silent[name]; ok {
		p.star(end)
		if arg {
			p.bracketed(end)
			p.braced(end)
		}
		return out
	}
	return append(out, p.bareMath(name, start, end))
}

// controlSymbol reads \ with a character that is no letter.
func (p *parser) controlSymbol(name string, start, end int) node {
	switch name {
	case "(", "[":
		if j := p.partner(start, end); j > 0 {
			return p.formula(j, 2, name == "[")
		}
		return p.raw(start, p.pos)
	case ")", "]":
		return p.raw(start, p.pos)
	case "\\":
		p.star(end)
		p.bracketed(end)
		return node{kind: lineBreak}
	case ",", ";", ":", " ", "\n", ">":
		return textNode(" ")
	case "!", "/", "-", "@":
		return node{}
	}
	if _, ok := accents[name]; ok {
		return p.accent(name, start, end)
	}
	return textNode(name) // \%, \$, \& and anything escaped without need
}

// style reads a macro that changes how its argument or the rest of the group looks.
func (p *parser) style(name string, end int) (node, bool) {
	element, ok := styles[name]
	declared := false
	if !ok {
		if element, ok = declarations[name]; !ok {
			return node{}, false
		}
		declared = true
	}
	mono := p.mono
	defer func() { p.mono = mono }()
	p.mono = p.mono || element == "code"
	start := p.pos
	p.blanks(end)
	if p.pos < end && p.s[p.pos] == '{' && (!declared || p.pos == start) {
		return node{kind: styled, text: element, kids: p.group(nil, end)}, true
	}
	if !declared {
		return node{kind: styled, text: element, kids: p.oneLetter(end)}, true
	}
	return node{kind: styled, text: element, kids: p.text(end)}, true
}

// oneLetter reads an argument without braces, if there is one.
func (p *parser) oneLetter(end int) []node {
	if p.pos >= end || special[p.s[p.pos]] {
		return nil
	}
	n := 1
	for p.pos+n < end && p.s[p.pos+n]&0xc0 == 0x80 {
		n++
	}
	return []node{p.take(n)}
}

// structure reads the macros that are neither letters nor looks: links, citations, lists.
func (p *parser) structure(name string, start, end int) ([]node, bool) {
	if shown, ok := keyed[name]; ok {
		return p.keyed(shown, end), true
	}
	switch name {
	case "ensuremath":
		return p.ensured(end), true
	case "url", "path", "nolinkurl", "arxiv", "doi":
		return p.url(end), true
	case "href", "hyperref", "hyperlink":
		return p.href(end), true
	case "footnote", "footnotetext", "marginpar":
		return p.aside(end), true
	case "begin":
		return p.begin(start, end), true
	case "end":
		return p.stray(start, end), true
	case "item":
		return p.item(end), true
	case "par", "newline", "cr", "linebreak", "smallbreak", "bigbreak", "medbreak":
		return []node{{kind: lineBreak}}, true
	case "verb", "lstinline":
		return p.verb(start, end), true
	case "enquote", "lqq", "quote", "say", "textquote":
		return p.enquote(end), true
	case "SI", "qty":
		p.bracketed(end)
		out := append(p.braceGroup(end), textNode(" "))
		return append(out, p.braceGroup(end)...), true
	case "textcolor", "colorbox", "foreignlanguage", "parbox", "QTR":
		p.braced(end)
		return p.braceGroup(end), true
	case "hspace", "hskip", "quad", "qquad", "enspace", "kern", "vskip", "thinspace", "space", "nobreakspace", "textvisiblespace", "vspace":
		p.dimension(name, end)
		return []node{textNode(" ")}, true
	case "unicode", "symbol", "char":
		return []node{p.codePoint(start, end)}, true
	case "ce":
		in, ok := p.braced(end)
		return chemistry(in), ok
	case "o", "O", "l", "L", "ss", "ae", "AE", "oe", "OE", "aa", "AA", "i", "j":
		if p.pos < end && p.s[p.pos] == ' ' {
			p.pos++ // ends the macro's name, as in S\o ren
		}
		return []node{textNode(symbols[name].text)}, true
	}
	return nil, false
}

// braceGroup reads the argument in braces at pos; without one it is empty.
func (p *parser) braceGroup(end int) []node {
	if p.peek(end) != '{' {
		return nil
	}
	return p.group(nil, end)
}

// ensured reads an argument that is a formula wherever it stands.
func (p *parser) ensured(end int) []node {
	p.blanks(end)
	if j := p.partner(min(p.pos, len(p.s)), end); j > 0 && p.s[p.pos] == '{' {
		p.pos++
		return []node{p.formula(j, 1, false)}
	}
	return nil
}

// url reads a URL and shows it as a link when it is safe.
func (p *parser) url(end int) []node {
	in, ok := p.braced(end)
	if !ok {
		return nil
	}
	return []node{linked(in, []node{textNode(address(in))})}
}

// href reads a URL and the text to show for it.
func (p *parser) href(end int) []node {
	in, ok := p.braced(end)
	if !ok {
		if from, to, ok := p.bracketed(end); ok {
			in = p.s[from:to]
		}
	}
	p.blanks(end)
	kids := p.braceGroup(end)
	if len(kids) == 0 {
		kids = []node{textNode(address(in))}
	}
	return []node{linked(in, kids)}
}

// linked points kids to the URL, if it is one of the web.
func linked(url string, kids []node) node {
	url = address(url)
	if strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
		return node{kind: link, text: url, kids: kids}
	}
	return node{kind: styled, kids: kids}
}

// address undoes what TeX needs escaped in a URL.
func address(url string) string {
	return strings.TrimSpace(strings.NewReplacer(`\_`, "_", `\%`, "%", `\#`, "#", `\&`, "&", `\~{}`, "~", `\~`, "~", `{\tt`, "", `\textasciitilde`, "~").Replace(url))
}

// keyed shows the keys of a citation or reference between two delimiters, and the
// note that goes with it.
func (p *parser) keyed(shown [2]string, end int) []node {
	p.star(end)
	from, to, noted := p.bracketed(end)
	p.bracketed(end)
	keys, ok := p.braced(end)
	if !ok {
		return nil
	}
	out := []node{textNode(shown[0] + keys)}
	if noted && to > from {
		after := p.pos
		p.pos = from
		out = append(append(out, textNode(", ")), p.text(to)...)
		p.pos = after
	}
	return append(out, textNode(shown[1]))
}

// aside shows a footnote where it is called, in parentheses.
func (p *parser) aside(end int) []node {
	p.bracketed(end)
	p.blanks(end)
	out := []node{textNode(" (")}
	out = append(out, p.braceGroup(end)...)
	return append(out, textNode(")"))
}

func (p *parser) enquote(end int) []node {
	p.blanks(end)
	out := append([]node{textNode("“")}, p.braceGroup(end)...)
	return append(out, textNode("”"))
}

// verb reads \verb|x|, whatever the delimiter.
func (p *parser) verb(start, end int) []node {
	p.star(end)
	if p.pos < end {
		rest := p.s[p.pos+1 : min(end, p.pos+500)]
		if n := strings.IndexByte(rest, p.s[p.pos]); n >= 0 && p.s[p.pos] < 0x80 {
			p.pos += n + 2
			return []node{{kind: styled, text: "code", kids: []node{textNode(rest[:n])}}}
		}
	}
	return []node{p.raw(start, p.pos)}
}

// dimension skips a length: {2mm} or 2mm after the macros that take one.
func (p *parser) dimension(name string, end int) {
	p.star(end)
	if _, ok := p.braced(end); ok || name != "kern" && name != "hskip" && name != "vskip" && name != "mkern" && name != "mskip" {
		return
	}
	p.blanks(end)
	for p.pos < end && (isDigit(p.s[p.pos]) || strings.IndexByte(".-+ ", p.s[p.pos]) >= 0) {
		p.pos++
	}
	if p.pos+2 <= end && isLetter(p.s[p.pos]) {
		p.pos += 2
	}
}

// codePoint reads \unicode{x2013}, \symbol{65} or \char"41.
func (p *parser) codePoint(start, end int) node {
	p.bracketed(end)
	in, ok := p.braced(end)
	base := 10
	if strings.HasPrefix(in, "x") || strings.HasPrefix(in, "\"") {
		in, base = in[1:], 16
	}
	n, err := strconv.ParseUint(in, base, 21)
	if !ok || err != nil || n < 0x20 || n == 0x7f || n > 0x10ffff || clean(string(rune(n))) == "" {
		return p.raw(start, p.pos)
	}
	return textNode(string(rune(n)))
}

// chemistry sets the numbers of a formula such as H2O low.
func chemistry(in string) (out []node) {
	for i := 0; i < len(in); {
		n := i
		for n < len(in) && isDigit(in[n]) == isDigit(in[i]) {
			n++
		}
		part := node(textNode(in[i:n]))
		if isDigit(in[i]) && i > 0 && (isLetter(in[i-1]) || in[i-1] == ')') {
			part = node{kind: styled, text: "sub", kids: []node{part}}
		}
		out = append(out, part)
		i = n
	}
	return out
}

// bareMath reads a macro of formulas that stands in text.
func (p *parser) bareMath(name string, start, end int) node {
	if s, ok := p.symbol(name); ok {
		return textNode(s.text)
	}
	font := p.font
	p.font = roman
	n, ok := p.macro(name, start, end)
	p.font = font
	if !ok {
		return p.raw(start, start+1+len(name))
	}
	return node{kind: math, kids: []node{n}}
}
