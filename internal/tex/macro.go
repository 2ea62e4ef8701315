package tex

import "strings"

// symbol gives the symbol of a name, by its other names too.
func (p *parser) symbol(name string) (symbol, bool) {
	if s, ok := symbols[name]; ok {
		return s, true
	}
	s, ok := symbols[aliases[name]]
	return s, ok
}

// macro reads the macro whose name was read from start on. Where it does not know
// it, it reports false and leaves pos after the name.
func (p *parser) macro(name string, start, end int) (node, bool) {
	if n, ok := p.letterOrName(name); ok {
		return n, true
	}
	if s, ok := p.symbol(name); ok {
		return p.symbolNode(s), true
	}
	if f, ok := fontMacros[name]; ok {
		return p.inFont(f, end), true
	}
	if f, ok := fontDeclarations[name]; ok {
		if p.peek(end) == '{' {
			return p.inFont(f, end), true
		}
		p.font = f
		return node{}, true
	}
	if w, ok := widths[name]; ok {
		return node{kind: space, text: w}, true
	}
	if n, ok := p.mark(name, end); ok {
		return n, true
	}
	if n, ok := p.construct(name, start, end); ok {
		return n, true
	}
	if n, ok := p.delimiter(name, end); ok {
		return n, true
	}
	return p.otherMacro(name, start, end)
}

// letterOrName reads functions and the macros of conventions.go.
func (p *parser) letterOrName(name string) (node, bool) {
	if lim, ok := functions[name]; ok {
		return functionNode(name, lim), true
	}
	if n, ok := letters[name]; ok {
		return n, true
	}
	if uprights[name] {
		return node{kind: identifier, text: name, font: roman}, true
	}
	return node{}, false
}

func functionNode(name string, lim bool) node {
	n := node{kind: function, text: name}
	if s, ok := spellings[name]; ok {
		n.text = s
	}
	if lim {
		n.flag = limits
	}
	return n
}

func (p *parser) symbolNode(s symbol) node {
	n := node{kind: operator, class: s.class, text: s.text}
	switch {
	case s.class == large:
		n.flag = limitsOf(s.text)
	case s.class == ordinary && letterLike(s.text):
		n.kind, n.font = identifier, p.font
	}
	return n
}

// letterLike reports whether an ordinary symbol is set as a letter is.
func letterLike(s string) bool {
	return !strings.Contains("′‵|‖…⋯⋮⋱⋰¬∀∃∄∂∇√", s)
}

// inFont reads an argument in a font.
func (p *parser) inFont(f font, end int) node {
	old := p.font
	if p.font == calligraphic && f == boldItalic || f == boldItalic && p.font == blackboard {
		f = p.font
	}
	p.font = f
	n := p.argument(end)
	p.font = old
	return n
}

// construct reads fractions, roots, stacks and whatever else has arguments.
func (p *parser) construct(name string, start, end int) (node, bool) {
	switch name {
	case "frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "fr", "genfrac":
		return p.fraction(0, end), true
	case "binom", "dbinom", "tbinom":
		return fence("(", []node{p.fraction(bare, end)}, ")"), true
	case "sqrt":
		return p.root(end), true
	case "left":
		return p.fenced(end), true
	case "right", "middle":
		return p.raw(start, p.pos), true
	case "stackrel", "overset", "underset", "xrightarrow", "xleftarrow", "xleftrightarrow", "xhookrightarrow", "xmapsto", "xlongrightarrow", "xRightarrow", "underaccent":
		return p.stack(name, end), true
	case "not":
		return p.negated(end), true
	case "mod", "bmod", "pmod", "pod":
		return p.modulo(name, end), true
	case "operatorname", "mathop", "DeclareMathOperator", "mathoperator":
		return p.operatorName(name, end), true
	case "text", "mbox", "hbox", "textrm", "textnormal", "textup", "textit", "textbf", "textsf", "texttt", "textsc", "emph", "intertext", "textmd", "fbox", "vbox", "enquote", "textsl", "textsuperscript", "textsubscript", "footnote":
		return p.words(end), true
	case "begin":
		return p.mathBegin(start, end), true
	case "substack", "matrix", "pmatrix", "cases", "eqalign", "bmatrix", "aligned", "array":
		return p.tableArgument(name, end), true
	}
	return node{}, false
}

func (p *parser) fraction(f flag, end int) node {
	above := p.argument(end)
	return node{kind: fraction, flag: f, kids: []node{above, p.argument(end)}}
}

