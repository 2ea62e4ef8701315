package search

import (
	"cmp"
	"slices"
	"strings"

	"broadsheet/internal/search/analysis"
)

// A place is what the parentheses around a lexeme say of it.
type place struct {
	field string // that holds for it; "" for none
	not   bool   // it is left out
}

// A part is what a piece of the query asks for.
type part struct {
	clause Clause
	must   bool    // AND or + stands by it
	not    bool    // it is left out
	filter *lexeme // instead of a clause: a filter, which is taken in already
}

// sequence reads what stands side by side, up to the end or a closing parenthesis.
func (p *parser) sequence(at place) []part {
	var out []part
	for x := p.peek(); x != nil; x = p.peek() {
		if x.close {
			if p.depth > 0 {
				break
			}
			p.at++
			continue
		}
		out = append(out, p.choice(at)...)
	}
	return out
}

// choice reads what OR joins.
func (p *parser) choice(at place) []part {
	categories := len(p.query.Filters.Categories)
	members := [][]part{p.chain(at)}
	for p.accept("OR") {
		if x := p.peek(); x != nil && !x.close {
			members = append(members, p.chain(at))
		}
	}
	p.joinCategories(categories)
	members = slices.DeleteFunc(members, func(m []part) bool { return len(m) == 0 })
	switch len(members) {
	case 0:
		return nil
	case 1:
		return members[0]
	}
	return p.anyOf(members)
}

// anyOf makes one choice of the members of an OR. What cannot be chosen holds in any case.
func (p *parser) anyOf(members [][]part) (out []part) {
	var choice Clause
	var filters []part
	for _, member := range members {
		var all []Clause
		for _, m := range member {
			switch {
			case m.filter != nil:
				filters = append(filters, m)
			case m.not:
				p.hint("-"+m.clause.String(), "OR does not join what is left out: it is left out in any case.")
				out = append(out, m)
			default:
				all = append(all, m.clause)
			}
		}
		switch {
		case len(all) == 1 && all[0].AnyOf != nil:
			choice.AnyOf = append(choice.AnyOf, all[0].AnyOf...)
		case len(all) == 1:
			choice.AnyOf = append(choice.AnyOf, all[0])
		case len(all) > 1:
			choice.AnyOf = append(choice.AnyOf, Clause{AllOf: all})
		}
	}
	for _, f := range filters {
		switch {
		case len(choice.AnyOf) > 0:
			p.hint(f.filter.raw, "OR does not join filters with words: the filters have to hold in any case.")
		case !joinable[f.filter.field]:
			p.hint(f.filter.raw, "OR joins words, phrases, author:, title:, abs:, org:, cat: and id:; %s: has to hold in any case.", f.filter.field)
		}
	}
	switch {
	case len(choice.AnyOf) == 1 && choice.AnyOf[0].AllOf != nil:
		for _, c := range choice.AnyOf[0].AllOf {
			out = append(out, part{clause: c, must: true})
		}
	case len(choice.AnyOf) == 1:
		out = append(out, part{clause: choice.AnyOf[0]})
	case len(choice.AnyOf) > 1:
		out = append(out, part{clause: choice})
	}
	return append(out, filters...)
}

// chain reads what AND joins.
func (p *parser) chain(at place) []part {
	out := p.signed(at)
	for p.accept("AND") {
		next := p.signed(at)
		if len(next) == 0 {
			continue
		}
		out = append(out, next...)
		for i := range out {
			out[i].must = true
		}
	}
	return out
}

// signed reads one thing and what stands before it.
func (p *parser) signed(at place) []part {
	not := false
	for p.accept("NOT") {
		not = true
	}
	x := p.peek()
	if x == nil || x.close {
		return nil
	}
	p.at++
	if x.operator() != "" { // with nothing before it to join
		return nil
	}
	not = not || x.minus
	if at.not && not {
		p.hint(x.raw, "What is left out twice was passed over.")
		p.skip(x)
		return nil
	}
	var out []part
	if x.open {
		out = p.parenthesis(x, place{cmp.Or(x.field, at.field), at.not || not})
	} else {
		x.minus = at.not || not
		out = p.leaf(*x, at.field)
	}
	if not {
		return leftOut(out)
	}
	for i := range out {
		out[i].must = out[i].must || x.plus
	}
	return out
}

