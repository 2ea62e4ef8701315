package arxiv

import (
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
)

// authors prefers the names that arXiv has taken apart itself.
func (r *row) authors() ([]paper.Author, error) {
	if len(r.AuthorsParsed) > 0 {
		names := make([]string, 0, len(r.AuthorsParsed))
		for _, parts := range r.AuthorsParsed {
			names = append(names, joinName(parts))
		}
		return authorsOf(names), nil
	}
	text, list, err := textOrList("authors", r.Authors)
	if err != nil {
		return nil, err
	}
	if list == nil {
		return authorsOf(splitAuthors(text)), nil
	}
	if tangled(list) {
		list = splitAuthors(strings.Join(list, ", "))
	}
	return authorsOf(list), nil
}

// authorsOf cleans names and drops those in which nothing is left.
func authorsOf(names []string) []paper.Author {
	out := make([]paper.Author, 0, len(names))
	for _, name := range names {
		if strings.ContainsAny(name, `\$~{}`) {
			name = tex.Text(name)
		}
		if name = paper.CleanLine(name); name != "" {
			out = append(out, paper.Author{Name: name})
		}
	}
	return out
}

// joinName puts together last name, first names and suffix. A fourth part, the
// affiliation, is not part of the name.
func joinName(parts []string) string {
	var last, first, suffix string
	for i, to := range []*string{&last, &first, &suffix} {
		if i < len(parts) {
			*to = parts[i]
		}
	}
	first = strings.ReplaceAll(first, ". -", ".-") // arXiv parts "J.-N." so
	return first + " " + last + " " + suffix
}

// tangled reports a list that was taken apart without regard to affiliations, so
// that some entries are two names or half of one.
func tangled(list []string) bool {
	for _, name := range list {
		if strings.ContainsAny(name, "(),") || strings.HasSuffix(name, " and") || strings.HasPrefix(name, "and ") {
			return true
		}
	}
	return false
}

// splitAuthors reads an author line as arXiv has it: names with commas or "and"
// between them, and affiliations in parentheses behind them.
func splitAuthors(line string) []string {
	var names []string
	for part := range strings.SplitSeq(withoutParentheses(line), ",") {
		for _, name := range splitAnd(part) {
			if isSuffix(name) && len(names) > 0 {
				names[len(names)-1] += " " + name
				continue
			}
			names = append(names, name)
		}
	}
	return names
}

// splitAnd splits a part of an author line at the word "and".
func splitAnd(part string) []string {
	var names []string
	var name []string
	for _, word := range strings.Fields(part) {
		if word == "and" || word == "&" {
			names = append(names, strings.Join(name, " "))
			name = name[:0]
			continue
		}
		name = append(name, word)
	}
	names = append(names, strings.Join(name, " "))
	kept := names[:0]
	for _, n := range names {
		if n != "" {
			kept = append(kept, n)
		}
	}
	return kept
}

// isSuffix knows what may follow the comma after a name and belongs to it.
func isSuffix(s string) bool {
	switch strings.TrimSuffix(strings.ToLower(s), ".") {
	case "jr", "sr", "ii", "iii", "iv":
		return true
	}
	return false
}

// withoutParentheses drops what stands in parentheses. Unless nothing else is
// there: then only the parentheses go.
func withoutParentheses(line string) string {
	if !strings.ContainsAny(line, "()") {
		return line
	}
	out, closed := dropParentheses(line, ")")
	if !closed { // only up to the end of the name, then, or all that follow would be lost
		out, _ = dropParentheses(line, "),")
	}
	if strings.Trim(out, " ,") == "" {
		return strings.NewReplacer("(", " ", ")", " ").Replace(line)
	}
	return out
}

// dropParentheses drops what stands between an opening parenthesis and one of the
// closing characters, and reports whether each one was closed.
func dropParentheses(line, closing string) (string, bool) {
	var b strings.Builder
	depth := 0
	for _, c := range line {
		switch {
		case c == '(':
			depth++
			b.WriteByte(' ')
		case depth > 0 && strings.ContainsRune(closing, c):
			depth--
			if c == ',' {
				depth = 0
				b.WriteByte(',')
			}
		case depth == 0 && c != ')':
			b.WriteRune(c)
		}
	}
	return b.String(), depth == 0
}
