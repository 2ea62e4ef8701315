package search

import (
	"strings"
	"unicode"
)

// inField reads a word or a phrase of a field of texts. Behind author: and org: the words
// that follow may belong to the name.
func (p *parser) inField(x lexeme, f Field, grouped bool) []part {
	value := trimValue(x.value)
	if value == "" {
		return nil
	}
	c := Clause{Field: f, Text: value, Phrase: strings.Contains(value, " ")}
	if x.quoted {
		if x.tail != "" {
			p.hint(x.raw+x.tail, "%s is not understood and was left out.", x.tail)
		}
		return []part{{clause: c}}
	}
	if c.Text, c.Prefix = p.mended(value); c.Text == "" {
		return nil
	}
	next := p.peek()
	if grouped || c.Prefix || next == nil || !next.word() {
		return []part{{clause: c}}
	}
	if f == FieldAuthor || f == FieldOrganization {
		if more := p.nameWords(x); len(more) > 0 {
			p.hint(x.raw, `Put a name of several words into quotation marks: %s:"%s". Here the words behind the first one were looked for in the name and in the text.`,
				x.field, strings.Join(append([]string{value}, more...), " "))
			return []part{{clause: nameOrWords(f, c.Text, more)}}
		}
		return []part{{clause: c}}
	}
	if p.at > 1 && p.lexemes[p.at-2].operator() != "" {
		return []part{{clause: c}}
	}
	p.hint(x.raw, `%s: holds for the one word behind it. For more of them write %s:"%s %s" or %s:(%s %s).`,
		x.field, x.field, value, next.raw, x.field, value, next.raw)
	return []part{{clause: c}}
}

// nameWords takes the words that may go on with the name of x, which was just read: two at
// most, and none where OR or AND joins.
func (p *parser) nameWords(x lexeme) (out []string) {
	if x.minus || p.at > 1 && p.lexemes[p.at-2].operator() != "" {
		return nil
	}
	for len(out) < 2 && p.at < len(p.lexemes) {
		x := p.lexemes[p.at]
		name := !strings.ContainsFunc(x.raw, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' && r != '-' && r != '\'' })
		if !x.word() || !name || p.at+1 < len(p.lexemes) && p.lexemes[p.at+1].operator() != "" {
			break
		}
		out = append(out, x.raw)
		p.at++
	}
	return out
}

// nameOrWords is the choice between a name of several words and a shorter one whose
// further words are in title or abstract.
func nameOrWords(f Field, first string, more []string) Clause {
	var out Clause
	for n := len(more); n >= 0; n-- {
		name := strings.Join(append([]string{first}, more[:n]...), " ")
		all := []Clause{{Field: f, Text: name, Phrase: n > 0}}
		for _, word := range more[n:] {
			all = append(all, Clause{AnyOf: []Clause{{Field: FieldTitle, Text: word}, {Field: FieldAbstract, Text: word}}})
		}
		if len(all) > 1 {
			all = []Clause{{AllOf: all}}
		}
		out.AnyOf = append(out.AnyOf, all[0])
	}
	return out
}

// textFields are the fields of texts, with their other names.
var textFields = map[string]Field{
	"author": FieldAuthor, "authors": FieldAuthor, "by": FieldAuthor, "au": FieldAuthor,
	"title": FieldTitle, "ti": FieldTitle,
	"abs": FieldAbstract, "abstract": FieldAbstract,
	"org": FieldOrganization, "organization": FieldOrganization,
}

// trimValue takes off what stands around a value and is not part of it.
func trimValue(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r == ' ' || r == '(' || r == ')' || r == ',' || r == ';' || r == '-' || isQuote(r)
	})
}

func isField(name string) bool {
	name = strings.ToLower(name)
	_, text := textFields[name]
	_, filter := filters[name]
	return text || filter
}

// unknownField gives a hint where a name before a colon resembles a field, or
// looks like one.
func (p *parser) unknownField(x lexeme) {
	switch x.field { // of identifiers and addresses
	case "http", "https", "arxiv", "doi", "eprint", "dblp":
		return
	}
	if near := nearest(x.field, mainFields); near != "" {
		p.hint(x.raw, "There is no field %s:. Did you mean %s:? It was searched as words.", x.field, near)
		return
	}
	p.hint(x.raw, "There is no field %s:, so it was searched as words. The fields are %s.", x.field, strings.Join(mainFields, ":, ")+":")
}

var mainFields = []string{"author", "title", "abs", "org", "cat", "year", "after", "before", "has", "in", "votes", "id", "similar", "sort"}
