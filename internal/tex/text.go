package tex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A textWriter writes nodes as plain text on one line.
type textWriter struct {
	buf  strings.Builder
	last rune // what was written last
}

// write adds s with every run of white space as one blank.
func (w *textWriter) write(s string) {
	from := 0
	for i, r := range s {
		if r == ' ' || r == '\n' || r == '\u00a0' {
			w.buf.WriteString(s[from:i])
			from = i + utf8.RuneLen(r)
			if w.last != ' ' {
				w.buf.WriteByte(' ')
			}
			r = ' '
		}
		w.last = r
	}
	w.buf.WriteString(s[from:])
}

// inline writes text nodes.
func (w *textWriter) inline(nodes []node) {
	for _, n := range nodes {
		switch n.kind {
		case plainText, source:
			w.write(n.text)
		case styled:
			w.styled(n)
		case link:
			w.inline(n.kids)
		case math:
			if n.flag&display != 0 {
				w.write(" ")
			}
			w.row(n.kids, false)
			if n.flag&display != 0 {
				w.write(" ")
			}
		case lineBreak, paragraphBreak:
			w.write(" ")
		}
	}
}

func (w *textWriter) styled(n node) {
	switch n.text {
	case "sup":
		w.script(flat(n.kids), '^', superscripts)
	case "sub":
		w.script(flat(n.kids), '_', subscripts)
	default:
		w.inline(n.kids)
	}
}

// superscripts and subscripts are the characters that Unicode has raised and lowered.
var (
	superscripts = runePairs("0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾aᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰiⁱjʲkᵏlˡmᵐnⁿoᵒpᵖrʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻ" +
		"AᴬBᴮDᴰEᴱGᴳHᴴIᴵJᴶKᴷLᴸMᴹNᴺOᴼPᴾRᴿTᵀUᵁVⱽWᵂβᵝγᵞδᵟθᶿϕᵠφᵠχᵡ′′∘°°°**∗*⋆⋆††‡‡")
	subscripts = runePairs("0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓβᵦγᵧρᵨϕᵩφᵩχᵪ")
)

func runePairs(s string) map[rune]rune {
	m := map[rune]rune{}
	var key rune
	for _, r := range s {
		if key == 0 {
			key = r
			continue
		}
		m[key], key = r, 0
	}
	return m
}

// script writes s raised or lowered, or after mark where Unicode lacks a character.
func (w *textWriter) script(s string, mark rune, table map[rune]rune) {
	s = strings.TrimSpace(s)
	shifted := strings.Map(func(r rune) rune {
		if t, ok := table[r]; ok {
			return t
		}
		return -1
	}, s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
	case utf8.RuneCountInString(shifted) == n:
		w.write(shifted)
	case n == 1:
		w.write(string(mark) + s)
	default:
		w.write(string(mark) + "(" + s + ")")
	}
}

// row writes a formula; tight leaves out the blanks around relations.
func (w *textWriter) row(nodes []node, tight bool) {
	var before spacing = spaceOpen
	for i, n := range nodes {
		here := spacingOf(n)
		if here == spaceNone {
			w.formula(n, tight)
			continue
		}
		if here == spaceSigned && before.operand() {
			here = spaceWide
		}
		if i > 0 && blankBetween(before, here, n.gap, tight) {
			w.write(" ")
		}
		w.factor(n, nodes, i, tight)
		before = here
	}
}

// factor writes a node, a fraction in parentheses where it has neighbors.
func (w *textWriter) factor(n node, nodes []node, i int, tight bool) {
	beside := i > 0 && spacingOf(nodes[i-1]).operand() || i+1 < len(nodes) && spacingOf(nodes[i+1]) == spaceOrdinary
	if n.kind == fraction && beside {
		w.write("(")
		w.formula(n, tight)
		w.write(")")
		return
	}
	w.formula(n, tight)
}

// A spacing says how a node stands among others in plain text.
type spacing uint8

const (
	spaceNone     spacing = iota // writes its own blanks or nothing
	spaceOrdinary                // letters, numbers
	spaceClose
	spaceOpen
	spacePlain  // = + < and their like: as in the source
	spaceWide   // ∈ → ×: blanks around
	spaceSigned // ± and its like: wide between two operands
	spaceName   // log
)

func (s spacing) operand() bool { return s == spaceOrdinary || s == spaceClose || s == spaceName }

