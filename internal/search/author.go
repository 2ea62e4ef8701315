package search

import (
	"slices"
	"unicode/utf8"

	"broadsheet/internal/search/analysis"
	"broadsheet/internal/tex"
)

// maxNameParts is how many words of a name are looked at.
const maxNameParts = 8

// AuthorTerms gives the terms that an engine keeps of an author, each once: the words
// of the name, and each of them with the initial of each other. So any order and
// initials are found by looking up terms: of "Yann LeCun" they are "yann", "lecun",
// "yann l" and "lecun y".
func AuthorTerms(name string) []string {
	parts := nameParts(name)
	out := slices.Clone(parts)
	for i, word := range parts {
		for j, other := range parts {
			if i != j && !isInitial(word) {
				out = append(out, word+" "+initial(other))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// AuthorQuery gives the terms, of those that AuthorTerms gives, that a paper must
// have for an author to be meant by a name as people type it: whole words and
// initials in any order. It is empty where there is no name.
func AuthorQuery(name string) []string {
	parts := nameParts(name)
	var out []string
	for i, word := range parts {
		if isInitial(word) {
			continue
		}
		for j, other := range parts {
			if i != j {
				out = append(out, word+" "+initial(other))
			}
		}
		out = append(out, word)
	}
	if len(out) == 0 { // initials alone
		out = parts
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func nameParts(name string) []string {
	parts := analysis.Words(tex.Text(name))
	return parts[:min(len(parts), maxNameParts)]
}

func isInitial(word string) bool { return utf8.RuneCountInString(word) == 1 }

func initial(word string) string {
	_, size := utf8.DecodeRuneInString(word)
	return word[:size]
}
