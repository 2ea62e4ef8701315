package cite

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/paper"
)

// A name is an author's name in its parts: Ludwig (given) van (particle)
// Beethoven (family) Jr. (suffix). A group or a single word is family alone.
type name struct {
	given, particle, family, suffix string
}

// full is the name as it is spoken.
func (n name) full() string {
	return join(" ", n.given, n.particle, n.family, n.suffix)
}

// inverted is the name as catalogs order it: "van Beethoven, Ludwig, Jr."
func (n name) inverted() string {
	return join(", ", join(" ", n.particle, n.family), n.given, n.suffix)
}

// Inverted is an author's name as catalogs order it: "van Beethoven, Ludwig, Jr." The name
// of a group and a single word have no comma.
func Inverted(author string) string { return parseName(author).inverted() }

// join puts sep between those parts that are not empty.
func join(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), sep)
}

// authors are the names on a paper in their order.
func authors(p paper.Paper) []name {
	var names []name
	for _, author := range p.Authors {
		if author.Hidden {
			continue
		}
		if n := parseName(author.Name); paper.Slug(n.family) != "" { // some lists hold a ":"
			names = append(names, n)
		}
	}
	return names
}

// parseName takes a name apart. Affiliations in parentheses are left out.
func parseName(s string) name {
	s = strings.Trim(paper.CleanLine(dropParentheses(plain(s))), ", ")
	if isGroup(s) {
		return name{family: s}
	}
	var suffix string
	words := strings.Fields(s)
	if last := len(words) - 1; last >= 1 && isSuffix(words[last]) {
		suffix, words = words[last], words[:last]
		words[last-1] = strings.TrimSuffix(words[last-1], ",")
	}
	if family, given, inverted := strings.Cut(strings.Join(words, " "), ","); inverted {
		return parseInverted(family, given, suffix)
	}
	if len(words) == 0 {
		return name{}
	}
	start := familyStart(words)
	n := splitFamily(words[start:])
	n.given, n.suffix = strings.Join(words[:start], " "), suffix
	return n
}

// parseInverted reads "van Beethoven, Ludwig" and "Kay, Jr., Ludwig".
func parseInverted(family, given, suffix string) name {
	given = strings.TrimSpace(given)
	if first, rest, more := strings.Cut(given, ","); more && isSuffix(strings.TrimSpace(first)) {
		suffix, given = strings.TrimSpace(first), strings.TrimSpace(rest)
	}
	words := strings.Fields(family)
	if len(words) == 0 {
		return name{family: strings.Trim(given, ", "), suffix: suffix}
	}
	n := splitFamily(words)
	n.given, n.suffix = strings.Trim(given, ", "), suffix
	return n
}

// dropParentheses leaves out what stands in parentheses, and everything behind
// one that is not closed.
func dropParentheses(s string) string {
	depth := 0
	return strings.Map(func(r rune) rune {
		switch {
		case r == '(':
			depth++
			return ' '
		case r == ')' && depth > 0:
			depth--
			return ' '
		case depth > 0:
			return -1
		}
		return r
	}, s)
}

// groupWords mark a name that is not a person's.
var groupWords = []string{"collaboration", "collaborations", "consortium", "team", "group", "project", "institute", "laboratory"}

func isGroup(s string) bool {
	words := strings.Fields(s)
	if len(words) > 2 && words[0] == "The" || slices.Contains(words, "for") {
		return true
	}
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.Contains(groupWords, strings.ToLower(strings.TrimSuffix(word, ",")))
	})
}

func isSuffix(word string) bool {
	switch strings.ToLower(strings.TrimSuffix(word, ".")) {
	case "jr", "sr", "ii", "iii", "iv":
		return true
	}
	return false
}

var (
	// particles open a family name when they are in lower case.
	particles = []string{"de", "van", "der", "den", "da", "von", "del", "dos", "la", "ten", "di", "ter", "do", "du",
		"los", "le", "zu", "das", "des", "te", "las", "el", "al", "af", "della", "vom", "zur", "bin", "ibn", "'t", "’t", "v.", "d'"}
	// capitals open one even with a capital: no language here uses them as given names.
	capitals = []string{"De", "Del", "Della", "Dos", "Von"}
	// links stand between the two halves of a family name.
	links = []string{"y", "i", "e"}
)

// familyStart is where the family name begins: at its particles, else at the
// last word.
func familyStart(words []string) int {
	last := len(words) - 1
	for i := 1; i < last; i++ {
		switch {
		case strings.HasSuffix(words[i+1], "."): // Luciano da F. Costa
			continue
		case i > 1 && slices.Contains(links, words[i]):
			return i - 1
		case slices.Contains(particles, words[i]), slices.Contains(capitals, words[i]):
			return i
		case words[i] == "Van" && slices.Contains(particles, strings.ToLower(words[i+1])): // Vietnamese names have Van alone
			return i
		}
	}
	return last
}

// splitFamily parts the particles from a family name, which keeps at least one word.
func splitFamily(words []string) name {
	i := 0
	for i < len(words)-1 && slices.Contains(particles, words[i]) {
		i++
	}
	return name{particle: strings.Join(words[:i], " "), family: strings.Join(words[i:], " ")}
}

// isWhole reports whether the name has no parts: a group, or a single word.
func (n name) isWhole() bool { return n.given == "" && n.particle == "" && n.suffix == "" }

// anyLower reports whether a word begins in lower case, which BibTeX takes for a
// particle.
func anyLower(s string) bool {
	return slices.ContainsFunc(strings.Fields(s), func(word string) bool {
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.IsLower(r)
	})
}
