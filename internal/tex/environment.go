package tex

import (
	"strconv"
	"strings"
)

// formulas are the environments that hold a formula on lines of its own.
var formulas = map[string]bool{
	"equation": true, "align": true, "eqnarray": true, "gather": true, "multline": true, "displaymath": true, "flalign": true,
	"alignat": true, "math": true, "split": true, "aligned": true, "gathered": true, "array": true, "cases": true, "matrix": true,
	"pmatrix": true, "bmatrix": true, "vmatrix": true, "Vmatrix": true, "smallmatrix": true, "alignedat": true, "Bmatrix": true,
	"dcases": true, "rcases": true, "subequations": true, "dmath": true, "eqalign": true, "equations": true,
}

// fenced are the delimiters that environments put around their table.
var fenced = map[string][2]string{
	"pmatrix": {"(", ")"}, "bmatrix": {"[", "]"}, "Bmatrix": {"{", "}"}, "vmatrix": {"|", "|"}, "Vmatrix": {"‖", "‖"},
	"cases": {"{", ""}, "dcases": {"{", ""}, "rcases": {"", "}"},
}

// begin reads the environment that starts at start.
func (p *parser) begin(start, end int) []node {
	j := p.partner(start, end)
	name, ok := p.braced(end)
	if ok && j < p.pos && name == "abstract" {
		return nil
	}
	if !ok || j < p.pos {
		return []node{p.raw(start, p.pos)}
	}
	base := strings.TrimSuffix(name, "*")
	var out []node
	if formulas[base] {
		formula := node{kind: math, kids: []node{p.environment(base, j)}}
		if base != "math" {
			formula.flag = display
		}
		out = append(out, formula)
	} else {
		out = p.prose(base, j)
	}
	p.pos = j + len(`\end`)
	p.braced(end)
	return out
}

// prose reads an environment of text up to end, lists among them.
func (p *parser) prose(name string, end int) []node {
	p.bracketed(end)
	number := -1
	if name == "enumerate" || name == "inparaenum" || name == "enumerate*" {
		number = 0
	}
	p.items = append(p.items, number)
	kids := p.text(end)
	p.items = p.items[:len(p.items)-1]
	return append(kids, textNode(" "))
}

// stray shows an \end that ends nothing; that of the abstract is no loss.
func (p *parser) stray(start, end int) []node {
	if name, ok := p.braced(end); ok && name == "abstract" {
		return nil
	}
	return []node{p.raw(start, p.pos)}
}

// item starts a line with the item's mark or number.
func (p *parser) item(end int) []node {
	out := []node{{kind: lineBreak}}
	if from, to, ok := p.bracketed(end); ok {
		after := p.pos
		p.pos = from
		out = append(out, p.text(to)...)
		p.pos = after
		return append(out, textNode(" "))
	}
	mark := "• "
	if n := len(p.items); n > 0 && p.items[n-1] >= 0 {
		p.items[n-1]++
		mark = strconv.Itoa(p.items[n-1]) + ". "
	}
	return append(out, textNode(mark))
}

// environment reads the table or formula of an environment up to end.
func (p *parser) environment(name string, end int) node {
	switch name {
	case "array", "alignat", "alignedat":
		p.bracketed(end)
		p.braced(end)
	case "aligned", "split", "gathered":
		p.bracketed(end)
	}
	align := "left"
	switch name {
	case "align", "aligned", "split", "eqnarray", "alignat", "alignedat", "flalign":
		align = "alternate"
	case "array", "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "gather", "gathered", "multline":
		align = "center"
	}
	fences, ok := fenced[name]
	t := p.table(align, end)
	if !ok {
		if len(t.kids) == 1 && len(t.kids[0].kids) == 1 {
			return t.kids[0].kids[0]
		}
		return t
	}
	return fence(fences[0], []node{t}, fences[1])
}

// fence puts kids between two delimiters that grow with them.
func fence(left string, kids []node, right string) node {
	out := make([]node, 0, len(kids)+2)
	out = append(out, node{kind: operator, class: opening, flag: stretchy, text: left})
	out = append(out, kids...)
	out = append(out, node{kind: operator, class: closing, flag: stretchy, text: right})
	return node{kind: row, kids: out}
}

// table reads the rows of a table up to end.
func (p *parser) table(align string, end int) node {
	font, cells, fences := p.font, p.cells, p.fences
	p.font, p.cells, p.fences = italic, true, 0
	t := node{kind: table, text: align}
	line := node{kind: row}
	for {
		cell := node{kind: row, kids: p.row(end)}
		line.kids = append(line.kids, cell)
		if p.pos >= end {
			break
		}
		if p.s[p.pos] == '&' {
			p.pos++
			continue
		}
		p.name(end)
		p.star(end)
		p.bracketed(end)
		t.kids = append(t.kids, line)
		line = node{kind: row}
	}
	if len(t.kids) == 0 || len(line.kids) > 1 || len(line.kids[0].kids) > 0 {
		t.kids = append(t.kids, line)
	}
	p.font, p.cells, p.fences = font, cells, fences
	return t
}