// skip passes over what a lexeme opens.
func (p *parser) skip(x *lexeme) {
	if x.open {
		hints, query := p.hints, p.query
		p.parenthesis(x, place{})
		p.hints, p.query = hints, query
	}
}

// parenthesis reads up to the one that closes. Several words behind author: are one name.
func (p *parser) parenthesis(x *lexeme, at place) []part {
	if f, ok := textFields[x.field]; ok && (f == FieldAuthor || f == FieldOrganization) {
		n := 0
		for p.at+n < len(p.lexemes) && p.lexemes[p.at+n].word() {
			n++
		}
		if end := p.at + n; n > 1 && (end == len(p.lexemes) || p.lexemes[end].close) {
			var name []string
			for _, w := range p.lexemes[p.at:end] {
				name = append(name, w.raw)
			}
			p.at = min(end+1, len(p.lexemes))
			return []part{{clause: Clause{Field: f, Text: quotable(strings.Join(name, " ")), Phrase: true}}}
		}
	}
	p.depth++
	out := p.sequence(at)
	p.depth--
	if next := p.peek(); next != nil && next.close {
		p.at++
	}
	return out
}

// leftOut turns parts into what none of the papers may have: all of what AND joins
// together, each of what stands side by side.
func leftOut(parts []part) []part {
	var all []Clause
	for i := range parts {
		parts[i].not = true
		if parts[i].filter == nil && parts[i].must {
			all = append(all, parts[i].clause)
		}
	}
	if len(all) > 1 && len(all) == len(parts) {
		return []part{{clause: Clause{AllOf: all}, not: true}}
	}
	return parts
}

// leaf reads a lexeme; field is what the parenthesis around it says.
func (p *parser) leaf(x lexeme, field string) []part {
	x.field = cmp.Or(x.field, field)
	if x.field == "" {
		return p.plain(x)
	}
	if f, ok := textFields[x.field]; ok {
		return p.inField(x, f, field != "")
	}
	read, known := filters[x.field]
	if !known {
		p.unknownField(x)
		return p.plain(lexeme{value: x.raw, raw: x.raw})
	}
	if x.minus && !negatable[x.field] {
		p.hint(x.raw, "%s: cannot be left out with a minus; it was passed over.", x.field)
		return []part{{filter: &x}}
	}
	if problem := read(p, x); problem != "" {
		p.hint(x.raw, "%s It was searched as words.", problem)
		return []part{{clause: Clause{Text: x.raw, Phrase: x.quoted}}}
	}
	return []part{{filter: &x}}
}

// plain reads a word or a phrase without a field.
func (p *parser) plain(x lexeme) []part {
	if !x.quoted {
		text, prefix := p.mended(x.value)
		if text == "" {
			return nil
		}
		return []part{{clause: Clause{Text: text, Prefix: prefix}}}
	}
	if strings.Contains(x.value, "*") && len(analysis.Terms(x.value)) > 0 {
		p.hint(x.raw, "A * does not work within quotation marks.")
	}
	if strings.HasPrefix(x.tail, "~") {
		p.hint(x.raw+x.tail, "%s is not understood: words cannot be asked to be near one another. They were searched as words.", x.tail)
		var out []part
		for word := range strings.FieldsSeq(x.value) {
			out = append(out, p.plain(lexeme{value: word, raw: word})...)
		}
		return out
	}
	if x.tail != "" {
		p.weighted(x.raw+x.tail, x.tail)
	}
	return []part{{clause: Clause{Text: x.value, Phrase: true}}}
}
