package tex

import (
	"strings"
	"unicode/utf8"
)

func (w *htmlWriter) math(n node) {
	if n.flag&display != 0 {
		w.buf.WriteString(`<math display="block">`)
	} else {
		w.buf.WriteString("<math>")
	}
	w.mrow(n.kids)
	w.close("math")
}

// mrow writes nodes side by side as one element.
func (w *htmlWriter) mrow(nodes []node) {
	w.open("mrow")
	for i, n := range nodes {
		if n.kind == function || n.kind == scripts && n.kids[0].kind == function {
			w.function(nodes, i)
			continue
		}
		w.mathml(n)
	}
	w.close("mrow")
}

// thin is the space around functions.
const thin = `<mspace width="0.1667em"/>`

// function writes the i-th node, a function, with the spaces it needs.
func (w *htmlWriter) function(nodes []node, i int) {
	if i > 0 && spacingOf(nodes[i-1]).operand() && spacingOf(nodes[i-1]) != spaceName {
		w.buf.WriteString(thin)
	}
	w.mathml(nodes[i])
	w.buf.WriteString("<mo>\u2061</mo>")
	if i+1 < len(nodes) && (spacingOf(nodes[i+1]) == spaceOrdinary || spacingOf(nodes[i+1]) == spaceName) {
		w.buf.WriteString(thin)
	}
}

// mathml writes a node as exactly one element, as its parent may count on it.
func (w *htmlWriter) mathml(n node) {
	switch n.kind {
	case identifier:
		w.identifier(n)
	case number:
		w.leaf("mn", "", strings.Map(n.font.letter, n.text))
	case operator:
		w.operator(n)
	case function:
		if n.flag&limits != 0 {
			w.leaf("mo", ` movablelimits="true" lspace="0" rspace="0"`, n.text)
			return
		}
		w.leaf("mi", "", n.text)
	case words:
		w.words(n.kids)
	case plainText, source:
		w.leaf("mtext", "", n.text)
	case scripts:
		w.scripts(n)
	case fraction:
		w.fraction(n)
	case root:
		w.root(n)
	case marked:
		w.marked(n)
	case stacked:
		w.underOver(n.kids[0], n.kids[1], n.kids[2])
	case table:
		w.table(n)
	case space:
		w.leaf("mspace", ` width="`+n.text+`"`, "")
	default:
		w.mrow(n.kids)
	}
}

func (w *htmlWriter) identifier(n node) {
	switch {
	case n.font == italic || n.font == roman && utf8.RuneCountInString(n.text) > 1:
		w.leaf("mi", "", n.text)
	case n.font == roman:
		w.leaf("mi", ` mathvariant="normal"`, n.text)
	default:
		w.leaf("mi", "", strings.Map(n.font.letter, n.text))
	}
}

// operator writes an operator with what browsers should not guess about it.
func (w *htmlWriter) operator(n node) {
	text, attributes := n.text, ""
	switch text {
	case "-":
		text = "−"
	case "*":
		text = "∗"
	}
	switch {
	case n.flag&sized != 0:
		size := n.kids[0].text
		attributes = ` stretchy="true" minsize="` + size + `" maxsize="` + size + `"`
	case n.flag&stretchy != 0:
		attributes = ` stretchy="true"` + form(n.class)
	case n.class == opening || n.class == closing:
		attributes = ` stretchy="false"` + form(n.class)
	case text == "|" || text == "‖":
		attributes = ` stretchy="false" lspace="0" rspace="0"`
	case text == "/" || text == ":" && n.class == ordinary:
		attributes = ` lspace="0" rspace="0"`
	case n.class == relation && strings.Contains("↑↓↕⇑⇓⇕", text):
		attributes = ` stretchy="false"`
	}
	w.leaf("mo", attributes, text)
}

func form(c class) string {
	switch c {
	case opening:
		return ` form="prefix"`
	case closing:
		return ` form="postfix"`
	}
	return ""
}

// words writes text within a formula, formulas within that text included.
func (w *htmlWriter) words(nodes []node) {
	w.open("mrow")
	for i := 0; i < len(nodes); {
		if nodes[i].kind == math {
			w.mrow(nodes[i].kids)
			i++
			continue
		}
		n := i
		for n < len(nodes) && nodes[n].kind != math {
			n++
		}
		text := flat(nodes[i:n])
		if t := strings.TrimSpace(text); t != text { // MathML drops blanks at the ends
			text = strings.ReplaceAll(text, " ", "\u00a0")
		}
		w.leaf("mtext", "", text)
		i = n
	}
	w.close("mrow")
}

// scripts writes sub and sup at the side, or below and above where they go there.
func (w *htmlWriter) scripts(n node) {
	base, sub, sup := n.kids[0], n.kids[1], n.kids[2]
	if (base.flag|n.flag)&limits != 0 && n.flag&noLimits == 0 && base.kind != scripts {
		if n.flag&limits != 0 && base.kind == operator {
			base.class, base.flag = ordinary, base.flag|limits
		}
		w.underOver(base, sub, sup)
		return
	}
	w.choose("msub", "msup", "msubsup", base, sub, sup)
}

func (w *htmlWriter) underOver(base, below, above node) {
	w.choose("munder", "mover", "munderover", base, below, above)
}

// choose writes the element for the scripts that are there.
func (w *htmlWriter) choose(low, high, both string, base, sub, sup node) {
	element, kids := both, []node{base, sub, sup}
	switch {
	case sub.kind == nothing:
		element, kids = high, []node{base, sup}
	case sup.kind == nothing:
		element, kids = low, []node{base, sub}
	}
	w.open(element)
	for _, k := range kids {
		w.mathml(k)
	}
	w.close(element)
}

func (w *htmlWriter) fraction(n node) {
	if n.flag&bare != 0 {
		w.buf.WriteString(`<mfrac linethickness="0">`)
	} else {
		w.buf.WriteString("<mfrac>")
	}
	w.mathml(n.kids[0])
	w.mathml(n.kids[1])
	w.close("mfrac")
}

func (w *htmlWriter) root(n node) {
	element := "mroot"
	if n.kids[1].kind == nothing {
		element = "msqrt"
	}
	w.open(element)
	w.mathml(n.kids[0])
	if element == "mroot" {
		w.mathml(n.kids[1])
	}
	w.close(element)
}

func (w *htmlWriter) marked(n node) {
	element, attributes := "mover", ` accent="true"`
	if n.flag&under != 0 {
		element, attributes = "munder", ` accentunder="true"`
	}
	w.buf.WriteString("<" + element + attributes + ">")
	w.mathml(n.kids[0])
	stretch := ` stretchy="false"`
	if n.flag&stretchy != 0 {
		stretch = ` stretchy="true"`
	}
	w.leaf("mo", stretch, n.text)
	w.close(element)
}

func (w *htmlWriter) table(n node) {
	w.open("mtable")
	for _, line := range n.kids {
		w.open("mtr")
		for j, cell := range line.kids {
			w.buf.WriteString("<mtd" + alignment(n.text, j) + ">")
			w.mrow(cell.kids)
			w.close("mtd")
		}
		w.close("mtr")
	}
	w.close("mtable")
}

// alignment is the class of a cell in column j, which the site's style sheet may know.
func alignment(align string, j int) string {
	switch {
	case align == "center":
		return ""
	case align == "left" || j%2 == 1:
		return ` class="tex-left"`
	}
	return ` class="tex-right"`
}
