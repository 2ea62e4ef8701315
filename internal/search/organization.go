package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/search/analysis"
	"broadsheet/internal/tex"
)

// What the terms of an organization as a whole begin with, which no word does: its unique
// name, and each of its names.
const (
	uniqueMark = "="
	nameMark   = "~"
)

// An OrganizationTerm is what an organization is called, and what that brings to the score
// of its papers.
type OrganizationTerm struct {
	Text   string
	Impact uint8
}

// OrganizationTerms gives the terms that an engine keeps of an organization as a whole,
// beside the words of its names: its unique name, and what it is called. That is its name
// and the unique one, and, with less impact, the parts that a dash or "@" parts, what
// stands in parentheses, and the initials of the capitals: "Massachusetts Institute of
// Technology" is "~mit" as well.
func OrganizationTerms(unique, name string) (terms []OrganizationTerm) {
	add := func(mark, key string, impact uint8) {
		if key != "" && !slices.ContainsFunc(terms, func(t OrganizationTerm) bool { return t.Text == mark+key }) {
			terms = append(terms, OrganizationTerm{mark + key, impact})
		}
	}
	name = tex.Text(name)
	add(uniqueMark, uniqueKey(unique), OrganizationImpact)
	add(nameMark, organizationKey(name), OrganizationImpact)
	add(nameMark, organizationKey(unique), OrganizationImpact)
	for _, text := range shortNames(name) {
		add(nameMark, organizationKey(text), shortImpact)
	}
	return terms
}

// shortImpact is that of a short name, which others may have as well.
const shortImpact = OrganizationImpact * 3 / 4

// uniqueKey is a unique name as the query language can write it, in any case.
func uniqueKey(unique string) string {
	return firstBytes(strings.ToLower(trimValue(quotable(unique))), maxOrganizationKey)
}

// maxOrganizationKey bounds a term of an organization, in bytes.
const maxOrganizationKey = 120

// shortNames are what an organization may be called for short.
func shortNames(name string) []string {
	without, inside := parentheses(name)
	names := []string{without, inside}
	if parts := strings.Split(partings.Replace(without), "\n"); len(parts) > 1 {
		names = append(names, parts...)
	}
	for _, text := range append([]string{name}, names...) {
		names = append(names, acronym(text))
	}
	return names
}

var partings = strings.NewReplacer(" - ", "\n", " – ", "\n", " — ", "\n", " @ ", "\n", " | ", "\n")

// parentheses parts a text into what stands in its first parentheses and the rest.
func parentheses(s string) (without, inside string) {
	before, after, ok := strings.Cut(s, "(")
	if !ok {
		return s, ""
	}
	inside, after, _ = strings.Cut(after, ")")
	return before + after, inside
}

// acronym is the initials of the words with a capital, and whole words in capitals:
// "Shanghai AI Laboratory" is "SAIL". It is empty where it has less than three letters.
func acronym(name string) string {
	var out strings.Builder
	words := 0
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		first, size := utf8.DecodeRuneInString(word)
		switch {
		case !unicode.IsUpper(first):
			continue
		case len(word) > size && strings.ToUpper(word) == word:
			out.WriteString(word)
		default:
			out.WriteRune(first)
		}
		words++
	}
	if words < 2 || utf8.RuneCountInString(out.String()) < 3 {
		return ""
	}
	return out.String()
}

// organizationKey tells names of organizations apart: their folded words without an
// article before them and the form of a company behind them, and with one word each for
// what is abbreviated.
func organizationKey(name string) string {
	words := analysis.Words(name)
	for i, word := range words {
		if same, ok := organizationWords[word]; ok {
			words[i] = same
		}
	}
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	for len(words) > 1 && companyForms[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return firstBytes(strings.Join(words, " "), maxOrganizationKey)
}

var organizationWords = map[string]string{"laboratory": "lab", "laboratories": "lab", "labs": "lab", "univ": "university",
	"inst": "institute", "tech": "technology", "dept": "department"}

var companyForms = setOf("inc corp corporation ltd limited llc gmbh co company plc")

// organizationNode is the condition of org:. A unique name is just that organization, so
// that a count by organization leads to as many papers; what is none is looked for in
// what organizations are called, as a whole or as words that follow one another.
func organizationNode(text string) (Node, bool) {
	n, ok := textNode(FieldOrganization, text)
	if key := organizationKey(text); key != "" {
		n = Node{AnyOf: []Node{{Field: FieldOrganization, Terms: []string{nameMark + key}}, n}}
		if !ok {
			n.AnyOf = n.AnyOf[:1]
		}
		ok = true
	}
	if key := uniqueKey(text); key != "" {
		unique := Node{Field: FieldOrganization, Terms: []string{uniqueMark + key}}
		if !ok {
			return unique, true
		}
		return Node{FirstOf: []Node{unique, n}}, true
	}
	return n, ok
}