func (p *parser) root(end int) node {
	n := node{kind: root, kids: []node{{}, {}}}
	p.blanks(end)
	if from, to, ok := p.bracketed(end); ok {
		after := p.pos
		p.pos = from
		n.kids[1] = node{kind: row, kids: p.fresh(to)}
		p.pos = after
	}
	n.kids[0] = p.argument(end)
	return n
}

// stack reads what has one thing above or below another.
func (p *parser) stack(name string, end int) node {
	n := node{kind: stacked, kids: []node{{}, {}, {}}}
	if name[0] == 'x' {
		arrow, _ := p.symbol(strings.TrimPrefix(strings.TrimPrefix(name, "xlong"), "x"))
		n.kids[0] = node{kind: operator, class: relation, flag: stretchy, text: arrow.text}
		if from, to, ok := p.bracketed(end); ok {
			after := p.pos
			p.pos = from
			n.kids[1] = node{kind: row, kids: p.fresh(to)}
			p.pos = after
		}
		n.kids[2] = p.argument(end)
		return n
	}
	place := 2
	if name == "underset" || name == "underaccent" {
		place = 1
	}
	n.kids[place] = p.argument(end)
	n.kids[0] = p.argument(end)
	return n
}

// negations are the negated symbols that have a character of their own.
var negations = map[string]string{
	"=": "≠", "∈": "∉", "⊂": "⊄", "⊃": "⊅", "⊆": "⊈", "⊇": "⊉", "≡": "≢", "∼": "≁", "≃": "≄", "≅": "≇", "≈": "≉", "<": "≮", ">": "≯",
	"≤": "≰", "≥": "≱", "∣": "∤", "∥": "∦", "∃": "∄", "→": "↛", "⇒": "⇏", "∋": "∌", "|": "∤", "≺": "⊀", "≻": "⊁", "⊢": "⊬", "⊨": "⊭",
}

func (p *parser) negated(end int) node {
	n := p.argument(end)
	if n.kind != operator && n.kind != identifier {
		return node{kind: row, kids: []node{{kind: operator, text: "¬"}, n}}
	}
	if s, ok := negations[n.text]; ok {
		n.text = s
	} else {
		n.text += "\u0338"
	}
	return n
}

func (p *parser) modulo(name string, end int) node {
	mod := node{kind: function, text: "mod"}
	switch name {
	case "bmod":
		return node{kind: operator, class: binary, text: "mod"}
	case "mod":
		return node{kind: row, kids: []node{{kind: space, text: "0.4444em"}, mod}}
	}
	arg := p.argument(end)
	kids := []node{{kind: space, text: "0.4444em"}, {kind: operator, class: opening, text: "("}, mod, arg, {kind: operator, class: closing, text: ")"}}
	return node{kind: row, kids: kids}
}

// operatorName reads \operatorname{Aut} as a function, \mathop{...} as an operator.
func (p *parser) operatorName(name string, end int) node {
	starred := p.peek(end) == '*'
	p.star(end)
	font := roman
	if name == "mathop" {
		font = p.font
	}
	n := p.inFont(font, end)
	if n.kind == identifier {
		n.kind, n.font = function, italic
	}
	if starred || name == "mathop" {
		n.flag |= limits
	}
	return n
}

// words reads an argument that is text within the formula.
func (p *parser) words(end int) node {
	p.blanks(end)
	if p.peek(end) != '{' {
		return node{kind: words, kids: p.oneLetter(end)}
	}
	font, cells, fences := p.font, p.cells, p.fences
	p.cells, p.fences = false, 0
	n := node{kind: words, kids: p.group(nil, end)}
	p.font, p.cells, p.fences = font, cells, fences
	return n
}

// mathBegin reads an environment within a formula.
func (p *parser) mathBegin(start, end int) node {
	j := p.partner(start, end)
	name, ok := p.braced(end)
	if !ok || j < p.pos {
		return p.raw(start, p.pos)
	}
	base := strings.TrimSuffix(name, "*")
	var n node
	if formulas[base] {
		n = p.environment(base, j)
	} else {
		n = node{kind: row, kids: p.fresh(j)}
	}
	p.pos = j + len(`\end`)
	p.braced(end)
	return n
}

// tableArgument reads \substack{a\\b} and the like of plain TeX: \pmatrix{a & b \cr c & d}.
func (p *parser) tableArgument(name string, end int) node {
	p.blanks(end)
	j := p.partner(min(p.pos, len(p.s)), end)
	if p.peek(end) != '{' || j == 0 {
		return p.raw(p.pos-len(name)-1, p.pos)
	}
	p.pos++
	n := p.environment(name, j)
	p.pos = j + 1
	return n
}