func spacingOf(n node) spacing {
	switch n.kind {
	case space, nothing:
		return spaceNone
	case function:
		return spaceName
	case scripts, stacked, marked:
		return spacingOf(n.kids[0])
	case row:
		if len(n.kids) == 1 {
			return spacingOf(n.kids[0])
		}
	case operator:
		return operatorSpacing(n)
	}
	return spaceOrdinary
}

func operatorSpacing(n node) spacing {
	switch {
	case n.class == opening:
		return spaceOpen
	case n.class == closing:
		return spaceClose
	case n.class == large:
		return spaceName
	case n.class == punctuation, len(n.text) == 1 && (n.class == relation || n.class == binary), n.text == "−", n.text == "…", n.text == "/":
		return spacePlain
	case n.class == binary:
		return spaceSigned
	case n.class == relation:
		return spaceWide
	}
	return spaceOrdinary
}

func blankBetween(before, here spacing, gap, tight bool) bool {
	switch {
	case before == spaceName:
		return here == spaceOrdinary || here == spaceName || here == spaceWide && !tight
	case here == spaceName:
		return before.operand() || before == spaceWide && !tight || before == spacePlain && gap && !tight
	case tight:
		return false
	case before == spaceWide || here == spaceWide:
		return true
	case before == spacePlain || here == spacePlain:
		return gap
	}
	return false
}

// formula writes one node of a formula.
func (w *textWriter) formula(n node, tight bool) {
	switch n.kind {
	case identifier:
		w.identifier(n)
	case number, operator, function, source:
		w.write(n.text)
	case words, plainText:
		w.inline(n.kids)
		w.write(n.text)
	case row, math:
		w.row(n.kids, tight)
	case scripts:
		w.scripts(n, tight)
	case fraction:
		w.fraction(n)
	case root:
		w.root(n)
	case marked:
		w.marked(n, tight)
	case stacked:
		w.formula(n.kids[0], tight)
		w.script(tightly(n.kids[1]), '_', subscripts)
		w.script(tightly(n.kids[2]), '^', superscripts)
	case table:
		w.table(n)
	case space:
		w.write(" ")
	}
}

// identifier writes letters, blackboard ones in their font.
func (w *textWriter) identifier(n node) {
	if n.font == blackboard {
		w.write(strings.Map(blackboard.letter, n.text))
		return
	}
	w.write(n.text)
}

// tightly gives a node without blanks around relations.
func tightly(n node) string {
	var w textWriter
	w.formula(n, true)
	return w.buf.String()
}

func (w *textWriter) scripts(n node, tight bool) {
	w.formula(n.kids[0], tight)
	w.script(tightly(n.kids[1]), '_', subscripts)
	w.script(tightly(n.kids[2]), '^', superscripts)
}

func (w *textWriter) fraction(n node) {
	above, below := tightly(n.kids[0]), tightly(n.kids[1])
	if n.flag&bare != 0 {
		w.write(above + " choose " + below)
		return
	}
	w.write(grouped(above) + "/" + grouped(below))
}

// grouped puts parentheses around s unless it is one word or already in them.
func grouped(s string) string {
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '∞' && (r != '√' || i > 0) {
			return "(" + s + ")"
		}
	}
	return s
}

func (w *textWriter) root(n node) {
	switch index := tightly(n.kids[1]); index {
	case "", "2":
		w.write("√")
	case "3":
		w.write("∛")
	case "4":
		w.write("∜")
	default:
		w.script(index, '^', superscripts)
		w.write("√")
	}
	w.write(grouped(tightly(n.kids[0])))
}

// marked writes the base with the mark on its first letter, a line on all of a short base.
func (w *textWriter) marked(n node, tight bool) {
	base, mark := tightly(n.kids[0]), n.kids[1].text
	switch line := mark == "\u0305" || mark == "\u0332"; {
	case mark == "" || base == "" || n.kids[0].kind == source:
		w.write(base)
	case line && len(base) > 1 && len(base) < maxLined && !strings.Contains(base, mark):
		for _, r := range base {
			w.write(string(r) + mark)
		}
	default:
		w.write(compose(base, mark))
	}
}

// maxLined is the length from which a line is left out but for the first letter:
// nobody reads it, and lines over lines would double the text each time.
const maxLined = 40

// table writes rows with semicolons between, cells with blanks or commas.
func (w *textWriter) table(n node) {
	for i, line := range n.kids {
		if i > 0 {
			w.write("; ")
		}
		for j, cell := range line.kids {
			switch {
			case j > 0 && n.text == "center":
				w.write(", ")
			case j > 0:
				w.write(" ")
			}
			w.row(cell.kids, false)
		}
	}
}
