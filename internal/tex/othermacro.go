package tex

// pairsOf are macros that put their argument between delimiters.
var pairsOf = map[string][2]string{
	"abs": {"|", "|"}, "norm": {"‖", "‖"}, "set": {"{", "}"}, "floor": {"⌊", "⌋"}, "ceil": {"⌈", "⌉"}, "ket": {"|", "⟩"}, "bra": {"⟨", "|"},
	"paren": {"(", ")"}, "pr": {"(", ")"}, "braket": {"⟨", "⟩"}, "innerproduct": {"⟨", "⟩"}, "inner": {"⟨", "⟩"}, "angles": {"⟨", "⟩"}, "expval": {"⟨", "⟩"}, "Set": {"{", "}"}, "Ket": {"|", "⟩"},
	"lrangle": {"⟨", "⟩"}, "bigO": {"O(", ")"}, "order": {"O(", ")"}, "expectationvalue": {"⟨", "⟩"}, "mean": {"⟨", "⟩"}, "ang": {"⟨", "⟩"}, "brac": {"⟨", "⟩"}, "ave": {"⟨", "⟩"}, "avg": {"⟨", "⟩"}, "vev": {"⟨", "⟩"}, "parens": {"(", ")"},
}

// otherMacro reads the macros that are the same in text and formulas, and those
// whose argument is shown as if they were not there.
func (p *parser) otherMacro(name string, start, end int) (node, bool) {
	switch name {
	case "":
		return node{}, false
	case "ensuremath", "mathord", "mathrel", "mathbin", "mathopen", "mathclose", "mathpunct", "mathinner", "smash",
		"boxed", "mathclap", "mathlarger", "overlay", "cancel", "bcancel", "tensor", "rlap", "llap", "mathrlap", "mathllap", "uppercase", "mathsc", "slashed", "pqty":
		return p.argument(end), true
	case "textcolor", "color", "colorbox":
		if p.braced(end); name == "color" {
			return node{}, true
		}
		return p.argument(end), true
	case "hspace", "kern", "mkern", "hskip", "mskip", "hspace*":
		p.dimension("kern", end)
		return node{kind: space, text: "0.25em"}, true
	case "unicode", "char", "symbol":
		n := p.codePoint(start, end)
		if n.kind == source {
			return n, true
		}
		return node{kind: identifier, text: n.text, font: roman}, true
	case "tag", "ref", "eqref", "cite", "url", "href", "ce", "verb", "citep", "citet", "eqno", "item":
		kids, ok := p.structure(name, start, end)
		return node{kind: words, kids: kids}, ok
	case "sb", "sp":
		return p.spelledScript(name, end), true
	case "\\", "par", "newline", "cr":
		p.star(end)
		return node{kind: space, text: "1em"}, true
	case "%", "#", "_", "$", "&":
		return node{kind: operator, text: name}, true
	case "bx", "bv", "bu", "by", "bz", "bs", "bw", "bp", "bq", "bn", "bk", "br":
		return node{kind: identifier, text: name[1:], font: bold}, true
	}
	if fences, ok := pairsOf[name]; ok && p.peek(end) == '{' {
		return fence(fences[0], []node{p.argument(end)}, fences[1]), true
	}
	return p.asInText(name, start, end)
}

// spelledScript reads \sp and \sb, which spell ^ and _.
func (p *parser) spelledScript(name string, end int) node {
	n := node{kind: scripts, kids: []node{{kind: row}, {}, {}}}
	place := 2
	if name == "sb" {
		place = 1
	}
	n.kids[place] = p.argument(end)
	return n
}

// asInText reads a macro of text that stands in a formula: an accent, a phrase or
// one that shows nothing.
func (p *parser) asInText(name string, start, end int) (node, bool) {
	if arg, ok := silent[name]; ok {
		if p.star(end); arg {
			p.braced(end)
		}
		return node{}, true
	}
	if _, ok := accents[name]; ok {
		return node{kind: words, kids: []node{p.accent(name, start, end)}}, true
	}
	if s, ok := phrases[name]; ok {
		return node{kind: words, kids: []node{textNode(s)}}, true
	}
	return node{}, false
}
