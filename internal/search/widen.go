package search

import (
	"cmp"
	"slices"
	"strings"

	"broadsheet/internal/search/analysis"
)

// The beginning of a word, as in transform*, stands for the terms that begin so: of more
// than mostWidened of them for those that most papers have. So many of these as
// mostScored are scored, each with the weight of the most frequent at most: that a
// word is rare does not make it what was meant.
const (
	mostWidened = 256
	mostScored  = 32
)

// A begun is the beginning of a word that is to be scored.
type begun struct {
	prefix string
	extra  bool // it is asked for by Must
}

// Widen puts terms in the place of beginnings. Terms says which terms of a field begin so,
// and how many papers have each. Engines widen a plan before they settle it.
func (p *Plan) Widen(terms func(f Field, prefix string) []Count) {
	for _, list := range [][]Node{p.Must, p.Not, p.Telling} {
		for i := range list {
			list[i] = widened(list[i], terms)
		}
	}
	for _, b := range p.begun {
		found := wordsBegun(b.prefix, mostScored, terms)
		for _, w := range found {
			t := Term{Field: w.field, Text: w.text, Boost: mainBoost, Within: found[0].stem}
			if b.extra {
				p.Extra = addTerm(p.Extra, t)
			} else {
				p.Words = addTerm(p.Words, t)
			}
		}
	}
	p.begun = nil
}

// widened is a condition without beginnings.
func widened(n Node, terms func(f Field, prefix string) []Count) Node {
	if n.Prefix != "" {
		out := Node{AnyOf: []Node{}}
		if n.Field == FieldAuthor || n.Field == FieldOrganization {
			for _, c := range mostUsed(terms(n.Field, n.Prefix), mostWidened) {
				out.AnyOf = append(out.AnyOf, Node{Field: n.Field, Terms: []string{c.Value}})
			}
			return out
		}
		for _, w := range wordsBegun(n.Prefix, mostWidened, terms) {
			if n.Field == FieldAny {
				out.AnyOf = append(out.AnyOf, Node{Field: w.field, Terms: []string{w.text}})
			} else { // what is written in one of them alone is not indexed
				out.AnyOf = append(out.AnyOf, Node{Field: n.Field, Terms: []string{w.stem}})
			}
		}
		return out
	}
	for _, list := range []*[]Node{&n.AnyOf, &n.AllOf, &n.FirstOf} {
		if *list == nil {
			continue
		}
		all := make([]Node, len(*list))
		for i, m := range *list {
			all[i] = widened(m, terms)
		}
		*list = all
	}
	return n
}

// A wordBegun is a word of title or abstract: a stem that begins so, or a word as it is
// written whose stem does not, as that of transformation does not begin with transformat.
type wordBegun struct {
	field      Field // FieldAny or FieldExact
	text, stem string
}

func wordsBegun(prefix string, n int, terms func(f Field, prefix string) []Count) (out []wordBegun) {
	written := slices.DeleteFunc(terms(FieldExact, prefix), func(c Count) bool {
		stems := analysis.Terms(c.Value)
		return len(stems) == 0 || strings.HasPrefix(stems[0], prefix)
	})
	exact := map[string]bool{}
	for _, c := range written {
		exact[c.Value] = true
	}
	for _, c := range mostUsed(append(terms(FieldAny, prefix), written...), n) {
		w := wordBegun{FieldAny, c.Value, c.Value}
		if exact[c.Value] {
			w.field, w.stem = FieldExact, analysis.Terms(c.Value)[0]
		}
		out = append(out, w)
	}
	return out
}

// mostUsed are the terms that most papers have, n at most; those that are no words, such as
// keys of whole names, are left out.
func mostUsed(all []Count, n int) []Count {
	all = slices.DeleteFunc(all, func(c Count) bool { return c.Papers == 0 || strings.ContainsRune(c.Value, ' ') })
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Papers, a.Papers), cmp.Compare(a.Value, b.Value))
	})
	return all[:min(len(all), n)]
}

// prefixNode is the condition that a field has a word that begins so. What hyphens part
// before it are words.
func prefixNode(c Clause) (Node, bool) {
	parts := prefixParts(c.Text)
	if len(parts) == 0 {
		return Node{}, false
	}
	last := len(parts) - 1
	n := Node{Field: c.Field, Prefix: parts[last]}
	if last == 0 {
		return n, true
	}
	all := Node{AllOf: []Node{n}}
	for _, part := range parts[:last] {
		if of, ok := textNode(c.Field, part); ok {
			all.AllOf = append(all.AllOf, of)
		}
	}
	return all, true
}

func prefixParts(text string) []string { return analysis.Words(analysis.Plain(text)) }

// begins gathers the beginnings that clauses score by.
func begins(clauses []Clause, extra bool) (out []begun) {
	for _, c := range clauses {
		out = append(out, begins(c.AnyOf, extra)...)
		out = append(out, begins(c.AllOf, extra)...)
		if parts := prefixParts(c.Text); c.Prefix && len(parts) > 0 && c.Field != FieldAuthor && c.Field != FieldOrganization {
			out = append(out, begun{parts[len(parts)-1], extra})
		}
	}
	return out
}
