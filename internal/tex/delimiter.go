package tex

import "unicode/utf8"

// tall are the sizes of delimiters.
var tall = map[string]string{
	"big": "1.2em", "Big": "1.623em", "bigg": "2.047em", "Bigg": "2.47em",
}

// fenced reads \left( ... \right) with its \middle delimiters.
func (p *parser) fenced(end int) node {
	out := node{kind: row, kids: []node{p.delimiterNode(opening, end)}}
	p.fences++
	for {
		out.kids = append(out.kids, p.row(end)...)
		rest := p.s[p.pos:end]
		switch {
		case command(rest, `\middle`):
			p.pos += len(`\middle`)
			out.kids = append(out.kids, p.delimiterNode(relation, end))
			continue
		case command(rest, `\right`):
			p.pos += len(`\right`)
			out.kids = append(out.kids, p.delimiterNode(closing, end))
		default:
			p.bad = true
		}
		p.fences--
		return out
	}
}

// delimiterNode reads the delimiter after \left and its like; a point is none.
func (p *parser) delimiterNode(c class, end int) node {
	p.blanks(end)
	n := node{kind: operator, class: c, flag: stretchy}
	if p.pos >= end {
		p.bad = true
		return n
	}
	start := p.pos
	if p.s[p.pos] == '\\' {
		s, ok := p.symbol(p.name(end))
		if !ok {
			return p.raw(start, p.pos)
		}
		n.text = s.text
		return n
	}
	_, width := utf8.DecodeRuneInString(p.s[p.pos:end])
	p.pos += width
	switch n.text = p.s[start:p.pos]; n.text {
	case ".":
		n.text = ""
	case "<":
		n.text = "⟨"
	case ">":
		n.text = "⟩"
	case "{", "}", "$":
		return p.raw(start, p.pos)
	}
	return n
}

// delimiter reads \big and its like.
func (p *parser) delimiter(name string, end int) (node, bool) {
	c := ordinary
	size, ok := tall[name]
	if !ok && len(name) > 3 {
		switch name[len(name)-1] {
		case 'l':
			c = opening
		case 'r':
			c = closing
		case 'm':
			c = relation
		}
		if size, ok = tall[name[:len(name)-1]]; !ok || c == ordinary {
			return node{}, false
		}
	}
	if !ok {
		return node{}, false
	}
	n := p.delimiterNode(c, end)
	if n.kind != operator {
		return n, true
	}
	if r, _ := utf8.DecodeRuneInString(n.text); c == ordinary {
		n.class = classes[r]
	}
	n.flag = sized
	n.kids = []node{textNode(size)}
	return n, true
}
