package tex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// row reads a formula up to end, or up to where a cell or fence around it ends.
func (p *parser) row(end int) (out []node) {
	defer func() { p.depth-- }()
	if !p.deeper() {
		return []node{p.raw(p.pos, end)}
	}
	for {
		p.blanks(end)
		if p.pos >= end || p.stops(end) {
			return out
		}
		gap := p.pos > 0 && isBlank(p.s[p.pos-1])
		if how, ok := p.infix(end); ok {
			return []node{p.divided(how, out, end)}
		}
		n := p.scripted(p.atom(end, false), end)
		if n.kind != nothing {
			n.gap = gap
			out = append(out, n)
		}
	}
}

// stops reports whether pos is at what ends the row before its end.
func (p *parser) stops(end int) bool {
	rest := p.s[p.pos:end]
	switch {
	case p.cells && rest[0] == '&':
		return true
	case rest[0] != '\\':
		return false
	case p.fences > 0 && (command(rest, `\right`) || command(rest, `\middle`)):
		return true
	}
	return p.cells && (strings.HasPrefix(rest, `\\`) || command(rest, `\cr`) || command(rest, `\newline`))
}

// command reports whether s starts with the macro name.
func command(s, name string) bool {
	return strings.HasPrefix(s, name) && !isLetter(at(s, len(name)))
}

// infix reads a macro that divides its group, such as \over.
func (p *parser) infix(end int) (string, bool) {
	rest := p.s[p.pos:end]
	for _, how := range []string{`\over`, `\choose`, `\atop`, `\above`} {
		if rest[0] == '\\' && command(rest, how) {
			p.pos += len(how)
			return how, true
		}
	}
	return "", false
}

func (p *parser) divided(how string, above []node, end int) node {
	n := node{kind: fraction, kids: []node{{kind: row, kids: above}, {kind: row, kids: p.row(end)}}}
	if how == `\over` || how == `\above` {
		return n
	}
	n.flag = bare
	if how == `\choose` {
		return fence("(", []node{n}, ")")
	}
	return n
}

// scripted reads the scripts after base.
func (p *parser) scripted(base node, end int) node {
	var sub, sup node
	var place flag
	primes := 0
	for {
		start := p.pos
		p.blanks(end)
		switch c := p.peek(end); {
		case c == '_' && sub.kind == nothing:
			p.pos++
			sub = p.argument(end)
		case c == '^' && sup.kind == nothing:
			p.pos++
			sup = p.argument(end)
		case c == '\'' && sup.kind == nothing:
			p.pos++
			primes++
		case c == '\\' && p.placement(&place, end):
		default:
			p.pos = start
			return withScripts(base, sub, primed(sup, primes), place)
		}
	}
}

// withScripts gives the base alone when no script came.
func withScripts(base, sub, sup node, place flag) node {
	if sub.kind == nothing && sup.kind == nothing {
		return base
	}
	return node{kind: scripts, flag: place, kids: []node{base, sub, sup}}
}

// primed puts primes before what else is raised.
func primed(sup node, primes int) node {
	if primes == 0 {
		return sup
	}
	mark := node{kind: operator, text: strings.Repeat("′", min(primes, 8))}
	if sup.kind == nothing {
		return mark
	}
	return node{kind: row, kids: []node{mark, sup}}
}

// peek is the byte at pos, or 0 at the end.
func (p *parser) peek(end int) byte {
	if p.pos >= end {
		return 0
	}
	return p.s[p.pos]
}

// placement reads \limits and \nolimits, which say where the scripts go.
func (p *parser) placement(place *flag, end int) bool {
	rest := p.s[p.pos:end]
	switch {
	case command(rest, `\limits`):
		*place |= limits
		p.pos += len(`\limits`)
	case command(rest, `\nolimits`):
		*place |= noLimits
		p.pos += len(`\nolimits`)
	default:
		return false
	}
	return true
}

// argument reads what a macro or a script takes: a group or one thing.
func (p *parser) argument(end int) node {
	p.blanks(end)
	if p.pos >= end || p.stops(end) {
		p.bad = true
		return node{kind: row}
	}
	start := p.pos
	n := p.atom(end, true)
	if n.kind == nothing { // \sl as an argument, say: nothing must get lost
		return p.raw(start, p.pos)
	}
	return n
}

// atom reads one thing; single says that of a number only one digit is meant.
func (p *parser) atom(end int, single bool) node {
	defer func() { p.depth-- }()
	if !p.deeper() {
		return p.raw(p.pos, end)
	}
	switch c := p.s[p.pos]; {
	case c == '{':
		return p.mathGroup(end)
	case c == '\\':
		start := p.pos
		name := p.name(end)
		if n, ok := p.macro(name, start, end); ok {
			return n
		}
		return p.raw(start, start+1+len(name))
	case isDigit(c):
		return p.number(end, single)
	case isLetter(c):
		return p.letters(end, single)
	case c == '^' || c == '_' || c == '\'':
		return node{kind: row}
	case c == '~':
		p.pos++
		return node{kind: space, text: "0.25em"}
	case c == '$' && p.partner(p.pos, end) > 0: // in the words of a case, say
		j := p.partner(p.pos, end)
		p.pos++
		kids := p.fresh(j)
		p.pos = j + 1
		return node{kind: row, kids: kids}
	case c == '$' || c == '}' || c == '&':
		return p.raw(p.pos, p.pos+1)
	}
	return p.character(end)
}

func (p *parser) mathGroup(end int) node {
	j := p.partner(p.pos, end)
	if j == 0 {
		return p.raw(p.pos, p.pos+1)
	}
	p.pos++
	font, cells, fences := p.font, p.cells, p.fences
	p.cells, p.fences = false, 0
	kids := p.row(j)
	p.font, p.cells, p.fences = font, cells, fences
	p.pos = j + 1
	return only(kids)
}

// number reads digits and the points within.
func (p *parser) number(end int, single bool) node {
	n := 1
	for !single && p.pos+n < end {
		c := p.s[p.pos+n]
		if !isDigit(c) && (c != '.' || p.pos+n+1 >= end || !isDigit(p.s[p.pos+n+1])) {
			break
		}
		n++
	}
	p.pos += n
	return node{kind: number, text: p.s[p.pos-n : p.pos], font: p.font}
}

// letters reads a letter, or a whole word in the fonts that make words.
func (p *parser) letters(end int, single bool) node {
	n := 1
	for !single && p.font.upright() && p.pos+n < end && isLetter(p.s[p.pos+n]) {
		n++
	}
	p.pos += n
	return node{kind: identifier, text: p.s[p.pos-n : p.pos], font: p.font}
}

// character reads any other character: an operator, or a letter beyond ASCII.
func (p *parser) character(end int) node {
	r, n := utf8.DecodeRuneInString(p.s[p.pos:end])
	p.pos += n
	s := p.s[p.pos-n : p.pos]
	c, ok := classes[r]
	switch {
	case unicode.IsLetter(r) && (!ok || c == ordinary):
		return node{kind: identifier, text: s, font: p.font}
	case c == large:
		return node{kind: operator, class: c, text: s, flag: limitsOf(s)}
	}
	return node{kind: operator, class: c, text: s}
}

// limitsOf says where a large operator has its scripts: integrals at the side.
func limitsOf(s string) flag {
	if strings.Contains("∫∬∭⨌∮∯⨍", s) {
		return 0
	}
	return limits
}
